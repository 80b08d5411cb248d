//! `cargo xtask models`: the packed models, made from botocore's.

use std::fs;
use std::path::PathBuf;

use awsx_model::pack::{self, PackedService};
use awsx_model::{Catalog, RuleSet};

use crate::failure::{Attempting, Failure, Outcome};
use crate::{botocore, workspace};

/// Pack the models of all services from a pinned botocore (needs python3 and pip)
#[derive(clap::Args, Debug)]
pub(crate) struct ModelsArgs {
    /// Only tell whether the pack is what botocore's models make
    #[arg(long)]
    check: bool,

    /// A folder of botocore's models (default: the pinned version's, downloaded into target/)
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
}

const PACK: &str = "crates/awsx-model/data/models.pack";

pub(crate) fn run(args: &ModelsArgs) -> Outcome {
    let data = match &args.data {
        Some(given) => given.clone(),
        None => botocore::data()?,
    };
    let pack = make(data)?;
    let path = workspace::root().join(PACK);
    let committed = fs::read(&path).attempting(format_args!("could not read `{PACK}`"))?;
    if committed == pack {
        return Ok(());
    }
    if args.check {
        return Err(Failure::new(format!(
            "`{PACK}` is not what botocore's models make; write it again with `cargo xtask models`"
        )));
    }
    write(&path, &pack)
}

fn make(data: PathBuf) -> Outcome<Vec<u8>> {
    let catalog = Catalog::of_folders_alone(vec![data]);
    let mut services = Vec::new();
    for name in catalog.names().attempting("could not list the models")? {
        let service =
            catalog.service(&name).attempting(format_args!("could not read the model of `{name}`"))?;
        let service = service.expect("it is among the names").clone();
        let rules = catalog.rules(&name).attempting(format_args!("could not read the rules of `{name}`"))?;
        let rules =
            rules.map(|rules| RuleSet { parameters: rules.parameters.clone(), rules: rules.rules.clone() });
        services.push(PackedService { service, rules });
    }
    let partitions = catalog.partitions().attempting("could not read the partitions")?;
    pack::write(services, partitions).attempting("could not pack the models")
}

#[expect(clippy::disallowed_methods, reason = "a file of the checkout, not a user's")]
fn write(path: &std::path::Path, pack: &[u8]) -> Outcome {
    fs::write(path, pack).attempting(format_args!("could not write `{}`", path.display()))
}
