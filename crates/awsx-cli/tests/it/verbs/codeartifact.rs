//! `codeartifact login`.

use std::os::unix::fs::PermissionsExt;

use super::asking;
use crate::support::{Route, Scripted, TestEnv};

const ENDPOINT: &str = "https://acme-1.d.codeartifact.eu-west-1.amazonaws.com/pypi/shared/";

/// Somebody with a program that writes down how it was called, and ends with a code.
fn with_tool(tool: &str, code: u8) -> (TestEnv, Scripted) {
    let token = r#"{"authorizationToken": "tok-en", "expiration": 4102444800}"#;
    let endpoint = format!(r#"{{"repositoryEndpoint": "{ENDPOINT}"}}"#);
    let format = match tool {
        "pip" | "twine" => "pypi",
        "dotnet" => "nuget",
        other => other,
    };
    let (env, service) = asking(vec![
        Route::new("POST /v1/authorization-token?domain=acme", token),
        Route::new(
            &format!("GET /v1/repository/endpoint?domain=acme&repository=shared&format={format}"),
            &endpoint,
        ),
    ]);
    let calls = env.path("calls").display().to_string();
    env.write(
        &format!("bin/{tool}"),
        &format!("#!/bin/sh\necho \"$@\" >> {calls}\necho oh tok-en >&2\nexit {code}\n"),
    );
    std::fs::set_permissions(env.path(&format!("bin/{tool}")), std::fs::Permissions::from_mode(0o755))
        .unwrap();
    let folder = env.path("bin").display().to_string();
    (env.var("PATH", &folder), service)
}

fn words(tool: &str) -> String {
    format!("codeartifact login --tool {tool} --domain acme --repository shared")
}

#[test]
fn pip_gets_an_index_with_the_token() {
    let (env, _service) = with_tool("pip", 0);
    let said = env.run(&words("pip")).ok();
    let first = format!(
        "Successfully configured pip to use AWS CodeArtifact repository {ENDPOINT} \nLogin expires in "
    );
    assert!(said.starts_with(&first) && said.ends_with(" at 2100-01-01 00:00:00+00:00\n"), "{said}");
    let index = ENDPOINT.replace("https://", "https://aws:tok-en@");
    assert_eq!(env.read("calls"), format!("config set global.index-url {index}simple/\n"));
}

#[test]
fn a_program_that_fails_is_told_without_the_token() {
    let (env, _service) = with_tool("pip", 2);
    let run = env.run(&words("pip"));
    assert_eq!(run.code, 255);
    assert!(
        run.stderr.contains("Command '['pip', 'config', 'set', 'global.index-url', 'https://aws:******@"),
        "{run}"
    );
    assert!(
        run.stderr.contains("returned non-zero exit status 2. Stderr from command:\noh ******\n"),
        "{run}"
    );
    let run = env.var("PATH", "/nowhere").run(&words("pip"));
    assert_eq!(run.code, 255, "{run}");
    assert!(run.stderr.contains("pip was not found. Please verify installation."), "{run}");
}

#[test]
fn npm_is_told_scope_and_token() {
    let (env, _service) = with_tool("npm", 0);
    let place = ENDPOINT.strip_prefix("https:").unwrap();
    let shown = env.run(&format!("{} --dry-run --namespace acme", words("npm"))).ok();
    assert_eq!(
        shown,
        format!(
            "npm config set @acme:registry {ENDPOINT}\n\nnpm config set {place}:always-auth true\n\nnpm config set \
             {place}:_authToken tok-en\n\n"
        )
    );
    assert!(!env.path("calls").exists());
    let run = env.run(&format!("{} --namespace .acme", words("npm")));
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("Invalid scope name, scope must contain URL-safe characters"), "{run}");
    env.run(&words("npm")).ok();
    assert_eq!(env.read("calls").lines().count(), 3);
}

#[test]
fn twine_s_file_is_kept_private() {
    let (env, _service) = with_tool("twine", 0);
    let shown = env.run(&format!("{} --dry-run", words("twine"))).ok();
    assert!(shown.starts_with("Dryrun mode is enabled, not writing to pypirc.\n"), "{shown}");
    assert!(!env.path(".pypirc").exists());
    env.run(&words("twine")).ok();
    let file = env.read(".pypirc");
    assert!(file.ends_with(&format!(
        "[codeartifact]\nrepository = {ENDPOINT}\nusername = aws\npassword = tok-en\n\n"
    )));
    assert_eq!(crate::support::mode_of(&env.path(".pypirc")), 0o600);
    env.write(".pypirc", "[x]\n");
    let run = env.run(&words("twine"));
    assert_eq!(run.code, 255);
    assert!(run.stdout.ends_with(".pypirc is in an invalid state.\n"), "{run}");
    assert_eq!(env.read(".pypirc"), "[x]\n");
}

#[test]
fn nuget_and_dotnet_add_a_source() {
    let (env, _service) = with_tool("dotnet", 0);
    let said = env.run(&words("dotnet")).ok();
    assert!(said.starts_with(
        "Added source acme/shared to the user level NuGet.Config\nSuccessfully configured nuget"
    ));
    let calls = env.read("calls");
    let added = format!(
        "nuget add source {ENDPOINT}v3/index.json --name acme/shared --username aws --password tok-en \
         --store-password-in-clear-text\n"
    );
    assert_eq!(calls, format!("nuget list source --format detailed\n{added}"));
}

#[cfg(not(target_os = "macos"))]
#[test]
fn swift_s_token_goes_to_netrc() {
    let (env, _service) = with_tool("swift", 0);
    env.write(".netrc", "machine x login a password b");
    env.run(&format!("{} --namespace acme", words("swift"))).ok();
    let host = "acme-1.d.codeartifact.eu-west-1.amazonaws.com";
    assert_eq!(
        env.read(".netrc"),
        format!("machine x login a password b\nmachine {host} login token password tok-en\n")
    );
    assert_eq!(crate::support::mode_of(&env.path(".netrc")), 0o600);
    assert_eq!(
        env.read("calls"),
        format!("package-registry set {ENDPOINT} --scope acme\npackage-registry login {ENDPOINT}login\n")
    );
}

#[test]
fn only_two_tools_know_namespaces() {
    let (env, _service) = with_tool("pip", 0);
    let run = env.run(&format!("{} --namespace x", words("pip")));
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("Argument --namespace is not supported for pip"), "{run}");
    let run = env.run(&words("maven"));
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("argument --tool: Found invalid choice 'maven'"), "{run}");
}
