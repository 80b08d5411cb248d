//! Which URL a service is asked at.

use super::{Origin, Resolved, Settings, table};
use crate::profile::ProfileError;

impl Settings {
    /// The endpoint URL set for a service, if any. `service_id` is the model's, such as `SSO OIDC`.
    ///
    /// The order is botocore's: `--endpoint-url`, `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the
    /// profile's `services` section, the profile's `endpoint_url`.
    pub fn endpoint_url(&self, service_id: &str) -> Result<Option<Resolved>, ProfileError> {
        if let Some(url) = self.flags.get(ENDPOINT_FLAG).filter(|url| !url.is_empty()) {
            return Ok(Some(Resolved { value: url.clone(), origin: Origin::Flag(ENDPOINT_FLAG) }));
        }
        self.configured_endpoint_url(service_id)
    }

    /// The same without `--endpoint-url`, which is meant for the command's own service and not for the STS or
    /// SSO calls that fetch its credentials.
    pub fn configured_endpoint_url(&self, service_id: &str) -> Result<Option<Resolved>, ProfileError> {
        if self.is_true(&table::IGNORE_CONFIGURED_ENDPOINTS)? {
            return Ok(None);
        }
        let key = service_id.to_ascii_lowercase().replace([' ', '-'], "_");
        let own_variable = format!("{ENDPOINT_VARIABLE}_{}", key.to_ascii_uppercase());
        let variable = self.env.var_filled(&own_variable).or_else(|| self.env.var_filled(ENDPOINT_VARIABLE));
        if let Some(url) = variable {
            return Ok(Some(Resolved { value: url.to_owned(), origin: Origin::Variable(ENDPOINT_VARIABLE) }));
        }
        let scoped = self.scoped()?;
        if let Some(services) = scoped.text("services") {
            let section = self.profiles()?.services(services);
            let section = section.ok_or_else(|| ProfileError::NoServices { name: services.to_owned() })?;
            if let Some(url) = section.nested(&key, "endpoint_url")
                && let Some(property) = section.property(&key)
            {
                return Ok(Some(Resolved { value: url.to_owned(), origin: Origin::File(property.place) }));
            }
        }
        Ok(scoped.property("endpoint_url").and_then(|property| {
            let value = scoped.text("endpoint_url")?.to_owned();
            Some(Resolved { value, origin: Origin::File(property.place) })
        }))
    }
}

const ENDPOINT_FLAG: &str = "--endpoint-url";
const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Env;

    fn url(variables: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".aws")).unwrap();
        #[expect(clippy::disallowed_methods, reason = "lays out a test's files")]
        std::fs::write(
            folder.path().join(".aws/config"),
            "[default]\nservices = local\nendpoint_url = http://profile\n\
             [services local]\nsso_oidc =\n  endpoint_url = http://section\n",
        )
        .unwrap();
        let home = [("HOME", folder.path().to_str().unwrap())];
        let env = Env::of(home.into_iter().chain(variables.iter().copied()));
        let flags = flags.iter().map(|(flag, value)| (*flag, (*value).to_owned()));
        Settings::new(env, flags).endpoint_url("SSO OIDC").unwrap().map(|resolved| resolved.value)
    }

    #[test]
    fn the_nearest_source_wins() {
        let all = [("AWS_ENDPOINT_URL", "http://all")];
        let own = [("AWS_ENDPOINT_URL", "http://all"), ("AWS_ENDPOINT_URL_SSO_OIDC", "http://own")];
        assert_eq!(url(&own, &[("--endpoint-url", "http://flag")]).as_deref(), Some("http://flag"));
        assert_eq!(url(&own, &[]).as_deref(), Some("http://own"));
        assert_eq!(url(&all, &[]).as_deref(), Some("http://all"));
        assert_eq!(url(&[], &[]).as_deref(), Some("http://section"));
        assert_eq!(url(&[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True")], &[]), None);
    }
}
