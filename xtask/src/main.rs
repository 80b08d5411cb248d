//! Work on awsx itself: `cargo xtask <command>`. A plain build needs none of it.
//!
//! Each command has its file. `demo`, `test` and `picture` need the Rust toolchain alone; the others start a real
//! Python, Node or browser, and put what they install under `target/`.

mod bench;
mod botocore;
mod browser;
mod cargo;
mod command;
mod conformance;
mod demo;
mod docs;
mod endpoints;
mod failure;
mod fuzz;
mod interop;
mod listing;
mod models;
mod moto;
mod node;
mod picture;
mod protocols;
mod python;
mod requests;
mod sandbox;
mod seaweed;
mod services;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use crate::failure::Outcome;

/// Work on awsx itself
#[derive(Parser, Debug)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Xtask {
    Demo(demo::DemoArgs),
    Test(test::TestArgs),
    Conformance(conformance::ConformanceArgs),
    Interop(interop::InteropArgs),
    Moto(moto::MotoArgs),
    Browser(browser::BrowserArgs),
    Seaweed(seaweed::SeaweedArgs),
    Race(seaweed::RaceArgs),
    Picture(picture::PictureArgs),
    Docs(docs::DocsArgs),
    Models(models::ModelsArgs),
    Protocols(protocols::ProtocolsArgs),
    Requests(requests::RequestsArgs),
    Services(services::ServicesArgs),
    Endpoints(endpoints::EndpointsArgs),
    Bench(bench::BenchArgs),
    Listing(listing::ListingArgs),
    Fuzz(fuzz::FuzzArgs),
}

#[expect(clippy::print_stderr, reason = "the one place that reports what failed")]
fn main() -> ExitCode {
    match run(&Xtask::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(xtask: &Xtask) -> Outcome {
    match xtask {
        Xtask::Demo(args) => demo::run(args),
        Xtask::Test(args) => test::run(args),
        Xtask::Conformance(args) => conformance::run(args),
        Xtask::Interop(args) => interop::run(args),
        Xtask::Moto(args) => moto::run(args),
        Xtask::Browser(args) => browser::run(args),
        Xtask::Seaweed(args) => seaweed::run(args),
        Xtask::Race(args) => seaweed::race(args),
        Xtask::Picture(args) => picture::run(args),
        Xtask::Docs(args) => docs::run(args),
        Xtask::Models(args) => models::run(args),
        Xtask::Protocols(args) => protocols::run(args),
        Xtask::Requests(args) => requests::run(args),
        Xtask::Services(args) => services::run(args),
        Xtask::Endpoints(args) => endpoints::run(args),
        Xtask::Bench(args) => bench::run(args),
        Xtask::Listing(args) => listing::run(args),
        Xtask::Fuzz(args) => fuzz::run(args),
    }
}
