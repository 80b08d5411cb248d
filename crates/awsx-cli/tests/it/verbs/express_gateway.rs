//! `ecs monitor-express-gateway-service`, and `--monitor-resources` of what changes such a service.

use super::asking;
use crate::support::{Route, Run};

fn ecs(operation: &str, answer: &str) -> Route {
    Route::operation(&format!("AmazonEC2ContainerServiceV20141113.{operation}"), answer)
}

const SERVICE: &str = r#"{"service": {"cluster": "live", "serviceArn": "arn:s",
    "activeConfigurations": [{"serviceRevisionArn": "arn:r"}]}}"#;
const REVISIONS: &str = r#"{"serviceRevisions": [{"ecsManagedResources": {"logGroups":
    [{"arn": "arn:l", "status": "ACTIVE", "statusReason": "done", "updatedAt": 1767323045}]}}]}"#;

/// Without the times.
fn timeless(run: &Run) -> String {
    let lines = run.stdout.lines().map(|line| match line.split_once("Z] ") {
        Some((time, told)) if time.starts_with('[') => told,
        _ => line,
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[test]
fn a_watch_ends_when_its_time_is_over() {
    let (env, service) = asking(Vec::new());
    let run = env.run("ecs monitor-express-gateway-service --service-arn s --timeout 0");
    assert_eq!(
        timeless(&run),
        "Starting monitoring...\nMonitoring timeout reached!\nMonitoring complete!\n\u{1b}[0m\n"
    );
    assert!(service.requests().is_empty());
    let run = env.run("ecs monitor-express-gateway-service --service-arn s --mode INTERACTIVE");
    assert!(run.code == 1 && run.stderr.contains("Interactive mode requires a TTY (terminal)."), "{run}");
}

#[test]
fn an_answer_that_is_not_whole_ends_the_watch() {
    let failed = r#"{"services": [], "failures": [{"arn": "arn:s", "reason": "MISSING"}]}"#;
    let (env, _service) = asking(vec![
        ecs("DescribeExpressGatewayService", SERVICE),
        ecs("DescribeServiceRevisions", REVISIONS),
        ecs("DescribeServices", failed),
        ecs("DeleteExpressGatewayService", SERVICE),
    ]);
    let told = "Starting monitoring...\nError: DescribeServices:\narn:s failed with MISSING\nMonitoring complete!\n\u{1b}[0m\n";
    let run = env.run("ecs monitor-express-gateway-service --service-arn s");
    assert_eq!((run.code, timeless(&run).as_str()), (0, told));
    let delete = "ecs delete-express-gateway-service --service-arn s";
    let run = env.run(&format!("{delete} --monitor-resources --monitor-mode TEXT-ONLY"));
    assert_eq!((run.code, timeless(&run).as_str()), (0, told));
    let run = env.run(&format!("{delete} --monitor-resources --query service.cluster"));
    assert!(run.stdout == "\"live\"\n" && run.stderr.contains("Monitoring skipped."), "{run}");
    let run = env.run(&format!("{delete} --monitor-mode TEXT-ONLY"));
    assert!(run.code == 255 && run.stderr.contains("can only be used with --monitor-resources"), "{run}");
}

#[cfg(unix)]
#[test]
fn parts_are_told_until_the_user_ends_it() {
    let (env, _service) = asking(vec![
        ecs("DescribeExpressGatewayService", SERVICE),
        ecs("DescribeServiceRevisions", REVISIONS),
        ecs("DescribeServices", r#"{"services": [{"events": [{"message": "steady"}]}]}"#),
    ]);
    let watch = env.start("ecs monitor-express-gateway-service --service-arn s");
    watch.wait_for_stdout(|seen| seen.contains("LogGroup").then_some(()));
    watch.interrupt();
    let run = watch.finish();
    insta::assert_snapshot!(timeless(&run).replace('\u{1b}', "~"), @"
    Starting monitoring...
    Cluster live
    Service arn:s
      Info: steady
    LogGroup arn:l [ACTIVE]
      Reason: done
      Last Updated At: 2026-01-02 03:04:05Z
    Monitoring stopped by user
    Monitoring complete!
    ~[0m
    ");
}

#[cfg(unix)]
#[test]
fn a_terminal_shows_the_tree_until_a_key_ends_it() {
    let (env, _service) = asking(vec![
        ecs("DescribeExpressGatewayService", SERVICE),
        ecs("DescribeServiceRevisions", REVISIONS),
        ecs("DescribeServices", r#"{"services": []}"#),
    ]);
    let words = "ecs monitor-express-gateway-service --service-arn s --color off";
    let mut terminal = crate::support::Terminal::start(&env, words);
    terminal.wait_for("✓ arn:l - ACTIVE");
    terminal.wait_for("up/down to scroll, q to quit");
    terminal.press("q");
    let (code, shown) = terminal.finish();
    assert!(code == 0 && shown.contains("Monitoring Complete!"), "{shown}");
}
