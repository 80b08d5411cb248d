//! Verbs that upload and download: `servicecatalog generate`, those of `gamelift`, `lightsail push-container-image`.

use super::asking;
use crate::support::Route;

#[test]
fn a_template_becomes_a_product() {
    let made = r#"{"ProductViewDetail": {"Status": "CREATED"}, "Tags": []}"#;
    let (env, service) = asking(vec![
        Route::new("PUT /templates/t.yaml", ""),
        Route::operation("AWS242ServiceCatalogService.CreateProduct", made),
    ]);
    env.write("t.yaml", "Resources: {}\n");
    let file = env.path("t.yaml").display().to_string();
    let words = "servicecatalog generate product --product-name p --product-owner o --product-type MARKETPLACE \
                 --bucket-name templates --provisioning-artifact-name v1 --provisioning-artifact-description first \
                 --provisioning-artifact-type MARKETPLACE_AMI --tags Key=a,Value=b --file-path";
    let words: Vec<&str> = words.split_whitespace().chain([file.as_str()]).collect();
    let run = env.run_args(&words);
    assert_eq!(
        run.stdout,
        "{\n  \"ProductViewDetail\": {\n    \"Status\": \"CREATED\"\n  },\n  \"Tags\": []\n}"
    );
    assert!(run.stderr.contains("Uploading to t.yaml  14 / 14.0  (100.00%)"), "{run}");
    let asked = service.bodies().pop().unwrap();
    for part in [
        r#""LoadTemplateFromURL":"https://s3-eu-west-1.amazonaws.com/templates/t.yaml""#,
        r#""Tags":[{"Key":"a","Value":"b"}]"#,
    ] {
        assert!(asked.contains(part), "{part} is not in {asked}");
    }
    let elsewhere: Vec<&str> = words.iter().copied().chain(["--region", "cn-north-1"]).collect();
    let run = env.run_args(&elsewhere);
    assert!(run.code == 252 && run.stderr.contains("Region cn-north-1 is not supported"), "{run}");
}

#[test]
fn a_build_is_uploaded_with_keys_that_gamelift_lends() {
    let lent = r#"{"UploadCredentials": {"AccessKeyId": "AKIALENT", "SecretAccessKey": "lent", "SessionToken": "token"},
        "StorageLocation": {"Bucket": "builds", "Key": "k"}}"#;
    let (env, service) = asking(vec![
        Route::operation("GameLift.CreateBuild", r#"{"Build": {"BuildId": "build-1"}}"#),
        Route::operation("GameLift.RequestUploadCredentials", lent),
        Route::new("PUT /builds/k", ""),
    ]);
    env.write("build/server", "x");
    let root = env.path("build").display().to_string();
    let words = ["gamelift", "upload-build", "--name", "n", "--build-version", "1", "--build-root"];
    let run = env.run_args(&[&words[..], &[root.as_str(), "--tags", "a=b", "c"]].concat());
    assert!(
        run.ok().ends_with(&format!("Successfully uploaded {root} to AWS GameLift\nBuild ID: build-1\n"))
    );
    let bodies = service.bodies();
    assert!(
        bodies[0].contains(r#""Tags":[{"Key":"a","Value":"b"},{"Key":"c","Value":""}]"#),
        "{}",
        bodies[0]
    );
    assert!(bodies[2].starts_with("PK"));
    let empty = env.run("gamelift upload-build --name n --build-version 1 --build-root nowhere");
    assert_eq!(empty.code, 255);
    assert_eq!(
        empty.stderr,
        "Fail to upload nowhere. The build root directory is empty or does not exist.\n"
    );
}

#[test]
fn a_sessions_log_is_saved() {
    let (env, log) = asking(vec![Route::of_bytes("GET /log?signed", vec![0x50, 0x4B, 0xFF, 0])]);
    let (_, service) = asking(vec![Route::operation(
        "GameLift.GetGameSessionLogUrl",
        &format!(r#"{{"PreSignedUrl": "{}/log?signed"}}"#, log.url),
    )]);
    let env = env.var("AWS_ENDPOINT_URL", &service.url);
    let file = env.path("log.zip").display().to_string();
    let words = ["gamelift", "get-game-session-log", "--game-session-id", "s-1", "--save-as", &file];
    let said = env.run_args(&words).ok();
    assert_eq!(
        said,
        format!(
            "Downloading log archive for game session s-1...\rSuccessfully downloaded log archive for game session s-1 to \
             {file}\n"
        )
    );
    assert_eq!(std::fs::read(&file).unwrap(), [0x50, 0x4B, 0xFF, 0]);
}

#[cfg(unix)]
#[test]
fn lightsailctl_is_told_what_to_push() {
    use std::os::unix::fs::PermissionsExt;

    let (env, _service) = asking(Vec::new());
    env.write("bin/lightsailctl", "#!/bin/sh\necho \"$@\"\ncat\nexit 3\n");
    let path = env.path("bin/lightsailctl");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let words = "lightsail push-container-image --service-name s --image i --label l --output text";
    let missing = env.run(words);
    assert!(
        missing.code == 255 && missing.stderr.contains("(lightsailctl) plugin was not found"),
        "{missing}"
    );
    let folder = format!("{}:/usr/bin:/bin", env.path("bin").display());
    let run = env.var("PATH", &folder).run(words);
    assert_eq!(run.code, 255);
    assert!(run.stderr.contains("returned non-zero exit status 3."), "{run}");
    let task = r#"{"inputVersion": "1", "operation": "PushContainerImage", "payload": {"service": "s", "image": "i", "label": "l"}, "#;
    assert!(run.stdout.starts_with(&format!("--plugin --input-stdin\n{task}")), "{run}");
    assert!(run.stdout.contains(r#""output": "text", "region": "eu-west-1", "#), "{run}");
}
