//! Takes a URL apart as the rules want it: by its text, with nothing in it put right.

use std::net::Ipv6Addr;

use awsx_http::percent::encode_path;

use super::Value;

/// The parts of an HTTP URL without a query.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let (scheme, rest) = text.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.find('/').map_or((rest, ""), |at| rest.split_at(at)),
        None => ("", rest),
    };
    let host = host(authority)?;
    if !query.is_empty() {
        return None;
    }
    Some(Value::Record(vec![
        ("scheme", scheme.into()),
        ("authority", authority.into()),
        ("path", path.into()),
        ("normalizedPath", normalize(path).into()),
        ("isIp", (looks_like_ipv4(host) || host.parse::<Ipv6Addr>().is_ok()).into()),
    ]))
}

/// The host of an authority whose port, if any, is a number.
fn host(authority: &str) -> Option<&str> {
    let after_user = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, port) = match after_user.strip_prefix('[') {
        Some(bracketed) => {
            let (host, after) = bracketed.split_once(']')?;
            (host, after.strip_prefix(':').unwrap_or_default())
        }
        None => after_user.split_once(':').unwrap_or((after_user, "")),
    };
    (port.is_empty() || port.parse::<u16>().is_ok()).then_some(host)
}

/// Four numbers of up to three digits; whether they are small enough does not matter.
pub(crate) fn looks_like_ipv4(host: &str) -> bool {
    let is_number =
        |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    host.split('.').count() == 4 && host.split('.').all(is_number)
}

/// With a slash at its end, and without empty segments, `.` and `..`.
fn normalize(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let mut normal = if path.is_empty() || path.starts_with('/') { "/".to_owned() } else { String::new() };
    normal.push_str(&segments.join("/"));
    if !normal.ends_with('/') {
        normal.push('/');
    }
    encode_path(&normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_apart() {
        let url = parse("https://example.com:8443/a//b").unwrap();
        let part = |name| url.attribute(name).unwrap().to_string();
        assert_eq!(
            ["scheme", "authority", "path", "normalizedPath", "isIp"].map(part),
            ["https", "example.com:8443", "/a//b", "/a/b/", "false"]
        );
    }

    #[test]
    fn addresses_are_seen() {
        for (url, is_ip) in [
            ("http://127.0.0.1:9000", true),
            ("http://[::1]:9000/", true),
            ("http://[fe80::1%25en0]", false),
            ("https://localhost", false),
            ("https://1.2.3", false),
        ] {
            assert_eq!(parse(url).unwrap().attribute("isIp"), Some(&is_ip.into()), "{url}");
        }
    }

    #[test]
    fn what_is_no_plain_http_url_is_refused() {
        for url in
            ["example.com", "ftp://example.com", "https://example.com?x=1", "http://h:port", "http://[::1"]
        {
            assert_eq!(parse(url), None, "{url}");
        }
        assert!(parse("https://example.com/path#fragment").is_some());
    }

    #[test]
    fn paths_are_put_in_order() {
        assert_eq!(normalize(""), "/");
        assert_eq!(normalize("/"), "/");
        assert_eq!(normalize("/a/./b/../c d"), "/a/c%20d/");
    }
}
