//! What `s3 ls` prints of a bucket, entry by entry.

use std::io::{BufWriter, StdoutLock, Write};

use awsx_s3::list::{Entry, Object};

use super::super::listed::{ListedLine, SumLine};
use super::super::results;
use super::{LsArgs, lines};
use crate::error::CommandResult;

/// Prints entries and counts them.
pub(super) struct Shown<'a> {
    pub(super) args: &'a LsArgs,
    pub(super) bucket: &'a str,
    pub(super) is_json: bool,
    /// Whether keys are shown whole.
    pub(super) whole_keys: bool,
    out: BufWriter<StdoutLock<'static>>,
    count: u64,
    markers: u64,
    total: u64,
    pub(super) is_empty: bool,
}

impl<'a> Shown<'a> {
    pub(super) fn new(args: &'a LsArgs, bucket: &'a str, is_json: bool, whole_keys: bool) -> Self {
        let out = BufWriter::new(std::io::stdout().lock());
        Self { args, bucket, is_json, whole_keys, out, count: 0, markers: 0, total: 0, is_empty: true }
    }

    pub(super) fn entry(&mut self, entry: &Entry) -> CommandResult {
        self.is_empty = false;
        match entry {
            Entry::Prefix(prefix) if self.is_json => {
                let line = results::line(&ListedLine::of_prefix(self.bucket, prefix));
                self.out.write_all(line.as_bytes())?;
            }
            Entry::Prefix(prefix) => {
                let name = if self.whole_keys { prefix } else { lines::last_folder(prefix) };
                writeln!(self.out, "{:>30} {name}", "PRE")?;
            }
            Entry::Object(object) => {
                if object.is_delete_marker {
                    self.markers += 1;
                } else {
                    (self.count, self.total) = (self.count + 1, self.total + object.size);
                }
                self.object(object)?;
            }
        }
        Ok(())
    }

    fn object(&mut self, object: &Object) -> CommandResult {
        if self.is_json {
            let line = if self.args.all_versions {
                results::line(&ListedLine::of_version(self.bucket, object))
            } else {
                results::line(&ListedLine::of_object(self.bucket, object))
            };
            return Ok(self.out.write_all(line.as_bytes())?);
        }
        let (name, time) = (self.name(&object.key), lines::local_time(object.modified));
        let size = if object.is_delete_marker {
            "deleted".to_owned()
        } else {
            lines::size(object.size, self.args.human_readable)
        };
        if self.args.all_versions {
            let version = object.version.as_deref().unwrap_or("null");
            let latest = if object.is_latest { "latest" } else { "" };
            writeln!(self.out, "{time} {size:>10} {version:<32} {latest:<6} {name}")?;
        } else {
            writeln!(self.out, "{time} {size:>10} {name}")?;
        }
        Ok(())
    }

    fn name<'k>(&self, key: &'k str) -> &'k str {
        if self.whole_keys { key } else { lines::last_part(key) }
    }

    pub(super) fn end(mut self) -> CommandResult {
        let (objects, size) = (self.count, self.total);
        if self.args.summarize && self.is_json {
            let sum = SumLine { kind: "summary", path: &self.args.path, size, objects, storage_class: None };
            self.out.write_all(results::line(&sum).as_bytes())?;
        } else if self.args.summarize {
            let size = lines::size(size, self.args.human_readable);
            writeln!(self.out, "\nTotal Objects: {objects}\n   Total Size: {size}")?;
            if self.args.all_versions {
                writeln!(self.out, "Delete Markers: {}", self.markers)?;
            }
        }
        Ok(self.out.flush()?)
    }
}
