//! A step as EMR takes it.

use awsx_params::{Given, Parameters};

/// What a cluster is to run.
#[derive(Default)]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) action_on_failure: String,
    pub(super) jar: String,
    pub(super) args: Vec<Given>,
    pub(super) main_class: Option<Given>,
    /// Java's, as keys and values.
    pub(super) properties: Option<Given>,
    pub(super) log_uri: Option<Given>,
    pub(super) encryption_key_arn: Option<Given>,
}

impl Step {
    /// One that lets the cluster wait when it fails.
    pub(super) fn cancelling(name: &str, jar: &str, args: Vec<Given>) -> Self {
        Self {
            name: name.to_owned(),
            action_on_failure: "CANCEL_AND_WAIT".to_owned(),
            jar: jar.to_owned(),
            args,
            ..Self::default()
        }
    }

    /// One that ends the cluster when it fails.
    pub(super) fn terminating(name: &str, jar: String, args: Vec<Given>) -> Self {
        Self {
            name: name.to_owned(),
            action_on_failure: "TERMINATE_CLUSTER".to_owned(),
            jar,
            args,
            ..Self::default()
        }
    }
}

impl From<Step> for Given {
    fn from(step: Step) -> Self {
        let mut jar = Parameters::new();
        jar.insert("Jar".to_owned(), step.jar.into());
        put(&mut jar, "Args", Some(step.args.into()));
        put(&mut jar, "MainClass", step.main_class);
        put(&mut jar, "Properties", step.properties);
        let mut logs = Parameters::new();
        put(&mut logs, "LogUri", step.log_uri);
        put(&mut logs, "EncryptionKeyArn", step.encryption_key_arn);
        let mut members = Parameters::new();
        put(&mut members, "Name", Some(step.name.into()));
        put(&mut members, "ActionOnFailure", Some(step.action_on_failure.into()));
        members.insert("HadoopJarStep".to_owned(), Given::Map(jar));
        if !logs.is_empty() {
            let monitoring = Given::from([("S3MonitoringConfiguration", Given::Map(logs))]);
            members.insert("StepMonitoringConfiguration".to_owned(), monitoring);
        }
        Given::Map(members)
    }
}

/// Sets a member unless its value is nothing: empty, zero or false.
pub(super) fn put(members: &mut Parameters, name: &str, value: Option<Given>) {
    if let Some(value) = value.filter(|value| !is_nothing(value)) {
        members.insert(name.to_owned(), value);
    }
}

/// Whether Python would take it for false.
fn is_nothing(value: &Given) -> bool {
    match value {
        Given::None => true,
        Given::Boolean(truth) => !truth,
        Given::Integer(number) => *number == 0,
        Given::Float(number) => *number == 0.0,
        Given::Text(text) => text.is_empty(),
        Given::Bytes(bytes) => bytes.is_empty(),
        Given::File(_) => false,
        Given::List(elements) => elements.is_empty(),
        Given::Map(entries) => entries.is_empty(),
    }
}

/// Texts as a list.
pub(super) fn texts<T: Into<Given>, const N: usize>(texts: [T; N]) -> Vec<Given> {
    texts.into_iter().map(Into::into).collect()
}
