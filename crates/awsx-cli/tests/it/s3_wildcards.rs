//! Wildcards in S3 paths, which are off unless `--glob` or `awsx_s3_glob` asks for them.

use awsx_sandbox::Config;

use crate::support::TestEnv;

const KEYS: [&str; 6] = [
    "logs/2024-01/x1.gz",
    "logs/2024-01/x2.txt",
    "logs/2024-02/x3.gz",
    "logs/2024.txt",
    "logs/2025-01/x4.gz",
    "top",
];

fn env() -> TestEnv {
    let env = TestEnv::with_sandbox(Config::default()).alice();
    for key in KEYS {
        env.write(&format!("d/{key}"), key);
    }
    env.run("s3 cp d s3://sandbox-empty --recursive --quiet").ok();
    env
}

fn keys(env: &TestEnv) -> Vec<String> {
    let listing = env.run("s3 find s3://sandbox-empty").ok();
    listing.lines().map(|line| line.replace("s3://sandbox-empty/", "")).collect()
}

#[test]
fn what_fits_is_copied_with_its_name_behind_the_wildcard_s_folder() {
    let env = env();
    env.sandbox().clear_requests();
    env.run("s3 cp s3://sandbox-empty/logs/2024-*/x?.gz out --glob --quiet").ok();
    assert_eq!(env.list("out"), ["2024-01", "2024-02"]);
    assert_eq!(
        (env.list("out/2024-01"), env.list("out/2024-02")),
        (vec!["x1.gz".into()], vec!["x3.gz".into()])
    );
    let requests = env.sandbox().requests();
    let list = requests.iter().find(|request| request.query.contains_key("list-type")).unwrap();
    assert_eq!(list.query["prefix"], "logs/2024-", "the listing begins at the longest literal prefix");

    env.sandbox().clear_requests();
    let out = env.run("s3 cp s3://sandbox-empty/logs/20* out2 --glob --no-progress").ok();
    assert_eq!(out, "download: s3://sandbox-empty/logs/2024.txt to out2/2024.txt\n");
    let requests = env.sandbox().requests();
    let list = requests.iter().find(|request| request.query.contains_key("list-type")).unwrap();
    assert_eq!(list.query["delimiter"], "/", "deeper levels are not listed");

    env.run("s3 cp s3://sandbox-empty/logs/2024-* out3 --recursive --glob --quiet").ok();
    assert_eq!(env.list("out3/2024-01"), ["x1.gz", "x2.txt"]);
}

#[test]
fn without_the_option_an_asterisk_is_one() {
    let env = env();
    env.run("s3 cp s3://sandbox-empty/top s3://sandbox-empty/to* --quiet").ok();
    let run = env.run("s3 rm s3://sandbox-empty/logs/* --dryrun").ok();
    assert_eq!(run, "(dryrun) delete: s3://sandbox-empty/logs/*\n");
    assert_eq!(env.run("s3 cat s3://sandbox-empty/to*").ok(), "top");
    let escaped = env.run("s3 rm s3://sandbox-empty/to[*] --glob --dryrun").ok();
    assert_eq!(escaped, "(dryrun) delete: s3://sandbox-empty/to*\n");
    let run = env.run("s3 rm s3://sandbox-empty/to* --glob").ok();
    assert_eq!(run, "delete: s3://sandbox-empty/to*\ndelete: s3://sandbox-empty/top\n");
}

#[test]
fn a_setting_turns_wildcards_on_and_an_option_off_again() {
    let env = env().var("AWSX_S3_GLOB", "true");
    let run = env.run("s3 rm s3://sandbox-empty/logs/*.txt --dryrun").ok();
    assert_eq!(run, "(dryrun) delete: s3://sandbox-empty/logs/2024.txt\n");
    let run = env.run("s3 rm s3://sandbox-empty/logs/*.txt --dryrun --no-glob").ok();
    assert_eq!(run, "(dryrun) delete: s3://sandbox-empty/logs/*.txt\n");
}

#[test]
fn moves_and_deletions_take_what_fits_and_no_more() {
    let env = env();
    env.run("s3 mv s3://sandbox-empty/logs/**/*.gz s3://sandbox-empty/gz --glob --quiet").ok();
    assert_eq!(
        keys(&env),
        [
            "gz/2024-01/x1.gz",
            "gz/2024-02/x3.gz",
            "gz/2025-01/x4.gz",
            "logs/2024-01/x2.txt",
            "logs/2024.txt",
            "top"
        ]
    );
    env.run("s3 rm s3://sandbox-empty/logs/* --glob --quiet").ok();
    assert!(keys(&env).contains(&"logs/2024-01/x2.txt".to_owned()), "an asterisk stays within its level");
    env.run("s3 rm s3://sandbox-empty/** --glob --exclude top --quiet").ok();
    assert_eq!(keys(&env), ["top"]);
    let run = env.run("s3 rm s3://sandbox-empty/no* --glob");
    assert_eq!((run.code, run.stderr.as_str()), (1, "fatal error: no object fits the wildcards\n"));
    assert_eq!(env.run("s3 mv s3://sandbox-empty/t* s3://sandbox-empty --glob").code, 252);
}

#[test]
fn listings_take_wildcards() {
    let env = env();
    let ls = env.run("s3 ls s3://sandbox-empty/logs/2024* --glob").ok();
    let names: Vec<_> = ls.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(names, ["logs/2024-01/", "logs/2024-02/", "logs/2024.txt"]);
    assert_eq!(env.run("s3 ls s3://sandbox-empty/no* --glob").code, 1);
    assert_eq!(
        env.run("s3 du s3://sandbox-empty/logs/2024-* --glob").ok(),
        "        55        3 objects s3://sandbox-empty/logs/2024-*\n"
    );
    assert_eq!(
        env.run("s3 find s3://sandbox-empty/logs/2024-* --glob --name *.gz").ok(),
        "s3://sandbox-empty/logs/2024-01/x1.gz\ns3://sandbox-empty/logs/2024-02/x3.gz\n"
    );
    assert_eq!(
        env.run("s3 cat s3://sandbox-empty/logs/2024-*/x?.gz --glob").ok(),
        "logs/2024-01/x1.gzlogs/2024-02/x3.gz"
    );
    assert_eq!(env.run("s3 cat s3://sandbox-empty/no* --glob").code, 1);
    assert_eq!(env.run("s3 cp s3://sandbox-empty/* - --glob").code, 252);
}

#[test]
fn a_sync_leaves_alone_what_does_not_fit() {
    let env = env();
    env.write("out/2024-01/old.gz", "old");
    env.write("out/2025-09/other.gz", "other");
    env.run("s3 sync s3://sandbox-empty/logs/2024-*/* out --glob --delete --quiet").ok();
    assert_eq!(env.list("out"), ["2024-01", "2024-02", "2025-09"]);
    assert_eq!(env.list("out/2024-01"), ["x1.gz", "x2.txt"], "what fits and is not at the source goes");
    assert_eq!(env.list("out/2025-09"), ["other.gz"]);
}
