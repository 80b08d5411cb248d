//! `--emrfs`: how clusters see S3 as a file system. A configuration from release 4 on, a bootstrap action before.

use awsx_params::{Given, Parameters};
use indexmap::IndexMap;

use super::bootstrap;
use super::links::link;
use super::mistakes::missing_parameter;
use super::step::texts;
use super::steps::{list_of, text_of};
use crate::error::{CommandError, CommandResult};

/// What the configuration is called.
pub(super) const CLASSIFICATION: &str = "emrfs-site";

/// The settings as a configuration.
pub(super) fn configuration(asked: &Given) -> CommandResult<Given> {
    let asked = Asked::checked(asked)?;
    let mut properties = asked.properties();
    if asked.encrypts_with("CUSTOM") {
        let location = asked.text("CustomProviderLocation").unwrap_or_default();
        properties.insert("fs.s3.cse.encryptionMaterialsProvider.uri".to_owned(), location.to_owned());
    }
    let properties = properties.into_iter().map(|(key, value)| (key, Given::from(value)));
    let properties = Given::Map(properties.collect::<Parameters>());
    Ok([("Classification", CLASSIFICATION.into()), ("Properties", properties)].into())
}

/// The settings as bootstrap actions.
pub(super) fn bootstrap_actions(asked: &Given, region: Option<&str>) -> CommandResult<Vec<Given>> {
    let asked = Asked::checked(asked)?;
    let mut actions = Vec::new();
    if asked.encrypts_with("CUSTOM") {
        let location = asked.text("CustomProviderLocation").unwrap_or_default();
        let args = texts(["-s", location, "-d", "/usr/share/aws/emr/auxlib", "-f"]);
        actions.push(bootstrap::action("S3 get", "file:/usr/share/aws/emr/scripts/s3get".to_owned(), args));
    }
    let args = asked.properties().into_iter().flat_map(|(key, value)| {
        let setting = if value.is_empty() { key } else { format!("{key}={value}") };
        ["-e".into(), setting.into()]
    });
    let program = link(region, "/bootstrap-actions/configure-hadoop");
    actions.push(bootstrap::action("Setup EMRFS", program, args.collect()));
    Ok(actions)
}

/// What was asked for, without contradictions.
struct Asked<'a>(&'a Given);

impl<'a> Asked<'a> {
    fn checked(asked: &'a Given) -> CommandResult<Self> {
        let asked = Self(asked);
        asked.check_encryption()?;
        // What belongs to a feature means nothing without it.
        if !asked.has("Consistent") {
            asked.refuse(&["RetryCount", "RetryPeriod"], "--emrfs Consistent=true/false")?;
        }
        if !asked.encrypts_with("KMS") {
            asked.refuse(&["KMSKeyId"], KMS)?;
        }
        if !asked.encrypts_with("CUSTOM") {
            asked.refuse(&["CustomProviderClass", "CustomProviderLocation"], CUSTOM)?;
        }
        Ok(asked)
    }

    fn check_encryption(&self) -> CommandResult {
        let Some(encryption) = self.text("Encryption") else { return Ok(()) };
        let kind = encryption.to_uppercase();
        if !["CLIENTSIDE", "SERVERSIDE"].contains(&kind.as_str()) {
            return Err(CommandError::usage(format!(
                "The encryption type \"{encryption}\" is invalid. You must specify either ServerSide or ClientSide"
            )));
        }
        if let Some(sse) = self.0.get("SSE") {
            return Err(CommandError::usage(format!(
                "Both SSE={} and Encryption={encryption} are configured for --emrfs. You must specify only one of \
                 the two.",
                sse.python_text()
            )));
        }
        if kind == "SERVERSIDE" {
            return Ok(());
        }
        let Some(provider) = self.text("ProviderType") else {
            return Err(missing_parameter("--emrfs Encryption=ClientSide", "ProviderType"));
        };
        match provider.to_uppercase().as_str() {
            "KMS" => self.require(&["KMSKeyId"], KMS),
            "CUSTOM" => self.require(&["CustomProviderClass", "CustomProviderLocation"], CUSTOM),
            _ => Err(CommandError::usage(format!(
                "The client side encryption type \"{provider}\" is not supported. You must specify either KMS or Custom"
            ))),
        }
    }

    fn require(&self, names: &[&str], feature: &str) -> CommandResult {
        let missing: Vec<&str> = names.iter().copied().filter(|name| !self.has(name)).collect();
        if missing.is_empty() { Ok(()) } else { Err(missing_parameter(feature, &missing.join(" and "))) }
    }

    fn refuse(&self, names: &[&str], feature: &str) -> CommandResult {
        let there: Vec<&str> = names.iter().copied().filter(|name| self.has(name)).collect();
        if there.is_empty() {
            return Ok(());
        }
        Err(CommandError::usage(format!(
            "{feature} is not specified. Thus,  following parameters are invalid: {}",
            there.join(" and ")
        )))
    }

    /// The file system's settings, each once.
    fn properties(&self) -> IndexMap<String, String> {
        let mut all = IndexMap::new();
        let mut set = |key: &str, value: String| all.insert(key.to_owned(), value);
        if let Some(consistent) = self.shown("Consistent") {
            set("fs.s3.consistent", consistent);
            if let Some(count) = self.shown("RetryCount") {
                set("fs.s3.consistent.retryCount", count);
            }
            if let Some(seconds) = self.shown("RetryPeriod") {
                set("fs.s3.consistent.retryPeriodSeconds", seconds);
            }
        }
        let on_server = self.text("Encryption").is_some_and(|kind| kind.eq_ignore_ascii_case("SERVERSIDE"));
        let on_server = on_server.then(|| "true".to_owned());
        if let Some(encrypted) = self.shown("SSE").or(on_server) {
            set("fs.s3.enableServerSideEncryption", encrypted);
        }
        for (provider, class) in
            [("KMS", KMS_CLASS), ("CUSTOM", self.text("CustomProviderClass").unwrap_or_default())]
        {
            if self.encrypts_with(provider) {
                set("fs.s3.cse.enabled", "true".to_owned());
                set("fs.s3.cse.encryptionMaterialsProvider", class.to_owned());
            }
        }
        if self.encrypts_with("KMS") {
            set("fs.s3.cse.kms.keyId", self.text("KMSKeyId").unwrap_or_default().to_owned());
        }
        for arg in list_of(self.0, "Args").unwrap_or_default() {
            let arg = arg.python_text();
            let (key, value) = arg.split_once('=').unwrap_or((&arg, ""));
            set(key, value.to_owned());
        }
        all
    }

    /// Whether a cluster encrypts itself with keys from this provider.
    fn encrypts_with(&self, provider: &str) -> bool {
        let is = |name: &str, word: &str| self.text(name).is_some_and(|text| text.to_uppercase() == word);
        is("Encryption", "CLIENTSIDE") && is("ProviderType", provider)
    }

    fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some()
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        text_of(self.0, name)
    }

    /// A number or truth as settings have it.
    fn shown(&self, name: &str) -> Option<String> {
        self.0.get(name).map(|value| value.python_text().to_lowercase())
    }
}

const KMS: &str = "--emrfs Encryption=ClientSide,ProviderType=KMS";
const CUSTOM: &str = "--emrfs Encryption=ClientSide,ProviderType=Custom";
const KMS_CLASS: &str = "com.amazon.ws.emr.hadoop.fs.cse.KMSEncryptionMaterialsProvider";
