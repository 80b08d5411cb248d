//! Names that were asked for a moment ago: pressing Tab again asks nobody.
//!
//! One file of awsx's own holds them all, under a hash of who asked whom for what. What is older than it is good for
//! goes with the next write.

use awsx_core::Env;
use awsx_core::store::hash::sha1_hex;
use awsx_core::store::own_cache::own_cache;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

const FILE: &str = "completions.json";

/// How long names are good.
const GOOD_FOR: Duration = Duration::seconds(60);

/// How long nobody is asked again where no answer came.
const PAUSE: Duration = Duration::seconds(5);

/// The names that one question was answered with.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    question: String,
    /// Seconds since 1970.
    good_until: i64,
    names: Vec<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answers {
    answers: Vec<Answer>,
}

/// The place of one question's answer.
pub(super) struct Kept<'a> {
    env: &'a Env,
    question: String,
}

impl<'a> Kept<'a> {
    /// The place for the question that this text describes wholly.
    pub(super) fn of(env: &'a Env, question: &str) -> Self {
        Self { env, question: sha1_hex(question) }
    }

    /// The names, if the question was asked a moment ago.
    pub(super) fn read(&self) -> Option<Vec<String>> {
        let now = self.env.now();
        let mut answers = self.answers().into_iter();
        let found = answers.find(|answer| answer.question == self.question && is_good(answer, now))?;
        Some(found.names)
    }

    /// Notes that the question is being asked: as long as no answer comes, it has none.
    pub(super) fn begin(&self) {
        self.write(Vec::new(), PAUSE);
    }

    /// Keeps the names.
    pub(super) fn end(&self, names: &[String]) {
        self.write(names.to_vec(), GOOD_FOR);
    }

    /// A cache that cannot be read is empty, and one that cannot be written is done without.
    fn answers(&self) -> Vec<Answer> {
        own_cache(self.env).read::<Answers>(FILE).ok().flatten().unwrap_or_default().answers
    }

    fn write(&self, names: Vec<String>, good_for: Duration) {
        let now = self.env.now();
        let mut answers = self.answers();
        answers.retain(|answer| answer.question != self.question && is_good(answer, now));
        let good_until = (now + good_for).unix_timestamp();
        answers.push(Answer { question: self.question.clone(), good_until, names });
        let _ = own_cache(self.env).write(FILE, &Answers { answers });
    }
}

/// Not over, and not from a clock that was wrong.
fn is_good(answer: &Answer, now: OffsetDateTime) -> bool {
    (now.unix_timestamp()..=(now + GOOD_FOR).unix_timestamp()).contains(&answer.good_until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_good_for_a_minute_and_for_their_question_only() {
        let home = tempfile::tempdir().unwrap();
        let at = |second: i64| {
            let now = OffsetDateTime::from_unix_timestamp(1_000_000 + second).unwrap();
            Env::of([("HOME", home.path().to_str().unwrap())]).at(now)
        };
        let read = |second, question| Kept::of(&at(second), question).read();
        Kept::of(&at(0), "users").end(&["bob".to_owned()]);
        assert_eq!(read(60, "users"), Some(vec!["bob".to_owned()]));
        assert_eq!(read(0, "roles"), None);
        assert_eq!(read(61, "users"), None);
        assert_eq!(read(-1, "users"), None, "from the future");
        Kept::of(&at(0), "roles").begin();
        assert_eq!(read(5, "roles"), Some(Vec::new()));
        assert_eq!(read(6, "roles"), None);
        // What is over does not stay.
        Kept::of(&at(70), "groups").end(&[]);
        assert_eq!(Kept::of(&at(70), "").answers().len(), 1);
    }
}
