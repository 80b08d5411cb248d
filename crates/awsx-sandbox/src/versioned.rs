//! The operations that know of versions, over [`Versions`] and the folder.
//!
//! What is restored from an older version has its contents and no metadata.

use http_body_util::BodyExt;
use s3s::dto::{
    CommonPrefix, DeleteBucketInput, DeleteBucketOutput, DeleteMarkerEntry, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, GetBucketVersioningInput,
    GetBucketVersioningOutput, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput,
    ListObjectVersionsInput, ListObjectVersionsOutput, ListObjectsV2Input, ObjectVersion,
    ObjectVersionStorageClass, PutBucketVersioningInput, PutBucketVersioningOutput, PutObjectInput,
    StreamingBlob, Timestamp,
};
use s3s::{Body, S3, S3Request, S3Response, S3Result, s3_error};
use tokio::sync::MutexGuard;

use crate::buckets::{Buckets, encode, is_url, plain_request};
use crate::state::now;
use crate::versions::{Aftermath, Contents, NULL, Version};

impl Buckets {
    pub(crate) fn get_bucket_versioning(
        &self,
        request: &S3Request<GetBucketVersioningInput>,
    ) -> GetBucketVersioningOutput {
        let status = self.versions.status(&request.input.bucket);
        GetBucketVersioningOutput { status, ..GetBucketVersioningOutput::default() }
    }

    pub(crate) fn put_bucket_versioning(
        &self,
        request: &S3Request<PutBucketVersioningInput>,
    ) -> PutBucketVersioningOutput {
        let PutBucketVersioningInput { bucket, versioning_configuration, .. } = &request.input;
        if let Some(status) = &versioning_configuration.status {
            self.versions.set_status(bucket, status.as_str());
        }
        PutBucketVersioningOutput::default()
    }

    pub(crate) async fn delete_bucket(
        &self,
        request: S3Request<DeleteBucketInput>,
    ) -> S3Result<S3Response<DeleteBucketOutput>> {
        if !self.versions.forget(&request.input.bucket) {
            return Err(s3_error!(BucketNotEmpty, "The bucket you tried to delete is not empty"));
        }
        self.files.delete_bucket(request).await
    }

    pub(crate) async fn get_object(
        &self,
        mut request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let GetObjectInput { bucket, key, version_id, .. } = &mut request.input;
        if let Some(version) = version_id.take().and_then(|id| self.versions.older(bucket, key, &id)) {
            let contents = contents_of(&version)?;
            let output = GetObjectOutput {
                content_length: Some(contents.size),
                e_tag: contents.e_tag.clone(),
                last_modified: Some(version.modified.clone()),
                version_id: Some(version.id.clone()),
                body: Some(StreamingBlob::from(Body::from(contents.bytes.clone()))),
                ..GetObjectOutput::default()
            };
            return Ok(S3Response::new(output));
        }
        self.properties.check_readable(bucket, key)?;
        let version_id = self.versions.newest(bucket, key);
        let mut response = self.files.get_object(request).await?;
        response.output.version_id = version_id;
        Ok(response)
    }

    pub(crate) async fn head_object(
        &self,
        mut request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let HeadObjectInput { bucket, key, version_id, .. } = &mut request.input;
        if let Some(version) = version_id.take().and_then(|id| self.versions.older(bucket, key, &id)) {
            let contents = contents_of(&version)?;
            let output = HeadObjectOutput {
                content_length: Some(contents.size),
                e_tag: contents.e_tag.clone(),
                last_modified: Some(version.modified.clone()),
                version_id: Some(version.id.clone()),
                ..HeadObjectOutput::default()
            };
            return Ok(S3Response::new(output));
        }
        let (version_id, class) = (self.versions.newest(bucket, key), self.properties.class(bucket, key));
        let mut response = self.files.head_object(request).await?;
        response.output.version_id = version_id;
        response.output.storage_class = class.map(Into::into);
        Ok(response)
    }

    pub(crate) async fn delete_object(
        &self,
        mut request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        let version = request.input.version_id.take();
        if !self.versions.knows(&bucket) {
            self.properties.set_class(&bucket, &key, None);
            return self.files.delete_object(request).await;
        }
        let _changing = self.change(&bucket).await;
        let Some(id) = version else {
            self.set_aside(&bucket, &key).await?;
            self.files.delete_object(request).await?;
            let version_id = self.versions.add(&bucket, &key, None);
            let output =
                DeleteObjectOutput { delete_marker: Some(true), version_id, ..DeleteObjectOutput::default() };
            return Ok(S3Response::new(output));
        };
        let (was_marker, aftermath) = self.versions.remove(&bucket, &key, &id);
        match aftermath {
            Aftermath::Nothing => {}
            Aftermath::Remove => {
                self.files.delete_object(request).await?;
            }
            Aftermath::Restore(bytes) => self.restore(&bucket, &key, bytes).await?,
        }
        Ok(S3Response::new(DeleteObjectOutput {
            delete_marker: was_marker.then_some(true),
            version_id: Some(id),
            ..DeleteObjectOutput::default()
        }))
    }

    pub(crate) async fn delete_objects(
        &self,
        request: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        let DeleteObjectsInput { bucket, delete, .. } = request.input;
        let mut deleted = Vec::new();
        for object in delete.objects {
            let input = DeleteObjectInput {
                bucket: bucket.clone(),
                key: object.key.clone(),
                version_id: object.version_id.clone(),
                ..DeleteObjectInput::default()
            };
            let gone = self.delete_object(plain_request(input)).await?.output;
            let is_new = object.version_id.is_none();
            deleted.push(DeletedObject {
                key: Some(object.key),
                delete_marker: gone.delete_marker,
                delete_marker_version_id: gone.version_id.filter(|_| is_new && gone.delete_marker.is_some()),
                version_id: object.version_id,
            });
        }
        let deleted = Some(deleted).filter(|_| delete.quiet != Some(true));
        Ok(S3Response::new(DeleteObjectsOutput { deleted, ..DeleteObjectsOutput::default() }))
    }

    pub(crate) async fn list_object_versions(
        &self,
        request: S3Request<ListObjectVersionsInput>,
    ) -> S3Result<S3Response<ListObjectVersionsOutput>> {
        let input = request.input;
        let prefix = input.prefix.clone().unwrap_or_default();
        let delimiter = input.delimiter.clone().filter(|delimiter| !delimiter.is_empty());
        let most = input.max_keys.and_then(|most| usize::try_from(most).ok()).unwrap_or(1000);
        let key_marker = input.key_marker.clone().unwrap_or_default();
        let mut version_marker = input.version_id_marker.clone().filter(|marker| !marker.is_empty());
        let mut output = ListObjectVersionsOutput {
            name: Some(input.bucket.clone()),
            prefix: input.prefix,
            delimiter: input.delimiter,
            key_marker: input.key_marker,
            version_id_marker: input.version_id_marker,
            max_keys: input.max_keys,
            encoding_type: input.encoding_type,
            is_truncated: Some(false),
            ..ListObjectVersionsOutput::default()
        };
        let (mut versions, mut markers) = (Vec::new(), Vec::new());
        let mut prefixes: Vec<CommonPrefix> = Vec::new();
        let mut last = (String::new(), None);
        'keys: for (key, of_key) in self.all_versions(&input.bucket, &prefix).await? {
            let folder = delimiter.as_deref().and_then(|delimiter| {
                let end = key[prefix.len()..].find(delimiter)? + prefix.len() + delimiter.len();
                Some(key[..end].to_owned())
            });
            let resumes_here = key == key_marker && version_marker.is_some();
            if folder.as_deref().unwrap_or(&key) <= key_marker.as_str()
                && !key_marker.is_empty()
                && !resumes_here
            {
                continue;
            }
            for (position, version) in of_key.into_iter().enumerate() {
                if resumes_here && version_marker.is_some() {
                    version_marker = version_marker.filter(|marker| *marker != version.id);
                    continue;
                }
                if folder.is_some() && prefixes.last().is_some_and(|last| last.prefix == folder) {
                    continue;
                }
                if versions.len() + markers.len() + prefixes.len() == most {
                    output.is_truncated = Some(true);
                    break 'keys;
                }
                last = (
                    folder.clone().unwrap_or_else(|| key.clone()),
                    folder.is_none().then(|| version.id.clone()),
                );
                let (is_latest, key) = (Some(position == 0), Some(key.clone()));
                let (last_modified, version_id) = (Some(version.modified), Some(version.id));
                match (&folder, version.contents) {
                    (Some(_), _) => prefixes.push(CommonPrefix { prefix: folder.clone() }),
                    (None, Some(contents)) => versions.push(ObjectVersion {
                        is_latest,
                        key,
                        last_modified,
                        version_id,
                        size: Some(contents.size),
                        e_tag: contents.e_tag,
                        storage_class: Some(ObjectVersionStorageClass::from_static(
                            ObjectVersionStorageClass::STANDARD,
                        )),
                        ..ObjectVersion::default()
                    }),
                    (None, None) => markers.push(DeleteMarkerEntry {
                        is_latest,
                        key,
                        last_modified,
                        version_id,
                        ..DeleteMarkerEntry::default()
                    }),
                }
            }
        }
        if output.is_truncated == Some(true) {
            (output.next_key_marker, output.next_version_id_marker) = (Some(last.0), last.1);
        }
        if is_url(output.encoding_type.as_ref()) {
            let keys = versions.iter_mut().map(|version| &mut version.key);
            let markers = markers.iter_mut().map(|marker| &mut marker.key);
            let prefixes = prefixes.iter_mut().map(|prefix| &mut prefix.prefix);
            keys.chain(markers).chain(prefixes).for_each(encode);
            for text in [
                &mut output.prefix,
                &mut output.delimiter,
                &mut output.key_marker,
                &mut output.next_key_marker,
            ] {
                encode(text);
            }
        }
        output.versions = Some(versions);
        output.delete_markers = Some(markers);
        output.common_prefixes = Some(prefixes);
        Ok(S3Response::new(output))
    }

    /// What was kept, and the objects that no version is known of.
    async fn all_versions(&self, bucket: &str, prefix: &str) -> S3Result<Vec<(String, Vec<Version>)>> {
        let input = ListObjectsV2Input {
            bucket: bucket.to_owned(),
            prefix: Some(prefix.to_owned()),
            max_keys: Some(i32::MAX),
            ..ListObjectsV2Input::default()
        };
        let listed = self.list_objects_v2(plain_request(input)).await?.output;
        let mut all = self.versions.below(bucket, prefix);
        for object in listed.contents.unwrap_or_default() {
            let modified = object.last_modified.unwrap_or_else(|| now().into());
            let contents =
                Contents { size: object.size.unwrap_or_default(), e_tag: object.e_tag, bytes: Vec::new() };
            all.entry(object.key.unwrap_or_default())
                .or_insert_with(|| vec![Version { id: NULL.to_owned(), modified, contents: Some(contents) }]);
        }
        Ok(all.into_iter().collect())
    }

    /// Waits until no other versions change, in a bucket that has them.
    pub(crate) async fn change(&self, bucket: &str) -> Option<MutexGuard<'_, ()>> {
        if self.versions.knows(bucket) { Some(self.changing.lock().await) } else { None }
    }

    /// Keeps what is in the folder, if the bucket keeps versions: it is about to be replaced.
    pub(crate) async fn set_aside(&self, bucket: &str, key: &str) -> S3Result<()> {
        if !self.versions.knows(bucket) {
            return Ok(());
        }
        let Some((modified, contents)) = self.read(bucket, key).await? else { return Ok(()) };
        self.versions.keep(bucket, key, modified, contents);
        Ok(())
    }

    /// What has just been written is a version; gives its id.
    pub(crate) async fn note_written(&self, bucket: &str, key: &str) -> S3Result<Option<String>> {
        if !self.versions.knows(bucket) {
            return Ok(None);
        }
        let written = self.read(bucket, key).await?;
        let contents = written.map(|(_, contents)| Contents { bytes: Vec::new(), ..contents });
        Ok(self.versions.add(bucket, key, contents))
    }

    /// What the folder has; none if there is no such object.
    async fn read(&self, bucket: &str, key: &str) -> S3Result<Option<(Timestamp, Contents)>> {
        let input =
            GetObjectInput { bucket: bucket.to_owned(), key: key.to_owned(), ..GetObjectInput::default() };
        let Ok(found) = self.files.get_object(plain_request(input)).await else { return Ok(None) };
        let output = found.output;
        let modified = output.last_modified.unwrap_or_else(|| now().into());
        let bytes = match output.body {
            Some(body) => Body::from(body).collect().await.map_err(|_| s3_error!(InternalError))?,
            None => return Ok(None),
        };
        let bytes = bytes.to_bytes().to_vec();
        let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        Ok(Some((modified, Contents { size, e_tag: output.e_tag, bytes })))
    }

    async fn restore(&self, bucket: &str, key: &str, bytes: Vec<u8>) -> S3Result<()> {
        let input = PutObjectInput {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            content_length: i64::try_from(bytes.len()).ok(),
            body: Some(StreamingBlob::from(Body::from(bytes))),
            ..PutObjectInput::default()
        };
        self.files.put_object(plain_request(input)).await?;
        Ok(())
    }
}

fn contents_of(version: &Version) -> S3Result<&Contents> {
    version.contents.as_ref().ok_or_else(|| {
        s3_error!(MethodNotAllowed, "The specified method is not allowed against this resource.")
    })
}
