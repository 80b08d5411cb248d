//! Objects that go, one by one or up to a thousand with one request.

use std::collections::HashSet;

use super::TransferError;
use super::lane::Lane;
use crate::Stored;
use crate::operations::{delete_object, delete_objects};
use crate::plan::Task;
use crate::wire::S3;

/// Deletes one object.
pub(super) async fn one(lane: &Lane, task: &Task) -> Result<Stored, TransferError> {
    let Task::Delete { bucket, key, version, at_source } = task else {
        unreachable!("the task is a deletion")
    };
    let headers = &lane.shared.settings.headers.plain;
    Ok(delete_object(end_of(lane, *at_source), bucket, key, version.as_deref(), headers).await?)
}

/// Deletes objects of one bucket with one request. What that does not delete is tried one by one, so that each failure
/// is told of its own object, and servers that have no such request are served too.
pub(super) async fn many(lane: &Lane, tasks: Vec<(u64, Task)>) {
    let objects: Vec<(&str, Option<&str>)> = tasks
        .iter()
        .filter_map(|(_, task)| match task {
            Task::Delete { key, version, .. } => Some((key.as_str(), version.as_deref())),
            _ => None,
        })
        .collect();
    let Some((_, Task::Delete { bucket, at_source, .. })) = tasks.first() else { return };
    let s3 = end_of(lane, *at_source);
    let headers = &lane.shared.settings.headers.plain;
    // XML cannot hold some characters, not even written as numbers.
    let all_fit = objects.iter().all(|(key, _)| key.chars().all(fits_into_xml));
    let failed: Option<HashSet<String>> = if all_fit {
        delete_objects(s3, bucket, &objects, headers).await.ok().map(HashSet::from_iter)
    } else {
        None
    };
    lane.shared.queue.expect_tasks(tasks.len());
    for (number, task) in tasks {
        let is_deleted = match (&failed, &task) {
            (Some(failed), Task::Delete { key, .. }) => !failed.contains(key),
            _ => false,
        };
        let result = if is_deleted { Ok(Stored::default()) } else { one(lane, &task).await };
        lane.end(number, task, result).await;
    }
    lane.shared.queue.end_task();
}

fn end_of(lane: &Lane, at_source: bool) -> &S3 {
    if at_source { &lane.source_s3 } else { &lane.s3 }
}

fn fits_into_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
