//! The profile's block `emr =`: values for options that are not given.

use awsx_core::profile::Properties;

use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// The block.
pub(super) struct Block<'c> {
    context: &'c Context,
    profile: &'c Properties,
}

impl<'c> Block<'c> {
    /// The block of the profile in use.
    pub(super) fn of(context: &'c Context) -> CommandResult<Self> {
        Ok(Self { context, profile: context.settings.scoped()? })
    }

    /// A text of the block.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.profile.nested("emr", key).map(str::to_owned)
    }

    /// What was given, if that is anything, else a text of the block.
    pub(super) fn unless_given(&self, given: Option<&String>, key: &str) -> Option<String> {
        match given {
            Some(given) if !given.is_empty() => Some(given.clone()),
            given => self.text(key).or_else(|| given.cloned()),
        }
    }

    /// A switch of the block.
    pub(super) fn switch(&self, key: &str) -> CommandResult<Option<bool>> {
        let Some(value) = self.text(key) else { return Ok(None) };
        match value.to_lowercase().as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => {
                let named = self.context.settings.named_profile();
                let profile =
                    named.map_or_else(|| "default".to_owned(), |named| format!("profile.{}", named.value));
                Err(CommandError::usage(format!(
                    "{value} for {key} in the config file is invalid. The value should be either 'True' or 'False'. \
                     Use 'awsx configure set {profile}.emr.{key} <value>' command to set a valid value."
                )))
            }
        }
    }
}
