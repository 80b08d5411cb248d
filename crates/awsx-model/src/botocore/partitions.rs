//! Makes partitions of `partitions.json`.

use serde::Deserialize;
use serde_json::Value;

use super::ordered::Ordered;
use super::texts::Texts;
use crate::{Partition, Text};

#[derive(Debug, Deserialize)]
struct File {
    partitions: Vec<Known>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Known {
    id: String,
    region_regex: String,
    regions: Ordered<Value>,
    outputs: Outputs,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outputs {
    dns_suffix: String,
    dual_stack_dns_suffix: String,
    implicit_global_region: String,
    #[serde(rename = "supportsFIPS")]
    supports_fips: bool,
    supports_dual_stack: bool,
}

/// AWS's partitions, the one of unknown regions first.
pub(crate) fn partitions(json: Value) -> Result<Vec<Partition>, String> {
    let file = File::deserialize(json).map_err(|error| error.to_string())?;
    let texts = &mut Texts::default();
    file.partitions
        .into_iter()
        .map(|known| {
            let prefixes = region_prefixes(&known.region_regex, texts);
            Ok(Partition {
                name: texts.keep(&known.id),
                dns_suffix: texts.keep(&known.outputs.dns_suffix),
                dual_stack_dns_suffix: texts.keep(&known.outputs.dual_stack_dns_suffix),
                implicit_global_region: texts.keep(&known.outputs.implicit_global_region),
                supports_fips: known.outputs.supports_fips,
                supports_dual_stack: known.outputs.supports_dual_stack,
                regions: known.regions.keys().map(|region| texts.keep(region)).collect(),
                region_prefixes: prefixes
                    .ok_or_else(|| format!("regions like `{}` are unknown", known.region_regex))?,
            })
        })
        .collect()
}

/// What may stand before a word and a number. The files know one form of regular expression, so none is needed to read it:
/// `^(us|eu)\-\w+\-\d+$`, `^us\-gov\-\w+\-\d+$`, `^eusc\-(de)\-\w+\-\d+$`.
fn region_prefixes(regex: &str, texts: &mut Texts) -> Option<Vec<Text>> {
    let prefix = regex.strip_prefix('^')?.strip_suffix(r"\-\w+\-\d+$")?.replace(r"\-", "-");
    let (before, choices, after) = match prefix.split_once('(') {
        None => (prefix.as_str(), "", ""),
        Some((before, rest)) => {
            let (choices, after) = rest.split_once(')')?;
            (before, choices, after)
        }
    };
    let prefixes: Vec<_> = choices.split('|').map(|choice| format!("{before}{choice}{after}")).collect();
    let is_plain = |prefix: &String| prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    prefixes.iter().all(is_plain).then(|| texts.keep_all(&prefixes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regexes_are_taken_apart() {
        let texts = &mut Texts::default();
        assert_eq!(region_prefixes(r"^(us|eu)\-\w+\-\d+$", texts).unwrap(), ["us", "eu"]);
        assert_eq!(region_prefixes(r"^us\-gov\-\w+\-\d+$", texts).unwrap(), ["us-gov"]);
        assert_eq!(region_prefixes(r"^eusc\-(de)\-\w+\-\d+$", texts).unwrap(), ["eusc-de"]);
        assert!(region_prefixes(r"^us\-.*$", texts).is_none());
        assert!(region_prefixes(r"^(us|e.)\-\w+\-\d+$", texts).is_none());
    }
}
