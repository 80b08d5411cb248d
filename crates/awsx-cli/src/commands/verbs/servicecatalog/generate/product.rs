//! `servicecatalog generate product`.

use awsx_model::Input;
use awsx_params::Given;

use super::template::{TemplateArgs, show};
use crate::commands::operation::ServiceClient;
use crate::commands::verbs::values::members;
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Upload a template, and make a product of it
#[derive(clap::Args, Debug)]
#[command(after_help = "Example:
  awsx servicecatalog generate product --product-name database --product-owner data --product-type CLOUD_FORMATION_TEMPLATE \\
    --file-path template.yaml --bucket-name templates --provisioning-artifact-name v1 \\
    --provisioning-artifact-description first --provisioning-artifact-type CLOUD_FORMATION_TEMPLATE \\
    --tags Key=team,Value=data")]
pub(super) struct ProductArgs {
    /// The product's name
    #[arg(long, value_name = "NAME")]
    product_name: String,
    /// Whose it is
    #[arg(long, value_name = "OWNER")]
    product_owner: String,
    /// What it is
    #[arg(long, value_name = "TYPE", value_parser = ["CLOUD_FORMATION_TEMPLATE", "MARKETPLACE"])]
    product_type: String,
    /// What is said of it
    #[arg(long, value_name = "TEXT")]
    product_description: Option<String>,
    /// Who distributes it
    #[arg(long, value_name = "DISTRIBUTOR")]
    product_distributor: Option<String>,
    /// Its tags: `Key=team,Value=data`
    #[arg(long, value_name = "TAG", num_args = 1..)]
    tags: Vec<String>,
    #[command(flatten)]
    template: TemplateArgs,
    /// What is said of its support
    #[arg(long, value_name = "TEXT")]
    support_description: Option<String>,
    /// Where support is asked
    #[arg(long, value_name = "ADDRESS")]
    support_email: Option<String>,
}

pub(super) fn run(context: &Context, args: &ProductArgs) -> CommandResult {
    let words = words(&args.tags)?;
    let answer = context.block_on(async {
        let version = args.template.upload(context).await?;
        let catalog = ServiceClient::connect(context, "servicecatalog").await?;
        let tags = words.iter().map(|word| tag(word)).collect::<CommandResult<Vec<_>>>()?;
        let always = [
            ("Name", args.product_name.as_str().into()),
            ("Owner", args.product_owner.as_str().into()),
            ("ProductType", args.product_type.as_str().into()),
            ("Tags", Input::List(tags)),
            ("ProvisioningArtifactParameters", version),
        ];
        let given = [
            ("SupportDescription", &args.support_description),
            ("Description", &args.product_description),
            ("SupportEmail", &args.support_email),
            ("Distributor", &args.product_distributor),
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, text)| Some((name, text.as_deref().filter(|text| !text.is_empty())?.into())));
        catalog.call("CreateProduct", members(always.into_iter().chain(given))).await
    })?;
    show(context, &answer)
}

/// The tags as words; JSON may name them in one.
fn words(given: &[String]) -> CommandResult<Vec<String>> {
    match given {
        [only] if only.trim_start().starts_with('[') => {
            let parsed = awsx_params::parse_json(only).map_err(|error| {
                CommandError::usage(format!(
                    "Error parsing parameter '--tags': Invalid JSON: {error}\nJSON received: {only}"
                ))
            })?;
            let Given::List(words) = parsed else { return Ok(Vec::new()) };
            words.iter().enumerate().map(|(at, word)| text(at, word)).collect()
        }
        words => Ok(words.to_vec()),
    }
}

fn text(at: usize, word: &Given) -> CommandResult<String> {
    match word {
        Given::Text(text) => Ok(text.clone()),
        other => Err(CommandError::usage(format!(
            "Parameter validation failed:\nInvalid type for parameter [{at}], value: {}, type: {}, valid types: <class \
             'str'>",
            other.python_text(),
            other.python_type()
        ))),
    }
}

/// `Key=team,Value=data`.
fn tag(word: &str) -> CommandResult<Input> {
    let mut pairs = Vec::new();
    for (at, pair) in word.split(',').enumerate() {
        let parts: Vec<&str> = pair.split('=').collect();
        let [name, value] = parts[..] else {
            // Python's error, which AWS CLI passes on.
            return Err(CommandError::general(format!(
                "dictionary update sequence element #{at} has length {}; 2 is required",
                parts.len()
            )));
        };
        pairs.push((name, value.into()));
    }
    Ok(members(pairs))
}
