//! The one HTTP connector of awsx: rustls with platform roots, proxies, timeouts.
