//! `--monitor-resources` of the operations that change an Express Gateway service: what becomes of it is shown.

use awsx_output::Value;
use awsx_params::{Request, Table};

use crate::commands::verbs::ecs::{Mode, ResourceView, Watch};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// What is to be watched after the call.
pub(super) struct Monitor {
    view: ResourceView,
    mode: Mode,
}

/// How long it is watched at most.
const MINUTES: i64 = 30;

impl Monitor {
    /// None if that is not asked for.
    pub(super) fn of(table: &Table, request: &Request) -> CommandResult<Option<Self>> {
        let kept = |name: &str| request.kept.get(name).map(String::as_str);
        let mode = kept("monitor-mode").filter(|mode| !mode.is_empty());
        let Some(view) = kept("monitor-resources") else {
            return match mode {
                Some(_) => {
                    Err(CommandError::general("--monitor-mode can only be used with --monitor-resources"))
                }
                None => Ok(None),
            };
        };
        let view = match view {
            "DEPLOYMENT" => ResourceView::Deployment,
            "RESOURCE" => ResourceView::Resource,
            // What is deleted has no deployment.
            _ if table.word.starts_with("delete-") => ResourceView::Resource,
            _ => ResourceView::Deployment,
        };
        let mode = if mode == Some("TEXT-ONLY") { Mode::TextOnly } else { Mode::Interactive };
        Ok(Some(Self { view, mode }))
    }

    /// The watch over the service of this answer, if there can be one.
    pub(super) fn watch(self, context: &Context, answer: &Value) -> Option<Watch> {
        let arn = answer.get("service")?.get("serviceArn")?.as_str().filter(|arn| !arn.is_empty())?;
        if self.mode == Mode::Interactive && !context.ui.stdout_is_terminal() {
            context.ui.err(format_args!(
                "awsx: [ERROR]: Interactive mode requires a TTY (terminal). Monitoring skipped. Use --monitor-mode \
                 TEXT-ONLY for non-interactive environments.\n"
            ));
            return None;
        }
        Some(Watch { service: arn.to_owned(), view: self.view, mode: self.mode, minutes: MINUTES })
    }
}
