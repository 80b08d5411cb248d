//! `configservice subscribe`.

use awsx_model::Input;
use awsx_output::{Format, Value};

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::{CommandResult, Kind};
use crate::output::render;

/// Have AWS Config record what becomes of your resources, and deliver it to a bucket and a topic
///
/// Bucket and topic are made if there are none of these names. Recorder and channel are called `default`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx configservice subscribe --s3-bucket records/prod --sns-topic records \\
    --iam-role arn:aws:iam::111122223333:role/config")]
pub(crate) struct SubscribeArgs {
    /// The bucket, with a prefix behind a slash if wanted
    #[arg(long, value_name = "BUCKET")]
    s3_bucket: String,
    /// The topic: a name or an ARN
    #[arg(long, value_name = "TOPIC")]
    sns_topic: String,
    /// The role that AWS Config looks at your resources with
    #[arg(long, value_name = "ARN")]
    iam_role: String,
}

const NAME: &str = "default";

pub(crate) fn run(context: &Context, args: &SubscribeArgs) -> CommandResult {
    context.block_on(async {
        // `--endpoint-url` means AWS Config's.
        let elsewhere = || Instead { ignores_endpoint_option: true, ..Instead::default() };
        let s3 = ServiceClient::connect_as(context, "s3", elsewhere()).await?;
        let sns = ServiceClient::connect_as(context, "sns", elsewhere()).await?;
        let config = ServiceClient::connect(context, "config").await?;
        let (bucket, prefix) = args.s3_bucket.split_once('/').unwrap_or((&args.s3_bucket, ""));
        prepare_bucket(context, &s3, bucket).await?;
        let topic = prepare_topic(context, &sns, &args.sns_topic).await?;
        let recorder = members([("name", NAME.into()), ("roleARN", args.iam_role.as_str().into())]);
        config.call("PutConfigurationRecorder", members([("ConfigurationRecorder", recorder)])).await?;
        let channel = [("name", NAME.into()), ("s3BucketName", bucket.into()), ("snsTopicARN", topic.into())];
        let prefix = (!prefix.is_empty()).then(|| ("s3KeyPrefix", prefix.into()));
        let channel = members(channel.into_iter().chain(prefix));
        config.call("PutDeliveryChannel", members([("DeliveryChannel", channel)])).await?;
        let name = members([("ConfigurationRecorderName", NAME.into())]);
        config.call("StartConfigurationRecorder", name).await?;
        let recorders = config.call("DescribeConfigurationRecorders", Input::empty()).await?;
        context.ui.out(format_args!(
            "Subscribe succeeded:\n\nConfiguration Recorders: {}\n",
            shown(&recorders, "ConfigurationRecorders")
        ))?;
        let channels = config.call("DescribeDeliveryChannels", Input::empty()).await?;
        context.ui.out(format_args!("Delivery Channels: {}", shown(&channels, "DeliveryChannels")))
    })
}

async fn prepare_bucket(context: &Context, s3: &ServiceClient<'_>, bucket: &str) -> CommandResult {
    let named = || members([("Bucket", bucket.into())]);
    let is_there = match s3.call("HeadBucket", named()).await {
        // One that may not be looked at is there all the same.
        Err(error) if error.kind == Kind::Service => error.service_code() != Some("404"),
        answer => answer.map(|_| true)?,
    };
    if is_there {
        return context.ui.out(format_args!("Using existing S3 bucket: {bucket}\n"));
    }
    let region = context.region()?;
    let place = members([("LocationConstraint", region.as_str().into())]);
    let place = (region != "us-east-1").then_some(("CreateBucketConfiguration", place));
    s3.call("CreateBucket", members([("Bucket", bucket.into())].into_iter().chain(place))).await?;
    context.ui.out(format_args!("Using new S3 bucket: {bucket}\n"))
}

/// The topic's ARN. Names have no colons.
async fn prepare_topic(context: &Context, sns: &ServiceClient<'_>, topic: &str) -> CommandResult<String> {
    if topic.contains(':') {
        context.ui.out(format_args!("Using existing SNS topic: {topic}\n"))?;
        return Ok(topic.to_owned());
    }
    let answer = sns.call("CreateTopic", members([("Name", topic.into())])).await?;
    let arn = text_at(&answer, "TopicArn").to_owned();
    context.ui.out(format_args!("Using new SNS topic: {arn}\n"))?;
    Ok(arn)
}

fn shown(answer: &Value, member: &str) -> String {
    let list = answer.get(member).cloned().unwrap_or_else(|| Value::List(Vec::new()));
    render(Format::Json, "", &list)
}
