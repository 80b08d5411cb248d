//! `console-url`: a URL that signs in to the AWS console.

use awsx_auth::console::{ConsoleSignIn, fetch_sign_in_url, resolve_destination};
use awsx_auth::partition::Partition;
use awsx_auth::sts::AssumeRole;
use awsx_core::settings::table;

use crate::context::Context;
use crate::error::CommandResult;

/// Print a URL that signs in to the AWS console, as a role or as the profile in use
///
/// The URL is good for 15 minutes, and whoever has it is signed in. The credentials themselves travel by POST and stand
/// in no URL.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx console-url --profile dev
  awsx console-url --role-arn arn:aws:iam::111122223333:role/ReadOnly --destination s3
  xdg-open \"$(awsx console-url --destination https://console.aws.amazon.com/ec2/home)\"")]
pub(crate) struct ConsoleUrlArgs {
    /// Role to take first; without it the profile's own temporary credentials are used
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// Page to land on: a URL, a path, or a service such as `s3`
    #[arg(long, value_name = "URL|SERVICE")]
    destination: Option<String>,
    /// How long the console session lasts, from 900 to 43200 [default: as long as the credentials]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(900..=43200))]
    session_duration: Option<u32>,
    /// Where the console sends people whose session is over
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Name of the role session, which the console and CloudTrail show
    #[arg(long, value_name = "NAME", requires = "role_arn")]
    role_session_name: Option<String>,
    /// Where sign-in tokens come from, instead of the partition's own address
    #[arg(long, value_name = "URL")]
    signin_endpoint: Option<String>,
}

pub(crate) fn run(context: &Context, args: &ConsoleUrlArgs) -> CommandResult {
    let (partition, region) = place(context, args)?;
    let endpoint = match &args.signin_endpoint {
        Some(endpoint) => Some(endpoint.clone()),
        None => context.settings.text(&table::SIGNIN_ENDPOINT)?,
    };
    let endpoint = endpoint.unwrap_or_else(|| partition.federation_endpoint(&region));
    let destination = resolve_destination(partition, &region, args.destination.as_deref());
    let sign_in = ConsoleSignIn {
        endpoint: &endpoint,
        destination: &destination,
        session_duration: args.session_duration,
        issuer: args.issuer.as_deref(),
    };
    let clients = context.clients()?;
    let url = context.block_on(async {
        let mut credentials = context.required_credentials().await?;
        if let Some(role_arn) = &args.role_arn {
            let session_name = args.role_session_name.clone();
            let role = AssumeRole { role_arn: role_arn.clone(), session_name, ..AssumeRole::default() };
            credentials = role.fetch(&clients, &region, &credentials, None).await?.credentials;
        }
        Ok::<_, crate::error::CommandError>(fetch_sign_in_url(&clients, &credentials, &sign_in).await?)
    })?;
    context.ui.out(format_args!("{url}\n"))
}

/// The role's partition and a region in it: the one in use, unless that lies in another partition.
fn place(context: &Context, args: &ConsoleUrlArgs) -> CommandResult<(&'static Partition, String)> {
    let region = context.settings.text(&table::REGION)?;
    let of_role = args.role_arn.as_deref().and_then(Partition::of_arn);
    let of_region = || region.as_deref().map_or_else(|| Partition::of_region(""), Partition::of_region);
    let partition = of_role.unwrap_or_else(of_region);
    let region = region.filter(|region| partition.has_region(region));
    Ok((partition, region.unwrap_or_else(|| partition.home_region.to_owned())))
}
