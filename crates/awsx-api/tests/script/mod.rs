//! A service that answers from a script.

use std::cell::RefCell;
use std::collections::VecDeque;

use awsx_api::{Ask, CallError, Response, ServiceError};
use awsx_model::{Input, Operation, Service};
use awsx_output::{Map, Number, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

/// A service that answers from a script, and remembers what it was asked. After its last line it answers with nothing.
pub(crate) struct Script {
    pub(crate) service: &'static Service,
    pub(crate) asked: RefCell<Vec<Input>>,
    lines: RefCell<VecDeque<Result<Value, Box<ServiceError>>>>,
}

impl Script {
    #[allow(dead_code, reason = "not every test has JSON")]
    pub(crate) fn new(service: &str, answers: &[&str]) -> Self {
        let values = answers.iter().map(|text| from_json(&serde_json::from_str(text).expect("JSON")));
        Self::of_values(service, values.collect())
    }

    pub(crate) fn of_values(service: &str, values: Vec<Value>) -> Self {
        Self::of_lines(service, values.into_iter().map(Ok).collect())
    }

    pub(crate) fn of_lines(service: &str, lines: Vec<Result<Value, Box<ServiceError>>>) -> Self {
        let service = awsx_model::service(service).expect("the pack is whole").expect("there is the service");
        Self { service, asked: RefCell::default(), lines: RefCell::new(lines.into()) }
    }
}

impl Ask for Script {
    fn service(&self) -> &'static Service {
        self.service
    }

    async fn ask(&self, _operation: &'static Operation, input: Input) -> Result<Response, CallError> {
        self.asked.borrow_mut().push(input);
        match self.lines.borrow_mut().pop_front() {
            None => Ok(response(Value::Map(Map::new()))),
            Some(Ok(value)) => Ok(response(value)),
            Some(Err(error)) => Err(error.into()),
        }
    }
}

fn response(value: Value) -> Response {
    Response { value, body: None, events: None, request_id: None, status: 200 }
}

pub(crate) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => (*truth).into(),
        Json::Number(number) => number.as_i64().expect("whole numbers only").into(),
        Json::String(text) => text.as_str().into(),
        Json::Array(elements) => Value::List(elements.iter().map(from_json).collect()),
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.clone(), from_json(value))).collect())
        }
    }
}

#[allow(dead_code, reason = "waiters answer nothing")]
pub(crate) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Number(Number::Int(number)) => json!(i64::try_from(*number).expect("a small number")),
        Value::Number(Number::Float(number)) => json!(number),
        Value::String(text) => json!(text),
        Value::List(elements) => elements.iter().map(to_json).collect(),
        Value::Map(map) => {
            Json::Object(map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect())
        }
    }
}

#[allow(dead_code, reason = "waiters ask with nothing")]
pub(crate) fn to_input(json: &Json) -> Input {
    match json {
        Json::String(text) => Input::Text(text.clone()),
        Json::Object(entries) => {
            Input::Map(entries.iter().map(|(key, value)| (key.clone(), to_input(value))).collect())
        }
        other => panic!("`{other}` is not in the cases"),
    }
}

#[allow(dead_code, reason = "waiters ask with nothing")]
pub(crate) fn input_to_json(input: &Input) -> Json {
    match input {
        Input::Text(text) => json!(text),
        Input::Integer(number) => json!(number),
        Input::Blob(bytes) => json!(STANDARD.encode(bytes)),
        Input::Map(entries) => {
            Json::Object(entries.iter().map(|(key, value)| (key.clone(), input_to_json(value))).collect())
        }
        other => panic!("`{other:?}` is not in the cases"),
    }
}
