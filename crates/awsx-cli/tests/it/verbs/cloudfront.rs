//! `cloudfront sign`.

use crate::support::TestEnv;

/// An RSA key made for this test.
const KEY: &str = "-----BEGIN RSA PRIVATE KEY-----
MIICXQIBAAKBgQC48NRw4+0YXvGqi3PUT/5wvTGAKVRN8wjTCrwiZiZloD6Kpxd5
llOaxRBVNh0Lue/g4LMd91u3eD1jc8GKOKFL9t0p6k/O+cXoCMaHGTUwsfAk3EZx
Z8sRzMaYfyBpY31ybqdnaNweHDRUOL9VlBzeunCiQuvgbcUBMkkZgIiKHwIDAQAB
AoGBALQUHGfIKCdg26QaobCMK88PCdInbCVyjpcgjsxX9u9ht0Q/K0aDL+k2FY9D
X8j5RjAL251ELJRbijr6jevO9I5gzdu85x/CKXtCLDzdM95WsM7e3KfiAO438Csl
rI4k/su+XjaDlrIC+e8d6n4d5N2CQhgB3HbC3KbrnMzzCE/RAkEA5zd/S2YIuDDx
/5FgLu2kxZBb0xbMV1KymUFmyAGwn9qJgj3phnVY7sGbLrCPh4MQMuJ7GqeNFMqe
sIcTNLTg+wJBAMzDiP3yJ/mblSfh/oMQiFOfI6DklWqNgSDdUWZoGIAPagvMqhf5
735rb/B/OnMw535aqIJoL/OOwskeUIdSmi0CQQCTZ6Eiu3DxpFqTeOXd5Sk3vpmb
0JwDS7iK1dQlzFYDAzrJKplXXDaPOCSrtmo6lUbded/LlWfvCmHy3ppS7sHDAkBs
HRX412Hp9g7UBwwl0ZXZaR4btnV51AsI+jIfevjsrLbWUhLBJBMi0cFB3ztSVND1
sxJkAHTJCWipXhswyBllAkAe5P1eR0/XNBj3Qoln9EVn/6ExzWGnP0XPsteTky2k
DnMKl1GHoG9gBKSRjyXHdNwugo5OeWv/hIjfEGd6LH3O
-----END RSA PRIVATE KEY-----";

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
