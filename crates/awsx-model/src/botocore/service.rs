//! Makes a service of its `service-2.json`.

use serde::Deserialize;
use serde_json::Value;

use super::model::{self, Metadata, Model};
use super::shapes::{Shapes, xml_namespace};
use super::texts::Texts;
use crate::{
    AuthScheme, Compression, ContextParam, ContextType, ContextValue, EndpointDiscovery, HttpChecksum,
    InputUse, Operation, OutputUse, PayloadSigning, Protocol, Service, Signature, Text,
};

/// A service without paginators and waiters, or what is wrong with its model.
pub(crate) fn service(name: &str, json: Value) -> Result<Service, String> {
    let model = Model::deserialize(json).map_err(|error| error.to_string())?;
    let texts = &mut Texts::default();
    let mut shapes = Shapes::new(model.shapes.0)?;

    let mut operations = Vec::with_capacity(model.operations.len());
    for (name, operation) in model.operations.0 {
        let converted = model::Operation::deserialize(operation)
            .map_err(|error| error.to_string())
            .and_then(|operation| convert_operation(&name, &operation, &mut shapes, texts));
        operations.push(converted.map_err(|why| format!("operation `{name}`: {why}"))?);
    }
    operations.sort_by_key(|operation| operation.name);

    let mut client_context = Vec::new();
    for (name, param) in &*model.client_context_params {
        let kind = match param.kind.as_str() {
            "boolean" => ContextType::Boolean,
            "string" => ContextType::Text,
            unknown => {
                return Err(format!("client context parameter `{name}`: the type `{unknown}` is unknown"));
            }
        };
        client_context.push(ContextParam { name: texts.keep(name), kind });
    }

    let Metadata { service_id, service_full_name, .. } = &model.metadata;
    let full_name = service_full_name.as_ref().or(service_id.as_ref()).map_or(name, String::as_str);
    let metadata = &model.metadata;
    Ok(Service {
        name: texts.keep(name),
        service_id: texts.keep(service_id.as_ref().ok_or("`metadata` needs a `serviceId`")?),
        full_name: texts.keep(full_name),
        api_version: texts.keep(&metadata.api_version),
        uid: texts.keep_optional(metadata.uid.as_ref()),
        protocol: protocol(metadata)?,
        json_version: texts.keep_optional(metadata.json_version.as_ref()),
        target_prefix: texts.keep_optional(metadata.target_prefix.as_ref()),
        endpoint_prefix: texts.keep(&metadata.endpoint_prefix),
        signing_name: texts.keep_optional(metadata.signing_name.as_ref()),
        signature: signature(metadata)?,
        auth: auth_schemes(&metadata.auth),
        xml_namespace: xml_namespace(metadata.xml_namespace.as_ref(), texts),
        aws_query_compatible: metadata.aws_query_compatible.is_some(),
        client_context,
        operations,
        shapes: shapes.finish(texts)?.into(),
        waiters: Vec::new(),
    })
}

/// In AWS CLI's order of preference, which is not the models'.
const PROTOCOLS: [(&str, Protocol); 6] = [
    ("json", Protocol::Json),
    ("rest-json", Protocol::RestJson),
    ("rest-xml", Protocol::RestXml),
    ("smithy-rpc-v2-cbor", Protocol::Cbor),
    ("query", Protocol::Query),
    ("ec2", Protocol::Ec2),
];

fn protocol(metadata: &Metadata) -> Result<Protocol, String> {
    let spoken: &[String] =
        if metadata.protocols.is_empty() { metadata.protocol.as_slice() } else { &metadata.protocols };
    let known = PROTOCOLS.iter().find(|(name, _)| spoken.iter().any(|spoken| spoken == name));
    let unknown = || format!("none of its protocols is known: `{}`", spoken.join("`, `"));
    known.map(|(_, protocol)| *protocol).ok_or_else(unknown)
}

fn signature(metadata: &Metadata) -> Result<Signature, String> {
    Ok(match metadata.signature_version.as_deref() {
        None | Some("v4") => Signature::V4,
        Some("v2") => Signature::V2,
        // S3's own first signature is said, and version 4 is made: every region takes it, most nothing else.
        Some("s3" | "s3v4") => Signature::S3V4,
        Some("bearer") => Signature::Bearer,
        Some(unknown) => return Err(format!("the signature version `{unknown}` is unknown")),
    })
}

/// Schemes that are not known are passed over, since a service may well offer others beside them.
fn auth_schemes(names: &[String]) -> Vec<AuthScheme> {
    let scheme = |name: &String| match name.rsplit('#').next() {
        Some("sigv4") => Some(AuthScheme::SigV4),
        Some("sigv4a") => Some(AuthScheme::SigV4a),
        Some("httpBearerAuth") => Some(AuthScheme::Bearer),
        Some("noAuth") => Some(AuthScheme::None),
        _ => None,
    };
    names.iter().filter_map(scheme).collect()
}

fn convert_operation(
    name: &str,
    operation: &model::Operation,
    shapes: &mut Shapes,
    texts: &mut Texts,
) -> Result<Operation, String> {
    let name = texts.keep(name);
    let input = operation.input.as_ref().map(|input| input_use(input, shapes, texts)).transpose()?;
    let output = operation.output.as_ref().map(|output| output_use(output, shapes, texts)).transpose()?;
    let errors = operation.errors.iter().map(|error| shapes.find(error)).collect::<Result<_, _>>()?;

    let mut auth = auth_schemes(&operation.auth);
    if auth.is_empty() {
        match operation.authtype.as_deref() {
            Some("none") => auth.push(AuthScheme::None),
            Some("bearer") => auth.push(AuthScheme::Bearer),
            _ => {}
        }
    }
    let unsigned = operation.unsigned_payload || operation.authtype.as_deref() == Some("v4-unsigned-body");
    Ok(Operation {
        name,
        wire_name: operation.name.as_ref().map_or(name, |wire_name| texts.keep(wire_name)),
        method: texts.keep(&operation.http.method),
        request_uri: texts.keep(&operation.http.request_uri),
        input,
        output,
        errors,
        host_prefix: texts.keep_optional(operation.endpoint.host_prefix.as_ref()),
        auth,
        payload_signing: if unsigned { PayloadSigning::Unsigned } else { PayloadSigning::Signed },
        http_checksum: operation.http_checksum.as_ref().map(|checksum| HttpChecksum {
            request_required: checksum.request_checksum_required,
            request_algorithm_member: texts.keep_optional(checksum.request_algorithm_member.as_ref()),
            request_validation_mode_member: texts
                .keep_optional(checksum.request_validation_mode_member.as_ref()),
            response_algorithms: texts.keep_all(&checksum.response_algorithms),
        }),
        checksum_required: operation.http_checksum_required,
        compression: operation
            .requestcompression
            .as_ref()
            .map(|compression| Compression { encodings: texts.keep_all(&compression.encodings) }),
        static_context: operation
            .static_context_params
            .iter()
            .map(|(name, param)| (texts.keep(name), context_value(&param.value, texts)))
            .collect(),
        operation_context: operation
            .operation_context_params
            .iter()
            .map(|(name, param)| -> (Text, Text) { (texts.keep(name), texts.keep(&param.path)) })
            .collect(),
        endpoint_discovery: operation
            .endpointdiscovery
            .as_ref()
            .map(|discovery| EndpointDiscovery { required: discovery.required }),
        lists_endpoints: operation.endpointoperation,
        paginator: None,
        read_only: operation.readonly,
        deprecated: operation.deprecated,
    })
}

fn input_use(input: &model::Reference, shapes: &mut Shapes, texts: &mut Texts) -> Result<InputUse, String> {
    let shape = shapes.find_structure(input)?;
    let own = &input.traits;
    let inherited = shapes.traits(input).expect("the shape was found");
    let location_name = own.location_name.as_ref().or(inherited.location_name.as_ref());
    let namespace = own.xml_namespace.as_ref().or(inherited.xml_namespace.as_ref());
    Ok(InputUse {
        shape,
        location_name: texts.keep_optional(location_name),
        xml_namespace: xml_namespace(namespace, texts),
    })
}

fn output_use(
    output: &model::Reference,
    shapes: &mut Shapes,
    texts: &mut Texts,
) -> Result<OutputUse, String> {
    let shape = shapes.find_structure(output)?;
    let own = &output.traits;
    let inherited = shapes.traits(output).expect("the shape was found");
    let result_wrapper = own.result_wrapper.as_ref().or(inherited.result_wrapper.as_ref());
    Ok(OutputUse { shape, result_wrapper: texts.keep_optional(result_wrapper) })
}

fn context_value(value: &model::ContextValue, texts: &mut Texts) -> ContextValue {
    match value {
        model::ContextValue::Boolean(value) => ContextValue::Boolean(*value),
        model::ContextValue::Text(value) => ContextValue::Text(texts.keep(value)),
        model::ContextValue::List(values) => ContextValue::List(texts.keep_all(values)),
    }
}
