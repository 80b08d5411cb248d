//! From a profile to credentials, a bearer token or a console URL.
