//! Copies from another region: the request carries, presigned, the request to the region it copies from.

use awsx_model::{Input, Operation, Service};
use indexmap::IndexMap;

/// A copy from another region.
pub(crate) struct CrossRegionCopy {
    pub(crate) source_region: String,
    /// EC2 wants both regions in the request; the others want neither, only the URL.
    ec2: bool,
}

impl CrossRegionCopy {
    /// The copy that this call is, unless the user has made the URL already.
    pub(crate) fn of(service: &Service, operation: &Operation, input: &Input) -> Option<Self> {
        let ec2 = (service.name, operation.name) == ("ec2", "CopySnapshot");
        let databases = match service.name {
            "rds" => matches!(
                operation.name,
                "CopyDBClusterSnapshot"
                    | "CreateDBCluster"
                    | "CopyDBSnapshot"
                    | "CreateDBInstanceReadReplica"
                    | "StartDBInstanceAutomatedBackupsReplication"
            ),
            "neptune" | "docdb" => matches!(operation.name, "CopyDBClusterSnapshot" | "CreateDBCluster"),
            _ => false,
        };
        let source_region = input.get("SourceRegion")?.as_text()?.to_owned();
        let given = input.get(if ec2 { "PresignedUrl" } else { "PreSignedUrl" }).is_some();
        ((ec2 && !given) || databases).then_some(Self { source_region, ec2 })
    }

    /// What is asked of the other region.
    pub(crate) fn inner_input(&self, input: &Input, destination: &str) -> Input {
        let mut entries = entries(input);
        if !self.ec2 {
            entries.shift_remove("SourceRegion");
        }
        entries.insert("DestinationRegion".to_owned(), Input::Text(destination.to_owned()));
        Input::Map(entries)
    }

    /// Puts the URL into the input.
    pub(crate) fn complete(&self, input: &mut Input, destination: &str, url: String) {
        let mut entries = entries(input);
        if self.ec2 {
            entries.insert("PresignedUrl".to_owned(), Input::Text(url));
            entries.insert("DestinationRegion".to_owned(), Input::Text(destination.to_owned()));
        } else {
            entries.shift_remove("SourceRegion");
            entries.entry("PreSignedUrl".to_owned()).or_insert(Input::Text(url));
        }
        *input = Input::Map(entries);
    }
}

fn entries(input: &Input) -> IndexMap<String, Input> {
    match input {
        Input::Map(entries) => entries.clone(),
        _ => IndexMap::new(),
    }
}
