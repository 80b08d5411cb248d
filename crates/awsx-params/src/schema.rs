//! Options whose types no service's model knows: AWS CLI describes them itself, and takes and checks their values as it
//! does those of a model's members.

use awsx_core::Env;
use awsx_model::{Element, Kind, List, Map, Member, Range, Service, Shape, ShapeId, Structure};

use crate::check::check_value;
use crate::unpack::Unpacker;
use crate::{Given, ParamsError};

/// The type of an option.
#[derive(Debug)]
pub enum Schema {
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Double,
    /// `true` or `false`.
    Boolean,
    /// Elements of one type.
    List(&'static Schema),
    /// Texts, each with a value of this type.
    Map(&'static Schema),
    /// Named members, in the order that messages list them.
    Structure(&'static [Field]),
}

/// A member of a structure.
#[derive(Debug)]
pub struct Field {
    name: &'static str,
    schema: Schema,
    required: bool,
}

impl Field {
    /// A member that may be left out.
    pub const fn optional(name: &'static str, schema: Schema) -> Self {
        Self { name, schema, required: false }
    }

    /// A member without which the value is refused.
    pub const fn required(name: &'static str, schema: Schema) -> Self {
        Self { name, schema, required: true }
    }
}

impl Schema {
    /// The value of the words given with an option of this type: shorthand, JSON, or a file with either. `name` is the
    /// option without dashes.
    pub fn read(&self, env: &Env, name: &str, words: &[String]) -> Result<Given, ParamsError> {
        let mut shapes = Vec::new();
        let shape = self.add_to(&mut shapes);
        let service = Service::of_types(shapes);
        let unpacker = Unpacker { env, service: &service, command: "", word: "", name };
        let value = unpacker.member(&Member::new("", shape), words)?;
        check_value(&service, shape, &value)?;
        Ok(value)
    }

    /// Adds this type behind those it is made of.
    fn add_to(&self, shapes: &mut Vec<Shape>) -> ShapeId {
        let mut add = |schema: &Schema| schema.add_to(shapes);
        let kind = match self {
            Self::Text => text(),
            Self::Integer => Kind::Integer,
            Self::Double => Kind::Double,
            Self::Boolean => Kind::Boolean,
            Self::List(element) => {
                Kind::List(List { element: Element::new(add(element)), flattened: false, sparse: false })
            }
            Self::Map(value) => {
                let (key, value) = (Element::new(add(&Self::Text)), Element::new(add(value)));
                Kind::Map(Map { key, value, flattened: false, sparse: false })
            }
            Self::Structure(fields) => {
                let members = fields.iter().map(|field| Member {
                    required: field.required,
                    ..Member::new(field.name, add(&field.schema))
                });
                Kind::Structure(Structure { members: members.collect(), ..Structure::default() })
            }
        };
        shapes.push(Shape { name: "", kind, range: Range::default(), sensitive: false });
        ShapeId(u32::try_from(shapes.len() - 1).expect("an option has few types"))
    }
}

fn text() -> Kind {
    Kind::String { values: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: Schema = Schema::List(&Schema::Structure(&[
        Field::required("Name", Schema::Text),
        Field::optional("Count", Schema::Integer),
        Field::optional("Args", Schema::List(&Schema::Text)),
        Field::optional("Tags", Schema::Map(&Schema::Text)),
    ]));

    fn read(schema: &Schema, words: &[&str]) -> Result<Given, String> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        schema.read(&Env::of([("HOME", "/")]), "steps", &words).map_err(|error| error.to_string())
    }

    #[test]
    fn shorthand_and_json_say_the_same() {
        let step = Given::from([
            ("Name", "a".into()),
            ("Count", 2.into()),
            ("Args", vec!["x".into()].into()),
            ("Tags", Given::from([("k", "v".into())])),
        ]);
        let both = Given::List(vec![step.clone(), Given::from([("Name", "b".into())])]);
        assert_eq!(read(&STEPS, &["Name=a,Count=2,Args=x,Tags={k=v}", "Name=b"]), Ok(both.clone()));
        let json = r#"[{"Name": "a", "Count": 2, "Args": ["x"], "Tags": {"k": "v"}}, {"Name": "b"}]"#;
        assert_eq!(read(&STEPS, &[json]), Ok(both));
        assert_eq!(read(&Schema::List(&Schema::Text), &["a", "b"]), Ok(vec!["a".into(), "b".into()].into()));
    }

    #[test]
    fn what_does_not_fit_is_told_as_of_an_operation_s_parameter() {
        assert_eq!(
            read(&STEPS, &["Count=1,Else=2"]),
            Err("Parameter validation failed:\nMissing required parameter in [0]: \"Name\"\nUnknown parameter in \
                 [0]: \"Else\", must be one of: Name, Count, Args, Tags"
                .to_owned())
        );
        assert_eq!(
            read(&STEPS, &["a"]),
            Err("Error parsing parameter '--steps': Expected: '=', received: 'EOF' for input:\n a\n ^"
                .to_owned())
        );
        assert_eq!(
            read(&STEPS, &["Name=a,Count=x"]),
            Err("invalid literal for int() with base 10: 'x'".to_owned())
        );
    }
}
