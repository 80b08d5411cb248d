//! Browsers by name: where each system has them, and how each keeps accounts apart.

use std::path::{MAIN_SEPARATOR_STR, Path};

use awsx_core::Env;
use clap::ValueEnum;
use url::form_urlencoded;

use super::spawn;

/// A browser that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Browser {
    Firefox,
    Chrome,
    Chromium,
    Edge,
    Brave,
    Vivaldi,
    Safari,
}

impl Browser {
    /// Its own name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Firefox => "Firefox",
            Self::Chrome => "Google Chrome",
            Self::Chromium => "Chromium",
            Self::Edge => "Microsoft Edge",
            Self::Brave => "Brave Browser",
            Self::Vivaldi => "Vivaldi",
            Self::Safari => "Safari",
        }
    }

    /// Whether it can show two accounts side by side.
    pub(crate) fn keeps_apart(self) -> bool {
        self != Self::Safari
    }

    /// Opens a page, in a container or profile of that name if one is given; says whether the browser started.
    pub(crate) fn open(self, env: &Env, url: &str, container: Option<&str>) -> bool {
        let arguments = self.arguments(url, container);
        if cfg!(target_os = "macos") && self == Self::Safari {
            return spawn("open", &["-a", "Safari", url]);
        }
        self.programs(env).iter().any(|program| spawn(program, &arguments))
    }

    fn arguments(self, url: &str, container: Option<&str>) -> Vec<String> {
        match (self, container) {
            (_, None) | (Self::Safari, Some(_)) => vec![url.to_owned()],
            (Self::Firefox, Some(name)) => vec![in_container(name, url)],
            (_, Some(name)) => vec![format!("--profile-directory={}", folder_name(name)), url.to_owned()],
        }
    }

    /// Where it may be, to be tried in turn.
    fn programs(self, env: &Env) -> Vec<String> {
        if cfg!(windows) {
            let folders = ["ProgramFiles", "ProgramFiles(x86)", "LocalAppData"];
            let folders = folders.into_iter().filter_map(|name| env.var_filled(name));
            return folders.map(|folder| format!("{folder}\\{}", self.below_program_files())).collect();
        }
        if cfg!(target_os = "macos") {
            let name = self.name();
            let program = if self == Self::Firefox { "firefox" } else { name };
            return vec![format!("/Applications/{name}.app/Contents/MacOS/{program}")];
        }
        self.commands().iter().map(|&name| name.to_owned()).collect()
    }

    fn commands(self) -> &'static [&'static str] {
        match self {
            Self::Firefox => &["firefox", "firefox-esr"],
            Self::Chrome => &["google-chrome", "google-chrome-stable"],
            Self::Chromium => &["chromium", "chromium-browser"],
            Self::Edge => &["microsoft-edge", "microsoft-edge-stable"],
            Self::Brave => &["brave-browser", "brave"],
            Self::Vivaldi => &["vivaldi", "vivaldi-stable"],
            Self::Safari => &[],
        }
    }

    fn below_program_files(self) -> &'static str {
        match self {
            Self::Firefox => r"Mozilla Firefox\firefox.exe",
            Self::Chrome => r"Google\Chrome\Application\chrome.exe",
            Self::Chromium => r"Chromium\Application\chrome.exe",
            Self::Edge => r"Microsoft\Edge\Application\msedge.exe",
            Self::Brave => r"BraveSoftware\Brave-Browser\Application\brave.exe",
            Self::Vivaldi => r"Vivaldi\Application\vivaldi.exe",
            Self::Safari => r"Safari\Safari.exe",
        }
    }
}

/// The address that the extension "Open external links in a container" takes; it makes the container if need be.
fn in_container(name: &str, url: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("name", name)
        .append_pair("url", url)
        .finish();
    // The extension reads blanks as `%20` only.
    format!("ext+container:{}", query.replace('+', "%20"))
}

/// The name of a profile's folder, which must not lead to another one.
fn folder_name(name: &str) -> String {
    let plain: String =
        name.chars().map(|it| if it.is_alphanumeric() || "-_. @".contains(it) { it } else { '_' }).collect();
    debug_assert!(!Path::new(&plain).has_root() && !plain.contains(MAIN_SEPARATOR_STR));
    if plain.trim_matches('.').is_empty() { "_".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firefox_has_containers_and_chromes_kin_have_profiles() {
        let url = "https://signin.aws.amazon.com/federation?a=b&c=d%2B";
        assert_eq!(
            Browser::Firefox.arguments(url, Some("my account")),
            [
                "ext+container:name=my%20account&url=https%3A%2F%2Fsignin.aws.amazon.com%2Ffederation%3Fa%3Db%26c%3Dd%252B"
            ]
        );
        assert_eq!(
            Browser::Edge.arguments(url, Some("111122223333")),
            ["--profile-directory=111122223333", url]
        );
        assert_eq!(Browser::Chrome.arguments(url, None), [url]);
    }

    #[test]
    fn a_profiles_name_stays_in_its_folder() {
        assert_eq!(folder_name("../../x y"), ".._.._x y");
        assert_eq!(folder_name(".."), "_");
        assert_eq!(folder_name("--flag"), "--flag");
    }
}
