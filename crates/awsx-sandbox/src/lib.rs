//! AWS on loopback for trying and testing: Identity Center, STS, sign-in federation, S3.
