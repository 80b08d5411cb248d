//! A URL that opens the AWS console as a role, from nothing: makes a role that the caller may assume and that may read
//! S3, waits until it works, takes it, exchanges its credentials for a sign-in token, prints the URL, and removes the
//! role again, on Ctrl-C too.
//!
//! ```sh
//! cargo run -p awsx-auth --example federated_console_url                                          # AWS itself
//! AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWSX_SIGNIN_ENDPOINT=http://127.0.0.1:4566/federation \
//!     cargo run -p awsx-auth --example federated_console_url                                      # awsx-sandbox
//! ```

mod support;

use std::io::Write;
use std::time::Duration;

use awsx_auth::console::{ConsoleSignIn, fetch_sign_in_url, resolve_destination};
use awsx_auth::partition::Partition;
use awsx_auth::sts::{AssumeRole, AssumedRole, Caller};
use awsx_auth::{AuthError, Credentials};
use awsx_core::settings::table;
use serde_json::json;

use crate::support::{Lines, Outcome, Surroundings, interrupt, say, unique_name};

/// A role takes seconds to be known everywhere; this is far more.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let surroundings = Surroundings::of_process()?;
    let credentials = surroundings.credentials().await?;
    let interrupted = interrupt()?;
    let iam = surroundings.clients().iam(&surroundings.region, &credentials)?;
    let role_name = unique_name();
    let outcome = tokio::select! {
        outcome = show_url(&surroundings, &credentials, &iam, &role_name) => outcome,
        _ = interrupted => Err("interrupted".into()),
    };
    say("Removing the role.\n");
    remove_role(&iam, &role_name, &read_only(&surroundings)).await?;
    outcome
}

async fn show_url(
    surroundings: &Surroundings,
    credentials: &Credentials,
    iam: &aws_sdk_iam::Client,
    role_name: &str,
) -> Outcome {
    let clients = surroundings.clients();
    let caller = Caller::fetch(&clients, &surroundings.region, credentials).await?;
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Principal": { "AWS": caller.arn }, "Action": "sts:AssumeRole" }],
    });
    let role = iam.create_role().role_name(role_name).assume_role_policy_document(trust.to_string());
    let role = role.send().await?.role.ok_or("IAM gave no role")?;
    say(&format!("Created {}, which {} may assume.\n", role.arn, caller.arn));
    let policy = read_only(surroundings);
    iam.attach_role_policy().role_name(role_name).policy_arn(&policy).send().await?;
    say(&format!("Attached {policy}.\n"));

    let session = assume_when_known(surroundings, credentials, role.arn).await?;
    let partition = Partition::of_region(&surroundings.region);
    let endpoint = match surroundings.settings.text(&table::SIGNIN_ENDPOINT)? {
        Some(endpoint) => endpoint,
        None => partition.federation_endpoint(&surroundings.region),
    };
    let sign_in = ConsoleSignIn {
        endpoint: &endpoint,
        destination: &resolve_destination(partition, &surroundings.region, Some("s3")),
        session_duration: None,
        issuer: None,
    };
    let url = fetch_sign_in_url(&clients, &session.credentials, &sign_in).await?;
    writeln!(std::io::stdout(), "{url}")?;
    Lines::of_stdin().ask("Open the URL within 15 minutes. Press Enter to remove the role.\n").await;
    Ok(())
}

/// STS learns of a new role with a delay, and refuses it until then.
async fn assume_when_known(
    surroundings: &Surroundings,
    credentials: &Credentials,
    role_arn: String,
) -> Outcome<AssumedRole> {
    let session_name = Some("awsx-example".to_owned());
    let role = AssumeRole { role_arn, session_name, ..AssumeRole::default() };
    let pause = Duration::from_secs(1);
    let mut waited = Duration::ZERO;
    loop {
        let assumed = role.fetch(&surroundings.clients(), &surroundings.region, credentials, None).await;
        match assumed {
            Ok(session) => {
                say(&format!("Assumed it after {} s.\n", waited.as_secs()));
                return Ok(session);
            }
            Err(AuthError::Call(error)) if error.is("AccessDenied") && waited < PATIENCE => {}
            Err(error) => return Err(error.into()),
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
}

/// Removes whatever of the role is there.
async fn remove_role(iam: &aws_sdk_iam::Client, role_name: &str, policy: &str) -> Outcome {
    let detached = iam.detach_role_policy().role_name(role_name).policy_arn(policy).send().await;
    if let Err(error) = detached.map_err(aws_sdk_iam::error::SdkError::into_service_error)
        && !error.is_no_such_entity_exception()
    {
        return Err(error.into());
    }
    match iam
        .delete_role()
        .role_name(role_name)
        .send()
        .await
        .map_err(aws_sdk_iam::error::SdkError::into_service_error)
    {
        Err(error) if !error.is_no_such_entity_exception() => Err(error.into()),
        _ => Ok(()),
    }
}

/// AWS's policy in the partition in use.
fn read_only(surroundings: &Surroundings) -> String {
    let partition = Partition::of_region(&surroundings.region).name;
    format!("arn:{partition}:iam::aws:policy/AmazonS3ReadOnlyAccess")
}
