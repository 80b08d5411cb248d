//! `--steps`: from what a person says of a step to the step.
//!
//! Release 4 brought a program that runs commands by their names; before it, scripts are fetched from EMR's bucket.

use awsx_params::Given;

use super::links::{self, COMMAND_RUNNER, link};
use super::mistakes::missing_parameter;
use super::step::Step;
use crate::error::{CommandError, CommandResult};

/// Where steps are to run.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) region: Option<&'a str>,
    /// None before release 4.
    pub(super) release_label: Option<&'a str>,
}

/// The steps that were asked for.
pub(super) fn steps(asked: &[Given], place: Place) -> CommandResult<Vec<Given>> {
    asked.iter().map(|asked| Asked(asked).step(place).map(Given::from)).collect()
}

/// A step as it was asked for.
struct Asked<'a>(&'a Given);

impl Asked<'_> {
    fn step(&self, place: Place) -> CommandResult<Step> {
        let kind = self.text("Type").unwrap_or("custom_jar").to_lowercase();
        match (kind.as_str(), place.release_label) {
            ("custom_jar", _) => self.custom_jar(),
            ("streaming", release) => self.streaming(release.is_some()),
            ("hive", _) => self.script(&HIVE, place),
            ("pig", _) => self.script(&PIG, place),
            ("impala", None) => self.impala(place.region),
            ("spark", _) => self.spark(place),
            _ => Err(CommandError::usage(format!("The step type {kind} is not supported."))),
        }
    }

    fn custom_jar(&self) -> CommandResult<Step> {
        let Some(jar) = self.text("Jar").filter(|jar| !jar.is_empty()) else {
            return Err(missing_parameter("CustomJARStepConfig", "Jar"));
        };
        let args = self.args().unwrap_or_default().to_vec();
        Ok(Step {
            main_class: self.0.get("MainClass").cloned(),
            properties: self.text("Properties").map(properties),
            ..self.named("Custom JAR", jar.to_owned(), args)
        })
    }

    fn streaming(&self, has_release: bool) -> CommandResult<Step> {
        let args = self.required_args("StreamingStepConfig")?;
        Ok(if has_release {
            let args = with_args(vec!["hadoop-streaming".into()], args);
            self.named("Streaming program", COMMAND_RUNNER.to_owned(), args)
        } else {
            let jar = "/home/hadoop/contrib/streaming/hadoop-streaming.jar".to_owned();
            self.named("Streaming program", jar, args.to_vec())
        })
    }

    fn script(&self, language: &Language, place: Place) -> CommandResult<Step> {
        let args = self.required_args(language.config)?;
        let begin: Vec<Given> = match place.release_label {
            Some(_) => vec![language.command.into(), language.run.into()],
            None => vec![
                link(place.region, language.script).into(),
                language.run.into(),
                language.versions.into(),
                "latest".into(),
            ],
        };
        let begin = with_args(begin, &["--args".into()]);
        Ok(self.named(language.name, runner(place), with_args(begin, args)))
    }

    fn impala(&self, region: Option<&str>) -> CommandResult<Step> {
        let Some(args) = self.args().filter(|args| !args.is_empty()) else {
            return Err(missing_parameter("ImpalaStepConfig", "Args"));
        };
        let begin = vec![link(region, links::IMPALA).into(), "--run-impala-script".into()];
        Ok(self.named("Impala program", links::script_runner(region), with_args(begin, args)))
    }

    fn spark(&self, place: Place) -> CommandResult<Step> {
        let Some(args) = self.args().filter(|args| !args.is_empty()) else {
            return Err(missing_parameter("SparkStepConfig", "Args"));
        };
        let command = match place.release_label {
            Some(_) => "spark-submit",
            None => "/home/hadoop/spark/bin/spark-submit",
        };
        Ok(self.named("Spark application", runner(place), with_args(vec![command.into()], args)))
    }

    /// The step with what can be said of every kind.
    fn named(&self, name: &str, jar: String, args: Vec<Given>) -> Step {
        Step {
            name: self.text("Name").unwrap_or(name).to_owned(),
            action_on_failure: self.text("ActionOnFailure").unwrap_or("CONTINUE").to_owned(),
            jar,
            args,
            log_uri: self.0.get("LogUri").cloned(),
            encryption_key_arn: self.0.get("EncryptionKeyArn").cloned(),
            ..Step::default()
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        text_of(self.0, name)
    }

    fn args(&self) -> Option<&[Given]> {
        list_of(self.0, "Args")
    }

    fn required_args(&self, config: &str) -> CommandResult<&[Given]> {
        let args = self.args().filter(|args| !args.is_empty());
        let args = args.ok_or_else(|| missing_parameter(config, "Args"))?;
        match args {
            [Given::Text(only)] if only.trim().is_empty() => {
                Err(CommandError::usage("The parameter Args cannot be an empty list."))
            }
            args => Ok(args),
        }
    }
}

/// The text of this name.
pub(super) fn text_of<'a>(given: &'a Given, name: &str) -> Option<&'a str> {
    match given.get(name) {
        Some(Given::Text(text)) => Some(text),
        _ => None,
    }
}

/// The list of this name.
pub(super) fn list_of<'a>(given: &'a Given, name: &str) -> Option<&'a [Given]> {
    match given.get(name) {
        Some(Given::List(elements)) => Some(elements),
        _ => None,
    }
}

/// A language whose scripts are steps.
struct Language {
    /// The name of its steps.
    name: &'static str,
    /// What messages call its steps.
    config: &'static str,
    command: &'static str,
    script: &'static str,
    run: &'static str,
    versions: &'static str,
}

const HIVE: Language = Language {
    name: "Hive program",
    config: "HiveStepConfig",
    command: "hive-script",
    script: links::HIVE_SCRIPT,
    run: "--run-hive-script",
    versions: "--hive-versions",
};

const PIG: Language = Language {
    name: "Pig program",
    config: "PigStepConfig",
    command: "pig-script",
    script: links::PIG_SCRIPT,
    run: "--run-pig-script",
    versions: "--pig-versions",
};

fn runner(place: Place) -> String {
    match place.release_label {
        Some(_) => COMMAND_RUNNER.to_owned(),
        None => links::script_runner(place.region),
    }
}

fn with_args(mut begin: Vec<Given>, args: &[Given]) -> Vec<Given> {
    begin.extend_from_slice(args);
    begin
}

/// `key=value,key` as keys and values.
fn properties(text: &str) -> Given {
    Given::List(text.split(',').map(awsx_params::emr_tag_of).collect())
}
