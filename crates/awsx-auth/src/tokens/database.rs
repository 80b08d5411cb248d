//! What a database takes for a password: the URL of a connection, signed, without its scheme.

use std::time::Duration;

use awsx_core::Secret;
use awsx_http::percent::encode;
use time::OffsetDateTime;
use url::Url;

use super::TokenError;
use super::presigned::Presigned;
use crate::Credentials;

const SCHEME: &str = "https://";
/// How long RDS accepts a token.
const RDS_LIFETIME: Duration = Duration::from_mins(15);

/// As whom to connect to Aurora DSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DsqlRole {
    /// A role of the database's own.
    Custom,
    /// `admin`.
    Admin,
}

/// A password for `user` of the database at `host`. It is good for 15 minutes.
pub fn rds_token(
    host: &str,
    port: i64,
    user: &str,
    region: &str,
    credentials: &Credentials,
    now: OffsetDateTime,
) -> Result<Secret<String>, TokenError> {
    let place = format!("{host}:{port}");
    let query = format!("Action=connect&DBUser={}", encode(user));
    let token = presigned(&place, &query, "rds-db", region, RDS_LIFETIME)
        .and_then(|url| url.sign(credentials, now))?;
    Ok(in_place(&token, &place))
}

/// A password for the cluster of Aurora DSQL at `host`.
pub fn dsql_token(
    host: &str,
    role: DsqlRole,
    region: &str,
    lifetime: Duration,
    credentials: &Credentials,
    now: OffsetDateTime,
) -> Result<Secret<String>, TokenError> {
    let query = match role {
        DsqlRole::Custom => "Action=DbConnect",
        DsqlRole::Admin => "Action=DbConnectAdmin",
    };
    let token =
        presigned(host, query, "dsql", region, lifetime).and_then(|url| url.sign(credentials, now))?;
    Ok(in_place(&token, host))
}

fn presigned<'a>(
    place: &str,
    query: &str,
    service: &'a str,
    region: &'a str,
    lifetime: Duration,
) -> Result<Presigned<'a>, TokenError> {
    let no_host = || TokenError::Host { host: place.to_owned() };
    let url = Url::parse(&format!("{SCHEME}{place}/?{query}")).map_err(|_| no_host())?;
    if url.path() != "/" || url.host_str().is_none() || !url.username().is_empty() {
        return Err(no_host());
    }
    Ok(Presigned { url, service, region, header: None, lifetime })
}

/// The token behind the place as it was given: a URL writes its host in lower case and leaves port 443 out.
fn in_place(token: &Secret<String>, place: &str) -> Secret<String> {
    let query = token.expose().split_once('?').map_or("", |(_, query)| query);
    Secret::new(format!("{place}/?{query}"))
}

#[cfg(test)]
mod tests {
    use super::super::presigned::tests::{NOW, credentials};
    use super::*;

    /// What botocore 1.43.55 makes of the same.
    #[test]
    fn tokens_are_botocore_s_to_the_byte() {
        let token = rds_token("db.example.com", 5432, "me", "eu-west-1", &credentials(None), NOW).unwrap();
        assert_eq!(
            token.expose(),
            "db.example.com:5432/?Action=connect&DBUser=me&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=9425dbbee34b573708935ba25aabaa54201564f055938904cac609e17d387d7f"
        );
        let session = credentials(Some("session/token=="));
        let token = rds_token("Db.example.com", 443, "my user+x", "eu-west-1", &session, NOW).unwrap();
        assert_eq!(
            token.expose(),
            "Db.example.com:443/?Action=connect&DBUser=my%20user%2Bx&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=session%2Ftoken%3D%3D&X-Amz-Signature=4b7bfa7c38c7cd7f11d2a964eb14485d4ef95db123a5d27776c704c74cedcf85"
        );
        let hour = Duration::from_hours(1);
        let host = "c.dsql.eu-west-1.on.aws";
        let token = dsql_token(host, DsqlRole::Admin, "eu-west-1", hour, &credentials(None), NOW).unwrap();
        assert_eq!(
            token.expose(),
            "c.dsql.eu-west-1.on.aws/?Action=DbConnectAdmin&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20260102%2Feu-west-1%2Fdsql%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=43b435e101da21edef5125edd4dbaccdc602624e9a83067c7afd957743020011"
        );
        let token = dsql_token(host, DsqlRole::Custom, "eu-west-1", hour, &credentials(None), NOW).unwrap();
        assert!(token.expose().starts_with("c.dsql.eu-west-1.on.aws/?Action=DbConnect&X-Amz-Algorithm="));
    }

    #[test]
    fn what_is_no_host_is_told() {
        for host in ["", "a b", "x/y", "user@host", "http://x"] {
            let refused = rds_token(host, 5432, "me", "eu-west-1", &credentials(None), NOW);
            assert!(matches!(refused, Err(TokenError::Host { .. })), "{host}");
        }
    }
}
