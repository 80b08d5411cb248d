//! `s3 bench`: how fast a bucket is from here, and with how many workers.

use awsx_s3::S3Uri;
use awsx_s3::bench::{Bench, BenchPlan, Round};
use awsx_s3::checksum::Algorithm;
use awsx_s3::operations::{create_bucket, delete_bucket};
use awsx_s3::wire::S3;
use serde::Serialize;

use super::results::{self, Kin};
use super::settings::{TransferBlock, parse_size};
use super::{client, size};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

const MIB: u64 = 1024 * 1024;
/// The sizes that are measured where none are given.
const SIZES: [u64; 2] = [16 * 1024, 64 * MIB];
/// As many workers are tried.
const WORKERS: [usize; 5] = [4, 8, 16, 32, 64];
/// A round moves about as much, within these numbers of objects.
const ROUND: u64 = 128 * MIB;
const FEWEST: u64 = 2;
const MOST: u64 = 256;

/// Measure how fast a bucket is from here: write and read objects of some sizes with different numbers of workers
///
/// What it writes goes below a name of its own and is deleted at the end.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx s3 bench s3://bucket/tmp/
  awsx s3 bench s3://bucket --size 1MB --count 100 --numworkers 32 --output json

Without a path it makes a bucket and removes it.")]
pub(crate) struct BenchArgs {
    /// Where to write: `s3://bucket/prefix`
    #[arg(value_name = "PATH")]
    path: Option<String>,
    /// Bytes of each object, such as 16KB; may be given several times [default: 16KB and 64MB]
    #[arg(long, value_name = "SIZE", value_parser = parse)]
    size: Vec<u64>,
    /// How many objects of each size (default: about 128 MB, 2 to 256 objects)
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    count: Option<u32>,
    /// Try so many workers only; may be given several times [default: 4, 8, 16, 32 and 64]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=256))]
    numworkers: Vec<u16>,
}

fn parse(text: &str) -> Result<u64, String> {
    parse_size(text).filter(|&size| size > 0).ok_or_else(|| format!("`{text}` is no size such as 16KB"))
}

pub(crate) fn run(context: &Context, args: &BenchArgs) -> CommandResult {
    let s3 = context.block_on(client::s3(context))?;
    let Some(path) = &args.path else {
        let bucket = own_bucket(context);
        context.block_on(create_bucket(&s3, &bucket, &[]))?;
        let measured = measure_all(context, args, &s3, &S3Uri { bucket: bucket.clone(), key: String::new() });
        context.block_on(delete_bucket(&s3, &bucket))?;
        return measured;
    };
    if !path.starts_with("s3://") {
        return Err(CommandError::usage("usage: awsx s3 bench [<S3Uri>]\nError: Invalid argument type"));
    }
    let uri = S3Uri::parse_supported(path).map_err(|error| CommandError::usage(error.to_string()))?;
    measure_all(context, args, &s3, &uri)
}

/// A name that nobody else has by chance.
fn own_bucket(context: &Context) -> String {
    format!("awsx-bench-{}-{}", std::process::id(), context.env().now().unix_timestamp_nanos())
}

fn measure_all(context: &Context, args: &BenchArgs, s3: &S3, uri: &S3Uri) -> CommandResult {
    let block = TransferBlock::resolve(&context.settings)?;
    let is_json = results::are_json(context, Kin::OursOrResults)?;
    let sizes = if args.size.is_empty() { SIZES.to_vec() } else { args.size.clone() };
    for size in sizes {
        let objects = args.count.map_or((ROUND / size).clamp(FEWEST, MOST), u64::from);
        let plan = BenchPlan {
            bucket: uri.bucket.clone(),
            prefix: uri.key.clone(),
            size,
            objects: usize::try_from(objects).unwrap_or(usize::MAX),
            multipart_threshold: block.multipart_threshold,
            multipart_chunksize: block.multipart_chunksize,
            algorithm: block.sends_checksums.then_some(Algorithm::Crc64Nvme),
        };
        let bench = Bench::new(s3.clone(), plan)?;
        context.ui.end_work_on_interrupt(bench.stopper());
        let measured = measure(context, args, &bench, (size, objects), is_json);
        let removed = context.block_on(bench.remove());
        context.ui.work_is_over();
        measured?;
        removed?;
        if bench.is_stopped() {
            return Err(CommandError::said(130));
        }
    }
    Ok(())
}

/// Measures one size with each number of workers, and tells.
fn measure(
    context: &Context,
    args: &BenchArgs,
    bench: &Bench,
    (size, objects): (u64, u64),
    is_json: bool,
) -> CommandResult {
    let workers: Vec<usize> = match args.numworkers[..] {
        [] => WORKERS.to_vec(),
        ref given => given.iter().copied().map(usize::from).collect(),
    };
    if !is_json {
        let parts = match bench.parts() {
            1 => String::new(),
            parts => format!(" in {parts} parts"),
        };
        context.ui.out(format_args!(
            "{objects} objects of {}{parts}\n{:>9} {:>44} {:>44}\n{:>9} {COLUMNS} {COLUMNS}\n",
            size::human(size),
            "",
            "upload",
            "download",
            "workers",
        ))?;
    }
    let mut rounds: Vec<(usize, f64)> = Vec::new();
    if bench.parts() == 1 {
        // The first look at the bucket belongs to nobody's round.
        bench.upload(workers[0])?;
    }
    for workers in workers {
        let (up, down) = (bench.upload(workers)?, bench.download(workers)?);
        if bench.is_stopped() {
            return Ok(());
        }
        rounds.push((workers, (up.elapsed + down.elapsed).as_secs_f64()));
        if is_json {
            let line = RoundLine {
                r#type: "round",
                size,
                objects,
                parts: bench.parts(),
                workers,
                upload: Measured::of(&up),
                download: Measured::of(&down),
            };
            context.ui.out(format_args!("{}", results::line(&line)))?;
        } else {
            context.ui.out(format_args!("{workers:>9} {} {}\n", columns(&up), columns(&down)))?;
        }
    }
    let best = best(&rounds);
    if is_json {
        return context
            .ui
            .out(format_args!("{}", results::line(&BestLine { r#type: "best", size, workers: best })));
    }
    context.ui.out(format_args!("best for {}: {best} workers\n\n", size::human(size)))
}

/// The fewest workers that are about as fast as the fastest.
fn best(rounds: &[(usize, f64)]) -> usize {
    let fastest = rounds.iter().map(|(_, seconds)| *seconds).fold(f64::INFINITY, f64::min);
    rounds.iter().find(|(_, seconds)| *seconds <= fastest * 1.05).map_or(0, |(workers, _)| *workers)
}

const COLUMNS: &str = " objects/s       MiB/s        p50        p99";

fn columns(round: &Round) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let rate = round.bytes_per_second() / MIB as f64;
    let milliseconds = |percent| format!("{:.1}ms", round.percentile(percent).as_secs_f64() * 1000.0);
    format!(
        "{:>10.1} {rate:>11.1} {:>10} {:>10}",
        round.objects_per_second(),
        milliseconds(50),
        milliseconds(99)
    )
}

#[derive(Serialize)]
struct RoundLine {
    r#type: &'static str,
    size: u64,
    objects: u64,
    parts: usize,
    workers: usize,
    upload: Measured,
    download: Measured,
}

#[derive(Serialize)]
struct Measured {
    objects_per_second: f64,
    bytes_per_second: f64,
    requests: usize,
    p50_milliseconds: f64,
    p99_milliseconds: f64,
}

impl Measured {
    fn of(round: &Round) -> Self {
        Self {
            objects_per_second: round.objects_per_second(),
            bytes_per_second: round.bytes_per_second(),
            requests: round.requests.len(),
            p50_milliseconds: round.percentile(50).as_secs_f64() * 1000.0,
            p99_milliseconds: round.percentile(99).as_secs_f64() * 1000.0,
        }
    }
}

#[derive(Serialize)]
struct BestLine {
    r#type: &'static str,
    size: u64,
    workers: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_number_is_the_smallest_that_is_about_as_fast_as_any() {
        assert_eq!(best(&[(4, 2.0), (8, 1.02), (16, 1.0), (32, 1.4)]), 8);
        assert_eq!(best(&[(4, 1.0)]), 4);
    }
}
