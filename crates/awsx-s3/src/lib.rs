//! S3 listings and transfers, usable without the command line.
