//! How long models take to load: `cargo run --release -p awsx-model --example load -- iam ec2`.

use std::time::Instant;

#[expect(clippy::print_stdout, reason = "an example prints what it measures")]
fn main() -> Result<(), awsx_model::ModelError> {
    let start = Instant::now();
    let names = awsx_model::names()?.len();
    println!("names of {names} services: {:?}", start.elapsed());
    for name in std::env::args().skip(1) {
        let start = Instant::now();
        let service = awsx_model::service(&name)?;
        println!(
            "{name}: {} operations, {:?}",
            service.map_or(0, |service| service.operations.len()),
            start.elapsed()
        );
    }
    Ok(())
}
