//! Applications on clusters of before release 4, which are installed by steps and bootstrap actions.

use awsx_params::Given;

use super::bootstrap;
use super::links::{self, link, script_runner};
use super::step::{Step, texts};
use super::steps::{list_of, text_of};
use crate::error::{CommandError, CommandResult};

/// What installs applications.
#[derive(Default)]
pub(super) struct Installation {
    /// Products of others, which EMR installs by itself.
    pub(super) products: Vec<Given>,
    pub(super) bootstrap_actions: Vec<Given>,
    pub(super) steps: Vec<Given>,
}

impl Installation {
    /// What installs these applications with a machine image of this version.
    pub(super) fn of(asked: &[Given], region: Option<&str>, ami_version: &str) -> CommandResult<Self> {
        let mut all = Self::default();
        for asked in asked {
            let name = text_of(asked, "Name").unwrap_or_default();
            let args = list_of(asked, "Args");
            match name.to_lowercase().as_str() {
                "hive" => {
                    all.steps.push(install("Install Hive", &HIVE, region));
                    all.steps.extend(args.and_then(hive_site).map(|site| install_hive_site(site, region)));
                }
                "pig" => all.steps.push(install("Install Pig", &PIG, region)),
                "ganglia" => {
                    let path = link(region, "/bootstrap-actions/install-ganglia");
                    all.bootstrap_actions.push(bootstrap::action("Install Ganglia", path, Vec::new()));
                }
                "hbase" => {
                    let path = link(region, "/bootstrap-actions/setup-hbase");
                    all.bootstrap_actions.push(bootstrap::action("Install HBase", path, Vec::new()));
                    all.steps.push(start_hbase(ami_version)?);
                }
                "impala" => all.bootstrap_actions.push(install_impala(args, region)),
                other => {
                    let args = args.unwrap_or_default().to_vec();
                    all.products.push([("Name", other.into()), ("Args", args.into())].into());
                }
            }
        }
        Ok(all)
    }
}

/// What a script installs.
struct Language {
    script: &'static str,
    base: &'static str,
    install: &'static str,
    versions: &'static str,
}

const HIVE: Language = Language {
    script: links::HIVE_SCRIPT,
    base: links::HIVE,
    install: "--install-hive",
    versions: "--hive-versions",
};

const PIG: Language = Language {
    script: links::PIG_SCRIPT,
    base: links::PIG,
    install: "--install-pig",
    versions: "--pig-versions",
};

fn install(name: &str, language: &Language, region: Option<&str>) -> Given {
    let args = texts([
        link(region, language.script),
        language.install.to_owned(),
        "--base-path".to_owned(),
        link(region, language.base),
        language.versions.to_owned(),
        "latest".to_owned(),
    ]);
    Step::terminating(name, script_runner(region), args).into()
}

/// The argument that names Hive's settings.
fn hive_site(args: &[Given]) -> Option<&str> {
    let texts = args.iter().filter_map(|arg| match arg {
        Given::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.into_iter().find(|text| text.contains("--hive-site"))
}

fn install_hive_site(site: &str, region: Option<&str>) -> Given {
    let args = texts([
        link(region, links::HIVE_SCRIPT),
        "--base-path".to_owned(),
        // AWS CLI names the bucket of us-east-1 here, wherever the cluster is.
        link(None, links::HIVE),
        "--install-hive-site".to_owned(),
        site.to_owned(),
        "--hive-versions".to_owned(),
        "latest".to_owned(),
    ]);
    Step::cancelling("Install Hive Site Configuration", &script_runner(region), args).into()
}

/// Versions are compared as texts, as AWS CLI does.
fn start_hbase(ami_version: &str) -> CommandResult<Given> {
    let jar = match ami_version {
        version if version >= "3.0" => "/home/hadoop/lib/hbase.jar",
        version if version >= "2.1" => "/home/hadoop/lib/hbase-0.92.0.jar",
        version => {
            return Err(CommandError::usage(format!("AMI version {version} is not compatible with HBase.")));
        }
    };
    let args = texts(["emr.hbase.backup.Main", "--start-master"]);
    Ok(Step::terminating("Start HBase", jar.to_owned(), args).into())
}

fn install_impala(args: Option<&[Given]>, region: Option<&str>) -> Given {
    let mut all = texts([
        "--base-path".to_owned(),
        link(region, ""),
        "--impala-version".to_owned(),
        "latest".to_owned(),
    ]);
    if let Some(args) = args {
        let args: Vec<String> = args.iter().map(Given::python_text).collect();
        all.extend(texts(["--impala-conf".to_owned(), args.join(",")]));
    }
    bootstrap::action("Install Impala", link(region, links::IMPALA), all)
}
