//! `configure`: the user's files, read and written.

use crate::support::TestEnv;

const CONFIG: &str = "[default]
region = us-east-1

[profile dev]
# Where the team works.
region = eu-west-1
output = text
s3 =
    addressing_style = path

[sso-session corp]
sso_region = us-east-1
sso_start_url = https://sandbox.awsapps.com/start

[services local]
dynamodb =
    endpoint_url = http://localhost:8000
";

#[test]
fn values_are_found_by_profile_by_dots_and_by_section() {
    let env = TestEnv::new().config(CONFIG);
    for (words, value) in [
        ("configure get region", "us-east-1"),
        ("configure get region --profile dev", "eu-west-1"),
        ("configure get profile.dev.region", "eu-west-1"),
        ("configure get dev.region", "eu-west-1"),
        ("configure get profile.dev.s3.addressing_style", "path"),
        ("configure get s3.addressing_style --profile dev", "path"),
        ("configure get sso_region --sso-session corp", "us-east-1"),
        ("configure get dynamodb.endpoint_url --services local", "http://localhost:8000"),
    ] {
        assert_eq!(env.run(words).ok().trim_end(), value, "{words}");
    }
}

#[test]
fn what_is_not_set_ends_with_1_and_a_block_is_no_value() {
    let env = TestEnv::new().config(CONFIG);
    insta::assert_snapshot!(env.run("configure get output"), @"exit: 1");
    insta::assert_snapshot!(env.run("configure get s3 --profile dev"), @"
    exit: 1
    ----- stderr -----
    varname (s3) must reference a value, not a section or sub-section.
    ");
    insta::assert_snapshot!(env.run("configure get region --profile nobody"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The config profile (nobody) could not be found
    hint: see the profiles you have with `awsx configure list-profiles`
    ");
    insta::assert_snapshot!(env.run("configure get sso_region --sso-session nobody"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: The config sub-section (nobody) could not be found
    ");
}

#[test]
fn writing_changes_the_one_line_and_nothing_else() {
    let env = TestEnv::new().config(CONFIG);
    assert_eq!(env.run("configure set region ap-south-1 --profile dev").ok(), "");
    assert_eq!(env.read(".aws/config"), CONFIG.replace("eu-west-1", "ap-south-1"));
    assert_eq!(env.run("configure set profile.dev.s3.addressing_style virtual").ok(), "");
    assert_eq!(env.run("configure set sso_region eu-north-1 --sso-session corp").ok(), "");
    assert_eq!(env.run("configure set dynamodb.endpoint_url http://localhost:9 --services local").ok(), "");
    let expected = CONFIG
        .replace("eu-west-1", "ap-south-1")
        .replace("= path", "= virtual")
        .replace("sso_region = us-east-1", "sso_region = eu-north-1")
        .replace("localhost:8000", "localhost:9");
    assert_eq!(env.read(".aws/config"), expected);
}

#[test]
fn new_sections_and_files_look_as_aws_cli_writes_them() {
    let env = TestEnv::new();
    for words in [
        "configure set region us-east-1",
        "configure set output table --profile dev",
        "configure set s3.max_concurrent_requests 20 --profile dev",
        "configure set sso_region us-east-1 --sso-session corp",
        "configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE --profile dev",
    ] {
        assert_eq!(env.run(words).ok(), "", "{words}");
    }
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [default]
    region = us-east-1
    [profile dev]
    output = table
    s3 =
        max_concurrent_requests = 20
    [sso-session corp]
    sso_region = us-east-1
    ");
    insta::assert_snapshot!(env.read(".aws/credentials"), @"
    [dev]
    aws_access_key_id = AKIAIOSFODNN7EXAMPLE
    ");
}

#[cfg(unix)]
#[test]
fn new_files_are_for_their_owner_and_old_ones_keep_their_mode() {
    use std::os::unix::fs::PermissionsExt;

    use crate::support::mode_of;
    let env = TestEnv::new();
    assert_eq!(env.run("configure set region us-east-1").ok(), "");
    assert_eq!(env.run("configure set aws_secret_access_key a-secret-of-somebody").ok(), "");
    assert_eq!((mode_of(&env.path(".aws/config")), mode_of(&env.path(".aws/credentials"))), (0o600, 0o600));
    for name in [".aws/config", ".aws/credentials"] {
        std::fs::set_permissions(env.path(name), std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    assert_eq!(env.run("configure set region us-east-2").ok(), "");
    assert_eq!(mode_of(&env.path(".aws/config")), 0o644);
    insta::assert_snapshot!(env.run("configure set aws_secret_access_key another-secret"), @"
    exit: 0
    ----- stderr -----

    awsx: [WARNING]: The file '[HOME]/.aws/credentials' is accessible by other users. Consider running 'chmod 600 [HOME]/.aws/credentials' to restrict access to only your user.
    ");
    assert_eq!(mode_of(&env.path(".aws/credentials")), 0o644);
}

#[cfg(unix)]
#[test]
fn a_linked_file_is_written_where_it_lies() {
    let env = TestEnv::new();
    env.write("dotfiles/aws-config", CONFIG);
    env.write(".aws/.keep", "");
    std::os::unix::fs::symlink("../dotfiles/aws-config", env.path(".aws/config")).unwrap();
    assert_eq!(env.run("configure set region ap-south-1 --profile dev").ok(), "");
    assert!(env.path(".aws/config").is_symlink());
    assert_eq!(env.read("dotfiles/aws-config"), CONFIG.replace("eu-west-1", "ap-south-1"));
}

#[test]
fn line_ends_comments_and_a_missing_last_newline_survive() {
    let text =
        "; mine\r\n[default]\r\nregion=us-east-1\r\n\r\n[profile dev]\r\n  # mine too\r\nregion : eu-west-1";
    let env = TestEnv::new().config(text);
    assert_eq!(env.run("configure set region us-west-2").ok(), "");
    let after = env.read(".aws/config");
    assert_eq!(
        after
            .replace("region = us-west-2\r\n", "region=us-east-1\r\n")
            .replace("region=us-west-2", "region=us-east-1"),
        text
    );
    assert_eq!(env.run("configure get region").ok(), "us-west-2\n");
    assert_eq!(env.run("configure set output json --profile dev").ok(), "");
    let after = env.read(".aws/config");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count(), "{after:?}");
    assert_eq!(env.run("configure get output --profile dev").ok(), "json\n");
}

/// A folder that nobody may write to; root may, so there the write has to go well instead.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_an_error_that_names_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::new().config(CONFIG);
    let folder = env.path(".aws");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o500)).unwrap();
    let run = env.run("configure set region ap-south-1 --profile dev");
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    if run.code == 0 {
        assert_eq!(env.read(".aws/config"), CONFIG.replace("eu-west-1", "ap-south-1"));
    } else {
        assert_eq!(run.code, 255, "{run}");
        assert!(run.stderr.contains("/.aws/config") && run.stderr.contains("caused by: "), "{run}");
        assert_eq!(env.read(".aws/config"), CONFIG);
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_a_file_is_left_alone() {
    let env = TestEnv::new().var("AWS_CONFIG_FILE", "/dev/null");
    assert_eq!(env.run("configure get region").code, 1);
    let env = TestEnv::new();
    std::fs::create_dir_all(env.path(".aws/config")).unwrap();
    insta::assert_snapshot!(env.run("configure set region us-east-1"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: could not read `[HOME]/.aws/config`
    caused by: Is a directory (os error 21)
    ");
    assert!(env.path(".aws/config").is_dir());
}

#[test]
fn a_broken_file_is_told_by_line_and_never_written_over() {
    let env = TestEnv::new().config("[default]\nregion = us-east-1\n[profile dev\nregion = eu-west-1\n");
    insta::assert_snapshot!(env.run("configure list"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Unable to parse config file: [HOME]/.aws/config
    hint: [HOME]/.aws/config:3: neither a section header nor `key = value`
    ");
    insta::assert_snapshot!(env.run("configure set region us-west-2"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Unable to parse config file: [HOME]/.aws/config
    hint: [HOME]/.aws/config:3: neither a section header nor `key = value`
    ");
    insta::assert_snapshot!(env.run("sso login --sso-session corp"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Unable to parse config file: [HOME]/.aws/config
    hint: [HOME]/.aws/config:3: neither a section header nor `key = value`
    ");
    assert!(env.read(".aws/config").contains("[profile dev\n"));
    let env = TestEnv::new().credentials("aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
    insta::assert_snapshot!(env.run("configure list-profiles"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Unable to parse config file: [HOME]/.aws/credentials
    hint: [HOME]/.aws/credentials:1: text before the first section header
    ");
}

#[test]
fn settings_are_listed_with_where_they_come_from() {
    let env = TestEnv::new().config(CONFIG).alice();
    insta::assert_snapshot!(env.run("configure list"), @"
    exit: 0
    ----- stdout -----
    NAME       : VALUE                    : TYPE             : LOCATION
    profile    : <not set>                : None             : None
    access_key : ****************MPLE     : shared-credentials-file : 
    secret_key : ****************EKEY     : shared-credentials-file : 
    region     : us-east-1                : config-file      : ~/.aws/config
    ");
    insta::assert_snapshot!(env.run("configure list --profile dev --region us-west-2"), @"
    exit: 0
    ----- stdout -----
    NAME       : VALUE                    : TYPE             : LOCATION
    profile    : dev                      : manual           : --profile
    access_key : <not set>                : None             : None
    secret_key : <not set>                : None             : None
    region     : us-west-2                : manual           : --region
    ");
    let env = env.var("AWS_PROFILE", "dev").var("AWS_REGION", "us-west-1");
    insta::assert_snapshot!(env.run("configure list"), @"
    exit: 0
    ----- stdout -----
    NAME       : VALUE                    : TYPE             : LOCATION
    profile    : dev                      : env              : ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE']
    access_key : <not set>                : None             : None
    secret_key : <not set>                : None             : None
    region     : us-west-1                : env              : ['AWS_REGION', 'AWS_DEFAULT_REGION']
    ");
    insta::assert_snapshot!(env.run("configure list --profile nobody"), @"
    exit: 255
    ----- stdout -----
    NAME       : VALUE                    : TYPE             : LOCATION
    profile    : nobody                   : manual           : --profile
    ----- stderr -----

    awsx: [ERROR]: The config profile (nobody) could not be found
    hint: see the profiles you have with `awsx configure list-profiles`
    ");
}

#[test]
fn profiles_are_listed_from_both_files() {
    let env = TestEnv::new().config(CONFIG).credentials("[keys]\naws_access_key_id = A\n[dev]\n");
    assert_eq!(env.run("configure list-profiles").ok(), "default\ndev\nkeys\n");
}

#[test]
fn access_keys_are_taken_over_from_the_consoles_file() {
    let env = TestEnv::new();
    env.write(
        "keys.csv",
        "User Name,Access key ID,Secret access key\nalice,AKIAALICE,a-secret-of-alice\nbob,,\n",
    );
    insta::assert_snapshot!(env.run("configure import --csv file://keys.csv"), @r#"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: Failed to parse entry #2: Row missing value for header "Access Key ID"
    "#);
    insta::assert_snapshot!(
        env.run("configure import --csv file://keys.csv --skip-invalid --profile-prefix work-"),
        @"
    exit: 0
    ----- stdout -----
    Successfully imported 1 profile(s)
    "
    );
    insta::assert_snapshot!(env.read(".aws/credentials"), @"
    [work-alice]
    aws_access_key_id = AKIAALICE
    aws_secret_access_key = a-secret-of-alice
    ");
    insta::assert_snapshot!(env.run("configure import --csv keys.csv"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: You may be passing a file to import without the 'file://' prefix. To import a CSV file, use --csv file://path/to/file.csv
    ");
    insta::assert_snapshot!(env.run("configure import --csv file://gone.csv"), @"
    exit: 252
    ----- stderr -----

    awsx: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--csv': Unable to load paramfile file://gone.csv: [Errno 2] No such file or directory: 'gone.csv'
    ");
}

fn temporary() -> TestEnv {
    TestEnv::new().credentials(
        "[default]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG\n\
         aws_session_token = IQoJb3JpZ2luX2VjE//token==\n",
    )
}

#[test]
fn credentials_are_exported_in_six_formats() {
    let env = temporary();
    let export = |format: &str| env.run(&format!("configure export-credentials --format {format}"));
    insta::assert_snapshot!(export("process"), @r#"
    exit: 0
    ----- stdout -----
    {
      "Version": 1,
      "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
      "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG",
      "SessionToken": "IQoJb3JpZ2luX2VjE//token=="
    }
    "#);
    insta::assert_snapshot!(export("env"), @"
    exit: 0
    ----- stdout -----
    export AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
    export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG
    export AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjE//token==
    ");
    insta::assert_snapshot!(export("env-no-export"), @"
    exit: 0
    ----- stdout -----
    AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
    AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG
    AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjE//token==
    ");
    insta::assert_snapshot!(export("powershell"), @r#"
    exit: 0
    ----- stdout -----
    $Env:AWS_ACCESS_KEY_ID="ASIAIOSFODNN7EXAMPLE"
    $Env:AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG"
    $Env:AWS_SESSION_TOKEN="IQoJb3JpZ2luX2VjE//token=="
    "#);
    insta::assert_snapshot!(export("windows-cmd"), @"
    exit: 0
    ----- stdout -----
    set AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE
    set AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG
    set AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjE//token==
    ");
    insta::assert_snapshot!(export("fish"), @r#"
    exit: 0
    ----- stdout -----
    set -gx AWS_ACCESS_KEY_ID "ASIAIOSFODNN7EXAMPLE"
    set -gx AWS_SECRET_ACCESS_KEY "wJalrXUtnFEMI/K7MDENG"
    set -gx AWS_SESSION_TOKEN "IQoJb3JpZ2luX2VjE//token=="
    "#);
    assert_eq!(env.run("configure export-credentials").ok(), export("process").ok());
}

#[test]
fn values_are_quoted_wherever_a_shell_would_read_more_into_them() {
    let env = TestEnv::new().credentials(
        "[default]\naws_access_key_id = AKIA\naws_secret_access_key = a'b; touch x $(id) `id` \\ \"q\"\n",
    );
    let export = |format: &str| env.run(&format!("configure export-credentials --format {format}"));
    insta::assert_snapshot!(export("env"), @r#"
    exit: 0
    ----- stdout -----
    export AWS_ACCESS_KEY_ID=AKIA
    export AWS_SECRET_ACCESS_KEY='a'\''b; touch x $(id) `id` \ "q"'
    "#);
    insta::assert_snapshot!(export("powershell"), @r#"
    exit: 0
    ----- stdout -----
    $Env:AWS_ACCESS_KEY_ID="AKIA"
    $Env:AWS_SECRET_ACCESS_KEY='a''b; touch x $(id) `id` \ "q"'
    "#);
    insta::assert_snapshot!(export("fish"), @r#"
    exit: 0
    ----- stdout -----
    set -gx AWS_ACCESS_KEY_ID "AKIA"
    set -gx AWS_SECRET_ACCESS_KEY 'a\'b; touch x $(id) `id` \\ "q"'
    "#);
    insta::assert_snapshot!(export("windows-cmd"), @"
    exit: 255
    ----- stderr -----

    awsx: [ERROR]: `AWS_SECRET_ACCESS_KEY` holds a character that cmd.exe cannot be given safely
    ");
}

#[test]
fn a_process_that_asks_itself_is_stopped() {
    let env = temporary().var("_AWS_CLI_PROFILE_CHAIN", "one,default");
    insta::assert_snapshot!(env.run("configure export-credentials"), @"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (Configuration): Credential process resolution detected an infinite loop, profile cycle: one -> default -> default
    ");
    let env = temporary().var("_AWS_CLI_PROFILE_CHAIN", "one,two,three,four");
    insta::assert_snapshot!(env.run("configure export-credentials"), @"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (Configuration): Maximum recursive credential process resolution reached (4).
    Profiles seen: one -> two -> three -> four
    ");
}

#[test]
fn nothing_to_export_is_a_configuration_error() {
    insta::assert_snapshot!(TestEnv::new().run("configure export-credentials"), @"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: An error occurred (Configuration): Unable to retrieve credentials: no credentials found
    ");
    insta::assert_snapshot!(TestEnv::new().run("configure export-credentials --profile nobody"), @"
    exit: 253
    ----- stderr -----

    awsx: [ERROR]: Unable to retrieve credentials: The config profile (nobody) could not be found
    ");
}

#[test]
fn answers_are_read_from_a_pipe_line_by_line() {
    let env = TestEnv::new();
    let run = env.run_with_input(
        "configure --profile dev",
        "AKIAIOSFODNN7EXAMPLE\na-secret-of-somebody\neu-west-1\njson\n",
    );
    insta::assert_snapshot!(run, @"
    exit: 0
    ----- stdout -----

    Tip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running the command 'awsx login'.

    AWS Access Key ID [None]: AWS Secret Access Key [None]: Default region name [None]: Default output format [None]:
    ");
    insta::assert_snapshot!(env.read(".aws/config"), @"
    [profile dev]
    region = eu-west-1
    output = json
    ");
    insta::assert_snapshot!(env.read(".aws/credentials"), @"
    [dev]
    aws_access_key_id = AKIAIOSFODNN7EXAMPLE
    aws_secret_access_key = a-secret-of-somebody
    ");
    let before = (env.read(".aws/config"), env.read(".aws/credentials"));
    insta::assert_snapshot!(env.run_with_input("configure --profile dev", "\n\n\n\n"), @"
    exit: 0
    ----- stdout -----
    AWS Access Key ID [****************MPLE]: AWS Secret Access Key [****************body]: Default region name [eu-west-1]: Default output format [json]:
    ");
    assert_eq!(before, (env.read(".aws/config"), env.read(".aws/credentials")));
}

#[test]
fn temporary_keys_are_asked_for_their_token() {
    let env = TestEnv::new();
    let answers = "ASIAIOSFODNN7EXAMPLE\na-secret-of-somebody\na-token-of-somebody\n\n\n";
    assert_eq!(env.run_with_input("configure", answers).code, 0);
    assert!(env.read(".aws/credentials").contains("aws_session_token = a-token-of-somebody\n"));
    // Long-term keys have no token: the old one goes.
    let answers = "AKIAIOSFODNN7EXAMPLE\nanother-secret-of-mine\n\n\n";
    assert_eq!(env.run_with_input("configure", answers).code, 0);
    assert!(!env.read(".aws/credentials").contains("aws_session_token"));
}

#[test]
fn input_that_ends_early_changes_nothing() {
    let env = TestEnv::new();
    insta::assert_snapshot!(env.run_with_input("configure", "AKIAIOSFODNN7EXAMPLE\n"), @"
    exit: 255
    ----- stdout -----

    Tip: You can deliver temporary credentials to the AWS CLI using your AWS Console session by running the command 'awsx login'.

    AWS Access Key ID [None]: AWS Secret Access Key [None]: 
    ----- stderr -----

    awsx: [ERROR]: EOF when reading a line
    ");
    assert!(env.list(".aws").is_empty());
}
