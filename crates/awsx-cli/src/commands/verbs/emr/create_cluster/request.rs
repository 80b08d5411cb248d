//! What the options of `emr create-cluster` mean: the parameters of `RunJobFlow`.
//!
//! The steps are AWS CLI's, in its order, since the first contradiction is the one that is told.

use awsx_core::settings::table;
use awsx_params::{Given, Parameters};

use super::args::{CreateClusterArgs, Structured};
use super::{ec2, logging};
use crate::commands::verbs::emr::applications::Installation;
use crate::commands::verbs::emr::links::{COMMAND_RUNNER, link, script_runner};
use crate::commands::verbs::emr::mistakes::{contradicting, exclusive};
use crate::commands::verbs::emr::settings::Block;
use crate::commands::verbs::emr::step::{Step, put, texts};
use crate::commands::verbs::emr::steps::{self, Place, text_of};
use crate::commands::verbs::emr::{EC2_ROLE, SERVICE_ROLE, bootstrap, emrfs, hbase, instances};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A cluster that is asked for.
pub(super) struct Cluster<'a> {
    args: &'a CreateClusterArgs,
    structured: Structured,
    service_role: Option<String>,
    log_uri: Option<String>,
    debugging: bool,
    region: Option<String>,
    parameters: Parameters,
}

impl<'a> Cluster<'a> {
    /// The options, and the profile's values for those that are not given.
    pub(super) fn of(context: &Context, args: &'a CreateClusterArgs) -> CommandResult<Self> {
        let mut structured = args.structured(context.env())?;
        let block = Block::of(context)?;
        let mut service_role = args.service_role.clone();
        let mut attributes = Vec::new();
        if !args.use_default_roles {
            service_role = block.unless_given(args.service_role.as_ref(), "service_role");
            attributes.push(("InstanceProfile", "instance_profile"));
        }
        attributes.push(("KeyName", "key_name"));
        for (name, key) in attributes {
            if let Some(value) = block.text(key) {
                let attributes = structured.ec2_attributes.get_or_insert_default();
                attributes.entry(name.to_owned()).or_insert(value.into());
            }
        }
        let debugging = if args.enable_debugging || args.no_enable_debugging {
            args.enable_debugging
        } else {
            block.switch("enable_debugging")? == Some(true)
        };
        Ok(Self {
            args,
            structured,
            service_role,
            log_uri: block.unless_given(args.log_uri.as_ref(), "log_uri"),
            debugging,
            region: context.settings.text(&table::REGION)?,
            parameters: Parameters::new(),
        })
    }

    /// The parameters of `RunJobFlow`.
    pub(super) fn into_parameters(mut self) -> CommandResult<Parameters> {
        self.set("Name", Some(self.args.name.clone().into()));
        self.refuse_contradictions()?;
        let mut instances = self.instances()?;
        self.put_software()?;
        self.put_roles()?;
        self.put_switches(&mut instances)?;
        let tags = self.structured.tags.take().unwrap_or_default();
        let tags = tags.iter().map(|tag| awsx_params::emr_tag_of(&tag.python_text()));
        self.parameters.insert("Tags".to_owned(), Given::List(tags.collect()));
        if let Some(attributes) = &self.structured.ec2_attributes {
            ec2::apply(attributes, &mut instances, &mut self.parameters)?;
        }
        self.parameters.insert("Instances".to_owned(), Given::Map(instances));
        self.put_work()?;
        self.put_rest()?;
        self.refuse_missing_applications()?;
        Ok(self.parameters)
    }

    fn refuse_contradictions(&self) -> CommandResult {
        let args = self.args;
        match (&args.ami_version, &args.release_label) {
            (Some(_), Some(_)) => return Err(exclusive("--ami-version", "--release-label")),
            (None, None) => {
                return Err(CommandError::usage("Either --ami-version or --release-label is required."));
            }
            _ => {}
        }
        let attributes = self.structured.ec2_attributes.as_ref();
        let has_profile = attributes.is_some_and(|attributes| attributes.contains_key("InstanceProfile"));
        for (is_given, option) in [
            (self.service_role.is_some(), "--service-role"),
            (has_profile, "--ec2-attributes InstanceProfile"),
        ] {
            if args.use_default_roles && is_given {
                return Err(CommandError::usage(format!(
                    "{} Either choose --use-default-roles or use both --service-role <roleName> and --ec2-attributes \
                     InstanceProfile=<profileName>.",
                    exclusive("--use-default-roles", option).message
                )));
            }
        }
        if self.structured.instance_groups.is_some() && self.structured.instance_fleets.is_some() {
            return Err(exclusive("--instance-groups", "--instance-fleets"));
        }
        Ok(())
    }

    fn instances(&self) -> CommandResult<Parameters> {
        let args = self.args;
        let fleets = self.structured.instance_fleets.as_deref().map(instances::fleets);
        if let Some(fleets) = fleets {
            return Ok([("InstanceFleets".to_owned(), fleets)].into());
        }
        let groups = match (&self.structured.instance_groups, &args.instance_type) {
            (None, None) => {
                return Err(CommandError::usage(
                    "Must specify either --instance-groups or --instance-type with --instance-count(optional) to \
                     configure instance groups.",
                ));
            }
            (Some(_), instance_type) if instance_type.is_some() || args.instance_count.is_some() => {
                return Err(CommandError::usage(
                    "You may not specify --instance-type or --instance-count with --instance-groups, because \
                     --instance-type and --instance-count are shortcut options for --instance-groups.",
                ));
            }
            (Some(groups), _) => instances::groups(groups),
            (None, Some(instance_type)) => {
                let count = args.instance_count.as_deref().map_or(Ok(1), awsx_params::int)?;
                instances::groups_of_type(instance_type, count)
            }
        };
        Ok([("InstanceGroups".to_owned(), groups)].into())
    }

    fn put_software(&mut self) -> CommandResult {
        let args = self.args;
        if let Some(release) = &args.release_label {
            self.set("ReleaseLabel", Some(release.as_str().into()));
            if let Some(configurations) = &args.configurations {
                let configurations = awsx_params::parse_json(configurations)
                    .map_err(|_| CommandError::usage("invalid json argument for option --configurations"))?;
                self.set("Configurations", Some(configurations));
            }
        } else if let Some(version) = &args.ami_version {
            let without_first = version.strip_prefix(|first: char| first.is_ascii_digit()).unwrap_or(version);
            if !without_first.starts_with('.') {
                return Err(CommandError::usage(format!(
                    "The supplied AMI version \"{version}\" is invalid. Please see AMI Versions Supported in Amazon EMR \
                     in Amazon Elastic MapReduce Developer Guide: \
                     http://docs.aws.amazon.com/ElasticMapReduce/latest/DeveloperGuide/ami-versions-supported.html"
                )));
            }
            self.set("AmiVersion", Some(version.as_str().into()));
        }
        self.put("AdditionalInfo", args.additional_info.as_ref());
        let log_uri = self.log_uri.clone();
        self.put("LogUri", log_uri.as_ref());
        self.put("OSReleaseLabel", args.os_release_label.as_ref());
        self.put("LogEncryptionKmsKeyId", args.log_encryption_kms_key_id.as_ref());
        Ok(())
    }

    fn put_roles(&mut self) -> CommandResult {
        if self.args.use_default_roles {
            self.service_role = Some(SERVICE_ROLE.to_owned());
            let attributes = self.structured.ec2_attributes.get_or_insert_default();
            attributes.insert("InstanceProfile".to_owned(), EC2_ROLE.into());
        }
        let service_role = self.service_role.clone();
        self.put("ServiceRole", service_role.as_ref());
        let groups = self.structured.instance_groups.iter().flatten();
        let scales = groups.into_iter().any(|group| group.get("AutoScalingPolicy").is_some());
        if scales && self.args.auto_scaling_role.is_none() {
            return Err(CommandError::usage(
                "Must specify --auto-scaling-role when configuring an AutoScaling policy for an instance group.",
            ));
        }
        self.put("AutoScalingRole", self.args.auto_scaling_role.as_ref());
        self.put("ScaleDownBehavior", self.args.scale_down_behavior.as_ref());
        Ok(())
    }

    fn put_switches(&mut self, instances: &mut Parameters) -> CommandResult {
        let args = self.args;
        let ends =
            switch("--no-auto-terminate", args.no_auto_terminate, "--auto-terminate", args.auto_terminate)?;
        instances.insert("KeepJobFlowAliveWhenNoSteps".to_owned(), ends.unwrap_or(true).into());
        let is_protected = switch(
            "--termination-protected",
            args.termination_protected,
            "--no-termination-protected",
            args.no_termination_protected,
        )?;
        instances.insert("TerminationProtected".to_owned(), is_protected.unwrap_or(false).into());
        let replaces = switch(
            "--unhealthy-node-replacement",
            args.unhealthy_node_replacement,
            "--no-unhealthy-node-replacement",
            args.no_unhealthy_node_replacement,
        )?;
        if let Some(replaces) = replaces {
            instances.insert("UnhealthyNodeReplacement".to_owned(), replaces.into());
        }
        let is_visible = switch(
            "--visible-to-all-users",
            args.visible_to_all_users,
            "--no-visible-to-all-users",
            args.no_visible_to_all_users,
        )?;
        self.parameters.insert("VisibleToAllUsers".to_owned(), is_visible.unwrap_or(true).into());
        Ok(())
    }

    /// What runs on the cluster: applications, bootstrap actions and steps.
    fn put_work(&mut self) -> CommandResult {
        let args = self.args;
        switch(
            "--enable-debugging",
            args.enable_debugging,
            "--no-enable-debugging",
            args.no_enable_debugging,
        )?;
        if self.debugging {
            self.extend("Steps", vec![self.debugging_step()?]);
        }
        if let Some(applications) = self.structured.applications.clone() {
            if self.args.release_label.is_some() {
                self.set("Applications", Some(applications.into()));
            } else {
                let version = self.args.ami_version.as_deref().unwrap_or_default();
                let installation = Installation::of(&applications, self.region.as_deref(), version)?;
                self.extend("NewSupportedProducts", installation.products);
                self.extend("BootstrapActions", installation.bootstrap_actions);
                self.extend("Steps", installation.steps);
            }
        }
        if let Some(backup) = &self.structured.restore_from_hbase_backup {
            let part = |name| backup.get(name).cloned();
            let step = hbase::restoring(part("Dir").unwrap_or(Given::None), part("BackupVersion"));
            self.extend("Steps", vec![step]);
        }
        if let Some(actions) = &self.structured.bootstrap_actions {
            let others = self.list("BootstrapActions").len();
            self.extend("BootstrapActions", bootstrap::actions(actions, others)?);
        }
        if let Some(settings) = self.structured.emrfs.clone() {
            self.put_emrfs(&settings)?;
        }
        if let Some(asked) = &self.structured.steps {
            let steps = steps::steps(asked, self.place())?;
            self.extend("Steps", steps);
        }
        Ok(())
    }

    fn debugging_step(&self) -> CommandResult<Given> {
        if self.log_uri.is_none() {
            return Err(CommandError::usage(
                "LogUri not specified. You must specify a logUri if you enable debugging when creating a cluster.",
            ));
        }
        let (jar, program) = match self.place() {
            Place { release_label: Some(_), .. } => {
                (COMMAND_RUNNER.to_owned(), "state-pusher-script".to_owned())
            }
            Place { region, .. } => (script_runner(region), link(region, "/libs/state-pusher/0.1/fetch")),
        };
        Ok(Step::terminating("Setup Hadoop Debugging", jar, texts([program])).into())
    }

    fn put_emrfs(&mut self, settings: &Given) -> CommandResult {
        if self.place().release_label.is_none() {
            let actions = emrfs::bootstrap_actions(settings, self.region.as_deref())?;
            self.extend("BootstrapActions", actions);
            return Ok(());
        }
        let mut classifications =
            self.list("Configurations").iter().filter_map(|one| text_of(one, "Classification"));
        if classifications.any(|found| found == emrfs::CLASSIFICATION) {
            return Err(CommandError::usage(
                "EMRFS should be configured either using --configuration or --emrfs but not both",
            ));
        }
        let configuration = emrfs::configuration(settings)?;
        self.extend("Configurations", vec![configuration]);
        Ok(())
    }

    fn put_rest(&mut self) -> CommandResult {
        let args = self.args;
        self.put("SecurityConfiguration", args.security_configuration.as_ref());
        self.put("CustomAmiId", args.custom_ami_id.as_ref());
        for (name, number) in [
            ("EbsRootVolumeSize", &args.ebs_root_volume_size),
            ("EbsRootVolumeIops", &args.ebs_root_volume_iops),
            ("EbsRootVolumeThroughput", &args.ebs_root_volume_throughput),
        ] {
            let number = number.as_deref().map(awsx_params::int).transpose()?;
            put(&mut self.parameters, name, number.map(Given::Integer));
        }
        self.put("RepoUpgradeOnBoot", args.repo_upgrade_on_boot.as_ref());
        let kerberos = self.structured.kerberos_attributes.take();
        put(&mut self.parameters, "KerberosAttributes", kerberos);
        self.set("StepConcurrencyLevel", args.step_concurrency_level.map(Given::Integer));
        self.put("StepExecutionRoleArn", args.step_execution_role_arn.as_ref());
        let is_supported = switch(
            "--extended-support",
            args.extended_support,
            "--no-extended-support",
            args.no_extended_support,
        )?;
        self.set("ExtendedSupport", is_supported.map(Given::Boolean));
        let has_sessions = switch(
            "--session-enabled",
            args.session_enabled,
            "--no-session-enabled",
            args.no_session_enabled,
        )?;
        self.set("SessionEnabled", has_sessions.map(Given::Boolean));
        let monitoring = self.structured.monitoring_configuration.take();
        for (name, value) in [
            ("ManagedScalingPolicy", self.structured.managed_scaling_policy.take()),
            ("PlacementGroupConfigs", self.structured.placement_group_configs.take()),
            ("AutoTerminationPolicy", self.structured.auto_termination_policy.take()),
            ("MonitoringConfiguration", monitoring.clone()),
        ] {
            put(&mut self.parameters, name, value);
        }
        monitoring.map_or(Ok(()), |monitoring| logging::check(&monitoring, self.log_uri.as_deref()))
    }

    /// Refuses steps whose applications are not asked for.
    fn refuse_missing_applications(&self) -> CommandResult {
        let applications = self.structured.applications.iter().flatten();
        let names: Vec<String> =
            applications.filter_map(|one| text_of(one, "Name")).map(str::to_lowercase).collect();
        let mut missing: Vec<String> = Vec::new();
        let mut need = |kind: &str| {
            let title = title(kind);
            if !names.contains(&kind.to_lowercase()) && !missing.contains(&title) {
                missing.push(title);
            }
        };
        let kinds = self.structured.steps.iter().flatten().filter_map(|step| text_of(step, "Type"));
        kinds
            .filter(|kind| ["hive", "pig", "impala"].contains(&kind.to_lowercase().as_str()))
            .for_each(&mut need);
        if self.structured.restore_from_hbase_backup.is_some() {
            need("hbase");
        }
        if missing.is_empty() {
            return Ok(());
        }
        Err(CommandError::usage(format!(
            "Some of the steps require the following applications to be installed: {}. Please install the applications \
             using --applications.",
            missing.join(", ")
        )))
    }

    fn place(&self) -> Place<'_> {
        let release_label = self.args.release_label.as_deref().filter(|label| !label.is_empty());
        Place { region: self.region.as_deref(), release_label }
    }

    fn set(&mut self, name: &str, value: Option<Given>) {
        self.parameters.extend(value.map(|value| (name.to_owned(), value)));
    }

    /// Sets a text unless it is empty.
    fn put(&mut self, name: &str, text: Option<&String>) {
        put(&mut self.parameters, name, text.map(|text| text.as_str().into()));
    }

    /// Puts these behind the elements of a list.
    fn extend(&mut self, name: &str, elements: Vec<Given>) {
        if elements.is_empty() {
            return;
        }
        match self.parameters.get_mut(name) {
            Some(Given::List(list)) => list.extend(elements),
            _ => self.set(name, Some(elements.into())),
        }
    }

    fn list(&self, name: &str) -> &[Given] {
        match self.parameters.get(name) {
            Some(Given::List(elements)) => elements,
            _ => &[],
        }
    }
}

/// What a switch and its opposite say together.
fn switch(on: &str, is_on: bool, off: &str, is_off: bool) -> CommandResult<Option<bool>> {
    match (is_on, is_off) {
        (true, true) => Err(contradicting(on, off)),
        (false, false) => Ok(None),
        _ => Ok(Some(is_on)),
    }
}

/// A word with a large first letter and small others.
fn title(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters.as_str().to_lowercase().chars())
        .collect()
}
