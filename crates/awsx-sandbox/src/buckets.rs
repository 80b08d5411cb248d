//! The objects, kept by `s3s-fs` in a folder and shown the way S3 shows them: buckets in order, a region, and
//! listings with storage class, `ETag` and encoded keys.

use std::time::{Duration, SystemTime};

use http::{Extensions, HeaderMap, Method, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CommonPrefix, CompleteMultipartUploadInput,
    CompleteMultipartUploadOutput, CopyObjectInput, CopyObjectOutput, CopySource, CreateBucketInput,
    CreateBucketOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteBucketInput,
    DeleteBucketOutput, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput,
    EncodingType, GetBucketLocationInput, GetBucketLocationOutput, GetBucketVersioningInput,
    GetBucketVersioningOutput, GetBucketWebsiteInput, GetBucketWebsiteOutput, GetObjectInput,
    GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput, HeadObjectOutput, ListBucketsInput,
    ListBucketsOutput, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectVersionsInput,
    ListObjectVersionsOutput, ListObjectsInput, ListObjectsOutput, ListObjectsV2Input, ListObjectsV2Output,
    ListPartsInput, ListPartsOutput, Object, ObjectStorageClass, Owner, PutBucketVersioningInput,
    PutBucketVersioningOutput, PutBucketWebsiteInput, PutBucketWebsiteOutput, PutObjectInput,
    PutObjectOutput, Timestamp, UploadPartCopyInput, UploadPartCopyOutput, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result};
use s3s_fs::FileSystem;
use tokio::sync::Mutex;

use crate::properties::Properties;
use crate::seed;
use crate::sigv4::sha256_hex;
use crate::uploads::Uploads;
use crate::versions::Versions;

/// Larger objects are listed without an `ETag`: it is the MD5 of the file, and a listing should not read gigabytes.
const LARGEST_HASHED: i64 = 16 * 1024 * 1024;
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

pub(crate) struct Buckets {
    pub(crate) files: FileSystem,
    pub(crate) uploads: Uploads,
    pub(crate) versions: Versions,
    pub(crate) properties: Properties,
    /// Held while the versions of an object change, here and in the folder.
    pub(crate) changing: Mutex<()>,
}

/// When seeded buckets and objects were last changed.
pub(crate) fn seeded_time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seed::MODIFIED_AT.unsigned_abs())
}

impl Buckets {
    pub(crate) fn over(files: FileSystem) -> Self {
        Self {
            files,
            uploads: Uploads::default(),
            versions: Versions::default(),
            properties: Properties::default(),
            changing: Mutex::new(()),
        }
    }

    async fn list_buckets(
        &self,
        request: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        let input = request.input.clone();
        let mut response = self.files.list_buckets(request).await?;
        let output = &mut response.output;
        let buckets = output.buckets.get_or_insert_default();
        buckets.sort_by(|left, right| left.name.cmp(&right.name));
        buckets.retain(|bucket| {
            let name = bucket.name.as_deref().unwrap_or_default();
            let after = input.continuation_token.as_deref().unwrap_or_default();
            let is_here = input.bucket_region.as_deref().is_none_or(|region| region == seed::REGION);
            is_here && name.starts_with(input.prefix.as_deref().unwrap_or_default()) && name > after
        });
        let most = input.max_buckets.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        if buckets.len() > most {
            buckets.truncate(most);
            output.continuation_token = buckets.last().and_then(|bucket| bucket.name.clone());
        }
        for bucket in buckets {
            bucket.bucket_region = Some(seed::REGION.to_owned());
            if bucket.name.as_deref().is_some_and(|name| seed::BUCKETS.contains(&name)) {
                bucket.creation_date = Some(Timestamp::from(seeded_time()));
            }
        }
        output.prefix = input.prefix;
        output.owner = Some(Owner { id: Some(sha256_hex(seed::DEVELOPMENT.as_bytes())), ..Owner::default() });
        Ok(response)
    }

    async fn list_objects(
        &self,
        request: S3Request<ListObjectsInput>,
    ) -> S3Result<S3Response<ListObjectsOutput>> {
        let bucket = request.input.bucket.clone();
        let marker = request.input.marker.clone();
        let mut response = self.files.list_objects(request).await?;
        let output = &mut response.output;
        output.marker = marker;
        self.complete(&bucket, output.contents.as_deref_mut()).await;
        if is_url(output.encoding_type.as_ref()) {
            encode_listing(output.contents.as_deref_mut(), output.common_prefixes.as_deref_mut());
            for text in
                [&mut output.prefix, &mut output.delimiter, &mut output.marker, &mut output.next_marker]
            {
                encode(text);
            }
        }
        Ok(response)
    }

    pub(crate) async fn list_objects_v2(
        &self,
        request: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let bucket = request.input.bucket.clone();
        let mut response = self.files.list_objects_v2(request).await?;
        let output = &mut response.output;
        self.complete(&bucket, output.contents.as_deref_mut()).await;
        if is_url(output.encoding_type.as_ref()) {
            encode_listing(output.contents.as_deref_mut(), output.common_prefixes.as_deref_mut());
            for text in [&mut output.prefix, &mut output.delimiter, &mut output.start_after] {
                encode(text);
            }
        }
        Ok(response)
    }

    async fn head_bucket(
        &self,
        request: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        let mut response = self.files.head_bucket(request).await?;
        response.output.bucket_region = Some(seed::REGION.to_owned());
        Ok(response)
    }

    /// Adds what S3 lists of every object and `s3s-fs` does not.
    async fn complete(&self, bucket: &str, objects: Option<&mut [Object]>) {
        for object in objects.unwrap_or_default() {
            let key = object.key.clone().unwrap_or_default();
            object.storage_class = Some(match self.properties.class(bucket, &key) {
                Some(class) => class.into(),
                None => ObjectStorageClass::from_static(ObjectStorageClass::STANDARD),
            });
            if object.size.is_some_and(|size| size <= LARGEST_HASHED) {
                object.e_tag = self.e_tag(bucket, key).await;
            }
        }
    }

    /// The `ETag` that reading the object gives; `None` if it has just been deleted.
    async fn e_tag(&self, bucket: &str, key: String) -> Option<s3s::dto::ETag> {
        let input = HeadObjectInput::builder().bucket(bucket.to_owned()).key(key).build().ok()?;
        self.files.head_object(plain_request(input)).await.ok()?.output.e_tag
    }

    async fn put_object(
        &self,
        mut request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        // The folder takes no other class than the first ones.
        let class = request.input.storage_class.take();
        let _changing = self.change(&bucket).await;
        self.set_aside(&bucket, &key).await?;
        let mut response = self.files.put_object(request).await?;
        self.properties.set_class(&bucket, &key, class.as_ref());
        response.output.version_id = self.note_written(&bucket, &key).await?;
        Ok(response)
    }

    async fn copy_object(
        &self,
        mut request: S3Request<CopyObjectInput>,
    ) -> S3Result<S3Response<CopyObjectOutput>> {
        let (bucket, key) = (request.input.bucket.clone(), request.input.key.clone());
        if let CopySource::Bucket { bucket, key, .. } = &request.input.copy_source {
            self.properties.check_readable(bucket, key)?;
        }
        let class = request.input.storage_class.take();
        let _changing = self.change(&bucket).await;
        self.set_aside(&bucket, &key).await?;
        let mut response = self.files.copy_object(request).await?;
        self.properties.set_class(&bucket, &key, class.as_ref());
        response.output.version_id = self.note_written(&bucket, &key).await?;
        Ok(response)
    }
}

/// A request that the sandbox makes of its own folder.
pub(crate) fn plain_request<T>(input: T) -> S3Request<T> {
    S3Request {
        input,
        method: Method::GET,
        uri: Uri::default(),
        headers: HeaderMap::new(),
        extensions: Extensions::new(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    }
}

pub(crate) fn is_url(encoding: Option<&EncodingType>) -> bool {
    encoding.is_some_and(|encoding| encoding.as_str() == EncodingType::URL)
}

fn encode_listing(objects: Option<&mut [Object]>, prefixes: Option<&mut [CommonPrefix]>) {
    objects.unwrap_or_default().iter_mut().for_each(|object| encode(&mut object.key));
    prefixes.unwrap_or_default().iter_mut().for_each(|prefix| encode(&mut prefix.prefix));
}

pub(crate) fn encode(text: &mut Option<String>) {
    *text = text.as_deref().map(|text| utf8_percent_encode(text, KEY).to_string());
}

macro_rules! delegate {
    (
        here { $($own:ident: $own_input:ident -> $own_output:ident;)* }
        at_once { $($quick:ident: $quick_input:ident -> $quick_output:ident = $answer:expr;)* }
        files { $($plain:ident: $plain_input:ident -> $plain_output:ident;)* }
    ) => {
        #[async_trait::async_trait]
        impl S3 for Buckets {
            $(async fn $own(&self, request: S3Request<$own_input>) -> S3Result<S3Response<$own_output>> {
                Buckets::$own(self, request).await
            })*

            $(async fn $quick(&self, request: S3Request<$quick_input>) -> S3Result<S3Response<$quick_output>> {
                let answer: fn(&Buckets, &S3Request<$quick_input>) -> S3Result<$quick_output> = $answer;
                Ok(S3Response::new(answer(self, &request)?))
            })*

            $(async fn $plain(&self, request: S3Request<$plain_input>) -> S3Result<S3Response<$plain_output>> {
                self.files.$plain(request).await
            })*
        }
    };
}

delegate! {
    here {
        abort_multipart_upload: AbortMultipartUploadInput -> AbortMultipartUploadOutput;
        complete_multipart_upload: CompleteMultipartUploadInput -> CompleteMultipartUploadOutput;
        copy_object: CopyObjectInput -> CopyObjectOutput;
        create_multipart_upload: CreateMultipartUploadInput -> CreateMultipartUploadOutput;
        delete_bucket: DeleteBucketInput -> DeleteBucketOutput;
        delete_object: DeleteObjectInput -> DeleteObjectOutput;
        delete_objects: DeleteObjectsInput -> DeleteObjectsOutput;
        get_object: GetObjectInput -> GetObjectOutput;
        head_bucket: HeadBucketInput -> HeadBucketOutput;
        head_object: HeadObjectInput -> HeadObjectOutput;
        list_buckets: ListBucketsInput -> ListBucketsOutput;
        list_multipart_uploads: ListMultipartUploadsInput -> ListMultipartUploadsOutput;
        list_object_versions: ListObjectVersionsInput -> ListObjectVersionsOutput;
        list_objects: ListObjectsInput -> ListObjectsOutput;
        list_objects_v2: ListObjectsV2Input -> ListObjectsV2Output;
        list_parts: ListPartsInput -> ListPartsOutput;
        put_object: PutObjectInput -> PutObjectOutput;
        upload_part: UploadPartInput -> UploadPartOutput;
        upload_part_copy: UploadPartCopyInput -> UploadPartCopyOutput;
    }
    at_once {
        get_bucket_versioning: GetBucketVersioningInput -> GetBucketVersioningOutput =
            |buckets, request| Ok(buckets.get_bucket_versioning(request));
        get_bucket_website: GetBucketWebsiteInput -> GetBucketWebsiteOutput =
            |buckets, request| buckets.properties.website(&request.input.bucket);
        put_bucket_versioning: PutBucketVersioningInput -> PutBucketVersioningOutput =
            |buckets, request| Ok(buckets.put_bucket_versioning(request));
        put_bucket_website: PutBucketWebsiteInput -> PutBucketWebsiteOutput = |buckets, request| {
            let PutBucketWebsiteInput { bucket, website_configuration, .. } = &request.input;
            buckets.properties.set_website(bucket, website_configuration.clone());
            Ok(PutBucketWebsiteOutput::default())
        };
    }
    files {
        create_bucket: CreateBucketInput -> CreateBucketOutput;
        get_bucket_location: GetBucketLocationInput -> GetBucketLocationOutput;
    }
}
