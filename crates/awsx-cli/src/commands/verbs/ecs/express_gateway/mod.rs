//! `ecs monitor-express-gateway-service`: what becomes of an Express Gateway service, while it becomes it.
//!
//! ```text
//! resources  what a service is made of, as a tree; what two of them differ in
//! view       the tree of a service, asked for at ECS
//! paint      colours by status
//! lines      each change as lines of text
//! screen     the tree on a terminal
//! ```

mod lines;
mod paint;
mod resources;
mod screen;
mod view;

use std::time::Duration;

use clap::ValueEnum;

use self::paint::Paint;
use self::view::{Trouble, View};
use crate::cli::Color;
use crate::commands::operation::ServiceClient;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};
use crate::usage::number;

/// Show what an Express Gateway service is made of, and how each part is doing
///
/// On a terminal the tree stands until you press `q`; elsewhere each change is a line, until Ctrl-C.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx ecs monitor-express-gateway-service --service-arn arn:aws:ecs:eu-west-1:111122223333:service/live/shop
  awsx ecs monitor-express-gateway-service --service-arn arn:aws:ecs:eu-west-1:111122223333:service/live/shop \\
    --resource-view DEPLOYMENT --mode TEXT-ONLY --timeout 10")]
pub(crate) struct MonitorArgs {
    /// The service: its name or ARN
    #[arg(long, value_name = "SERVICE")]
    service_arn: String,
    /// All parts, or those that the last deployment adds and removes
    #[arg(long, value_enum, value_name = "VIEW", default_value = "RESOURCE")]
    resource_view: ResourceView,
    /// How to show them (default: INTERACTIVE on a terminal)
    #[arg(long, value_enum, value_name = "MODE")]
    mode: Option<Mode>,
    /// When to stop
    #[arg(long, value_name = "MINUTES", default_value = "30", value_parser = number::<i64>, allow_negative_numbers = true)]
    timeout: i64,
}

/// Which parts of a service are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ResourceView {
    /// All
    Resource,
    /// Those that the last deployment adds and removes
    Deployment,
}

/// How they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// A tree on the terminal
    #[value(name = "INTERACTIVE")]
    Interactive,
    /// Changes as lines
    #[value(name = "TEXT-ONLY")]
    TextOnly,
}

/// How long to wait before the service is asked again.
const PAUSE: Duration = Duration::from_secs(5);

pub(crate) fn run(context: &Context, args: &MonitorArgs) -> CommandResult {
    let is_terminal = context.ui.stdout_is_terminal();
    let mode = match args.mode {
        Some(mode) => mode,
        None if is_terminal => Mode::Interactive,
        None => Mode::TextOnly,
    };
    if mode == Mode::Interactive && !is_terminal {
        context.ui.err(format_args!(
            "awsx: [ERROR]: Interactive mode requires a TTY (terminal). Use --mode TEXT-ONLY for non-interactive \
             environments.\n"
        ));
        return Err(CommandError::said(1));
    }
    let watch =
        Watch { service: args.service_arn.clone(), view: args.resource_view, mode, minutes: args.timeout };
    watch.run(context)
}

/// What is watched, and how.
pub(crate) struct Watch {
    pub(crate) service: String,
    pub(crate) view: ResourceView,
    pub(crate) mode: Mode,
    /// When to stop.
    pub(crate) minutes: i64,
}

impl Watch {
    /// Shows the service until the time is over or the user ends it.
    pub(crate) fn run(self, context: &Context) -> CommandResult {
        let color = match context.globals.color {
            Some(Color::On) => true,
            Some(Color::Off) => false,
            Some(Color::Auto) | None => context.ui.stdout_is_terminal(),
        };
        let paint = Paint { color };
        let limit = Duration::from_secs(u64::try_from(self.minutes).unwrap_or(0).saturating_mul(60));
        let interrupts = crate::ui::Interrupts::catch(context.ui);
        let ended = context.block_on(async {
            let ecs = ServiceClient::connect(context, "ecs").await.map_err(Trouble::Command)?;
            let view = View::new(&ecs, &self.service, self.view);
            match self.mode {
                Mode::TextOnly => lines::show(context, view, paint, limit, interrupts).await,
                Mode::Interactive => screen::show(context, view, paint, limit, interrupts).await,
            }
        });
        match ended {
            Ok(()) => Ok(()),
            Err(Trouble::Command(error)) => Err(error),
            Err(Trouble::Incomplete(why)) => {
                context.ui.err(format_args!("Error monitoring service: {why}\n"));
                Err(CommandError::said(1))
            }
        }
    }
}
