//! `configservice get-status` and `subscribe`.

use super::asking;
use crate::support::Route;

fn config(operation: &str, answer: &str) -> Route {
    Route::operation(&format!("StarlingDoveService.{operation}"), answer)
}

#[test]
fn recorders_and_channels_are_told() {
    let recorders = r#"{"ConfigurationRecordersStatus": [{"name": "default", "recording": true, "lastStatus": "SUCCESS"},
        {"name": "other", "recording": false, "lastStatus": "SUCCESS"}]}"#;
    let channels = r#"{"DeliveryChannelsStatus": [{"name": "default", "configStreamDeliveryInfo": {"lastStatus": "FAILURE",
        "lastErrorCode": "NoSuchBucket", "lastErrorMessage": "gone"}, "configHistoryDeliveryInfo": {}}]}"#;
    let (env, _service) = asking(vec![
        config("DescribeConfigurationRecorderStatus", recorders),
        config("DescribeDeliveryChannelStatus", channels),
    ]);
    insta::assert_snapshot!(env.run("configservice get-status"), @"
    exit: 0
    ----- stdout -----
    Configuration Recorders:

    name: default
    recorder: ON
    last status: SUCCESS

    name: other
    recorder: OFF

    Delivery Channels:

    name: default
    last stream delivery status: FAILURE
    error code: NoSuchBucket
    message: gone
    ");
}

#[test]
fn subscribing_makes_what_is_missing() {
    let topic = "<CreateTopicResponse><CreateTopicResult><TopicArn>arn:topic</TopicArn></CreateTopicResult>\
                 </CreateTopicResponse>";
    let (env, service) = asking(vec![
        Route::new("HEAD /records", "").failing(404),
        Route::new("PUT /records", ""),
        Route::new("POST /", topic).containing("Action=CreateTopic"),
        config("PutConfigurationRecorder", ""),
        config("PutDeliveryChannel", ""),
        config("StartConfigurationRecorder", ""),
        config("DescribeConfigurationRecorders", r#"{"ConfigurationRecorders": [{"name": "default"}]}"#),
        config("DescribeDeliveryChannels", r#"{"DeliveryChannels": []}"#),
    ]);
    let run = env.run("configservice subscribe --s3-bucket records/p --sns-topic topic --iam-role arn:role");
    insta::assert_snapshot!(run, @r#"
    exit: 0
    ----- stdout -----
    Using new S3 bucket: records
    Using new SNS topic: arn:topic
    Subscribe succeeded:

    Configuration Recorders: [
        {
            "name": "default"
        }
    ]

    Delivery Channels: []
    "#);
    let bodies = service.bodies().join("\n");
    for part in [
        "<LocationConstraint>eu-west-1</LocationConstraint>",
        r#"{"ConfigurationRecorder":{"name":"default","roleARN":"arn:role"}}"#,
        r#""s3BucketName":"records","snsTopicARN":"arn:topic","s3KeyPrefix":"p""#,
    ] {
        assert!(bodies.contains(part), "{part} is not in {bodies}");
    }
}
