//! The one who has the credentials: answers every question in turn, and gets new ones when they are about to end.
//!
//! Questions that come while new ones are on the way wait behind the first, and find them there.

use std::time::Duration;

use awsx_core::Env;
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::answer::{self, Answer};
use crate::Credentials;
use crate::credentials::RENEW_BEFORE;

/// Where the credentials come from.
pub trait Source {
    /// The credentials to give out now, lasting as long as can be had; an error in words for the program that asks.
    fn fetch(&self) -> impl Future<Output = Result<Credentials, String>>;

    /// The clock.
    fn env(&self) -> &Env;
}

/// How long a failure is the answer before the source is asked again: programs repeat failed requests at once.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// A program's question; the answer goes back through it.
pub(super) type Question = oneshot::Sender<Answer>;

/// Answers questions until nobody can ask any more.
pub(super) async fn answer(
    mut held: Option<Credentials>,
    source: &impl Source,
    mut questions: mpsc::Receiver<Question>,
) {
    let mut failure: Option<(Instant, String)> = None;
    while let Some(question) = questions.recv().await {
        let now = source.env().now();
        let failed_lately = failure.as_ref().is_some_and(|(at, _)| at.elapsed() < AFTER_FAILURE);
        if !held.as_ref().is_some_and(|held| lasts(held, now, RENEW_BEFORE)) && !failed_lately {
            match source.fetch().await {
                Ok(fetched) => (held, failure) = (Some(fetched), None),
                Err(message) => {
                    tracing::debug!(target: "awsx::serve", message, "there are no new credentials");
                    failure = Some((Instant::now(), message));
                }
            }
        }
        let good = held.as_ref().filter(|held| lasts(held, now, time::Duration::ZERO));
        let answer = match (good, &failure) {
            (Some(credentials), _) => answer::credentials(credentials, now),
            (None, Some((_, message))) => answer::failure(message),
            (None, None) => answer::failure("the credentials have ended"),
        };
        // A program that has hung up needs none.
        let _ = question.send(answer);
    }
}

/// Whether more than `margin` is left; keys without an end last.
fn lasts(credentials: &Credentials, now: OffsetDateTime, margin: time::Duration) -> bool {
    credentials.expiration.is_none_or(|end| end - now > margin)
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::Method;

    /// Gives what it is told to, in turn, and counts.
    struct Scripted {
        env: Env,
        answers: RefCell<Vec<Result<i64, &'static str>>>,
        fetched: Cell<usize>,
    }

    impl Source for Scripted {
        async fn fetch(&self) -> Result<Credentials, String> {
            self.fetched.set(self.fetched.get() + 1);
            tokio::task::yield_now().await;
            let minutes = self.answers.borrow_mut().remove(0)?;
            Ok(Credentials {
                access_key_id: format!("KEY{}", self.fetched.get()),
                secret_access_key: "S".into(),
                session_token: Some("T".into()),
                expiration: Some(self.env.now() + time::Duration::minutes(minutes)),
                account_id: None,
                method: Method::AssumeRole,
            })
        }

        fn env(&self) -> &Env {
            &self.env
        }
    }

    /// What comes of so many questions asked at once, and how often the source was asked.
    async fn ask(answers: Vec<Result<i64, &'static str>>, questions: usize) -> (Vec<Answer>, usize) {
        let source = Scripted {
            env: Env::of([("HOME", "/nowhere")]).at(OffsetDateTime::UNIX_EPOCH),
            answers: RefCell::new(answers),
            fetched: Cell::new(0),
        };
        let (ask, asked) = mpsc::channel(questions);
        let mut replies = Vec::new();
        for _ in 0..questions {
            let (question, reply) = oneshot::channel();
            ask.send(question).await.unwrap();
            replies.push(reply);
        }
        drop(ask);
        answer(None, &source, asked).await;
        let mut given = Vec::new();
        for reply in replies {
            given.push(reply.await.unwrap());
        }
        (given, source.fetched.get())
    }

    #[tokio::test]
    async fn many_questions_are_one_fetch() {
        let (answers, fetched) = ask(vec![Ok(60)], 32).await;
        assert_eq!(fetched, 1);
        assert!(answers.iter().all(|answer| answer.status == 200));
    }

    #[tokio::test]
    async fn credentials_about_to_end_are_replaced_and_serve_on_where_there_are_no_others() {
        let (answers, fetched) = ask(vec![Ok(10), Ok(60)], 3).await;
        assert_eq!(fetched, 2);
        assert!(answers[2].body.expose().contains("KEY2"));
        let (answers, fetched) = ask(vec![Ok(10), Err("no network")], 3).await;
        assert_eq!((fetched, answers[2].status.as_u16()), (2, 200));
        assert!(answers[2].body.expose().contains("KEY1"));
    }

    #[tokio::test]
    async fn a_failure_is_told_and_not_repeated_for_everybody_who_waits() {
        let (answers, fetched) = ask(vec![Err("Token for corp does not exist")], 8).await;
        assert_eq!(fetched, 1);
        assert_eq!(answers[7].status, 503);
        assert!(answers[7].body.expose().contains("Token for corp does not exist"));
    }
}
