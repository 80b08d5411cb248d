//! MFA in front of S3, from nothing: makes a user with a virtual MFA device, an access key and a policy that allows
//! listing buckets only with MFA; shows that the key alone is refused and that a session opened with a code is not; and
//! removes everything again, on Ctrl-C too.
//!
//! ```sh
//! cargo run -p awsx-auth --example mfa_session_token                                                # AWS itself
//! AWS_ENDPOINT_URL=http://127.0.0.1:4566 cargo run -p awsx-auth --example mfa_session_token         # awsx-sandbox
//! ```
//!
//! Scan the QR code with an authenticator app and type its codes. Or press Enter at each question: the example then
//! computes the codes from the device's seed, as an app would, and waits for the next one where it has to.

mod support;

use std::io::Write;
use std::time::Duration;

use aws_sdk_iam::error::SdkError;
use awsx_auth::mfa::{Devices, NewDevice, codes_of_seed};
use awsx_auth::mfa_code::code_at;
use awsx_auth::sts::{Caller, SessionToken};
use awsx_auth::{AuthError, Clients, Credentials, Method};
use awsx_core::Secret;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::support::{Lines, Outcome, Surroundings, interrupt, say, unique_name};

const POLICY_NAME: &str = "list-buckets-with-mfa";
const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": "s3:ListAllMyBuckets",
    "Resource": "*",
    "Condition": { "Bool": { "aws:MultiFactorAuthPresent": "true" } }
  }]
}"#;

/// AWS takes seconds to tell all its services of a new key or policy; this is far more.
const PATIENCE: Duration = Duration::from_mins(1);
const STEP_SECONDS: u64 = 30;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let surroundings = Surroundings::of_process()?;
    let credentials = surroundings.credentials().await?;
    let interrupted = interrupt()?;
    let iam = surroundings.clients().iam(&surroundings.region, &credentials)?;
    let user = unique_name();
    let devices =
        Devices::of(surroundings.clients(), &surroundings.region, &credentials, Some(&user)).await?;
    let outcome = tokio::select! {
        outcome = show_mfa(&surroundings, &iam, &devices) => outcome,
        _ = interrupted => Err("interrupted".into()),
    };
    say("Removing the user, the device, the key and the policy.\n");
    remove_user(&iam, &devices).await?;
    outcome
}

async fn show_mfa(surroundings: &Surroundings, iam: &aws_sdk_iam::Client, devices: &Devices<'_>) -> Outcome {
    let (clients, region, user) = (surroundings.clients(), &surroundings.region, &devices.user);
    let mut lines = Lines::of_stdin();
    iam.create_user().user_name(user).send().await?;
    say(&format!("Created the user {user}.\n"));

    let device = devices.create(user).await?;
    let code = QrCode::new(device.otpauth_url().expose())?;
    let drawing = code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build();
    say(&format!("Created {}. Scan it with an authenticator app:\n\n{drawing}\n\n", device.serial));
    let (first, second) = two_codes(surroundings, &device, &mut lines).await?;
    devices.enable(&device.serial, &first, &second).await?;
    say("Enabled the device.\n");

    let key = iam.create_access_key().user_name(user).send().await?.access_key.ok_or("IAM gave no key")?;
    let key = Credentials {
        access_key_id: key.access_key_id,
        secret_access_key: key.secret_access_key.into(),
        session_token: None,
        expiration: None,
        account_id: None,
        method: Method::Environment,
    };
    let put = iam.put_user_policy().user_name(user).policy_name(POLICY_NAME).policy_document(POLICY);
    put.send().await?;
    say(&format!("Created the access key {} and the policy {POLICY_NAME}.\n", key.access_key_id));
    when_known(async || Caller::fetch(&clients, region, &key).await, "InvalidClientTokenId").await?;

    match list_buckets(surroundings, &key).await {
        Err(error) if error.is("AccessDenied") => say(&format!("Without MFA: {error}\n")),
        Err(error) => return Err(error.into()),
        Ok(_) => return Err("the buckets were listed without MFA".into()),
    }
    let code = next_code(surroundings, &device, &mut lines).await?;
    let session = SessionToken { mfa_serial: &device.serial, mfa_code: &code, duration_seconds: 900 };
    let session = session.fetch(&clients, region, &key).await?;
    // The policy may still be on its way.
    let listed = async || Ok(list_buckets(surroundings, &session).await?);
    let buckets = when_known(listed, "AccessDenied").await?;
    say(&format!("With MFA: {} buckets.\n", buckets.len()));
    for bucket in buckets {
        writeln!(std::io::stdout(), "{bucket}")?;
    }
    Ok(())
}

/// Two codes that follow each other: the person's, or computed.
async fn two_codes(
    surroundings: &Surroundings,
    device: &NewDevice,
    lines: &mut Lines,
) -> Outcome<(Secret<String>, Secret<String>)> {
    let first = lines.ask("First MFA code (or Enter): ").await.ok_or("no code was given")?;
    if first.is_empty() {
        let [first, second] = codes_of_seed(&device.serial, &device.seed, surroundings.settings.env().now())?;
        return Ok((first, second));
    }
    let second = lines.ask("Next MFA code: ").await.ok_or("no second code was given")?;
    Ok((first.into(), second.into()))
}

/// A code that AWS has not seen: the person's, or computed once the next half minute has begun.
async fn next_code(
    surroundings: &Surroundings,
    device: &NewDevice,
    lines: &mut Lines,
) -> Outcome<Secret<String>> {
    let code = lines.ask("A new MFA code (or Enter): ").await.ok_or("no code was given")?;
    if !code.is_empty() {
        return Ok(code.into());
    }
    let env = surroundings.settings.env();
    let left = STEP_SECONDS - env.now().unix_timestamp().unsigned_abs() % STEP_SECONDS;
    say(&format!("Waiting {left} s for the next code.\n"));
    tokio::time::sleep(Duration::from_secs(left)).await;
    Ok(code_at(&device.serial, &device.seed, env.now())?)
}

async fn list_buckets(
    surroundings: &Surroundings,
    credentials: &Credentials,
) -> Result<Vec<String>, awsx_http::CallError> {
    let clients: Clients<'_> = surroundings.clients();
    let other = |error: &dyn std::fmt::Display| awsx_http::CallError::Other(error.to_string());
    let endpoint = surroundings.settings.endpoint_url("S3").map_err(|error| other(&error))?;
    let endpoint = endpoint.map(|resolved| resolved.value);
    let config = clients
        .sdk_config(&surroundings.region, endpoint, Some(credentials))
        .map_err(|error| other(&error))?;
    let answer = aws_sdk_s3::Client::new(&config).list_buckets().send().await;
    let answer = answer.map_err(|error| awsx_http::CallError::of("ListBuckets", error))?;
    Ok(answer.buckets.unwrap_or_default().into_iter().filter_map(|bucket| bucket.name).collect())
}

/// Repeats a call that AWS refuses with `code` because it has not heard of a change yet.
async fn when_known<T>(call: impl AsyncFn() -> Result<T, AuthError>, code: &str) -> Outcome<T> {
    let pause = Duration::from_secs(1);
    let mut waited = Duration::ZERO;
    loop {
        match call().await {
            Err(AuthError::Call(error)) if error.is(code) && waited < PATIENCE => {}
            result => return Ok(result?),
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
}

/// Removes whatever is there of the user, in the order that IAM asks for.
async fn remove_user(iam: &aws_sdk_iam::Client, devices: &Devices<'_>) -> Outcome {
    let user = &devices.user;
    let keys = match iam.list_access_keys().user_name(user).send().await.map_err(SdkError::into_service_error)
    {
        Ok(keys) => keys.access_key_metadata,
        // Not even the user was made.
        Err(error) if error.is_no_such_entity_exception() => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for id in keys.into_iter().filter_map(|key| key.access_key_id) {
        iam.delete_access_key().user_name(user).access_key_id(id).send().await?;
    }
    // The device has the user's name, and may be there without being enabled.
    let serial = iam.list_virtual_mfa_devices().send().await?.virtual_mfa_devices;
    let name = format!("/{user}");
    for device in serial.into_iter().filter(|device| device.serial_number.ends_with(&name)) {
        devices.remove(&device.serial_number).await?;
    }
    let policy = iam.delete_user_policy().user_name(user).policy_name(POLICY_NAME).send().await;
    if let Err(error) = policy.map_err(SdkError::into_service_error)
        && !error.is_no_such_entity_exception()
    {
        return Err(error.into());
    }
    iam.delete_user().user_name(user).send().await?;
    Ok(())
}
