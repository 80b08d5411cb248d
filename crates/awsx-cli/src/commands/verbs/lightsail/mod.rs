//! `lightsail`: images of containers, pushed by AWS's own program.

mod push_container_image;

use clap::Subcommand;

use crate::context::Context;
use crate::error::CommandResult;

/// Lightsail
#[derive(Subcommand, Debug)]
#[command(after_help = "Example:
  awsx lightsail push-container-image --service-name shop --image shop:latest --label www")]
pub(crate) enum Verb {
    PushContainerImage(push_container_image::PushContainerImageArgs),
}

pub(crate) fn run(context: &Context, verb: &Verb) -> CommandResult {
    match verb {
        Verb::PushContainerImage(args) => push_container_image::run(context, args),
    }
}
