//! Runs a transfer: checks the paths, plans, works, shows.

use std::collections::HashSet;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use awsx_core::store::JsonCache;
use awsx_core::store::own_cache::own_cache;
use awsx_s3::filter::Filter;
use awsx_s3::glob::Glob;
use awsx_s3::options::ObjectOptions;
use awsx_s3::plan::{
    CaseConflict, ContentCheck, Job, Location, Lookup, Paths, Planner, Sink, Task, Verb, Warning,
};
use awsx_s3::transfer::{Engine, Event, Tally, TransferSettings};
use awsx_s3::wire::S3;

use super::client;
use super::printer::{Form, Printer, Show};
use super::results::{self, Kin};
use super::settings::TransferBlock;
use super::transfer_args::TransferArgs;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// A transfer with everything decided but S3.
pub(super) struct Transfer<'a> {
    pub(super) context: &'a Context,
    pub(super) paths: Paths,
    pub(super) job: Job,
    pub(super) args: &'a TransferArgs,
    pub(super) moves: bool,
    /// A task in place of a plan: what goes through standard input or output.
    pub(super) stream: Option<Task>,
    pub(super) selection: Selection,
}

/// Which of the objects at the source, beside what filters say.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Those whose names below the source fit.
    pub(super) glob: Option<Glob>,
    /// All versions of them.
    pub(super) all_versions: bool,
}

/// The folder the command stands in.
pub(super) fn current_folder() -> CommandResult<PathBuf> {
    std::env::current_dir()
        .map_err(|error| CommandError::general(format!("the current folder is gone: {error}")))
}

impl Transfer<'_> {
    /// Does it, and ends with AWS CLI's code.
    pub(super) fn run(self) -> CommandResult {
        let context = self.context;
        let code = context.block_on(self.work());
        context.ui.work_is_over();
        match code? {
            0 => Ok(()),
            code => Err(CommandError::said(code)),
        }
    }

    async fn work(self) -> CommandResult<u8> {
        let context = self.context;
        let s3 = client::s3(context).await?;
        let source_s3 = client::source_s3(context, &s3, self.args.source_region.as_deref())?;
        let block = TransferBlock::resolve(&context.settings)?;
        let mut options = self.args.object_options(context.env())?;
        if !self.args.common.dryrun {
            match self.args.grants() {
                Ok(grants) => options.grants = grants,
                Err(mistake) => return Ok(fatal(context, &mistake)),
            }
        }
        let tally = Arc::new(Tally::default());
        let under_way = Arc::new(Mutex::new(HashSet::new()));
        let form = self.form()?;
        let show = self.show(&form);
        let settings = self.settings(&block, &options, show)?;

        let (events, received) = channel();
        let printer = Printer::new(context.ui, (show, form), current_folder()?, self.moves, tally.clone());
        let printing = std::thread::spawn(move || printer.run(&received));

        let dry_run = self.args.common.dryrun;
        if dry_run {
            let mut sink = DryRun { events };
            if let Some(task) = self.stream {
                sink.push(task).await;
            } else {
                let planner = self.planner([&s3, &source_s3], &block, &options, under_way)?;
                if let Err(problem) = planner.run(&mut sink).await {
                    let _ = sink.events.send(Event::Fatal(problem));
                }
            }
        } else {
            let engine = Engine::start(&s3, &source_s3, settings, tally, under_way.clone(), events);
            context.ui.end_work_on_interrupt(engine.interrupter());
            let mut sink = Feed(engine);
            let result = if let Some(task) = self.stream {
                sink.push(task).await;
                Ok(())
            } else {
                let planner = self.planner([&s3, &source_s3], &block, &options, under_way)?;
                let interrupted = sink.0.interruption();
                tokio::select! {
                    result = planner.run(&mut sink) => result,
                    () = interrupted => Ok(()),
                }
            };
            match result {
                Ok(()) => sink.0.finish().await,
                Err(problem) => sink.0.fail(problem).await,
            }
        }
        let outcome = printing.join().map_err(|_| CommandError::general("the lines could not be shown"))?;
        Ok(outcome.exit_code())
    }

    /// JSON where that is asked for, unless standard output is the object.
    fn form(&self) -> CommandResult<Form> {
        let prints_object = matches!(self.stream, Some(Task::DownloadStream { .. }));
        if prints_object || !results::are_json(self.context, Kin::OursOrResults)? {
            return Ok(Form::Lines);
        }
        let verb = if self.moves { Verb::Move } else { self.job.verb(&self.paths) };
        let folder = current_folder()?;
        let source = self.paths.source.shown(&folder);
        let destination = (verb != Verb::Delete).then(|| self.paths.target.shown(&folder));
        Ok(Form::Json { operation: verb.as_str(), source, destination })
    }

    fn show(&self, form: &Form) -> Show {
        let args = self.args;
        let is_json = *form != Form::Lines;
        if args.common.quiet {
            Show::Nothing
        } else if args.common.only_show_errors || (self.stream.is_some() && !is_json) {
            Show::Errors
        } else if args.no_progress || self.job == Job::Remove || is_json {
            Show::Lines
        } else {
            let every = Duration::from_secs(args.progress_frequency);
            Show::Progress { every, multiline: args.progress_multiline }
        }
    }

    fn planner(
        &self,
        [s3, source_s3]: [&S3; 2],
        block: &TransferBlock,
        options: &ObjectOptions,
        under_way: Arc<Mutex<HashSet<String>>>,
    ) -> CommandResult<Planner> {
        let (args, paths, glob) = (self.args, &self.paths, self.selection.glob.as_ref());
        let headers = options.headers().map_err(|error| CommandError::usage(error.to_string()))?;
        let is_copy = matches!((&paths.source, &paths.target), (Location::S3(_), Location::S3(_)));
        let head = if is_copy { headers.head_source() } else { headers.get() };
        let roots = [&paths.source, &paths.target].map(|location| location.filter_root(paths.is_recursive));
        Ok(Planner {
            source_s3: source_s3.clone(),
            target_s3: s3.clone(),
            filter: Filter::new(&args.common.filters.0, [&roots[0], &roots[1]]),
            lookup: Lookup {
                page_size: args.common.page_size,
                requester_pays: args.common.request_payer.is_some(),
                follow_links: args.follows_links(),
                blindly: self.job == Job::Remove,
                head: head.clone(),
                all_versions: self.selection.all_versions,
                beginning: glob.map(|glob| glob.beginning().to_owned()).unwrap_or_default(),
                one_level: glob.is_some_and(Glob::is_one_level),
            },
            glob: glob.cloned(),
            content: ContentCheck {
                source_head: head.clone(),
                target_head: headers.get().clone(),
                part_size: block.multipart_chunksize,
            },
            paths: paths.clone(),
            job: self.job,
            force_glacier: args.force_glacier_transfer,
            ignore_glacier: args.ignore_glacier_warnings,
            keep_existing_files: args.no_overwrite,
            case_conflict: if paths.is_recursive { args.case_conflict() } else { CaseConflict::Ignore },
            under_way,
        })
    }

    fn settings(
        &self,
        block: &TransferBlock,
        options: &ObjectOptions,
        show: Show,
    ) -> CommandResult<TransferSettings> {
        let args = self.args;
        let headers = options.headers().map_err(|error| CommandError::usage(error.to_string()))?;
        let of_block = block.transfers(headers);
        let fixed = args.common.numworkers.map(usize::from);
        Ok(TransferSettings {
            lanes: fixed.unwrap_or(of_block.lanes),
            most_lanes: fixed.unwrap_or(of_block.most_lanes),
            checksum: args.checksum().or(of_block.checksum),
            copy_checksum: args.checksum(),
            validates: block.validates_checksums || args.checksum_mode.is_some(),
            moves: self.moves,
            no_overwrite: args.no_overwrite,
            guesses_type: args.guesses_type(),
            copy_props: args.copy_props(),
            replaces_metadata: args.replaces_metadata(),
            notes: Some(JsonCache::new(own_cache(self.context.env()).path("transfers"))),
            resumes: args.resume,
            tells_done: matches!(show, Show::Lines | Show::Progress { .. }),
            ..of_block
        })
    }
}

/// Says what would be done.
struct DryRun {
    events: Sender<Event>,
}

impl Sink for DryRun {
    async fn push(&mut self, task: Task) {
        let _ = self.events.send(Event::DryRun(task));
    }

    fn warn(&mut self, warning: Warning) {
        let _ = self.events.send(Event::Warned(warning));
    }

    fn pass(&mut self, task: Task) {
        let _ = self.events.send(Event::Skipped(task));
    }

    fn note(&mut self, text: String) {
        let _ = self.events.send(Event::Noted(text));
    }

    fn is_over(&self) -> bool {
        false
    }
}

/// Has it done.
struct Feed(Engine);

impl Sink for Feed {
    async fn push(&mut self, task: Task) {
        self.0.push(task).await;
    }

    fn warn(&mut self, warning: Warning) {
        let _ = self.0.events().send(Event::Warned(warning));
    }

    fn pass(&mut self, task: Task) {
        let _ = self.0.events().send(Event::Skipped(task));
    }

    fn note(&mut self, text: String) {
        let _ = self.0.events().send(Event::Noted(text));
    }

    fn is_over(&self) -> bool {
        self.0.is_over()
    }
}

/// Ends the whole transfer with AWS CLI's line and exit code.
pub(super) fn fatal(context: &Context, mistake: &dyn std::fmt::Display) -> u8 {
    context.ui.err(format_args!("fatal error: {mistake}\n"));
    1
}

/// The local path of an upload must be there; the folder of a download is made.
pub(super) fn prepare_local(paths: &Paths, source: &str) -> CommandResult {
    match (&paths.source, &paths.target) {
        // A file where a folder is wanted is passed over with a warning later on.
        (Location::Local(path), _) if !Path::new(path.trim_end_matches(MAIN_SEPARATOR)).exists() => {
            Err(CommandError::general(format!("The user-provided path {source} does not exist.")))
        }
        (_, Location::Local(path)) if paths.is_recursive => std::fs::create_dir_all(path)
            .map_err(|error| CommandError::general(format!("could not make the folder `{path}`: {error}"))),
        _ => Ok(()),
    }
}
