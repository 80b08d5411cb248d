//! The service accounts that EMR's ways of running jobs have.

use super::base36;

/// A way of running jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub(super) enum Way {
    StartJobRun,
    InteractiveEndpoint,
    SparkOperator,
    FlinkOperator,
    Livy,
}

/// A service account of a cluster.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServiceAccount {
    pub(super) name: String,
    pub(super) namespace: String,
}

/// Whose service accounts are meant.
pub(super) struct Jobs<'a> {
    /// The cluster's account at AWS.
    pub(super) account: &'a str,
    pub(super) role: &'a str,
    pub(super) namespace: &'a str,
    /// Where the operator runs.
    pub(super) operator_namespace: &'a str,
}

impl Jobs<'_> {
    /// The service accounts of a way of running jobs.
    pub(super) fn service_accounts(&self, way: Way) -> Vec<ServiceAccount> {
        let at = |name: &str, namespace: &str| ServiceAccount {
            name: name.to_owned(),
            namespace: namespace.to_owned(),
        };
        let operator = |name| at(name, self.operator_namespace);
        match way {
            Way::StartJobRun => self.of_role("spark", &["client", "driver", "executor"]),
            Way::InteractiveEndpoint => self.of_role("spark", &["jeg", "jeg-kernel", "session"]),
            Way::SparkOperator => {
                let mut accounts = vec![operator("emr-containers-sa-spark-operator")];
                accounts.extend(self.of_role("spark", &["driver", "executor"]));
                accounts
            }
            Way::FlinkOperator => {
                let mut accounts = vec![operator("emr-containers-sa-flink-operator")];
                accounts.extend(self.of_role("flink", &["jobmanager", "taskmanager"]));
                accounts
            }
            // EMR's second name has no `s` behind `container`.
            Way::Livy => {
                vec![operator("emr-containers-sa-livy"), at("emr-container-sa-spark-livy", self.namespace)]
            }
        }
    }

    fn of_role(&self, framework: &str, components: &[&str]) -> Vec<ServiceAccount> {
        let role = base36::encode(self.role);
        let named = |component: &&str| ServiceAccount {
            name: format!("emr-containers-sa-{framework}-{component}-{}-{role}", self.account),
            namespace: self.namespace.to_owned(),
        };
        components.iter().map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(way: Way) -> Vec<String> {
        let jobs =
            Jobs { account: "111122223333", role: "a", namespace: "jobs", operator_namespace: "operators" };
        let accounts = jobs.service_accounts(way).into_iter();
        accounts.map(|account| format!("{}/{}", account.namespace, account.name)).collect()
    }

    #[test]
    fn operators_have_a_namespace_of_their_own() {
        assert_eq!(
            names(Way::FlinkOperator),
            [
                "operators/emr-containers-sa-flink-operator",
                "jobs/emr-containers-sa-flink-jobmanager-111122223333-2p",
                "jobs/emr-containers-sa-flink-taskmanager-111122223333-2p",
            ]
        );
        assert_eq!(
            names(Way::Livy),
            ["operators/emr-containers-sa-livy", "jobs/emr-container-sa-spark-livy"]
        );
        assert_eq!(names(Way::StartJobRun).len(), 3);
    }
}
