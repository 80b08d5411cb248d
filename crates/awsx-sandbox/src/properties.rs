//! What S3 remembers of buckets and objects and a folder cannot: storage classes, websites.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use s3s::dto::{GetBucketWebsiteOutput, StorageClass, WebsiteConfiguration};
use s3s::{S3Result, s3_error};

/// Properties of all buckets and objects.
#[derive(Default)]
pub(crate) struct Properties(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// By bucket and key; those of `STANDARD` are not there.
    classes: BTreeMap<(String, String), String>,
    websites: BTreeMap<String, WebsiteConfiguration>,
}

impl Properties {
    /// The storage class, unless it is `STANDARD`.
    pub(crate) fn class(&self, bucket: &str, key: &str) -> Option<String> {
        self.lock().classes.get(&(bucket.to_owned(), key.to_owned())).cloned()
    }

    pub(crate) fn set_class(&self, bucket: &str, key: &str, class: Option<&StorageClass>) {
        let place = (bucket.to_owned(), key.to_owned());
        let mut known = self.lock();
        match class.filter(|class| class.as_str() != StorageClass::STANDARD) {
            Some(class) => known.classes.insert(place, class.as_str().to_owned()),
            None => known.classes.remove(&place),
        };
    }

    /// Objects in archives are read only after they were restored, which nobody does here.
    pub(crate) fn check_readable(&self, bucket: &str, key: &str) -> S3Result<()> {
        match self.class(bucket, key).as_deref() {
            Some(StorageClass::GLACIER | StorageClass::DEEP_ARCHIVE) => Err(s3_error!(
                InvalidObjectState,
                "The operation is not valid for the object's storage class"
            )),
            _ => Ok(()),
        }
    }

    pub(crate) fn set_website(&self, bucket: &str, website: WebsiteConfiguration) {
        self.lock().websites.insert(bucket.to_owned(), website);
    }

    pub(crate) fn website(&self, bucket: &str) -> S3Result<GetBucketWebsiteOutput> {
        let known = self.lock();
        let website = known.websites.get(bucket).ok_or_else(|| {
            s3_error!(
                NoSuchWebsiteConfiguration,
                "The specified bucket does not have a website configuration"
            )
        })?;
        Ok(GetBucketWebsiteOutput {
            error_document: website.error_document.clone(),
            index_document: website.index_document.clone(),
            redirect_all_requests_to: website.redirect_all_requests_to.clone(),
            routing_rules: website.routing_rules.clone(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
