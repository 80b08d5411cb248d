//! What `validate-logs` tells while it works and at the end.

use std::fmt::Write;

use awsx_model::Moment;

use super::ValidateLogsArgs;
use crate::commands::verbs::cloudtrail::times;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// What is told, and what has been counted.
pub(super) struct Report<'c> {
    context: &'c Context,
    verbose: bool,
    start: Moment,
    end: Moment,
    digests: Tally,
    backfill_digests: Tally,
    logs: Tally,
    /// The time that valid digests cover.
    found: Option<(Moment, Moment)>,
    /// Whether an empty line was the last that was told.
    is_spaced: bool,
}

/// Which digests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DigestKind {
    /// One each hour.
    Hourly,
    /// Of logs that were delivered late.
    Backfill,
}

const WRITES: &str = "memory takes what is written";

#[derive(Default)]
struct Tally {
    valid: usize,
    invalid: usize,
}

impl<'c> Report<'c> {
    /// Says what is about to be checked.
    pub(super) fn begin(
        context: &'c Context,
        args: &ValidateLogsArgs,
        start: Moment,
        end: Moment,
    ) -> CommandResult<Self> {
        context.ui.out(format_args!(
            "Validating log files for trail {} between {} and {}\n\n",
            args.trail_arn,
            times::shown(start),
            times::shown(end)
        ))?;
        Ok(Self {
            context,
            verbose: args.verbose,
            start,
            end,
            digests: Tally::default(),
            backfill_digests: Tally::default(),
            logs: Tally::default(),
            found: None,
            is_spaced: true,
        })
    }

    /// Tells of a valid digest, which covers this time.
    pub(super) fn valid_digest(
        &mut self,
        kind: DigestKind,
        place: &str,
        (start, end): (Moment, Moment),
    ) -> CommandResult {
        let (start, end) = (start.max(self.start), end.min(self.end));
        self.found = Some(match self.found {
            Some((first, last)) => (first.min(start), last.max(end)),
            None => (start, end),
        });
        self.tally(kind).valid += 1;
        self.tell_valid(&format!("{}Digest file\t{place}\tvalid", kind.prefix()))
    }

    /// Tells of a digest that is not as it was delivered, in a line of its own.
    pub(super) fn invalid_digest(&mut self, kind: DigestKind, line: &str) {
        self.tally(kind).invalid += 1;
        self.tell_invalid(&format!("{}{line}", kind.prefix()));
    }

    /// Tells of a time without digests.
    pub(super) fn gap(&mut self, kind: DigestKind, from: Moment, to: Moment) {
        let (from, to) = (times::shown(from), times::shown(to));
        let prefix = kind.prefix();
        self.tell_invalid(&format!(
            "{prefix}No log files were delivered by CloudTrail between {from} and {to}"
        ));
    }

    /// Tells of a file of logs; of one that is not as it was delivered, why.
    pub(super) fn log(&mut self, place: &str, wrong: Option<&str>) -> CommandResult {
        let Some(why) = wrong else {
            self.logs.valid += 1;
            return self.tell_valid(&format!("Log file\t{place}\tvalid"));
        };
        self.logs.invalid += 1;
        self.tell_invalid(&format!("Log file\t{place}\tINVALID: {why}"));
        Ok(())
    }

    /// Sums up. It is a failure if anything is not as it was delivered.
    pub(super) fn end(self) -> CommandResult {
        let mut text = String::from(if self.is_spaced { "" } else { "\n" });
        let (start, end) = (times::shown(self.start), times::shown(self.end));
        writeln!(text, "Results requested for {start} to {end}").expect(WRITES);
        if self.digests.count() + self.backfill_digests.count() == 0 {
            text += "No digests found\n";
            self.context.ui.out(format_args!("{text}"))?;
            return self.verdict();
        }
        match self.found {
            Some((start, end)) => {
                let (start, end) = (times::shown(start), times::shown(end));
                writeln!(text, "Results found for {start} to {end}:").expect(WRITES);
            }
            None => text += "No valid digests found in range\n",
        }
        for (tally, name) in
            [(&self.digests, "digest"), (&self.backfill_digests, "backfill digest"), (&self.logs, "log")]
        {
            text += &tally.told(name);
        }
        self.context.ui.out(format_args!("{text}\n"))?;
        self.verdict()
    }

    fn verdict(&self) -> CommandResult {
        match self.digests.invalid + self.backfill_digests.invalid + self.logs.invalid {
            0 => Ok(()),
            _ => Err(CommandError::said(1)),
        }
    }

    fn tally(&mut self, kind: DigestKind) -> &mut Tally {
        match kind {
            DigestKind::Hourly => &mut self.digests,
            DigestKind::Backfill => &mut self.backfill_digests,
        }
    }

    fn tell_valid(&mut self, line: &str) -> CommandResult {
        if !self.verbose {
            return Ok(());
        }
        self.is_spaced = false;
        self.context.ui.out(format_args!("{line}\n"))
    }

    fn tell_invalid(&mut self, line: &str) {
        let before = if self.is_spaced { "" } else { "\n" };
        self.context.ui.err(format_args!("{before}{line}\n\n"));
        self.is_spaced = true;
    }
}

impl DigestKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Hourly => "",
            Self::Backfill => "(backfill) ",
        }
    }
}

impl Tally {
    fn count(&self) -> usize {
        self.valid + self.invalid
    }

    /// Nothing where nothing was counted.
    fn told(&self, name: &str) -> String {
        let (valid, invalid, all) = (self.valid, self.invalid, self.count());
        let valid = match all {
            0 => return String::new(),
            _ => format!("\n{valid}/{all} {name} files valid"),
        };
        match invalid {
            0 => valid,
            _ => format!("{valid}, {invalid}/{all} {name} files INVALID"),
        }
    }
}
