//! The keys with which CloudTrail signed at some time.

use std::collections::HashMap;

use awsx_model::{Input, Moment};

use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::error::CommandResult;

/// Keys in base64, by their fingerprints.
pub(super) type PublicKeys = HashMap<String, String>;

/// The keys of a time, those that the service tells at once.
pub(super) async fn fetch(
    cloudtrail: &ServiceClient<'_>,
    start: Moment,
    end: Moment,
) -> CommandResult<PublicKeys> {
    let range = members([("StartTime", Input::Moment(start)), ("EndTime", Input::Moment(end))]);
    let answer = cloudtrail.call("ListPublicKeys", range).await?;
    let keys = list_at(&answer, "PublicKeyList").iter();
    Ok(keys.map(|key| (text_at(key, "Fingerprint").to_owned(), text_at(key, "Value").to_owned())).collect())
}
