//! Answers that go to files: streamed bodies, and parts that AWS CLI saves for the user.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use awsx_api::{Events, Response};
use awsx_core::store;
use awsx_output::{Map, Query, Value};
use awsx_params::{Request, Table};

use super::call;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Refuses, before anything is asked, files in folders that cannot be written to.
pub(super) fn refuse_folders(context: &Context, request: &Request) -> CommandResult {
    let kept = request.kept.get("outfile");
    for name in request.saves.iter().map(|(_, name)| name).chain(kept) {
        let path = context.env().expand_path(name);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let writable =
            folder.metadata().is_ok_and(|folder| folder.is_dir() && !folder.permissions().readonly());
        if !writable {
            return Err(CommandError::usage(format!("Unable to write to file: {}", path.display())));
        }
    }
    Ok(())
}

/// Saves what goes to files, and gives what is left to show.
pub(super) async fn take(
    context: &Context,
    table: &Table<'_>,
    request: &Request,
    mut response: Response,
) -> CommandResult<Value> {
    let mut members = call::members(&mut response);
    if let Some(name) = &request.outfile {
        let path = context.env().expand_path(name);
        save_body(table, &path, &mut members, response).await?;
    }
    for (part, name) in &request.saves {
        save_part(&context.env().expand_path(name), part, &members)?;
    }
    if let (Some(name), Some(method)) = (request.kept.get("outfile"), request.kept.get("bootstrap-method")) {
        save_seed(&context.env().expand_path(name), method, &mut members)?;
    }
    Ok(Value::Map(members))
}

/// The body goes to the file as it comes, and is not shown.
async fn save_body(table: &Table<'_>, path: &Path, members: &mut Map, response: Response) -> CommandResult {
    let failed = |error: io::Error| not_written(path, &error);
    if let Some(mut body) = response.body {
        let mut file = File::create(path).map_err(failed)?;
        while let Some(bytes) = body.next().await? {
            file.write_all(&bytes).map_err(failed)?;
        }
        return file.flush().map_err(failed);
    }
    if let Some(events) = response.events {
        return save_records(path, events).await;
    }
    let Some(member) = table.body_member() else { return Ok(()) };
    let text = members.remove(member.name);
    let bytes = text.as_ref().and_then(Value::as_str).map(decode).unwrap_or_default();
    let mut file = File::create(path).map_err(failed)?;
    file.write_all(&bytes).map_err(failed)
}

/// The records that `select-object-content` finds. AWS CLI does not look for the event that says they were all.
async fn save_records(path: &Path, mut events: Events) -> CommandResult {
    let failed = |error: io::Error| not_written(path, &error);
    let mut file = File::create(path).map_err(failed)?;
    let mut is_whole = false;
    while let Some(event) = events.next().await? {
        let records = event.get("Records").and_then(|records| records.get("Payload"));
        if let Some(records) = records.and_then(Value::as_str) {
            file.write_all(&decode(records)).map_err(failed)?;
        }
        is_whole |= event.get("End").is_some();
    }
    file.flush().map_err(failed)?;
    if is_whole {
        return Ok(());
    }
    let path = path.display();
    Err(CommandError::general(format!(
        "the records in `{path}` are not all: the service's `End` did not come"
    )))
}

/// Saves a part of the answer, for its owner alone.
fn save_part(path: &Path, part: &str, members: &Map) -> CommandResult {
    let query = Query::parse(part).expect("the table of options holds queries that parse");
    let found = query.search(&Value::Map(members.clone())).unwrap_or_default();
    let text = found.as_str().unwrap_or_default();
    write_private(path, text.as_bytes())
}

/// The seed of a virtual MFA device goes to the file; neither of its forms is shown.
fn save_seed(path: &Path, method: &str, members: &mut Map) -> CommandResult {
    let Some(Value::Map(device)) = members.get_mut("VirtualMFADevice") else { return Ok(()) };
    if let Some(seed) = device.get(method).and_then(Value::as_str) {
        write_private(path, &decode(seed))?;
        device.remove("QRCodePNG");
        device.remove("Base32StringSeed");
    }
    Ok(())
}

/// Writes a file for its owner alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> CommandResult {
    store::write_atomic(path, bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A file that was there keeps its mode otherwise.
        let owner_alone = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(path, owner_alone).map_err(|error| not_written(path, &error))?;
    }
    Ok(())
}

/// Bytes from the base64 that answers show.
fn decode(text: &str) -> Vec<u8> {
    awsx_params::decode_base64(text).unwrap_or_default()
}

fn not_written(path: &Path, error: &io::Error) -> CommandError {
    CommandError::general(format!("could not write `{}`: {error}", path.display()))
}
