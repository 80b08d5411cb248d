//! `console-url` and `console`: the AWS console, without a password.

mod credentials;
mod show;

use awsx_auth::console::{ConsoleSignIn, after_logout, fetch_sign_in_url, resolve_destination};
use awsx_auth::partition::Partition;
use awsx_core::settings::table;
use time::Duration;

use super::wish::WishArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::span;
use show::ShowArgs;

/// Print a URL that signs in to the AWS console, as a role or as the profile in use
///
/// The URL is good for 15 minutes, and whoever has it is signed in. The credentials themselves travel by POST and stand
/// in no URL. With long-term keys the console opens as the user, through `GetFederationToken`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx console-url --profile dev
  awsx console-url --role-arn arn:aws:iam::111122223333:role/ReadOnly --destination s3
  awsx console-url --profile dev --destination cloudwatch/logs --region eu-west-1 --qr")]
pub(crate) struct ConsoleUrlArgs {
    /// Open the URL in the browser instead of printing it
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    page: PageArgs,
}

/// Open the AWS console in the browser, as a role or as the profile in use
///
/// The same as `console-url --open`.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx console --profile dev
  awsx console --profile dev --destination ec2 --browser firefox --container
  awsx console --profile prod --read-only --role-arn arn:aws:iam::111122223333:role/Admin --logout-first")]
pub(crate) struct ConsoleArgs {
    #[command(flatten)]
    page: PageArgs,
}

/// Who signs in, where to, and how the page is shown.
#[derive(clap::Args, Debug)]
struct PageArgs {
    /// Page to land on: a service such as `s3`, `ec2` or `cloudwatch/logs`, a path, or a URL
    #[arg(long, value_name = "SERVICE|URL")]
    destination: Option<String>,
    /// How long the console session lasts, from 15m to 12h [default: as long as the credentials]
    #[arg(long, value_name = "SPAN", value_parser = parse_session)]
    session_duration: Option<Duration>,
    /// Where the console sends people whose session is over
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Where sign-in tokens come from, instead of the partition's own address
    #[arg(long, value_name = "URL")]
    signin_endpoint: Option<String>,
    /// End the browser's console session first: without that, the console may refuse a second one
    #[arg(long)]
    logout_first: bool,
    #[command(flatten)]
    show: ShowArgs,
    #[command(flatten)]
    wish: WishArgs,
}

pub(crate) fn run_url(context: &Context, args: &ConsoleUrlArgs) -> CommandResult {
    run(context, &args.page, args.open)
}

pub(crate) fn run_open(context: &Context, args: &ConsoleArgs) -> CommandResult {
    run(context, &args.page, true)
}

fn run(context: &Context, args: &PageArgs, open: bool) -> CommandResult {
    args.show.check(open)?;
    let (partition, region) = place(context, args)?;
    let endpoint = match &args.signin_endpoint {
        Some(endpoint) => Some(endpoint.clone()),
        None => context.settings.text(&table::SIGNIN_ENDPOINT)?,
    };
    let endpoint = endpoint.unwrap_or_else(|| partition.federation_endpoint(&region));
    let destination = resolve_destination(partition, &region, args.destination.as_deref());
    let (url, account) = context.block_on(async {
        let visitor = credentials::resolve(context, &args.wish, args.session_duration, &region).await?;
        let sign_in = ConsoleSignIn {
            endpoint: &endpoint,
            destination: &destination,
            session_duration: visitor.session_seconds,
            issuer: args.issuer.as_deref(),
        };
        let url = fetch_sign_in_url(&context.clients()?, &visitor.credentials, &sign_in).await?;
        Ok::<_, CommandError>((url, visitor.credentials.account_id))
    })?;
    let url = if args.logout_first {
        after_logout(&endpoint, &url).map_err(awsx_auth::AuthError::from)?
    } else {
        url
    };
    // Browsers keep accounts apart by name: the account's, else the profile's.
    let account = account.unwrap_or_else(|| context.settings.profile_name());
    args.show.show(context, url.as_str(), &account, open)
}

/// The role's partition and a region in it: the one in use, unless that lies in another partition.
fn place(context: &Context, args: &PageArgs) -> CommandResult<(&'static Partition, String)> {
    let region = context.settings.text(&table::REGION)?;
    let of_role = args.wish.role_arn.as_deref().and_then(Partition::of_arn);
    let of_region = || region.as_deref().map_or_else(|| Partition::of_region(""), Partition::of_region);
    let partition = of_role.unwrap_or_else(of_region);
    let region = region.filter(|region| partition.has_region(region));
    Ok((partition, region.unwrap_or_else(|| partition.home_region.to_owned())))
}

fn parse_session(text: &str) -> Result<Duration, String> {
    let duration = span::parse(text)?;
    if (Duration::minutes(15)..=Duration::hours(12)).contains(&duration) {
        Ok(duration)
    } else {
        Err(format!("`{text}` is not from 15 minutes to 12 hours"))
    }
}
