//! The options of `emr create-cluster`.

use awsx_core::{Env, Secret};
use awsx_params::{Given, Parameters, Schema};
use clap::ArgAction;

use crate::commands::verbs::emr::shapes;
use crate::error::CommandResult;
use crate::usage::number;

/// Start a cluster
///
/// Either `--release-label` or, for releases before 4.0, `--ami-version` says what runs on it; `--instance-groups`,
/// `--instance-fleets` or `--instance-type` where. Structured options take shorthand, JSON or `file://` and a path. The
/// profile's block `emr =` has values for what is left out: `service_role`, `instance_profile`, `log_uri`, `key_name`,
/// `enable_debugging`.
#[derive(clap::Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(after_help = "Examples:
  awsx emr create-cluster --release-label emr-7.1.0 --instance-type m5.xlarge --instance-count 3 \\
    --applications Name=Spark --use-default-roles
  awsx emr create-cluster --release-label emr-7.1.0 --use-default-roles --auto-terminate --instance-groups \\
    InstanceGroupType=MASTER,InstanceCount=1,InstanceType=m5.xlarge \\
    InstanceGroupType=CORE,InstanceCount=2,InstanceType=m5.xlarge,BidPrice=OnDemandPrice \\
    --steps Type=Spark,Name=pi,Args=[--class,org.apache.spark.examples.SparkPi,/usr/lib/spark/examples.jar]")]
pub(crate) struct CreateClusterArgs {
    /// The release, such as emr-7.1.0
    #[arg(long, value_name = "LABEL")]
    pub(super) release_label: Option<String>,
    /// The release of Amazon Linux on all nodes (default: the newest that EMR knows)
    #[arg(long, value_name = "LABEL")]
    pub(super) os_release_label: Option<String>,
    /// The version of the machine image, for releases before 4.0
    #[arg(long, value_name = "VERSION")]
    pub(super) ami_version: Option<String>,
    /// Groups of instances of one type: `InstanceGroupType=MASTER|CORE|TASK,InstanceType=TYPE,InstanceCount=N`
    /// `[,Name=,BidPrice=,CustomAmiId=,EbsConfiguration=,AutoScalingPolicy=,Configurations=]` …
    #[arg(long, value_name = "GROUP", num_args = 1.., action = ArgAction::Set)]
    instance_groups: Vec<String>,
    /// Instead of groups: the type of all instances
    #[arg(long, value_name = "TYPE")]
    pub(super) instance_type: Option<String>,
    /// With --instance-type: how many instances, one of them the master (default: 1)
    #[arg(long, value_name = "N")]
    pub(super) instance_count: Option<String>,
    /// End the cluster after its last step
    #[arg(long)]
    pub(super) auto_terminate: bool,
    /// Keep it (default)
    #[arg(long)]
    pub(super) no_auto_terminate: bool,
    /// Instead of groups: fleets of several types, `InstanceFleetType=MASTER|CORE|TASK,TargetOnDemandCapacity=N,`
    /// `TargetSpotCapacity=N,InstanceTypeConfigs=[{InstanceType=TYPE,…}][,LaunchSpecifications=…]` …
    #[arg(long, value_name = "FLEET", num_args = 1.., action = ArgAction::Set)]
    instance_fleets: Vec<String>,
    /// What the cluster is called
    #[arg(long, value_name = "NAME", default_value = "Development Cluster")]
    pub(super) name: String,
    /// Where logs go: `s3://bucket/prefix`
    #[arg(long, value_name = "URI")]
    pub(super) log_uri: Option<String>,
    /// The key that logs are encrypted with
    #[arg(long, value_name = "KEY")]
    pub(super) log_encryption_kms_key_id: Option<String>,
    /// The role that EMR acts in
    #[arg(long, value_name = "ROLE")]
    pub(super) service_role: Option<String>,
    /// The role that instances are added and removed in
    #[arg(long, value_name = "ROLE")]
    pub(super) auto_scaling_role: Option<String>,
    /// Take the roles that create-default-roles makes
    #[arg(long)]
    pub(super) use_default_roles: bool,
    /// Settings of applications as JSON, from release 4 on: `[{"Classification": …, "Properties": {…}}]`
    #[arg(long, value_name = "JSON")]
    pub(super) configurations: Option<String>,
    /// Of the instances: `KeyName=,InstanceProfile=,SubnetId=` or `SubnetIds=[…],AvailabilityZone=` or
    /// `AvailabilityZones=[…],EmrManagedMasterSecurityGroup=,EmrManagedSlaveSecurityGroup=,ServiceAccessSecurityGroup=,`
    /// `AdditionalMasterSecurityGroups=[…],AdditionalSlaveSecurityGroups=[…]`
    #[arg(long, value_name = "ATTRIBUTES")]
    ec2_attributes: Option<String>,
    /// Refuse to end the cluster before this is taken back
    #[arg(long)]
    pub(super) termination_protected: bool,
    /// Let it end (default)
    #[arg(long)]
    pub(super) no_termination_protected: bool,
    /// Replace nodes that are ill
    #[arg(long)]
    pub(super) unhealthy_node_replacement: bool,
    /// Keep them
    #[arg(long)]
    pub(super) no_unhealthy_node_replacement: bool,
    /// How instances leave: `TERMINATE_AT_TASK_COMPLETION` or `TERMINATE_AT_INSTANCE_HOUR`
    #[arg(long, value_name = "BEHAVIOR")]
    pub(super) scale_down_behavior: Option<String>,
    /// Show the cluster to all users of the account (default)
    #[arg(long)]
    pub(super) visible_to_all_users: bool,
    /// Show it to none but its maker; AWS has given this up
    #[arg(long)]
    pub(super) no_visible_to_all_users: bool,
    /// Have logs indexed for the console, which needs --log-uri
    #[arg(long)]
    pub(super) enable_debugging: bool,
    /// Do not (default)
    #[arg(long)]
    pub(super) no_enable_debugging: bool,
    /// Tags: `key=value`, or a key alone
    #[arg(long, value_name = "TAG", num_args = 1.., action = ArgAction::Set)]
    tags: Vec<String>,
    /// Programs for every instance before its applications: `Path=s3://…[,Name=,Args=[…]]` …
    #[arg(long, value_name = "ACTION", num_args = 1.., action = ArgAction::Set)]
    bootstrap_actions: Vec<String>,
    /// Applications: `Name=NAME[,Args=[…]]` …
    #[arg(long, value_name = "APPLICATION", num_args = 1.., action = ArgAction::Set)]
    applications: Vec<String>,
    /// How S3 is seen as a file system: `Consistent=true,RetryCount=,RetryPeriod=,SSE=true` or
    /// `Encryption=ServerSide|ClientSide,ProviderType=KMS|Custom,KMSKeyId=,CustomProviderLocation=,CustomProviderClass=,`
    /// `Args=[…]`
    #[arg(long, value_name = "SETTINGS")]
    emrfs: Option<String>,
    /// What the cluster runs: `Type=CUSTOM_JAR|STREAMING|HIVE|PIG|IMPALA|SPARK,Name=,ActionOnFailure=,Jar=,`
    /// `Args=[…],MainClass=,Properties=,LogUri=,EncryptionKeyArn=` …
    #[arg(long, value_name = "STEP", num_args = 1.., action = ArgAction::Set)]
    steps: Vec<String>,
    /// More that EMR is told, as JSON
    #[arg(long, value_name = "JSON")]
    pub(super) additional_info: Option<String>,
    /// Fill HBase from a backup, before release 4.0: `Dir=s3://…[,BackupVersion=]`
    #[arg(long, value_name = "BACKUP")]
    restore_from_hbase_backup: Option<String>,
    /// The security configuration
    #[arg(long, value_name = "NAME")]
    pub(super) security_configuration: Option<String>,
    /// The machine image of the instances
    #[arg(long, value_name = "ID")]
    pub(super) custom_ami_id: Option<String>,
    /// The size of the root volumes in GiB
    #[arg(long, value_name = "GIB")]
    pub(super) ebs_root_volume_size: Option<String>,
    /// Their operations per second
    #[arg(long, value_name = "N")]
    pub(super) ebs_root_volume_iops: Option<String>,
    /// Their throughput in MiB/s
    #[arg(long, value_name = "MIB")]
    pub(super) ebs_root_volume_throughput: Option<String>,
    /// With --custom-ami-id: `SECURITY` or `NONE`, which updates are installed first
    #[arg(long, value_name = "WHICH")]
    pub(super) repo_upgrade_on_boot: Option<String>,
    /// Of Kerberos: `Realm=,KdcAdminPassword=[,CrossRealmTrustPrincipalPassword=,ADDomainJoinUser=,ADDomainJoinPassword=]`
    #[arg(long, value_name = "ATTRIBUTES")]
    kerberos_attributes: Option<Secret<String>>,
    /// How many steps run at once (default: 1)
    #[arg(long, value_name = "N", value_parser = number::<i128>)]
    pub(super) step_concurrency_level: Option<i128>,
    /// The role that --steps run in
    #[arg(long, value_name = "ARN")]
    pub(super) step_execution_role_arn: Option<String>,
    /// How large the cluster may grow: `ComputeLimits={MinimumCapacityUnits=N,MaximumCapacityUnits=N,UnitType=…}`
    /// `[,ScalingStrategy=DEFAULT|ADVANCED,UtilizationPerformanceIndex=N]`
    #[arg(long, value_name = "POLICY")]
    managed_scaling_policy: Option<String>,
    /// Which instances stand together: `InstanceRole=MASTER|CORE|TASK[,PlacementStrategy=SPREAD|PARTITION|CLUSTER|NONE]` …
    #[arg(long, value_name = "GROUP", num_args = 1.., action = ArgAction::Set)]
    placement_group_configs: Vec<String>,
    /// When an idle cluster ends: `IdleTimeout=SECONDS`
    #[arg(long, value_name = "POLICY")]
    auto_termination_policy: Option<String>,
    /// Where logs go beside: `CloudWatchLogConfiguration={Enabled=true,…},S3LoggingConfiguration={LogTypeUploadPolicy={…}}`
    #[arg(long, value_name = "CONFIGURATION")]
    monitoring_configuration: Option<String>,
    /// Go on after the release's end of support
    #[arg(long)]
    pub(super) extended_support: bool,
    /// Do not
    #[arg(long)]
    pub(super) no_extended_support: bool,
    /// Allow sessions of Spark Connect
    #[arg(long)]
    pub(super) session_enabled: bool,
    /// Do not
    #[arg(long)]
    pub(super) no_session_enabled: bool,
}

/// The values of the structured options.
pub(super) struct Structured {
    pub(super) instance_groups: Option<Vec<Given>>,
    pub(super) instance_fleets: Option<Vec<Given>>,
    pub(super) ec2_attributes: Option<Parameters>,
    pub(super) tags: Option<Vec<Given>>,
    pub(super) bootstrap_actions: Option<Vec<Given>>,
    pub(super) applications: Option<Vec<Given>>,
    pub(super) emrfs: Option<Given>,
    pub(super) steps: Option<Vec<Given>>,
    pub(super) restore_from_hbase_backup: Option<Given>,
    pub(super) kerberos_attributes: Option<Given>,
    pub(super) managed_scaling_policy: Option<Given>,
    pub(super) placement_group_configs: Option<Given>,
    pub(super) auto_termination_policy: Option<Given>,
    pub(super) monitoring_configuration: Option<Given>,
}

impl CreateClusterArgs {
    /// Reads the structured options, in AWS CLI's order: the first mistake is the one that is told.
    pub(super) fn structured(&self, env: &Env) -> CommandResult<Structured> {
        let read = |name: &str, schema: &Schema, words: &[String]| -> CommandResult<Option<Given>> {
            Ok(if words.is_empty() { None } else { Some(schema.read(env, name, words)?) })
        };
        let list = |name: &str, schema: &Schema, words: &[String]| -> CommandResult<Option<Vec<Given>>> {
            Ok(read(name, schema, words)?.map(|value| match value {
                Given::List(elements) => elements,
                single => vec![single],
            }))
        };
        let one = |name: &str, schema: &Schema, word: &Option<String>| read(name, schema, word.as_slice());
        Ok(Structured {
            instance_groups: list("instance-groups", &shapes::INSTANCE_GROUPS, &self.instance_groups)?,
            instance_fleets: list("instance-fleets", &shapes::INSTANCE_FLEETS, &self.instance_fleets)?,
            ec2_attributes: one("ec2-attributes", &shapes::EC2_ATTRIBUTES, &self.ec2_attributes)?.map(
                |attributes| match attributes {
                    Given::Map(members) => members,
                    _ => Parameters::new(),
                },
            ),
            tags: list("tags", &shapes::TEXTS, &self.tags)?,
            bootstrap_actions: list(
                "bootstrap-actions",
                &shapes::BOOTSTRAP_ACTIONS,
                &self.bootstrap_actions,
            )?,
            applications: list("applications", &shapes::APPLICATIONS, &self.applications)?,
            emrfs: one("emrfs", &shapes::EMRFS, &self.emrfs)?,
            steps: list("steps", &shapes::STEPS, &self.steps)?,
            restore_from_hbase_backup: one(
                "restore-from-hbase-backup",
                &shapes::HBASE_BACKUP,
                &self.restore_from_hbase_backup,
            )?,
            kerberos_attributes: one(
                "kerberos-attributes",
                &shapes::KERBEROS,
                &self.kerberos_attributes.as_ref().map(|attributes| attributes.expose().clone()),
            )?,
            managed_scaling_policy: one(
                "managed-scaling-policy",
                &shapes::MANAGED_SCALING_POLICY,
                &self.managed_scaling_policy,
            )?,
            placement_group_configs: read(
                "placement-group-configs",
                &shapes::PLACEMENT_GROUPS,
                &self.placement_group_configs,
            )?,
            auto_termination_policy: one(
                "auto-termination-policy",
                &shapes::AUTO_TERMINATION_POLICY,
                &self.auto_termination_policy,
            )?,
            monitoring_configuration: one(
                "monitoring-configuration",
                &shapes::MONITORING,
                &self.monitoring_configuration,
            )?,
        })
    }
}
