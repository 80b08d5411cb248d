//! `emr add-steps`.

use awsx_core::settings::table;
use awsx_params::Given;
use clap::ArgAction;

use super::steps::{Place, steps};
use super::{ADD_STEPS, connect, release_label, shapes, steps_for};
use crate::context::Context;
use crate::error::CommandResult;
use crate::output::Output;

/// Have a cluster run steps
///
/// How a step is run depends on the cluster's release, which is asked first.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx emr add-steps --cluster-id j-3SD91U2E1L2QX --steps Type=Spark,Name=pi,ActionOnFailure=CONTINUE,\\
Args=[--class,org.apache.spark.examples.SparkPi,/usr/lib/spark/examples/jars/spark-examples.jar,10]")]
pub(crate) struct AddStepsArgs {
    /// The cluster
    #[arg(long, value_name = "ID")]
    cluster_id: String,
    /// The steps, as create-cluster takes them
    #[arg(long, value_name = "STEP", required = true, num_args = 1.., action = ArgAction::Set)]
    steps: Vec<String>,
    /// The role that they run in
    #[arg(long, value_name = "ARN")]
    execution_role_arn: Option<String>,
}

pub(crate) fn run(context: &Context, args: &AddStepsArgs) -> CommandResult {
    let output = Output::of(context)?;
    let asked = match shapes::STEPS.read(context.env(), "steps", &args.steps)? {
        Given::List(steps) => steps,
        single => vec![single],
    };
    let region = context.settings.text(&table::REGION)?;
    let answer = context.block_on(async {
        let emr = connect(context).await?;
        let label = release_label(&emr, &args.cluster_id).await?;
        let place = Place { region: region.as_deref(), release_label: label.as_deref() };
        let mut parameters = steps_for(&args.cluster_id, steps(&asked, place)?);
        let role = args.execution_role_arn.as_deref();
        parameters.extend(role.map(|role| ("ExecutionRoleArn".to_owned(), role.into())));
        emr.call_with(ADD_STEPS, &parameters).await
    })?;
    output.show(context, ADD_STEPS, &answer)
}
