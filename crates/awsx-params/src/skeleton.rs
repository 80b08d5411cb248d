//! Skeletons of inputs and outputs: what `--generate-cli-skeleton` prints.

use awsx_model::{Kind, Service, ShapeId};
use indexmap::IndexMap;

use crate::Given;

/// An input to fill in: texts are empty or the first allowed value, numbers 0, lists have one element.
pub fn input_skeleton(service: &Service, shape: Option<ShapeId>) -> Given {
    generate(service, shape, false)
}

/// An output in which every text is the name of its member.
pub fn output_skeleton(service: &Service, shape: Option<ShapeId>) -> Given {
    generate(service, shape, true)
}

fn generate(service: &Service, shape: Option<ShapeId>, names: bool) -> Given {
    let mut generator = Generator { service, names, around: Vec::new() };
    shape.map_or_else(|| Given::Map(IndexMap::new()), |shape| generator.value(shape, ""))
}

struct Generator<'a> {
    service: &'a Service,
    /// Texts are the names of their members.
    names: bool,
    /// The shapes around the current one.
    around: Vec<ShapeId>,
}

impl Generator<'_> {
    fn value(&mut self, shape: ShapeId, name: &str) -> Given {
        let service = self.service;
        match &service.shape(shape).kind {
            Kind::Structure(structure) => {
                if self.around.contains(&shape) {
                    return Given::Map(IndexMap::new());
                }
                self.around.push(shape);
                let members = structure.members.iter();
                let members =
                    members.map(|member| (member.name.to_owned(), self.value(member.shape, member.name)));
                let members = members.collect();
                self.around.pop();
                Given::Map(members)
            }
            Kind::List(list) => {
                let name = service.shape(list.element.shape).name;
                Given::List(vec![self.value(list.element.shape, name)])
            }
            Kind::Map(map) => Given::from([("KeyName", self.value(map.value.shape, ""))]),
            Kind::String { .. } if self.names => name.into(),
            Kind::String { values } => values.first().copied().unwrap_or_default().into(),
            Kind::Integer | Kind::Long => 0.into(),
            Kind::Float | Kind::Double => Given::Float(0.0),
            Kind::Boolean => true.into(),
            Kind::Timestamp(_) => "1970-01-01T00:00:00".into(),
            Kind::Blob(_) => Given::None,
        }
    }
}
