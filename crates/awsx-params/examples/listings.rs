//! Prints for each parameter of each service which operation lists its values: service, operation, parameter, listing
//! and JMESPath expression, with tabs between them.
//!
//! `cargo run -p awsx-params --example listings [SERVICE …]`

#![expect(clippy::print_stdout, reason = "an example prints")]

use awsx_model::{Kind, ModelError};
use awsx_params::listing_of;

fn main() -> Result<(), ModelError> {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names = awsx_model::names()?.into_iter().map(str::to_owned).collect();
    }
    for name in names {
        let Some(service) = awsx_model::service(&name)? else { continue };
        for operation in &service.operations {
            let Some(input) = operation.input else { continue };
            let Kind::Structure(input) = &service.shape(input.shape).kind else { continue };
            for member in &input.members {
                if let Some(listing) = listing_of(service, operation, member, |_| false) {
                    println!(
                        "{name}\t{}\t{}\t{}\t{}",
                        operation.name, member.name, listing.operation.name, listing.values
                    );
                }
            }
        }
    }
    Ok(())
}
