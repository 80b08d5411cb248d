//! Copies and moves within S3 where the sandbox cannot tell what S3 would: annotations, and what stands behind access
//! points.

use crate::support::{Route, Run, Scripted, TestEnv};

const KEYS: &str = "[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n";
const ACCESS_POINT: &str = "arn:aws:s3:us-west-2:111122223333:accesspoint/my-point";
const SEVERAL: &str = "arn:aws:s3::111122223333:accesspoint/abcdef.mrap";

fn env() -> TestEnv {
    TestEnv::new().credentials(KEYS).var("AWS_REGION", "us-west-2")
}

/// S3 as far as a copy in two parts asks it, whose source has an annotation.
fn copying(put_annotation: Route) -> Scripted {
    let object = "x".repeat(6 * 1024 * 1024);
    let entries = "<AnnotationEntry><AnnotationName>review</AnnotationName></AnnotationEntry>";
    Scripted::start(vec![
        Route::new("HEAD /b/from", &object),
        Route::new("GET /b/from?tagging=", "<Tagging><TagSet/></Tagging>"),
        Route::new(
            "GET /b/from?annotation=",
            &format!(
                "<ListObjectAnnotationsResult><Annotations>{entries}</Annotations></ListObjectAnnotationsResult>"
            ),
        ),
        Route::new("GET /b/from?annotation=&annotationName=review", "fine"),
        Route::new("POST /b/to?uploads=", "<R><UploadId>u</UploadId></R>"),
        Route::new(
            "PUT /b/to?partNumber=1&uploadId=u",
            "<CopyPartResult><ETag>\"1\"</ETag></CopyPartResult>",
        ),
        Route::new(
            "PUT /b/to?partNumber=2&uploadId=u",
            "<CopyPartResult><ETag>\"2\"</ETag></CopyPartResult>",
        ),
        Route::new("POST /b/to?uploadId=u", "<R><ETag>\"3\"</ETag></R>"),
        put_annotation,
        Route::new("DELETE /b/from", "").failing(204),
    ])
}

const IN_PARTS: &str = "[default]\ns3 =\n  multipart_threshold = 5MB\n  multipart_chunksize = 5MB\n";
const PUT_ANNOTATION: &str = "PUT /b/to?annotation=&annotationName=review";

#[test]
fn annotations_go_along_where_all_properties_do() {
    let s3 = copying(Route::new(PUT_ANNOTATION, ""));
    let env = env().config(IN_PARTS);
    let run =
        env.run(&format!("s3 cp s3://b/from s3://b/to --copy-props all --quiet --endpoint-url {}", s3.url));
    assert_eq!(run.ok(), "");
    assert!(s3.bodies().contains(&"fine".to_owned()));
    let asked = s3.requests().len();
    env.run(&format!("s3 cp s3://b/from s3://b/to --quiet --endpoint-url {}", s3.url)).ok();
    let annotations =
        |requests: &[String]| requests.iter().filter(|line| line.contains("annotation")).count();
    assert_eq!(annotations(&s3.requests()[..asked]), 3);
    assert_eq!(annotations(&s3.requests()[asked..]), 0);
}

#[test]
fn an_annotation_that_is_refused_is_told_and_a_move_leaves_the_source() {
    let refusal = "<Error><Code>AccessDenied</Code><Message>no</Message></Error>";
    let s3 = copying(Route::new(PUT_ANNOTATION, refusal).failing(403));
    let env = env().config(IN_PARTS);
    let words = format!("s3 mv s3://b/from s3://b/to --copy-props all --quiet --endpoint-url {}", s3.url);
    assert_eq!(env.run(&words).code, 1);
    let run = env.run(&words.replace("--quiet", "--no-progress"));
    insta::assert_snapshot!(run.stderr, @"move failed: s3://b/from to s3://b/to Failed to copy all annotations to s3://b/to. The object was copied successfully and was not deleted. Annotations written: (none). Annotations that failed: review: An error occurred (AccessDenied) when calling the PutObjectAnnotation operation: no.");
    assert!(!s3.requests().iter().any(|line| line.starts_with("DELETE /b/from")));
}

/// S3 Control and STS behind a proxy, since the account is part of S3 Control's host.
fn control() -> Scripted {
    let control = "http://111122223333.control.test";
    let point = "<GetAccessPointResult><Name>my-point</Name><Bucket>bucket</Bucket></GetAccessPointResult>";
    let identity = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
        </GetCallerIdentityResult></GetCallerIdentityResponse>";
    let regions = "<Regions><Region><Name>us-west-2</Name><Bucket>one</Bucket></Region><Region><Name>eu-west-1</Name>\
        <Bucket>bucket</Bucket></Region></Regions>";
    let several = format!(
        "<ListMultiRegionAccessPointsResult><AccessPoints><AccessPoint><Alias>abcdef.mrap</Alias>{regions}</AccessPoint>\
         </AccessPoints></ListMultiRegionAccessPointsResult>"
    );
    Scripted::start(vec![
        Route::new(&format!("GET {control}/v20180820/accesspoint/my-point"), point),
        Route::new(&format!("GET {control}/v20180820/accesspoint/p-abc-s3alias"), point),
        Route::new(&format!("GET {control}/v20180820/mrap/instances"), &several),
        Route::new("POST http://sts.test/", identity),
    ])
}

fn move_checked(env: &TestEnv, source: &str, target: &str) -> Run {
    env.run(&format!("s3 mv s3://{source} s3://{target} --validate-same-s3-paths"))
}

#[test]
fn a_move_onto_what_stands_behind_an_access_point_is_refused() {
    let control = control();
    let env = env()
        .var("HTTP_PROXY", &control.url)
        .var("AWS_ENDPOINT_URL_S3_CONTROL", "http://control.test")
        .var("AWS_ENDPOINT_URL_STS", "http://sts.test")
        .var("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")
        .var("AWS_MAX_ATTEMPTS", "1");
    for source in [ACCESS_POINT, SEVERAL, "p-abc-s3alias"] {
        let run = move_checked(&env, &format!("{source}/k"), "bucket/k");
        assert_eq!(run.code, 252, "{run}");
        let text = format!("Cannot mv a file onto itself: s3://{source}/k - s3://bucket/k\n");
        assert!(run.stderr.ends_with(&text), "{run}");
    }
    let run = move_checked(&env, &format!("{ACCESS_POINT}/k"), "other/k");
    assert_eq!((run.code, run.stderr.contains("onto itself")), (1, false), "another bucket is asked: {run}");
    let run = move_checked(&env, "bucket/k", "arn:aws:s3::111122223333:accesspoint/zzz.mrap/k");
    assert!(run.stderr.contains("Couldn't find multi-region access point with alias zzz.mrap"), "{run}");
    let run = move_checked(&env, "p--op-s3/k", "bucket/k");
    assert_eq!(run.code, 252);
    assert!(run.stderr.contains("Use arn instead"), "{run}");

    let asked = || control.requests().iter().filter(|line| line.contains("control.test")).count();
    let before = asked();
    let run = env.run(&format!("s3 mv s3://{ACCESS_POINT}/k s3://bucket/other --validate-same-s3-paths"));
    assert!(!run.stderr.contains("may resolve"), "{run}");
    assert_eq!(asked(), before, "other keys are other objects");
    let run = env.run(&format!("s3 mv s3://{ACCESS_POINT}/k s3://bucket/k"));
    assert!(run.stderr.starts_with("warning: Provided s3 paths may resolve"), "{run}");
    let env = env.var("AWS_CLI_S3_MV_VALIDATE_SAME_S3_PATHS", "true");
    assert_eq!(env.run(&format!("s3 mv s3://{ACCESS_POINT}/k s3://bucket/k")).code, 252);
}
