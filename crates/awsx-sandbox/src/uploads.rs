//! Uploads in parts that are neither complete nor given up: whose they are, and which parts they have. `s3s-fs` keeps the
//! parts but lists neither uploads nor what it knows of parts, and takes two keys of one role for two strangers.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::SystemTime;

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
    ListMultipartUploadsInput, ListMultipartUploadsOutput, ListPartsInput, ListPartsOutput, MultipartUpload,
    Part, Timestamp, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};

use crate::buckets::Buckets;
use crate::state::now;

/// What S3 lists of parts with one request.
const MOST_PARTS: usize = 1000;

/// The uploads under way, by their ids.
#[derive(Default)]
pub(crate) struct Uploads(Mutex<BTreeMap<String, Upload>>);

struct Upload {
    bucket: String,
    key: String,
    began: SystemTime,
    parts: BTreeMap<i32, Part>,
}

/// The bytes of `bytes=5-9`.
fn length_of(range: &str) -> Option<i64> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    Some(last.parse::<i64>().ok()? - first.parse::<i64>().ok()? + 1)
}

impl Buckets {
    pub(crate) async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let upload = Upload {
            bucket: request.input.bucket.clone(),
            key: request.input.key.clone(),
            began: now().into(),
            parts: BTreeMap::new(),
        };
        let response = self.files.create_multipart_upload(of_nobody(request)).await?;
        let id = response.output.upload_id.clone().unwrap_or_default();
        self.uploads.0.lock().expect("no holder panics").insert(id, upload);
        Ok(response)
    }

    pub(crate) async fn upload_part(
        &self,
        request: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        let input = &request.input;
        let (id, number) = (input.upload_id.clone(), input.part_number);
        let mut part = Part {
            part_number: Some(number),
            size: input.content_length,
            checksum_crc32: input.checksum_crc32.clone(),
            checksum_crc32c: input.checksum_crc32c.clone(),
            checksum_crc64nvme: input.checksum_crc64nvme.clone(),
            checksum_sha1: input.checksum_sha1.clone(),
            checksum_sha256: input.checksum_sha256.clone(),
            ..Part::default()
        };
        self.known(&id)?;
        let response = self.files.upload_part(of_nobody(request)).await?;
        part.e_tag.clone_from(&response.output.e_tag);
        self.note_part(&id, number, part);
        Ok(response)
    }

    pub(crate) async fn upload_part_copy(
        &self,
        request: S3Request<UploadPartCopyInput>,
    ) -> S3Result<S3Response<UploadPartCopyOutput>> {
        let (id, number) = (request.input.upload_id.clone(), request.input.part_number);
        let size = request.input.copy_source_range.as_deref().and_then(length_of);
        self.known(&id)?;
        let response = self.files.upload_part_copy(of_nobody(request)).await?;
        let e_tag = response.output.copy_part_result.as_ref().and_then(|result| result.e_tag.clone());
        self.note_part(&id, number, Part { part_number: Some(number), size, e_tag, ..Part::default() });
        Ok(response)
    }

    fn note_part(&self, id: &str, number: i32, part: Part) {
        if let Some(upload) = self.uploads.0.lock().expect("no holder panics").get_mut(id) {
            let last_modified = Some(Timestamp::from(SystemTime::from(now())));
            upload.parts.insert(number, Part { last_modified, ..part });
        }
    }

    pub(crate) async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let CompleteMultipartUploadInput { bucket, key, upload_id, .. } = &request.input;
        let (bucket, key, id) = (bucket.clone(), key.clone(), upload_id.clone());
        self.known(&id)?;
        let _changing = self.change(&bucket).await;
        self.set_aside(&bucket, &key).await?;
        let mut response = self.files.complete_multipart_upload(of_nobody(request)).await?;
        self.uploads.0.lock().expect("no holder panics").remove(&id);
        self.properties.set_class(&bucket, &key, None);
        response.output.version_id = self.note_written(&bucket, &key).await?;
        Ok(response)
    }

    pub(crate) async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let id = request.input.upload_id.clone();
        self.known(&id)?;
        let response = self.files.abort_multipart_upload(of_nobody(request)).await?;
        self.uploads.0.lock().expect("no holder panics").remove(&id);
        Ok(response)
    }

    /// Parts in their order, a thousand at a time.
    #[expect(clippy::unused_async, reason = "all operations are called alike")]
    pub(crate) async fn list_parts(
        &self,
        request: S3Request<ListPartsInput>,
    ) -> S3Result<S3Response<ListPartsOutput>> {
        let input = request.input;
        let uploads = self.uploads.0.lock().expect("no holder panics");
        let upload = uploads.get(&input.upload_id).ok_or_else(|| s3_error!(NoSuchUpload))?;
        let after = input.part_number_marker.unwrap_or_default();
        let most = input.max_parts.and_then(|most| usize::try_from(most).ok()).unwrap_or(MOST_PARTS);
        let mut rest = upload.parts.range(after + 1..).map(|(_, part)| part.clone());
        let parts: Vec<Part> = rest.by_ref().take(most.min(MOST_PARTS)).collect();
        let is_truncated = rest.next().is_some();
        Ok(S3Response::new(ListPartsOutput {
            next_part_number_marker: parts.last().and_then(|part| part.part_number).filter(|_| is_truncated),
            is_truncated: Some(is_truncated),
            parts: Some(parts),
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            ..ListPartsOutput::default()
        }))
    }

    /// Uploads under way of a bucket, all with one answer.
    #[expect(clippy::unused_async, reason = "all operations are called alike")]
    pub(crate) async fn list_multipart_uploads(
        &self,
        request: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let input = request.input;
        let prefix = input.prefix.as_deref().unwrap_or_default();
        let uploads = self.uploads.0.lock().expect("no holder panics");
        let mut found: Vec<MultipartUpload> = uploads
            .iter()
            .filter(|(_, upload)| upload.bucket == input.bucket && upload.key.starts_with(prefix))
            .map(|(id, upload)| MultipartUpload {
                upload_id: Some(id.clone()),
                key: Some(upload.key.clone()),
                initiated: Some(Timestamp::from(upload.began)),
                ..MultipartUpload::default()
            })
            .collect();
        found.sort_by(|one, other| (&one.key, &one.upload_id).cmp(&(&other.key, &other.upload_id)));
        Ok(S3Response::new(ListMultipartUploadsOutput {
            uploads: Some(found),
            is_truncated: Some(false),
            prefix: input.prefix,
            bucket: Some(input.bucket),
            ..ListMultipartUploadsOutput::default()
        }))
    }

    fn known(&self, id: &str) -> S3Result<()> {
        let is_known = self.uploads.0.lock().expect("no holder panics").contains_key(id);
        if is_known { Ok(()) } else { Err(s3_error!(NoSuchUpload)) }
    }
}

/// Who may do what is decided already; `s3s-fs` would let none but the very same key go on.
fn of_nobody<T>(request: S3Request<T>) -> S3Request<T> {
    S3Request { credentials: None, ..request }
}
