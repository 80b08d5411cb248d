//! How fast a bucket is from here: objects of one size, written and read by a number of workers, each request timed.
//!
//! The objects are made in memory, so that no disk is measured. They are moved as transfers move them: whole, or in parts
//! side by side. Whoever makes a [`Bench`] has to [`Bench::remove`] what it wrote.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use awsx_api::CallError;
use bytes::Bytes;
use http::HeaderMap;
use http_body_util::BodyExt;

use crate::checksum::Algorithm;
use crate::operations::{
    Part, PartOf, abort_multipart, complete_multipart, create_multipart, delete_objects, get_object,
    put_object, upload_part,
};
use crate::transfer::PartPlan;
use crate::wire::{Payload, S3};

/// More threads than these gain nothing, as in transfers.
const MOST_THREADS: usize = 4;
/// S3 takes so many deletions with one request.
const DELETIONS: usize = 1000;

/// Objects of one size below a prefix.
#[derive(Clone, Debug)]
pub struct Bench {
    s3: S3,
    place: Arc<Place>,
    /// Cuts objects into parts; none moves them whole.
    parts: Option<PartPlan>,
    body: Bytes,
    stop: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Place {
    bucket: String,
    /// What all keys begin with.
    prefix: String,
    objects: usize,
    algorithm: Option<Algorithm>,
    written: Mutex<Vec<(String, Option<String>)>>,
}

/// What a bench moves.
#[derive(Clone, Debug)]
pub struct BenchPlan {
    /// The bucket.
    pub bucket: String,
    /// Where its objects go; a name that nobody else has is added.
    pub prefix: String,
    /// Bytes of each object.
    pub size: u64,
    /// How many objects.
    pub objects: usize,
    /// From this size on objects move in parts.
    pub multipart_threshold: u64,
    /// The size of parts.
    pub multipart_chunksize: u64,
    /// The checksum of what is uploaded.
    pub algorithm: Option<Algorithm>,
}

/// What one round came to.
#[derive(Clone, Debug)]
pub struct Round {
    /// How many objects moved.
    pub objects: usize,
    /// How many bytes.
    pub bytes: u64,
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// How long each request took, the shortest first.
    pub requests: Vec<Duration>,
}

impl Round {
    /// Objects in a second.
    #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
    pub fn objects_per_second(&self) -> f64 {
        self.objects as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Bytes in a second.
    #[expect(clippy::cast_precision_loss, reason = "a rate need not be exact")]
    pub fn bytes_per_second(&self) -> f64 {
        self.bytes as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// How long all but a share of the requests took at most: 99 for all but one in a hundred.
    pub fn percentile(&self, percent: usize) -> Duration {
        let last = self.requests.len().saturating_sub(1);
        self.requests.get((self.requests.len() * percent / 100).min(last)).copied().unwrap_or_default()
    }
}

impl Bench {
    /// Makes the contents; nothing is asked of S3.
    pub fn new(s3: S3, plan: BenchPlan) -> Result<Self, CallError> {
        let other = |error: getrandom::Error| CallError::Other(error.to_string());
        let name = getrandom::u64().map_err(other)?;
        let is_in_parts = plan.size >= plan.multipart_threshold;
        let parts = is_in_parts.then(|| PartPlan::new(plan.size, plan.multipart_chunksize));
        let length = parts.map_or(plan.size, |parts| parts.part_size.min(plan.size));
        // What could be compressed on the way would be measured as faster than it is.
        let mut body = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        getrandom::fill(&mut body).map_err(other)?;
        let place = Place {
            bucket: plan.bucket,
            prefix: format!("{}awsx-bench-{name:016x}/", plan.prefix),
            objects: plan.objects,
            algorithm: plan.algorithm,
            written: Mutex::default(),
        };
        let (place, stop) = (Arc::new(place), Arc::default());
        // An object that is moved whole is one part of itself.
        Ok(Self { s3, place, parts, body: body.into(), stop })
    }

    /// What ends all rounds soon when called, from any thread.
    pub fn stopper(&self) -> impl Fn() + Send + 'static {
        let stop = self.stop.clone();
        move || stop.store(true, Ordering::Relaxed)
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// How many parts an object has.
    pub fn parts(&self) -> usize {
        self.parts.map_or(1, PartPlan::count)
    }

    /// Writes all objects, or writes them again.
    pub fn upload(&self, workers: usize) -> Result<Round, CallError> {
        let Some(plan) = self.parts else {
            return self.run(workers, self.place.objects, |bench, s3, index| async move {
                let (place, key) = (&bench.place, bench.key(index));
                let body = Payload::Bytes(bench.body.clone());
                let stored =
                    put_object(&s3, &place.bucket, &key, HeaderMap::new(), body, place.algorithm).await?;
                bench.note(key, stored.version);
                Ok(())
            });
        };
        let began = Instant::now();
        let uploads = Arc::new(Mutex::new(vec![String::new(); self.place.objects]));
        let parts = Arc::new(Mutex::new(vec![vec![None; plan.count()]; self.place.objects]));
        let opened = {
            let uploads = uploads.clone();
            self.run(workers, self.place.objects, move |bench, s3, index| {
                let uploads = uploads.clone();
                async move {
                    let (bucket, algorithm) = (&bench.place.bucket, bench.place.algorithm);
                    let key = bench.key(index);
                    let (upload, _) =
                        create_multipart(&s3, bucket, &key, HeaderMap::new(), algorithm).await?;
                    uploads.lock().expect("no holder panics")[index] = upload;
                    Ok(())
                }
            })
        };
        let moved = opened.and_then(|_| {
            let (uploads, parts) = (uploads.clone(), parts.clone());
            self.run(workers, self.place.objects * plan.count(), move |bench, s3, job| {
                let (uploads, parts) = (uploads.clone(), parts.clone());
                async move {
                    let (object, index) = (job / plan.count(), job % plan.count());
                    let length = usize::try_from(plan.part(index).1).unwrap_or(usize::MAX);
                    let (key, algorithm) = (bench.key(object), bench.place.algorithm);
                    let upload = uploads.lock().expect("no holder panics")[object].clone();
                    let bucket = &bench.place.bucket;
                    let part = PartOf { bucket, key: &key, upload: &upload, number: index + 1 };
                    let body = Payload::Bytes(bench.body.slice(..length));
                    let done = upload_part(&s3, part, &HeaderMap::new(), body, algorithm).await?;
                    parts.lock().expect("no holder panics")[object][index] = Some(done);
                    Ok(())
                }
            })
        });
        let uploads = uploads.lock().expect("no holder panics").clone();
        let parts = parts.lock().expect("no holder panics").clone();
        let is_moved = moved.is_ok() && !self.is_stopped();
        let ended = self.run_unstoppably(workers, self.place.objects, move |bench, s3, index| {
            let (upload, parts) = (uploads[index].clone(), parts[index].clone());
            async move { bench.end_upload(&s3, index, &upload, parts, is_moved).await }
        });
        let round = moved?;
        ended?;
        Ok(Round { elapsed: began.elapsed(), objects: self.place.objects, ..round })
    }

    async fn end_upload(
        self,
        s3: &S3,
        index: usize,
        upload: &str,
        parts: Vec<Option<Part>>,
        is_moved: bool,
    ) -> Result<(), CallError> {
        let (bucket, key) = (&self.place.bucket, self.key(index));
        if upload.is_empty() {
            return Ok(());
        }
        if !is_moved {
            return abort_multipart(s3, bucket, &key, upload, &HeaderMap::new()).await;
        }
        let parts: Vec<Part> = parts.into_iter().flatten().collect();
        let (object, headers) = ((bucket.as_str(), key.as_str(), upload), HeaderMap::new());
        let stored = complete_multipart(s3, object, &headers, &parts, self.place.algorithm, false).await?;
        self.note(key, stored.version);
        Ok(())
    }

    /// Reads all objects, which must have been written.
    pub fn download(&self, workers: usize) -> Result<Round, CallError> {
        let (parts, count) = (self.parts, self.parts());
        let round = self.run(workers, self.place.objects * count, move |bench, s3, job| async move {
            let key = bench.key(job / count);
            let range = parts.map(|plan| {
                let (offset, length) = plan.part(job % count);
                (offset, offset + length - 1)
            });
            let (bucket, headers) = (&bench.place.bucket, HeaderMap::new());
            let answer = get_object(&s3, bucket, &key, &headers, None, range, false).await?;
            let mut body = answer.into_body();
            while let Some(frame) = body.frame().await {
                frame.map_err(|error| CallError::Other(error.to_string()))?;
            }
            Ok(())
        })?;
        Ok(Round { objects: self.place.objects, ..round })
    }

    /// Deletes everything that was written, every version of it.
    pub async fn remove(&self) -> Result<(), CallError> {
        let written = std::mem::take(&mut *self.place.written.lock().expect("no holder panics"));
        for some in written.chunks(DELETIONS) {
            let objects: Vec<_> =
                some.iter().map(|(key, version)| (key.as_str(), version.as_deref())).collect();
            let left = delete_objects(&self.s3, &self.place.bucket, &objects, &HeaderMap::new()).await?;
            if !left.is_empty() {
                let text = format!("{} objects below {} stay", left.len(), self.place.prefix);
                return Err(CallError::Other(text));
            }
        }
        Ok(())
    }

    fn key(&self, index: usize) -> String {
        format!("{}{index:06}", self.place.prefix)
    }

    /// What was written without a version is one object, however often.
    fn note(&self, key: String, version: Option<String>) {
        let mut written = self.place.written.lock().expect("no holder panics");
        if version.is_some()
            || written.len() < self.place.objects
            || !written.iter().any(|(known, _)| *known == key)
        {
            written.push((key, version));
        }
    }

    fn bytes(&self) -> u64 {
        let size = self.parts.map_or(self.body.len() as u64, |parts| parts.size);
        size * self.place.objects as u64
    }

    fn run<F, R>(&self, workers: usize, jobs: usize, job: F) -> Result<Round, CallError>
    where
        F: Fn(Self, S3, usize) -> R + Clone + Send + 'static,
        R: Future<Output = Result<(), CallError>> + 'static,
    {
        let stop = self.stop.clone();
        self.work(workers, jobs, job, move || stop.load(Ordering::Relaxed))
    }

    /// The same for what has to be done after the person wants no more, too.
    fn run_unstoppably<F, R>(&self, workers: usize, jobs: usize, job: F) -> Result<Round, CallError>
    where
        F: Fn(Self, S3, usize) -> R + Clone + Send + 'static,
        R: Future<Output = Result<(), CallError>> + 'static,
    {
        self.work(workers, jobs, job, || false)
    }

    /// Has workers on a few threads take one job after the other.
    fn work<F, R>(
        &self,
        workers: usize,
        jobs: usize,
        job: F,
        is_over: impl Fn() -> bool + Clone + Send + 'static,
    ) -> Result<Round, CallError>
    where
        F: Fn(Self, S3, usize) -> R + Clone + Send + 'static,
        R: Future<Output = Result<(), CallError>> + 'static,
    {
        let threads =
            std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS).min(workers);
        let next = Arc::new(AtomicUsize::new(0));
        let began = Instant::now();
        let start = |thread: usize| {
            let (bench, next, job, is_over) = (self.clone(), next.clone(), job.clone(), is_over.clone());
            let share = (thread..workers).step_by(threads).count();
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("the system gives a runtime");
                let s3 = bench.s3.with_own_connections();
                let local = tokio::task::LocalSet::new();
                local.block_on(&runtime, async move {
                    let worker = || {
                        let (bench, next, job, s3) = (bench.clone(), next.clone(), job.clone(), s3.clone());
                        let is_over = is_over.clone();
                        tokio::task::spawn_local(async move {
                            let mut times = Vec::new();
                            loop {
                                let index = next.fetch_add(1, Ordering::Relaxed);
                                if index >= jobs || is_over() {
                                    return Ok(times);
                                }
                                let began = Instant::now();
                                job(bench.clone(), s3.clone(), index).await?;
                                times.push(began.elapsed());
                            }
                        })
                    };
                    let workers: Vec<_> = (0..share).map(|_| worker()).collect();
                    let mut times: Vec<Duration> = Vec::new();
                    for worker in workers {
                        let done = worker.await.map_err(|error| CallError::Other(error.to_string()));
                        times.extend(done.flatten()?);
                    }
                    Ok::<_, CallError>(times)
                })
            })
        };
        let running: Vec<_> = (0..threads).map(start).collect();
        let mut requests = Vec::with_capacity(jobs);
        let mut failure = None;
        for thread in running {
            match thread.join() {
                Ok(Ok(times)) => requests.extend(times),
                Ok(Err(error)) => failure = failure.or(Some(error)),
                Err(_) => failure = failure.or(Some(CallError::Other("a worker panicked".to_owned()))),
            }
        }
        if let Some(error) = failure {
            return Err(error);
        }
        requests.sort_unstable();
        Ok(Round { objects: jobs, bytes: self.bytes(), elapsed: began.elapsed(), requests })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_of_all_requests() {
        let requests = (1..=200).map(Duration::from_millis).collect();
        let round = Round { objects: 200, bytes: 2000, elapsed: Duration::from_secs(2), requests };
        assert_eq!(round.percentile(50), Duration::from_millis(101));
        assert_eq!(round.percentile(99), Duration::from_millis(199));
        assert_eq!(round.percentile(100), Duration::from_millis(200));
        assert!((round.objects_per_second() - 100.0).abs() < 1e-9);
        assert!((round.bytes_per_second() - 1000.0).abs() < 1e-9);
        assert_eq!(Round { requests: Vec::new(), ..round }.percentile(50), Duration::ZERO);
    }
}
