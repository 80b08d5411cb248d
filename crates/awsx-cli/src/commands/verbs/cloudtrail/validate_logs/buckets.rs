//! S3 in the regions of the buckets that digests and logs lie in.

use std::collections::HashMap;
use std::rc::Rc;

use crate::commands::operation::{Instead, ServiceClient};
use crate::commands::verbs::values::{members, text_at};
use crate::context::Context;
use crate::error::CommandResult;

/// Clients of S3, each made when a bucket first needs it.
pub(super) struct Buckets<'c> {
    context: &'c Context,
    /// By region; none is the configured one.
    clients: HashMap<Option<String>, Rc<ServiceClient<'c>>>,
    regions: HashMap<String, String>,
}

impl<'c> Buckets<'c> {
    pub(super) fn new(context: &'c Context) -> Self {
        Self { context, clients: HashMap::new(), regions: HashMap::new() }
    }

    /// S3 in the bucket's region.
    pub(super) async fn client(&mut self, bucket: &str) -> CommandResult<Rc<ServiceClient<'c>>> {
        if let Some(region) = self.regions.get(bucket) {
            let region = region.clone();
            return self.client_in(Some(region)).await;
        }
        let anywhere = self.client_in(None).await?;
        let answer = anywhere.call("GetBucketLocation", members([("Bucket", bucket.into())])).await?;
        let region = match text_at(&answer, "LocationConstraint") {
            "" => "us-east-1",
            region => region,
        };
        self.regions.insert(bucket.to_owned(), region.to_owned());
        self.client_in(Some(region.to_owned())).await
    }

    async fn client_in(&mut self, region: Option<String>) -> CommandResult<Rc<ServiceClient<'c>>> {
        if let Some(client) = self.clients.get(&region) {
            return Ok(Rc::clone(client));
        }
        // `--endpoint-url` means CloudTrail's.
        let instead = Instead { region: region.clone(), ignores_endpoint_option: true, ..Instead::default() };
        let client = Rc::new(ServiceClient::connect_as(self.context, "s3", instead).await?);
        self.clients.insert(region, Rc::clone(&client));
        Ok(client)
    }
}
