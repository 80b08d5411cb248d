//! Wildcards in S3 paths: `--glob`, or `awsx_s3_glob` for all commands.

use awsx_core::settings::table;
use awsx_s3::S3Uri;
use awsx_s3::glob::Glob;
use awsx_s3::list::ListObjects;

use crate::context::Context;
use crate::error::CommandResult;

/// Whether wildcards count.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(super) struct GlobArgs {
    /// Take `*`, `?`, `[a-z]` in S3 paths as wildcards within one level of folders, `**` as one across them
    #[arg(long, overrides_with = "no_glob")]
    glob: bool,
    /// Take S3 paths as they are, although `awsx_s3_glob` is set
    #[arg(long, overrides_with = "glob")]
    no_glob: bool,
}

impl GlobArgs {
    /// The wildcards of a path in S3, and the path of the folder they stand in. None where there are none, or none that
    /// count.
    pub(super) fn split(
        self,
        context: &Context,
        path: &str,
        is_recursive: bool,
    ) -> CommandResult<Option<(Glob, String)>> {
        if !path.starts_with("s3://") {
            return Ok(None);
        }
        let uri = S3Uri::parse(path);
        let glob = self.read(context, &uri.key, is_recursive)?;
        Ok(glob.map(|glob| {
            let folder = format!("s3://{}/{}", uri.bucket, glob.folder());
            (glob, folder)
        }))
    }

    /// What to list for a path, down to the last level, and what keys have to fit.
    pub(super) fn list(
        self,
        context: &Context,
        uri: S3Uri,
        is_recursive: bool,
    ) -> CommandResult<(ListObjects, Option<Glob>)> {
        let glob = self.read(context, &uri.key, is_recursive)?;
        let (prefix, recursive) = match &glob {
            Some(glob) => (format!("{}{}", glob.folder(), glob.beginning()), !glob.is_one_level()),
            None => (uri.key, true),
        };
        Ok((ListObjects { bucket: uri.bucket, prefix, recursive, ..ListObjects::default() }, glob))
    }

    fn read(self, context: &Context, key: &str, is_recursive: bool) -> CommandResult<Option<Glob>> {
        let counts = self.glob || (!self.no_glob && context.settings.is_true(&table::S3_GLOB)?);
        Ok(if counts { Glob::new(key, is_recursive) } else { None })
    }
}

/// Whether a key counts: it fits, or there are no wildcards.
pub(super) fn fits(glob: Option<&Glob>, key: &str) -> bool {
    glob.is_none_or(|glob| glob.fits(key))
}
