//! Smithy's CBOR protocol.

use awsx_model::{Input, Kind, Operation, Service, ShapeId};
use awsx_output::{Map, Number, Value};
use minicbor::data::Type;
use minicbor::encode::write::Write;
use minicbor::{Decoder, Encoder};

use super::site::Site;
use super::values::{self, Manners};
use super::{Answer, AnswerError, WireRequest, event_stream, text, timestamp};
use crate::{Body, Timestamps};

type Written = Result<(), minicbor::encode::Error<std::convert::Infallible>>;

pub(super) fn write_request(service: &Service, operation: &Operation, input: &Input) -> WireRequest {
    let mut request = WireRequest::new("POST");
    let target = service.target_prefix.unwrap_or_default();
    request.path = format!("/service/{target}/operation/{}", operation.wire_name);
    request.set_header("smithy-protocol", "rpc-v2-cbor");
    let streams =
        service.output(operation).is_some_and(|output| event_stream::member(service, output).is_some());
    if service.aws_query_compatible {
        request.set_header("x-amzn-query-mode", "true");
    }
    let media_type = if streams { "application/vnd.amazon.eventstream" } else { "application/cbor" };
    request.set_header("Accept", media_type);
    if let Some(used) = operation.input {
        let mut encoder = Encoder::new(Vec::new());
        write_value(service, &Site::whole(service, used.shape), input, &mut encoder)
            .expect("a Vec takes everything");
        request.body = Body::Bytes(encoder.into_writer());
        request.set_header("Content-Type", media_type);
    }
    request
}

fn write_value<W>(service: &Service, site: &Site<'_>, input: &Input, to: &mut Encoder<W>) -> Written
where
    W: Write<Error = std::convert::Infallible>,
{
    match (&site.shape.kind, input) {
        (Kind::Structure(structure), Input::Map(entries)) => {
            let members = entries.iter().filter(|(_, value)| !matches!(value, Input::Null));
            let members: Vec<_> =
                members.filter_map(|(name, value)| Some((structure.member(name)?, value))).collect();
            to.map(members.len() as u64)?;
            for (member, value) in members {
                to.str(member.location_name.unwrap_or(member.name))?;
                write_value(service, &Site::member(service, member), value, to)?;
            }
        }
        (Kind::List(list), Input::List(elements)) => {
            to.array(elements.len() as u64)?;
            let element = Site::element(service, &list.element);
            for value in elements {
                write_value(service, &element, value, to)?;
            }
        }
        (Kind::Map(map), Input::Map(entries)) => {
            to.map(entries.len() as u64)?;
            let element = Site::element(service, &map.value);
            for (key, value) in entries {
                to.str(key)?;
                write_value(service, &element, value, to)?;
            }
        }
        (kind, scalar) => write_scalar(kind, scalar, to)?,
    }
    Ok(())
}

fn write_scalar<W>(kind: &Kind, input: &Input, to: &mut Encoder<W>) -> Written
where
    W: Write<Error = std::convert::Infallible>,
{
    match input {
        Input::Boolean(truth) => to.bool(*truth)?,
        #[expect(clippy::cast_precision_loss, reason = "the model asks for a float")]
        Input::Integer(number) if matches!(kind, Kind::Float | Kind::Double) => to.f64(*number as f64)?,
        Input::Integer(number) => to.i64(*number)?,
        Input::Float(number) if !number.is_finite() =>
        {
            #[expect(clippy::cast_possible_truncation, reason = "what is not finite has no digits to lose")]
            to.f16(*number as f32)?
        }
        #[expect(clippy::cast_possible_truncation, reason = "the model asks for 32 bits")]
        Input::Float(number) if matches!(kind, Kind::Float) => to.f32(*number as f32)?,
        Input::Float(number) => to.f64(*number)?,
        Input::Text(text) => to.str(text)?,
        Input::Blob(bytes) => to.bytes(bytes)?,
        Input::Moment(moment) => to.tag(minicbor::data::Tag::new(1))?.i64(moment.seconds)?,
        Input::Null | Input::File(_) | Input::List(_) | Input::Map(_) => to.null()?,
    };
    Ok(())
}

pub(super) fn read_answer(
    service: &Service,
    output: ShapeId,
    answer: &Answer<'_>,
    timestamps: &Timestamps,
) -> Result<Map, AnswerError> {
    let Some(structure) = service.structure(output) else { return Ok(Map::new()) };
    reader(service, timestamps).members(structure, parse(answer.body, timestamps)?)
}

/// Reads values of this protocol.
pub(super) fn reader<'a>(service: &'a Service, timestamps: &'a Timestamps) -> values::Reader<'a> {
    values::Reader { service, timestamps, manners: Manners::Cbor }
}

/// Reads CBOR. Bytes become base64, moments text, and nulls in maps are left out.
pub(super) fn parse(body: &[u8], timestamps: &Timestamps) -> Result<Value, AnswerError> {
    if body.is_empty() {
        return Ok(Value::Map(Map::new()));
    }
    read_item(&mut Decoder::new(body), timestamps, 0)
        .map_err(|error| AnswerError(format!("Unable to parse response: malformed CBOR: {error}")))
}

/// Far beyond what any service sends, and shallow enough for every stack.
const NESTING_LIMIT: usize = 256;

fn read_item(
    from: &mut Decoder<'_>,
    timestamps: &Timestamps,
    depth: usize,
) -> Result<Value, minicbor::decode::Error> {
    if depth > NESTING_LIMIT {
        return Err(minicbor::decode::Error::message("nested too deeply"));
    }
    Ok(match from.datatype()? {
        Type::Bool => from.bool()?.into(),
        Type::Null => {
            from.null()?;
            Value::Null
        }
        Type::Undefined => {
            from.undefined()?;
            Value::Null
        }
        Type::F16 => f64::from(from.f16()?).into(),
        Type::F32 => f64::from(from.f32()?).into(),
        Type::F64 => from.f64()?.into(),
        Type::Bytes => text::base64(from.bytes()?).into(),
        Type::BytesIndef => {
            let chunks = from.bytes_iter()?.collect::<Result<Vec<_>, _>>()?;
            text::base64(&chunks.concat()).into()
        }
        Type::String => from.str()?.into(),
        Type::StringIndef => from.str_iter()?.collect::<Result<String, _>>()?.into(),
        Type::Array | Type::ArrayIndef => {
            let mut left = from.array()?;
            let mut elements = Vec::new();
            while more(from, &mut left)? {
                elements.push(read_item(from, timestamps, depth + 1)?);
            }
            Value::List(elements)
        }
        Type::Map | Type::MapIndef => {
            let mut left = from.map()?;
            let mut entries = Map::new();
            while more(from, &mut left)? {
                let key = read_item(from, timestamps, depth + 1)?;
                let value = read_item(from, timestamps, depth + 1)?;
                if let (Value::String(key), false) = (key, value == Value::Null) {
                    entries.insert(key, value);
                }
            }
            Value::Map(entries)
        }
        Type::Tag => {
            let tag = from.tag()?.as_u64();
            match (tag, read_item(from, timestamps, depth + 1)?) {
                (1, Value::Number(number)) => timestamp::show_number(number, timestamps),
                _ => return Err(minicbor::decode::Error::message("unknown tag")),
            }
        }
        _ => Number::Int(i128::from(from.int()?)).into(),
    })
}

/// Whether another element follows, by what is left or by the break that ends what has no length.
fn more(from: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, minicbor::decode::Error> {
    if let Some(left) = left {
        let more = *left > 0;
        *left = left.saturating_sub(1);
        return Ok(more);
    }
    if from.datatype()? == Type::Break {
        from.set_position(from.position() + 1);
        return Ok(false);
    }
    Ok(true)
}
