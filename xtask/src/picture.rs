//! `cargo xtask picture`: the demo's real output as a picture of a terminal, `docs/demo.svg`.

mod settle;
mod svg;

use std::fs;

use crate::failure::{Attempting, Failure, Outcome};
use crate::{cargo, demo, workspace};

const FILE: &str = "docs/demo.svg";

/// Draw the demo's output as docs/demo.svg
#[derive(clap::Args, Debug)]
pub(crate) struct PictureArgs {
    /// Only tell whether the picture is still true
    #[arg(long)]
    check: bool,

    /// The awsx to draw (default: a debug build)
    #[arg(long, value_name = "PATH")]
    bin: Option<std::path::PathBuf>,
}

pub(crate) fn run(args: &PictureArgs) -> Outcome {
    let mut lines = Vec::new();
    for (step, output) in demo::record(&cargo::build(args.bin.as_ref())?)? {
        lines.extend(step.prompt().lines().map(|line| svg::Line::Prompt(line.to_owned())));
        lines.extend(settle::settle(&output).lines().map(|line| svg::Line::Output(line.to_owned())));
        lines.push(svg::Line::Output(String::new()));
    }
    let picture = svg::draw("awsx signs in, says who that is, lists S3 and opens the console", &lines);

    let path = workspace::root().join(FILE);
    if !args.check {
        return write(&path, &picture);
    }
    let drawn = fs::read_to_string(&path).attempting(format_args!("could not read `{FILE}`"))?;
    match first_difference(&drawn, &picture) {
        None => Ok(()),
        Some((before, now)) => Err(Failure::new(format!(
            "`{FILE}` shows what awsx no longer says; draw it again with `cargo xtask picture`\n- {before}\n+ {now}"
        ))),
    }
}

#[expect(clippy::disallowed_methods, reason = "a file of the checkout, not a user's")]
fn write(path: &std::path::Path, picture: &str) -> Outcome {
    fs::write(path, picture).attempting(format_args!("could not write `{}`", path.display()))
}

fn first_difference<'a>(drawn: &'a str, picture: &'a str) -> Option<(&'a str, &'a str)> {
    if drawn == picture {
        return None;
    }
    let longest = drawn.lines().count().max(picture.lines().count());
    let line = |text: &'a str, at| text.lines().nth(at).unwrap_or("(no line)");
    (0..longest).map(|at| (line(drawn, at), line(picture, at))).find(|(before, now)| before != now)
}
