//! Which fields of a model are packed, in which order. A change here needs a new pack: `cargo xtask models`.

use super::codec::{Damage, Packed, Reader, Writer, pack_fields, pack_variants};
use crate::{
    Acceptor, AuthScheme, Blob, BuiltIn, Compression, Condition, Consequence, ContextParam, ContextType,
    ContextValue, Element, EndpointDiscovery, EndpointRule, ErrorTrait, EventRole, Expected, Expression,
    Function, HttpChecksum, InputUse, Kind, List, Location, Map, Matcher, Member, Number, Operation, Outcome,
    OutputUse, Paginator, Parameter, ParameterKind, Partition, PayloadSigning, Property, Protocol, Range,
    Retryable, Rule, RuleSet, Service, Shape, Signature, Step, Structure, TimestampFormat, Waiter,
    XmlNamespace,
};

pack_fields!(Service {
    name,
    service_id,
    full_name,
    api_version,
    uid,
    protocol,
    json_version,
    target_prefix,
    endpoint_prefix,
    signing_name,
    signature,
    auth,
    xml_namespace,
    aws_query_compatible,
    client_context,
    operations,
    shapes,
    waiters,
});
pack_variants!(Protocol { 0 => Json, 1 => RestJson, 2 => RestXml, 3 => Query, 4 => Ec2, 5 => Cbor });
pack_variants!(Signature { 0 => V2, 1 => V4, 2 => S3V4, 3 => Bearer });
pack_variants!(AuthScheme { 0 => SigV4, 1 => SigV4a, 2 => Bearer, 3 => None });
pack_fields!(ContextParam { name, kind });
pack_variants!(ContextType { 0 => Boolean, 1 => Text });

pack_fields!(Operation {
    name,
    wire_name,
    method,
    request_uri,
    input,
    output,
    errors,
    host_prefix,
    auth,
    payload_signing,
    http_checksum,
    checksum_required,
    compression,
    static_context,
    operation_context,
    endpoint_discovery,
    lists_endpoints,
    paginator,
    read_only,
    deprecated,
});
pack_fields!(InputUse { shape, location_name, xml_namespace });
pack_fields!(OutputUse { shape, result_wrapper });
pack_variants!(PayloadSigning { 0 => Signed, 1 => Unsigned });
pack_fields!(HttpChecksum {
    request_required,
    request_algorithm_member,
    request_validation_mode_member,
    response_algorithms,
});
pack_fields!(Compression { encodings });
pack_variants!(ContextValue { 0 => Boolean(value), 1 => Text(value), 2 => List(value) });
pack_fields!(EndpointDiscovery { required });

pack_fields!(Shape { name, kind, range, sensitive });
pack_fields!(List { element, flattened, sparse });
pack_fields!(Map { key, value, flattened, sparse });
pack_fields!(Element { shape, location_name, xml_namespace, json_value });
pack_fields!(Blob { streaming, requires_length });
pack_variants!(TimestampFormat { 0 => Iso8601, 1 => Rfc822, 2 => UnixTimestamp });
pack_fields!(Member {
    name,
    shape,
    required,
    location,
    location_name,
    query_name,
    xml_namespace,
    xml_attribute,
    flattened,
    streaming,
    idempotency_token,
    json_value,
    host_label,
    context_param,
    timestamp_format,
    event,
    deprecated,
});
pack_variants!(EventRole { 0 => Header, 1 => Payload });
pack_variants!(Location { 0 => Header, 1 => Headers, 2 => QueryString, 3 => StatusCode, 4 => Uri });
pack_fields!(XmlNamespace { prefix, uri });
pack_fields!(ErrorTrait { code, status, sender_fault, retryable });
pack_fields!(Retryable { throttling });
pack_variants!(Number { 0 => Integer(value), 1 => Float(value) });

pack_fields!(RuleSet { parameters, rules });
pack_fields!(Parameter { name, kind, built_in, required, default });
pack_variants!(ParameterKind { 0 => Boolean, 1 => Text, 2 => List });
pack_variants!(BuiltIn {
    0 => Region,
    1 => UseFips,
    2 => UseDualStack,
    3 => Endpoint,
    4 => AccountId,
    5 => AccountIdEndpointMode,
    6 => S3Accelerate,
    7 => S3ForcePathStyle,
    8 => S3UseArnRegion,
    9 => S3DisableMultiRegionAccessPoints,
    10 => S3UseGlobalEndpoint,
    11 => S3ControlUseArnRegion,
    12 => StsUseGlobalEndpoint,
    13 => Unknown,
});
pack_fields!(Rule { conditions, then });
pack_fields!(Condition { value, is_assigned });
pack_variants!(Consequence { 0 => Rules(rules), 1 => Endpoint(endpoint), 2 => Error(text) });
pack_fields!(EndpointRule { url, headers, properties });
pack_variants!(Property { 0 => Value(value), 1 => List(values), 2 => Record(entries) });
pack_variants!(Expression {
    0 => Boolean(value),
    1 => Integer(value),
    2 => Text(value),
    3 => Variable(number),
    4 => Attribute(value, steps),
    5 => Concat(parts),
    6 => Call(function, arguments),
});
pack_variants!(Step { 0 => Name(name), 1 => Index(at) });
pack_variants!(Function {
    0 => IsSet,
    1 => Not,
    2 => BooleanEquals,
    3 => StringEquals,
    4 => Substring,
    5 => Split,
    6 => Coalesce,
    7 => IfThenElse,
    8 => UriEncode,
    9 => ParseUrl,
    10 => IsValidHostLabel,
    11 => Partition,
    12 => ParseArn,
    13 => IsVirtualHostableS3Bucket,
});
pack_fields!(Partition {
    name,
    dns_suffix,
    dual_stack_dns_suffix,
    implicit_global_region,
    supports_fips,
    supports_dual_stack,
    regions,
    region_prefixes,
});

pack_fields!(Paginator {
    input_tokens,
    output_tokens,
    more_results,
    limit_key,
    result_keys,
    non_aggregate_keys,
});

pack_fields!(Waiter { name, operation, delay, max_attempts, acceptors });
pack_fields!(Acceptor { outcome, matcher, expected });
pack_variants!(Outcome { 0 => Success, 1 => Failure, 2 => Retry });
pack_variants!(Matcher { 0 => Path(path), 1 => PathAll(path), 2 => PathAny(path), 3 => Status, 4 => Error });
pack_variants!(Expected { 0 => Text(value), 1 => Integer(value), 2 => Boolean(value) });

pack_fields!(Structure {
    members,
    required_order,
    payload,
    union,
    document,
    event_stream,
    event,
    error,
    location_name,
    xml_namespace,
});
pack_fields!(Range { min, max });

impl Packed for Kind {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Structure(structure) => {
                writer.byte(0);
                structure.write(writer);
            }
            Self::List(list) => {
                writer.byte(1);
                list.write(writer);
            }
            Self::Map(map) => {
                writer.byte(2);
                map.write(writer);
            }
            Self::String { values } => {
                writer.byte(3);
                values.write(writer);
            }
            Self::Blob(blob) => {
                writer.byte(4);
                blob.write(writer);
            }
            Self::Boolean => writer.byte(5),
            Self::Integer => writer.byte(6),
            Self::Long => writer.byte(7),
            Self::Float => writer.byte(8),
            Self::Double => writer.byte(9),
            Self::Timestamp(None) => writer.byte(10),
            Self::Timestamp(Some(format)) => {
                writer.byte(11);
                format.write(writer);
            }
        }
    }

    fn read(reader: &mut Reader) -> Result<Self, Damage> {
        Ok(match reader.byte()? {
            0 => Self::Structure(read_structure(reader)?),
            1 => Self::List(List::read(reader)?),
            2 => Self::Map(Map::read(reader)?),
            3 => Self::String { values: Packed::read(reader)? },
            4 => Self::Blob(Blob::read(reader)?),
            5 => Self::Boolean,
            6 => Self::Integer,
            7 => Self::Long,
            8 => Self::Float,
            9 => Self::Double,
            10 => Self::Timestamp(None),
            11 => Self::Timestamp(Some(TimestampFormat::read(reader)?)),
            _ => return Err(Damage("a kind is unknown")),
        })
    }
}

fn read_structure(reader: &mut Reader) -> Result<Structure, Damage> {
    let structure = Structure::read(reader)?;
    let is_missing = |at: &u32| *at as usize >= structure.members.len();
    if structure.payload.iter().chain(&structure.required_order).any(is_missing) {
        return Err(Damage("a member is missing"));
    }
    Ok(structure)
}
