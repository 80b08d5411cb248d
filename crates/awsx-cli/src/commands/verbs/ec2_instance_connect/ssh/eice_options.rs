//! `--eice-options`, in shorthand or JSON.

use serde::Deserialize;

/// What is said of the endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EiceOptions {
    /// In seconds.
    pub(super) max_tunnel_duration: Option<i64>,
    pub(super) endpoint_id: Option<String>,
    pub(super) dns_name: Option<String>,
}

impl EiceOptions {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.trim_start().starts_with('{') {
            return serde_json::from_str(text).map_err(|error| error.to_string());
        }
        let mut options = Self::default();
        for part in text.split(',') {
            let (key, value) = part.split_once('=').ok_or_else(|| format!("`{part}` is no KEY=VALUE"))?;
            match key.trim() {
                "maxTunnelDuration" => {
                    let seconds = value.parse().map_err(|_| format!("`{value}` is no number"))?;
                    options.max_tunnel_duration = Some(seconds);
                }
                "endpointId" => options.endpoint_id = Some(value.to_owned()),
                "dnsName" => options.dns_name = Some(value.to_owned()),
                key => return Err(format!("`{key}` is none of maxTunnelDuration, endpointId, dnsName")),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorthand_and_json_say_the_same() {
        let expected = EiceOptions {
            max_tunnel_duration: Some(60),
            endpoint_id: Some("eice-1".to_owned()),
            dns_name: None,
        };
        assert_eq!(EiceOptions::parse("endpointId=eice-1,maxTunnelDuration=60").as_ref(), Ok(&expected));
        let json = r#"{"maxTunnelDuration": 60, "endpointId": "eice-1"}"#;
        assert_eq!(EiceOptions::parse(json).as_ref(), Ok(&expected));
        for wrong in ["x=1", "endpointId", "maxTunnelDuration=x", "{\"x\": 1}"] {
            assert!(EiceOptions::parse(wrong).is_err(), "{wrong}");
        }
    }
}
