//! Streams of events: read while they come, exceptions among them, and what is cut off or changed on the way.

use std::io::Write;
use std::sync::mpsc::{Sender, channel};

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use awsx_api::{CallError, Response};
use awsx_output::Value;

use crate::server::{Server, block_on, client, config, input};

/// A frame with these headers.
fn frame(headers: &[(&'static str, &'static str)], payload: &'static str) -> Vec<u8> {
    let headers =
        headers.iter().map(|(name, value)| Header::new(*name, HeaderValue::String((*value).into())));
    let message = headers.fold(Message::new(payload.as_bytes()), Message::add_header);
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn event(name: &'static str, payload: &'static str) -> Vec<u8> {
    frame(&[(":message-type", "event"), (":event-type", name)], payload)
}

/// A service that sends what it is given here, until the sender is gone.
fn service() -> (Server, Sender<Vec<u8>>) {
    let (sender, pieces) = channel::<Vec<u8>>();
    let server = Server::answering(1, move |stream| {
        let head = "HTTP/1.1 200 OK\r\nx-amzn-requestid: r1\r\nconnection: close\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        for piece in &pieces {
            stream.write_all(&piece).unwrap();
        }
    });
    (server, sender)
}

async fn ask(server: &Server, service: &str, operation: &str) -> Result<Response, CallError> {
    let asked = match service {
        "s3" => input(&[("Bucket", "b"), ("Key", "k")]),
        "lambda" => input(&[("FunctionName", "f")]),
        _ => input(&[]),
    };
    let (client, operation) = client(config(server), service, operation);
    client.call(operation, asked).await
}

/// What comes of a stream that is sent whole.
fn outcome(service_name: &str, operation: &str, bytes: &[u8]) -> (Vec<Value>, Option<CallError>) {
    let (server, sender) = service();
    sender.send(bytes.to_vec()).unwrap();
    drop(sender);
    let outcome = block_on(async {
        let mut response = match ask(&server, service_name, operation).await {
            Ok(response) => response,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let (mut events, mut found) = (response.events.take().unwrap(), Vec::new());
        loop {
            match events.next().await {
                Ok(Some(event)) => found.push(event),
                Ok(None) => return (found, None),
                Err(error) => return (found, Some(error)),
            }
        }
    });
    server.requests();
    outcome
}

#[test]
fn an_event_is_there_before_the_next_one_is_sent() {
    let (server, sender) = service();
    sender.send(event("PayloadChunk", "abc")).unwrap();
    block_on(async {
        let mut response = ask(&server, "lambda", "InvokeWithResponseStream").await.unwrap();
        assert_eq!((response.value, response.status), (Value::map([("StatusCode", 200.into())]), 200));
        let events = response.events.as_mut().unwrap();
        assert_eq!(events.member, "EventStream");
        let chunk = |text: &str| Some(Value::map([("PayloadChunk", Value::map([("Payload", text.into())]))]));
        assert_eq!(events.next().await.unwrap(), chunk("YWJj"));
        sender.send(event("SomethingNew", "{}")).unwrap();
        sender.send(event("InvokeComplete", r#"{"LogResult": "bG9n", "Newer": 1}"#)).unwrap();
        drop(sender);
        let complete = Value::map([("InvokeComplete", Value::map([("LogResult", "bG9n".into())]))]);
        assert_eq!(events.next().await.unwrap(), Some(complete));
        assert_eq!(events.next().await.unwrap(), None);
    });
    server.requests();
}

#[test]
fn the_first_event_holds_the_other_members_where_the_protocol_has_no_other_place() {
    let bytes =
        [event("initial-response", "{}"), event("SubscribeToShardEvent", r#"{"MillisBehindLatest": 7}"#)];
    let (events, error) = outcome("kinesis", "SubscribeToShard", &bytes.concat());
    let expected = Value::map([("SubscribeToShardEvent", Value::map([("MillisBehindLatest", 7.into())]))]);
    assert_eq!((events, error.map(|error| error.to_string())), (vec![expected], None));

    let (_, error) = outcome("kinesis", "SubscribeToShard", &bytes[1]);
    assert_eq!(error.unwrap().to_string(), "First event was not of type initial-response");
}

#[test]
fn an_exception_among_the_events_is_the_service_s_error() {
    let headers = [(":message-type", "exception"), (":exception-type", "ResourceInUseException")];
    let bytes = [event("initial-response", "{}"), frame(&headers, r#"{"message": "taken over"}"#)];
    let (_, error) = outcome("kinesis", "SubscribeToShard", &bytes.concat());
    let error = error.unwrap();
    let told =
        "An error occurred (ResourceInUseException) when calling the SubscribeToShard operation: taken over";
    assert_eq!(error.to_string(), told);
    let service = error.service().unwrap();
    assert_eq!((service.status, service.request_id.as_deref()), (400, Some("r1")));

    let headers =
        [(":message-type", "error"), (":error-code", "InternalError"), (":error-message", "try again")];
    let bytes = [event("Records", "1,2\n"), frame(&headers, "")];
    let (events, error) = outcome("s3", "SelectObjectContent", &bytes.concat());
    assert_eq!(events.len(), 1);
    let told = "An error occurred (InternalError) when calling the SelectObjectContent operation: try again";
    assert_eq!(error.unwrap().to_string(), told);
}

#[test]
fn a_stream_that_is_cut_or_changed_is_told() {
    let whole = [event("Records", "1,2\n"), event("Records", "3,4\n")].concat();
    let (events, error) = outcome("s3", "SelectObjectContent", &whole[..whole.len() - 3]);
    assert_eq!(events.len(), 1);
    assert_eq!(error.unwrap().to_string(), "The stream ended in the middle of an event");

    let mut changed = whole;
    let last = changed.len() - 6;
    changed[last] ^= 1;
    let (events, error) = outcome("s3", "SelectObjectContent", &changed);
    assert_eq!(events.len(), 1);
    let told = error.unwrap().to_string();
    assert!(told.starts_with("Unable to parse response: malformed event stream: "), "{told}");
}
