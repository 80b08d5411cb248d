//! `eks update-kubeconfig`: a cluster's place and its sign-in, for `kubectl`.

use std::path::{Path, PathBuf};

use awsx_model::Input;
use awsx_output::{Map, Value, yaml_document};

use super::kubeconfig::{Entries, Kubeconfig};
use crate::commands::operation::{Instead, ServiceClient};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Have `kubectl` know a cluster, and sign in to it with awsx
///
/// The cluster, a user and a context of both are put into the kubeconfig file, which keeps all else, comments too. The
/// context becomes the current one.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx eks update-kubeconfig --name prod
  awsx eks update-kubeconfig --name prod --alias prod --role-arn arn:aws:iam::111122223333:role/Admin
  awsx eks update-kubeconfig --name prod --dry-run")]
pub(crate) struct UpdateKubeconfigArgs {
    /// The cluster
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The file (default: of those in KUBECONFIG the one that has the cluster, else the first; else ~/.kube/config)
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<String>,
    /// Sign in to the cluster as this role
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// Reach the cluster through this proxy
    #[arg(long, value_name = "URL")]
    proxy_url: Option<String>,
    /// Print what the file would be, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print what is put in
    #[arg(long)]
    verbose: bool,
    /// The context's name (default: the user's)
    #[arg(long, value_name = "NAME")]
    alias: Option<String>,
    /// The user's name (default: the cluster's ARN)
    #[arg(long, value_name = "NAME")]
    user_alias: Option<String>,
    /// Ask for the cluster as this role
    #[arg(long, value_name = "ARN")]
    assume_role_arn: Option<String>,
}

pub(crate) fn run(context: &Context, args: &UpdateKubeconfigArgs) -> CommandResult {
    let cluster = context.block_on(describe(context, args))?;
    let entries = entries(context, args, &cluster)?;
    let file = choose(context, args, entries.cluster_name())?;
    if args.dry_run {
        return context.ui.out(format_args!("{}", file.with(&entries)));
    }
    let updates = file.has_cluster(entries.cluster_name());
    Kubeconfig::update(&file.path, &entries)?;
    let (name, path) = (entries.context_name(), file.path.display());
    if updates {
        context.ui.out(format_args!("Updated context {name} in {path}\n"))?;
    } else {
        context.ui.out(format_args!("Added new context {name} to {path}\n"))?;
    }
    if args.verbose {
        context.ui.out(format_args!("Entries:\n\n"))?;
        for entry in [&entries.context, &entries.user, &entries.cluster] {
            context.ui.out(format_args!("{}\n", yaml_document(entry)))?;
        }
    }
    Ok(())
}

/// The cluster, if it can be used.
async fn describe(context: &Context, args: &UpdateKubeconfigArgs) -> CommandResult<Value> {
    let mut instead = Instead::default();
    if let Some(role) = &args.assume_role_arn {
        instead.credentials = Some(super::keys_of_role(context, role, "EKSDescribeClusterSession").await?);
    }
    let eks = ServiceClient::connect_as(context, "eks", instead).await?;
    let mut answer = eks.call("DescribeCluster", Input::map([("name", args.name.as_str().into())])).await?;
    let cluster = match &mut answer {
        Value::Map(members) => members.remove("cluster"),
        _ => None,
    };
    let status = cluster.as_ref().and_then(|cluster| text(cluster, "status"));
    match (cluster, status) {
        (Some(cluster), Some(status)) if ["ACTIVE", "UPDATING"].contains(&status.as_str()) => Ok(cluster),
        (Some(_), Some(status)) => Err(CommandError::general(format!("Cluster status is {status}"))),
        _ => Err(CommandError::general("Cluster not found")),
    }
}

fn entries(context: &Context, args: &UpdateKubeconfigArgs, cluster: &Value) -> CommandResult<Entries> {
    let incomplete = || CommandError::general(format!("EKS tells no ARN of the cluster `{}`", args.name));
    let arn = text(cluster, "arn").ok_or_else(incomplete)?;
    let region = arn.split(':').nth(3).ok_or_else(incomplete)?;
    let authority = cluster.get("certificateAuthority").and_then(|authority| text(authority, "data"));
    let mut place = Map::new();
    place.insert("certificate-authority-data", authority.unwrap_or_default());
    place.insert("server", text(cluster, "endpoint").map_or(Value::Null, Value::from));
    if let Some(proxy) = &args.proxy_url {
        place.insert("proxy-url", proxy.as_str());
    }
    // A cluster whose control plane is on an Outpost is known by its id.
    let outpost = cluster.get("outpostConfig").filter(|outpost| **outpost != Value::Null);
    let is_local = outpost.is_some_and(|outpost| outpost.get("etcdInstanceType").is_none());
    let (option, value) = if is_local {
        ("--cluster-id", text(cluster, "id").unwrap_or_default())
    } else {
        ("--cluster-name", args.name.clone())
    };
    let mut words = vec!["--region", region, "eks", "get-token", option, &value, "--output", "json"];
    if let Some(role) = &args.role_arn {
        words.extend(["--role", role]);
    }
    let mut exec = Map::new();
    exec.insert("apiVersion", "client.authentication.k8s.io/v1beta1");
    exec.insert("args", words.into_iter().map(Value::from).collect::<Value>());
    // kubectl starts programs, it knows no alias of a shell.
    exec.insert("command", "awsx");
    if let Some(profile) = context.settings.named_profile() {
        let variable = Value::map([("name", "AWS_PROFILE".into()), ("value", profile.value.into())]);
        exec.insert("env", [variable].into_iter().collect::<Value>());
    }
    let user = args.user_alias.as_deref().filter(|alias| !alias.is_empty()).unwrap_or(&arn);
    let alias = args.alias.as_deref().filter(|alias| !alias.is_empty()).unwrap_or(user);
    let pair = Value::map([("cluster", arn.as_str().into()), ("user", user.into())]);
    Ok(Entries {
        context: Value::map([("context", pair), ("name", alias.into())]),
        user: Value::map([("name", user.into()), ("user", Value::map([("exec", Value::Map(exec))]))]),
        cluster: Value::map([("cluster", Value::Map(place)), ("name", arn.into())]),
    })
}

fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member).and_then(Value::as_str).map(str::to_owned)
}

/// The file to change: the first that has the cluster, else the first.
fn choose(context: &Context, args: &UpdateKubeconfigArgs, cluster: &str) -> CommandResult<Kubeconfig> {
    let paths = paths(context, args.kubeconfig.as_deref())?;
    for path in &paths {
        // One that cannot be read is passed over while another may have it.
        if let Ok(file) = Kubeconfig::read(path)
            && file.has_cluster(cluster)
        {
            return Ok(file);
        }
    }
    Ok(Kubeconfig::read(&paths[0])?)
}

/// Where kubeconfig files are, at least one.
fn paths(context: &Context, given: Option<&str>) -> CommandResult<Vec<PathBuf>> {
    let absolute = |path: &Path| {
        let path = context.env().expand_path(&path.to_string_lossy());
        std::path::absolute(&path).map_err(|error| {
            CommandError::general(format!("`{}` is no path", path.display())).caused_by(&error)
        })
    };
    if let Some(given) = given {
        return Ok(vec![absolute(Path::new(given))?]);
    }
    let listed = context.env().var_filled("KUBECONFIG").unwrap_or_default();
    let listed = std::env::split_paths(listed).filter(|path| !path.to_string_lossy().trim().is_empty());
    let found = listed.map(|path| absolute(&path)).collect::<CommandResult<Vec<_>>>()?;
    if found.is_empty() {
        return Ok(vec![absolute(Path::new("~/.kube/config"))?]);
    }
    Ok(found)
}
