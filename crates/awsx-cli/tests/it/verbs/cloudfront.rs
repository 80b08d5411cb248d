//! `cloudfront sign`.

use crate::support::TestEnv;

/// A key made for tests.
const KEY: &str = include_str!("../../../../../tests/keys/rsa-pkcs1.pem");

#[test]
fn a_url_is_signed_without_credentials_or_region() {
    let env = TestEnv::new();
    env.write("key.pem", KEY);
    let words =
        "cloudfront sign --url https://d1.cloudfront.net/x --key-pair-id K --private-key file://key.pem";
    let signed = env.run(&format!("{words} --date-less-than 2026-01-02")).ok();
    assert!(signed.starts_with("https://d1.cloudfront.net/x?Expires=1767312000&Signature="), "{signed}");
    assert!(signed.ends_with("&Key-Pair-Id=K"), "{signed}");
    let signed = env.run(&format!("{words} --date-less-than 1767312000 --ip-address 10.0.0.0/8")).ok();
    assert!(signed.starts_with("https://d1.cloudfront.net/x?Policy=eyJTdGF0ZW1lbnQiOlt7"), "{signed}");
    let run = env.run(&format!("{words} --date-less-than soon"));
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("Invalid timestamp \"soon\""), "{run}");
    env.write("key.pem", "no key");
    let run = env.run(&format!("{words} --date-less-than 2026-01-02"));
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("the private key is no RSA key in PEM"), "{run}");
}
