//! `configure add-model`: a service's model, put where all commands look for the user's models.

use std::path::Path;

use awsx_core::store;
use awsx_model::{Catalog, is_plain_name};
use awsx_params::{Given, parse_json, whole_part};

use crate::commands::operation;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Add a service's JSON model to `~/.aws/models`, so that its operations become commands
///
/// A model of a service that there is already replaces it, if it is as new or newer.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure add-model --service-model file://parrot-2030-01-01.json
  awsx configure add-model --service-model file://model.json --service-name parrot")]
pub(crate) struct AddModelArgs {
    /// The JSON text, or `file://` and the path of a file with it
    #[arg(long, value_name = "JSON")]
    service_model: String,
    /// The service's word on the command line (default: the service of the model's endpoint)
    #[arg(long, value_name = "NAME")]
    service_name: Option<String>,
}

pub(crate) fn run(context: &Context, args: &AddModelArgs) -> CommandResult {
    let text = &args.service_model;
    let model = Model::read(text)?;
    let name = match &args.service_name {
        Some(name) => name.clone(),
        None => service_of(&operation::catalog(context.env()), model.endpoint_prefix()?)?,
    };
    let version = model.api_version(&name)?;
    for part in [name.as_str(), version] {
        if !is_plain_name(part) {
            return Err(CommandError::usage(format!("`{part}` cannot be the name of a folder")));
        }
    }
    let Some(models) = operation::models_folder(context.env()) else {
        return Err(CommandError::general("Your home folder is not known: set HOME"));
    };
    let file = Path::new(&name).join(version).join(format!("service-{}.json", model.form()?));
    // The text as it was given, as AWS CLI does: its order and layout are the author's.
    store::update(&models.join(file), |_| Ok(Some(text.clone().into_bytes())))
}

/// A model, as far as its place depends on it.
struct Model {
    whole: Given,
}

impl Model {
    fn read(text: &str) -> CommandResult<Self> {
        match parse_json(text)? {
            whole @ Given::Map(_) => Ok(Self { whole }),
            _ => Err(CommandError::general("The service model is not a JSON object")),
        }
    }

    fn endpoint_prefix(&self) -> CommandResult<&str> {
        self.metadata("endpointPrefix").map_err(CommandError::general)
    }

    fn api_version(&self, service: &str) -> CommandResult<&str> {
        let version = self.metadata("apiVersion");
        version.map_err(|fault| CommandError::general(format!("{fault}: ServiceModel({service})")))
    }

    /// Of which form of models it is one: the number in the file's name.
    fn form(&self) -> CommandResult<i128> {
        match self.whole.get("version") {
            None => Ok(2),
            Some(version) => whole_part(version)
                .ok_or_else(|| CommandError::general("The \"version\" of the service model is not a number")),
        }
    }

    fn metadata(&self, name: &str) -> Result<&str, String> {
        match self.whole.get("metadata").and_then(|metadata| metadata.get(name)) {
            Some(Given::Text(text)) => Ok(text),
            _ => Err(format!("\"{name}\" not defined in the metadata of the model")),
        }
    }
}

/// The service with this name, else the one with this endpoint; where there is neither, the endpoint names the service.
fn service_of(catalog: &Catalog, endpoint_prefix: &str) -> CommandResult<String> {
    let names = catalog.names()?;
    if names.iter().any(|name| name == endpoint_prefix) {
        return Ok(endpoint_prefix.to_owned());
    }
    // Of several AWS CLI takes the last. A broken model among the user's must not keep its replacement out.
    let has_endpoint = |name: &&String| {
        let service = catalog.service(name).ok().flatten();
        service.is_some_and(|service| service.endpoint_prefix == endpoint_prefix)
    };
    Ok(names.iter().rev().find(has_endpoint).map_or_else(|| endpoint_prefix.to_owned(), Clone::clone))
}
