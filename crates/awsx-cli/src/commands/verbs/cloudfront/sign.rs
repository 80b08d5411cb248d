//! `cloudfront sign`.

use awsx_auth::AuthError;
use awsx_auth::tokens::CloudFrontUrl;
use awsx_core::Secret;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Print a URL that lets anybody get a file until a date
///
/// Nobody is asked. Dates are `2030-01-01`, `2030-01-01T12:00:00`, the same with an offset (`+02:00`), or seconds since
/// 1970; without an offset they are in UTC.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx cloudfront sign --url https://d111111abcdef8.cloudfront.net/film.mp4 --key-pair-id K2JCJMDEHXQW5F \\
    --private-key file://key.pem --date-less-than 2030-01-01
  awsx cloudfront sign --url 'https://d111111abcdef8.cloudfront.net/*' --key-pair-id K2JCJMDEHXQW5F \\
    --private-key file://key.pem --date-less-than 2030-01-01 --ip-address 203.0.113.0/24")]
pub(crate) struct SignArgs {
    /// What is to be got
    #[arg(long)]
    url: String,
    /// The id of the key pair at CloudFront
    #[arg(long, value_name = "ID")]
    key_pair_id: String,
    /// The RSA key in PEM: `file://key.pem`
    #[arg(long, value_name = "KEY")]
    private_key: Secret<String>,
    /// Until when
    #[arg(long, value_name = "DATE")]
    date_less_than: String,
    /// From when on
    #[arg(long, value_name = "DATE")]
    date_greater_than: Option<String>,
    /// For this address alone, or this range of them
    #[arg(long, value_name = "ADDRESS")]
    ip_address: Option<String>,
}

pub(crate) fn run(context: &Context, args: &SignArgs) -> CommandResult {
    let key = awsx_params::load_text(context.env(), "--private-key", args.private_key.expose())?;
    let request = CloudFrontUrl {
        url: args.url.clone(),
        key_pair_id: args.key_pair_id.clone(),
        until: seconds(&args.date_less_than)?,
        from: args.date_greater_than.as_deref().map(seconds).transpose()?,
        ip_address: args.ip_address.clone(),
    };
    let signed = request.sign(&Secret::new(key)).map_err(AuthError::from)?;
    // Without a line end, as AWS CLI prints it.
    context.ui.out(format_args!("{signed}"))
}

fn seconds(date: &str) -> CommandResult<i64> {
    let moment = awsx_params::parse_moment(date);
    let moment = moment.ok_or_else(|| CommandError::general(format!("Invalid timestamp \"{date}\"")))?;
    Ok(moment.seconds)
}
