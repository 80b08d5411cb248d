//! `s3://bucket/key`, taken apart.

/// A bucket and what may follow it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct S3Uri {
    /// The bucket; empty for all of S3.
    pub bucket: String,
    /// The key or prefix; may be empty.
    pub key: String,
}

impl S3Uri {
    /// Reads `s3://bucket/key`; the scheme may be left out, as AWS CLI's `ls` allows.
    pub fn parse(text: &str) -> Self {
        let path = text.strip_prefix("s3://").unwrap_or(text);
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        Self { bucket: bucket.to_owned(), key: key.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_and_key_part_at_the_first_slash() {
        let parse = |text| {
            let S3Uri { bucket, key } = S3Uri::parse(text);
            (bucket, key)
        };
        assert_eq!(parse("s3://b/a/b c"), ("b".into(), "a/b c".into()));
        assert_eq!(parse("s3://b"), ("b".into(), String::new()));
        assert_eq!(parse("b/k/"), ("b".into(), "k/".into()));
        assert_eq!(parse("s3://"), (String::new(), String::new()));
    }
}
