//! What `awsx-core` reads from and writes to the user's files.

mod ini_edit;
mod ini_parse;
mod ini_properties;
mod json_cache;
mod store_files;
mod store_killed;
