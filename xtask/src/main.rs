//! Work on awsx itself.
fn main() {}
