//! Buckets, and what is in one.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::list_objects_v2::{ListObjectsV2Error, ListObjectsV2Output};
use aws_sdk_s3::types::{EncodingType, RequestPayer};
use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_types::DateTime;
use awsx_http::CallError;
use percent_encoding::percent_decode_str;

type ListError = SdkError<ListObjectsV2Error>;

/// A bucket of the account.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created: Option<DateTime>,
}

/// Which buckets.
#[derive(Clone, Debug, Default)]
pub struct BucketFilter {
    /// Those whose name begins so.
    pub prefix: Option<String>,
    /// Those in this region.
    pub region: Option<String>,
    /// How many to get with one request.
    pub page_size: Option<i32>,
}

/// What to list in a bucket.
#[derive(Clone, Debug)]
pub struct ListObjects {
    /// The bucket.
    pub bucket: String,
    /// What keys begin with.
    pub prefix: String,
    /// Lists all keys, not just those up to the next `/`.
    pub recursive: bool,
    /// How many to get with one request, 1000 at most.
    pub page_size: Option<i32>,
    /// Accepts to pay for the requests.
    pub requester_pays: bool,
}

/// One line of a listing.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Keys that share this beginning, up to a `/`.
    Prefix(String),
    /// One object.
    Object {
        /// The whole key.
        key: String,
        /// Bytes.
        size: u64,
        /// When it was last written.
        modified: Option<DateTime>,
    },
}

/// All buckets that fit.
pub async fn fetch_buckets(client: &Client, filter: &BucketFilter) -> Result<Vec<Bucket>, CallError> {
    let request = client
        .list_buckets()
        .set_prefix(filter.prefix.clone())
        .set_bucket_region(filter.region.clone())
        .set_max_buckets(filter.page_size);
    let mut pages = request.into_paginator().send();
    let mut buckets = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| CallError::of("ListBuckets", error))?;
        buckets.extend(
            page.buckets.unwrap_or_default().into_iter().map(|bucket| Bucket {
                name: bucket.name.unwrap_or_default(),
                created: bucket.creation_date,
            }),
        );
    }
    Ok(buckets)
}

/// Calls `each` for what is listed, page by page: prefixes before objects, as each page has them.
///
/// `client_in` makes a client for the region in use or, where S3 says that the bucket lies elsewhere, for that one.
pub async fn for_each_entry<E: From<CallError>>(
    client_in: impl Fn(Option<&str>) -> Client,
    list: &ListObjects,
    mut each: impl FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    let mut pages = list.pages(&client_in(None));
    let mut may_move = true;
    while let Some(page) = pages.next().await {
        let page = match page {
            Ok(page) => page,
            Err(error) => match bucket_region(&error).filter(|_| may_move) {
                Some(region) => {
                    may_move = false;
                    pages = list.pages(&client_in(Some(region)));
                    continue;
                }
                None => return Err(CallError::of("ListObjectsV2", error).into()),
            },
        };
        may_move = false;
        for_each_of_page(page, &mut each)?;
    }
    Ok(())
}

impl ListObjects {
    fn pages(&self, client: &Client) -> PaginationStream<Result<ListObjectsV2Output, ListError>> {
        let request = client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(&self.prefix)
            .set_delimiter((!self.recursive).then(|| "/".to_owned()))
            .set_max_keys(self.page_size)
            .set_request_payer(self.requester_pays.then_some(RequestPayer::Requester))
            // Keys may hold characters that XML cannot.
            .encoding_type(EncodingType::Url);
        request.into_paginator().send()
    }
}

fn for_each_of_page<E>(
    page: ListObjectsV2Output,
    each: &mut impl FnMut(Entry) -> Result<(), E>,
) -> Result<(), E> {
    // A server may pay no heed to the wish.
    let encoded = page.encoding_type == Some(EncodingType::Url);
    let decode = |text: Option<String>| match text {
        Some(text) if encoded => decode_key(&text),
        text => text.unwrap_or_default(),
    };
    for prefix in page.common_prefixes.unwrap_or_default() {
        each(Entry::Prefix(decode(prefix.prefix)))?;
    }
    for object in page.contents.unwrap_or_default() {
        each(Entry::Object {
            key: decode(object.key),
            size: object.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            modified: object.last_modified,
        })?;
    }
    Ok(())
}

/// Where S3 says the bucket is, when it refuses because it was asked for in the wrong region.
fn bucket_region(error: &ListError) -> Option<&str> {
    let answer = error.raw_response()?;
    let misplaced = matches!(answer.status().as_u16(), 301 | 307 | 400);
    answer.headers().get("x-amz-bucket-region").filter(|_| misplaced)
}

/// S3 encodes as forms do: a blank is a `+`.
fn decode_key(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_were() {
        assert_eq!(decode_key("a%2Bb+c%0A%C3%BC/d"), "a+b c\n\u{fc}/d");
    }
}
