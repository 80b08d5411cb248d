//! Each change as lines of text, for files and other programs.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::PAUSE;
use super::paint::{Paint, RESET};
use super::resources::{Resource, ResourceKey, written};
use super::view::{Trouble, View};
use crate::context::Context;
use crate::error::{CommandResult, Kind};
use crate::ui::Interrupts;

/// Tells changes until the time is over or Ctrl-C is pressed.
pub(super) async fn show(
    context: &Context,
    mut view: View<'_>,
    paint: Paint,
    limit: Duration,
    mut interrupts: Interrupts,
) -> Result<(), Trouble> {
    let tell = |what: &str| context.ui.out(format_args!("[{}] {what}\n", now(context)));
    tell("Starting monitoring...")?;
    let mut trouble = None;
    let told = interrupts
        .or(async {
            trouble = watch(context, &mut view, paint, limit).await.err();
            CommandResult::Ok(())
        })
        .await;
    if told.is_err_and(|error| error.kind == Kind::Interrupted) {
        tell("Monitoring stopped by user")?;
    }
    if let Some(Trouble::Incomplete(why)) = &trouble {
        tell(&format!("Error: {why}"))?;
    }
    tell("Monitoring complete!")?;
    context.ui.out(format_args!("{RESET}"))?;
    match trouble {
        Some(Trouble::Command(error)) => Err(error.into()),
        _ => Ok(()),
    }
}

async fn watch(context: &Context, view: &mut View<'_>, paint: Paint, limit: Duration) -> Result<(), Trouble> {
    let started = Instant::now();
    let mut known: HashMap<ResourceKey, Resource> = HashMap::new();
    loop {
        if started.elapsed() >= limit {
            context.ui.out(format_args!("[{}] Monitoring timeout reached!\n", now(context)))?;
            return Ok(());
        }
        view.refresh().await?;
        let time = now(context);
        if let Some(tree) = &view.tree {
            let found = tree.resources();
            for resource in &found {
                if known.get(&resource.key()) != Some(*resource) {
                    context.ui.out(format_args!("{}\n", resource.change(&time, paint)))?;
                }
            }
            known = found.into_iter().map(|resource| (resource.key(), resource.clone())).collect();
        }
        if let Some(info) = view.info {
            context.ui.out(format_args!("[{time}] {info}\n"))?;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn now(context: &Context) -> String {
    written(context.env().now())
}
