//! `s3://bucket/key`, taken apart. The bucket may be the ARN of an access point.

/// A bucket and what may follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct S3Uri {
    /// The bucket or an access point's ARN; empty for all of S3.
    pub bucket: String,
    /// The key or prefix; may be empty.
    pub key: String,
}

/// A resource that the `s3` commands do not work with. The texts are AWS CLI's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedResource {
    /// An Object Lambda access point.
    #[error("s3 commands do not support S3 Object Lambda resources. Use s3api commands instead.")]
    ObjectLambda,
    /// A bucket on Outposts.
    #[error("s3 commands do not support Outpost Bucket ARNs. Use s3control commands instead.")]
    OutpostBucket,
}

impl S3Uri {
    /// Reads `s3://bucket/key`; the scheme may be left out, as AWS CLI's `ls` allows.
    pub fn parse(text: &str) -> Self {
        let path = text.strip_prefix("s3://").unwrap_or(text);
        let (bucket, key) = path.split_at(bucket_length(path));
        Self { bucket: bucket.to_owned(), key: key.strip_prefix(['/', ':']).unwrap_or(key).to_owned() }
    }

    /// The same, unless it is a resource of a kind that cannot be listed or copied.
    pub fn parse_supported(text: &str) -> Result<Self, UnsupportedResource> {
        let path = text.strip_prefix("s3://").unwrap_or(text);
        if path.starts_with("arn:") {
            let service = path.split(':').nth(2).unwrap_or_default();
            let resource = path.splitn(6, ':').nth(5).unwrap_or_default();
            if service == "s3-object-lambda" {
                return Err(UnsupportedResource::ObjectLambda);
            }
            let kind = resource.split(['/', ':']).nth(2);
            if service == "s3-outposts" && kind == Some("bucket") {
                return Err(UnsupportedResource::OutpostBucket);
            }
        }
        Ok(Self::parse(text))
    }

    /// Whether the bucket is a directory bucket (S3 Express One Zone).
    pub fn is_express(&self) -> bool {
        self.bucket.ends_with("--x-s3")
    }
}

/// How much of the path is the bucket: up to the first slash, or an ARN's resource with its slashes.
fn bucket_length(path: &str) -> usize {
    let plain = || path.find('/').unwrap_or(path.len());
    if !path.starts_with("arn:") {
        return plain();
    }
    // arn:partition:service:region:account:resource
    let Some(resource) = path.match_indices(':').nth(4).map(|(at, _)| at + 1) else { return plain() };
    // `accesspoint/NAME`, or on Outposts `outpost/ID/accesspoint/NAME`.
    let names = match &path[resource..] {
        rest if rest.starts_with("accesspoint") => 2,
        rest if rest.starts_with("outpost") => 4,
        _ => return plain(),
    };
    let separators = path[resource..].match_indices(['/', ':']);
    separators.map(|(at, _)| resource + at).nth(names - 1).unwrap_or(path.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (String, String) {
        let S3Uri { bucket, key } = S3Uri::parse(text);
        (bucket, key)
    }

    #[test]
    fn bucket_and_key_part_at_the_first_slash() {
        assert_eq!(parse("s3://b/a/b c"), ("b".into(), "a/b c".into()));
        assert_eq!(parse("s3://b"), ("b".into(), String::new()));
        assert_eq!(parse("b/k/"), ("b".into(), "k/".into()));
        assert_eq!(parse("s3://"), (String::new(), String::new()));
        assert_eq!(parse("b//k"), ("b".into(), "/k".into()));
    }

    #[test]
    fn an_access_point_s_arn_holds_slashes_of_its_own() {
        let point = "arn:aws:s3:us-west-2:111122223333:accesspoint/mine";
        assert_eq!(parse(&format!("s3://{point}/a/b")), (point.into(), "a/b".into()));
        assert_eq!(parse(point), (point.into(), String::new()));
        let outpost = "arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-1/accesspoint/mine";
        assert_eq!(parse(&format!("{outpost}/k")), (outpost.into(), "k".into()));
        let many = "arn:aws:s3::111122223333:accesspoint/x.mrap";
        assert_eq!(parse(&format!("{many}/k")), (many.into(), "k".into()));
    }

    #[test]
    fn resources_of_other_kinds_are_refused() {
        let lambda = "s3://arn:aws:s3-object-lambda:us-west-2:111122223333:accesspoint/x/k";
        assert_eq!(S3Uri::parse_supported(lambda), Err(UnsupportedResource::ObjectLambda));
        let bucket = "s3://arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-1/bucket/x";
        assert_eq!(S3Uri::parse_supported(bucket), Err(UnsupportedResource::OutpostBucket));
    }
}
