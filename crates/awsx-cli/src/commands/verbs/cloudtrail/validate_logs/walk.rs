//! From the last digest to the first. Each names the one before; where one does not, or is not as it was delivered, the
//! bucket is asked for the next older.

use awsx_model::{Input, Moment};

use super::buckets::Buckets;
use super::digest::{Digest, Place, Problem};
use super::report::{DigestKind, Report};
use super::trail::{Trail, is_backfill, time_in};
use crate::commands::operation::ServiceClient;
use crate::commands::verbs::cloudtrail::public_keys::{self, PublicKeys};
use crate::commands::verbs::cloudtrail::times;
use crate::commands::verbs::values::{list_at, members, text_at};
use crate::error::{CommandError, CommandResult};

/// The way through a trail's digests.
pub(super) struct Walk<'w, 'c> {
    trail: &'w Trail,
    cloudtrail: &'w ServiceClient<'c>,
    buckets: Buckets<'c>,
    start: Moment,
    end: Moment,
    /// Late digests of the trail's own bucket, which were listed with the others.
    late: Option<Vec<String>>,
}

/// Keys of digests, the oldest first.
#[derive(Default)]
struct Listing {
    hourly: Vec<String>,
    late: Vec<String>,
}

/// Digests were made in the hour after the one that they cover, and keys are asked for a little longer.
const KEYS_BEYOND_END: i64 = 2 * times::HOUR;

impl<'w, 'c> Walk<'w, 'c> {
    pub(super) fn new(
        trail: &'w Trail,
        cloudtrail: &'w ServiceClient<'c>,
        buckets: Buckets<'c>,
        start: Moment,
        end: Moment,
    ) -> Self {
        Self { trail, cloudtrail, buckets, start, end, late: None }
    }

    /// Checks all digests of a kind, and their logs.
    pub(super) async fn go(&mut self, kind: DigestKind, report: &mut Report<'_>) -> CommandResult {
        let mut bucket = self.trail.bucket.clone();
        let mut listed = match (kind, self.late.take()) {
            (DigestKind::Backfill, Some(late)) => late,
            _ => self.list(kind, &bucket, self.end).await?,
        };
        let mut keys = match kind {
            DigestKind::Hourly => {
                let end = times::later(self.end, KEYS_BEYOND_END);
                self.public_keys(self.start, end).await?
            }
            DigestKind::Backfill => PublicKeys::new(),
        };
        let Some((mut key, mut last_start)) = last(&mut listed)? else { return Ok(()) };
        while self.start <= last_start {
            let place = Place { bucket: bucket.clone(), key };
            let next = match self.check(kind, &place, &mut keys).await {
                Ok((digest, (start, end))) => {
                    last_start = start;
                    report.valid_digest(kind, &place.to_string(), (start, end))?;
                    self.check_logs(&digest, report).await?;
                    if let Some(previous) = digest.previous() {
                        if previous.bucket != bucket {
                            bucket = previous.bucket;
                            listed = self.list(kind, &bucket, end).await?;
                        }
                        Some(previous.key)
                    } else {
                        let older = last_before(&mut listed, &place.key)?;
                        older.map(|(key, made)| {
                            report.gap(kind, made, last_start);
                            key
                        })
                    }
                }
                Err(Problem::Fatal(error)) => return Err(error),
                Err(Problem::Missing) => {
                    let older = last_before(&mut listed, &place.key)?;
                    report.invalid_digest(kind, &place.line("INVALID: not found"));
                    older.map(|(key, _)| key)
                }
                Err(Problem::Invalid(line)) => {
                    let older = last_before(&mut listed, &place.key)?;
                    report.invalid_digest(kind, &line);
                    older.map(|(key, _)| key)
                }
            };
            match next {
                Some(next) => key = next,
                None => break,
            }
        }
        Ok(())
    }

    /// Gives the digest with the time that it covers.
    async fn check(
        &mut self,
        kind: DigestKind,
        place: &Place,
        keys: &mut PublicKeys,
    ) -> Result<(Digest, (Moment, Moment)), Problem> {
        let digest = Digest::fetch(&mut self.buckets, place).await?;
        let fingerprint = digest.fingerprint();
        if kind == DigestKind::Backfill && !keys.contains_key(&fingerprint) {
            let found = self.public_keys_around(digest.made.as_deref().unwrap_or_default()).await;
            keys.extend(found.map_err(|error| place.problem(error))?);
        }
        let Some(key) = keys.get(&fingerprint) else {
            return Err(place.invalid(&format!(
                "public key not found in region {} for fingerprint {fingerprint}",
                self.trail.home_region
            )));
        };
        digest.verify(key)?;
        let covered = digest.times().map_err(|error| place.problem(error))?;
        Ok((digest, covered))
    }

    async fn check_logs(&mut self, digest: &Digest, report: &mut Report<'_>) -> CommandResult {
        for log in digest.logs()? {
            let wrong = log.check(&mut self.buckets).await?;
            report.log(&log.place(), wrong)?;
        }
        Ok(())
    }

    async fn public_keys_around(&self, time: &str) -> CommandResult<PublicKeys> {
        let made = times::parse(time)?;
        self.public_keys(times::later(made, -times::HOUR), times::later(made, times::HOUR)).await
    }

    async fn public_keys(&self, start: Moment, end: Moment) -> CommandResult<PublicKeys> {
        let keys = public_keys::fetch(self.cloudtrail, start, end).await?;
        if keys.is_empty() {
            let (start, end) = (times::shown(start), times::shown(end));
            return Err(CommandError::general(format!("No public keys found between {start} and {end}")));
        }
        Ok(keys)
    }

    /// The digests of a bucket from the start to this end.
    async fn list(&mut self, kind: DigestKind, bucket: &str, end: Moment) -> CommandResult<Vec<String>> {
        let s3 = self.buckets.client(bucket).await?;
        let mut listing = Listing::default();
        let question: Input = members([
            ("Bucket", bucket.into()),
            ("Marker", self.trail.key_before(self.start).into()),
            ("Prefix", self.trail.listing_prefix().into()),
        ]);
        let mut pages = s3.pages("ListObjects", question).await?;
        let first = times::in_keys(self.start);
        // Logs of the last hour are in the digest after it.
        let last = times::in_keys(times::later(end, times::HOUR));
        'pages: while let Some(page) = pages.next().await? {
            for object in list_at(&page, "Contents") {
                let key = text_at(object, "Key");
                if !self.trail.is_digest(key) {
                    continue;
                }
                let time = time_in(key);
                if time > last {
                    break 'pages;
                }
                if time >= first {
                    let keys = if is_backfill(key) { &mut listing.late } else { &mut listing.hourly };
                    keys.push(key.to_owned());
                }
            }
        }
        if kind == DigestKind::Backfill {
            return Ok(listing.late);
        }
        self.late.get_or_insert(listing.late);
        Ok(listing.hourly)
    }
}

/// Takes the last digest off the list, with the time in its key.
fn last(listed: &mut Vec<String>) -> CommandResult<Option<(String, Moment)>> {
    let Some(key) = listed.pop() else { return Ok(None) };
    let made = times::parse(&time_in(&key))?;
    Ok(Some((key, made)))
}

/// Takes digests off the list up to the last that is older than this one.
fn last_before(listed: &mut Vec<String>, key: &str) -> CommandResult<Option<(String, Moment)>> {
    if listed.is_empty() {
        return Ok(None);
    }
    let before = times::parse(&time_in(key))?;
    while let Some((key, made)) = last(listed)? {
        if made < before {
            return Ok(Some((key, made)));
        }
    }
    Ok(None)
}
