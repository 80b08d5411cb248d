//! The password with which git reads and writes a repository of CodeCommit: a signature of its URL.

use std::time::SystemTime;

use aws_sigv4::sign::v4;
use awsx_core::Secret;
use awsx_core::store::hash::sha256_hex;
use time::OffsetDateTime;

use super::presigned::TokenError;
use crate::Credentials;

const SERVICE: &str = "codecommit";

/// A password for the repository at this host and path, as git names them.
///
/// The request that is signed is none that HTTP knows: its method is `GIT`, its body is left out, and its time has no zone.
pub fn git_password(
    credentials: &Credentials,
    region: &str,
    host: &str,
    path: &str,
    now: OffsetDateTime,
) -> Result<Secret<String>, TokenError> {
    let (name, _port) = host.split_once(':').unwrap_or((host, ""));
    if name.is_empty() {
        return Err(TokenError::Host { host: host.to_owned() });
    }
    let (path, _query) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let canonical = format!("GIT\n/{path}\n\nhost:{name}\n\nhost\n");
    let now = now.to_offset(time::UtcOffset::UTC);
    let day = format!("{:04}{:02}{:02}", now.year(), u8::from(now.month()), now.day());
    let moment = format!("{day}T{:02}{:02}{:02}", now.hour(), now.minute(), now.second());
    let hash = sha256_hex(&canonical);
    let text = format!("AWS4-HMAC-SHA256\n{moment}\n{day}/{region}/{SERVICE}/aws4_request\n{hash}");
    let secret = credentials.secret_access_key.expose();
    let key = v4::generate_signing_key(secret, SystemTime::from(now), region, SERVICE);
    let signature = v4::calculate_signature(key, text.as_bytes());
    Ok(Secret::new(format!("{moment}Z{signature}")))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::super::presigned::tests::credentials;
    use super::*;

    /// Both passwords are AWS CLI's.
    #[test]
    fn the_password_is_aws_cli_s() {
        let keys = Credentials { secret_access_key: "b".into(), ..credentials(Some("tok")) };
        let password = |region, host, path, now| git_password(&keys, region, host, path, now).unwrap();
        let host = "git-codecommit.us-east-1.amazonaws.com";
        let first = password("us-east-1", host, "/v1/repos/myrepo", datetime!(2026-11-22 09:31:00 UTC));
        assert_eq!(
            first.expose(),
            "20261122T093100Z4413cccadcd5d571f9dafca2d8b09961ce525570b5d3cbbafb354dd79a10b435"
        );
        let host = "git-codecommit.eu-west-1.amazonaws.com:443";
        let second = password("eu-west-1", host, "v1/repos/myrepo", datetime!(2026-11-22 09:31:04 UTC));
        assert_eq!(
            second.expose(),
            "20261122T093104Zaf56ef0837965b83adf721b7fb87093b717226c6dd256db335706f717752e4b6"
        );
    }
}
