//! From words on the command line to an operation's input, in AWS CLI's grammar and with its words where they are wrong.
//!
//! ```text
//! names      ListMFADevices <-> list-mfa-devices
//! commands   a service's operations by these words, less those AWS CLI leaves out
//! table      the options of an operation
//! words      argparse's way with words: options, values, what is left
//! unpack     one option's words to a value: shorthand, JSON, files, numbers
//! schema     the same for options that no model knows
//! resolve    all of it: a request's parameters, pages, skeleton, files
//! given      parameters on the way, with Python's types; `json`, `yaml`, `moment`, `base64` and `python` read them
//! files      what parameters name; `zip` tells an archive from other bytes
//! input      bytes from texts; checked parameters to awsx_model::Input
//! check      botocore's checks
//! listings   which operation lists what may stand as a parameter's value
//! skeleton   what --generate-cli-skeleton prints
//! closest    which known word a mistyped one resembles
//! ```
//!
//! This crate reads the files that parameters name. It knows no terminal and no network, and prints nothing.

mod base64;
mod check;
pub mod closest;
mod commands;
mod error;
mod files;
mod given;
mod input;
mod json;
mod listings;
mod moment;
mod names;
mod python;
mod resolve;
mod schema;
mod shorthand;
mod skeleton;
mod table;
mod unpack;
pub mod words;
mod yaml;
mod zip;

pub use base64::decode as decode_base64;
pub use check::check;
pub use commands::{Command, commands_of};
pub use error::ParamsError;
pub use files::{load_text, os_error};
pub use given::{Given, Parameters};
pub use input::{BinaryFormat, decode_binary, input};
pub use json::parse_json;
pub use listings::{Listing, listing_of};
pub use moment::{parse as parse_moment, parse_clock};
pub use names::{command_of_service, service_of_command, word_of};
pub use python::{int, whole_part};
pub use resolve::{Asked, Limits, Request, Skeleton, resolve};
pub use schema::{Field, Schema};
pub use skeleton::{input_skeleton, output_skeleton};
pub use table::{Apply, Argument, Custom, Limit, Role, Table, emr_tag_of, parse_structure};
pub use unpack::takes_shorthand;
pub use yaml::parse as parse_yaml;

#[cfg(test)]
mod tests;
