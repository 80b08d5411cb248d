//! The path of a request for a bucket as a whole.

use aws_sdk_s3::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;

/// Asks `/bucket` where the SDK would ask `/bucket/`: some servers take the latter for an object without a name,
/// and AWS CLI asks the former.
#[derive(Debug)]
pub struct BucketPath;

impl Intercept for BucketPath {
    fn name(&self) -> &'static str {
        "BucketPath"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        if let Some(uri) = without_last_slash(request.uri()) {
            request.set_uri(uri)?;
        }
        Ok(())
    }
}

/// The URI with `/bucket` for `/bucket/`; none where the path is another.
fn without_last_slash(uri: &str) -> Option<String> {
    let (head, query) = match uri.split_once('?') {
        Some((head, query)) => (head, format!("?{query}")),
        None => (uri, String::new()),
    };
    let (_, authority_and_path) = head.split_once("://")?;
    let (_, path) = authority_and_path.split_once('/')?;
    let bucket = path.strip_suffix('/')?;
    let is_bucket = !bucket.is_empty() && !bucket.contains('/');
    is_bucket.then(|| format!("{}{query}", &head[..head.len() - 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_slash_behind_a_bucket_goes() {
        let strip = without_last_slash;
        assert_eq!(strip("http://h:1/b/?list-type=2").as_deref(), Some("http://h:1/b?list-type=2"));
        assert_eq!(strip("http://h:1/b/").as_deref(), Some("http://h:1/b"));
        for other in ["http://h:1/", "http://h:1/b", "http://h:1/b/k/?x=/", "http://h/b//", "https://b.s3/?a"]
        {
            assert_eq!(strip(other), None, "{other}");
        }
    }
}
