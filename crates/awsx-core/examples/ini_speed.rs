//! Times the INI parser on a file of 5,000 profiles: `cargo run --release -p awsx-core --example ini_speed`.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use awsx_core::ini::{Change, Document, SectionName};

const PROFILES: usize = 5_000;
const RUNS: usize = 51;

fn main() -> io::Result<()> {
    let text = file();
    let parsed = Document::parse(text.as_bytes()).expect("a file without faults");
    let profile = |number: usize| SectionName::Profile(format!("account-{:04}", number % PROFILES));
    let change = |value: &str| [Change::set("region", value), Change::set("output", "yaml")];

    let parse = median(RUNS, || Document::parse(text.as_bytes()).expect("a file without faults"));
    let update = median(RUNS, || {
        let mut document = parsed.clone();
        document.update(&profile(2_500), &change("eu-north-1")).expect("allowed");
        document.render()
    });
    let updates = median(5, || {
        let mut document = parsed.clone();
        for number in 0..1_000 {
            document.update(&profile(number * 7), &change("eu-north-1")).expect("allowed");
            document.update(&profile(PROFILES + number), &change("eu-south-1")).expect("allowed");
        }
        document.render()
    });
    let additions = median(5, || {
        let mut document = Document::empty();
        for number in 0..2_000 {
            document.update(&profile(number), &change("eu-north-1")).expect("allowed");
        }
        document.render()
    });

    let mut out = io::stdout().lock();
    writeln!(out, "{} lines, {} bytes; medians", text.lines().count(), text.len())?;
    writeln!(out, "parse              {parse:>12.2?}")?;
    writeln!(out, "update and render  {update:>12.2?} (with the clone)")?;
    writeln!(out, "2,000 updates      {updates:>12.2?}")?;
    writeln!(out, "2,000 new sections {additions:>12.2?}")
}

fn file() -> String {
    (0..PROFILES).fold(String::from("# generated\n"), |mut text, number| {
        writeln!(
            text,
            "[profile account-{number:04}]\nsso_session = corp\nsso_account_id = {number:012}\n\
             sso_role_name = AdministratorAccess\nregion = eu-west-1\noutput = json\n"
        )
        .expect("writing to a string cannot fail");
        text
    })
}

fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let mut times: Vec<_> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            let result = black_box(work());
            let elapsed = start.elapsed();
            drop(result);
            elapsed
        })
        .collect();
    times.sort();
    times[runs / 2]
}
