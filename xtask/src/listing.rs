//! `cargo xtask listing`: how time and memory grow with the length of a listing.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::command;
use crate::failure::{Attempting, Failure, Outcome};

/// List IAM users from a scripted server in every format, and tell time and peak memory
///
/// The server's pages have 100 users. Each format lists half of them first, so that what grows faster than the listing
/// shows. Memory is what the system calls the high-water mark, which Linux alone tells of a running process.
#[derive(clap::Args, Debug)]
pub(crate) struct ListingArgs {
    /// An `awsx` that is built already, in a release build
    #[arg(long, value_name = "PATH")]
    bin: PathBuf,
    /// An AWS CLI to time beside it
    #[arg(long, value_name = "PATH")]
    aws: Option<PathBuf>,
    /// How many pages the longer listing has
    #[arg(long, default_value_t = 1000)]
    pages: usize,
    /// The formats
    #[arg(long, value_delimiter = ',', default_value = "json,text,table,yaml,yaml-stream,csv,jsonl")]
    formats: Vec<String>,
    /// A query that is applied to all of them
    #[arg(long)]
    query: Option<String>,
}

const USERS_PER_PAGE: usize = 100;

#[expect(clippy::print_stdout, reason = "the figures are what this command prints")]
pub(crate) fn run(args: &ListingArgs) -> Outcome {
    let home = tempfile::tempdir().attempting("could not make a folder")?;
    let mut programs: Vec<(&str, &Path)> = vec![("awsx", &args.bin)];
    programs.extend(args.aws.as_deref().map(|aws| ("aws", aws)));
    for format in &args.formats {
        for pages in [args.pages / 2, args.pages] {
            let server = serve(pages)?;
            for (name, program) in &programs {
                let mut command = Command::new(program);
                command.args(["iam", "list-users", "--output", format]);
                command.args(["--endpoint-url", &server]);
                command.args(args.query.iter().flat_map(|query| ["--query", query]));
                let Some(Measured { took, peak }) = measure(prepare(&mut command, home.path()))? else {
                    // AWS CLI has fewer formats.
                    println!("{name:<5} {format:<12} refused");
                    continue;
                };
                let users = pages * USERS_PER_PAGE;
                let seconds = took.as_secs_f64();
                let peak = peak.map_or_else(|| "?".to_owned(), |bytes| (bytes >> 20).to_string());
                println!("{name:<5} {format:<12} {users:>8} users {seconds:>8.2} s {peak:>6} MiB");
            }
        }
    }
    Ok(())
}

fn prepare<'c>(command: &'c mut Command, home: &Path) -> &'c mut Command {
    command
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_PAGER", "")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
}

struct Measured {
    took: Duration,
    /// In bytes.
    peak: Option<u64>,
}

/// Runs a program to its end; nothing if it refuses its arguments.
fn measure(command: &mut Command) -> Outcome<Option<Measured>> {
    let line = command::line(command);
    let begun = Instant::now();
    let mut child = command.spawn().attempting(format_args!("could not start `{line}`"))?;
    let mut peak = None;
    let status = loop {
        if let Some(status) = child.try_wait().attempting(format_args!("could not wait for `{line}`"))? {
            break status;
        }
        peak = high_water(&child).or(peak);
        thread::sleep(Duration::from_millis(5));
    };
    let took = begun.elapsed();
    match status.code() {
        Some(0) => Ok(Some(Measured { took, peak })),
        Some(2 | 252 | 255) => Ok(None),
        _ => Err(Failure::new(format!("`{line}` failed ({status})"))),
    }
}

/// The most memory that the process had so far.
fn high_water(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// Serves a listing of so many pages until the process ends; gives its URL. The pages are made before, since a client
/// waits while they are.
fn serve(pages: usize) -> Outcome<String> {
    let pages: Arc<[String]> = (0..pages).map(|page| page_of_users(page, page + 1 == pages)).collect();
    let listener = TcpListener::bind("127.0.0.1:0").attempting("could not listen")?;
    let address = listener.local_addr().attempting("could not listen")?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that is gone needs no answer.
            let pages = Arc::clone(&pages);
            thread::spawn(move || answer_all(stream, &pages).ok());
        }
    });
    Ok(format!("http://{address}"))
}

/// Answers one request after the other on a connection that is kept.
fn answer_all(stream: TcpStream, pages: &[String]) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream;
    while let Some(form) = read_request(&mut reader)? {
        let marker = form.split('&').find_map(|field| field.strip_prefix("Marker="));
        let page = marker.and_then(|marker| marker.parse::<usize>().ok()).unwrap_or(0);
        let Some(body) = pages.get(page) else { break };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n", body.len());
        writer.write_all((head + body).as_bytes())?;
    }
    Ok(())
}

/// The body of the next request; nothing at the connection's end.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(String::from_utf8_lossy(&body).into_owned()))
}

fn page_of_users(page: usize, is_last: bool) -> String {
    let mut xml =
        "<ListUsersResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListUsersResult><Users>"
            .to_owned();
    for user in page * USERS_PER_PAGE..(page + 1) * USERS_PER_PAGE {
        write!(
            xml,
            "\n  <member>\n    <Path>/division_abc/</Path>\n    <UserName>user-{user:06}</UserName>\n    \
             <UserId>AIDAEXAMPLE{user:010}</UserId>\n    \
             <Arn>arn:aws:iam::123456789012:user/division_abc/user-{user:06}</Arn>\n    \
             <CreateDate>2026-01-01T00:00:00Z</CreateDate>\n  </member>"
        )
        .expect("memory takes what is written");
    }
    let next = if is_last {
        "<IsTruncated>false</IsTruncated>".to_owned()
    } else {
        format!("<IsTruncated>true</IsTruncated><Marker>{}</Marker>", page + 1)
    };
    xml + "\n</Users>"
        + &next
        + "</ListUsersResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListUsersResponse>"
}
