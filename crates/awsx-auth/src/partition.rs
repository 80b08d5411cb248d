//! AWS's partitions: which regions are theirs, and where their console and sign-in live.

/// One partition.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// The name in ARNs: `aws`, `aws-cn`.
    pub name: &'static str,
    /// What its region names begin with.
    region_prefixes: &'static [&'static str],
    /// A region for calls that need one and were given none.
    pub home_region: &'static str,
    /// Host of the sign-in service; `{region}` stands for the region where the host has it.
    signin_host: &'static str,
    /// Host of the console.
    pub console_host: &'static str,
}

/// Every partition, the commercial one last: it takes the regions that no other one claims.
///
/// Hosts as AWS's documentation and the endpoint rules of the sign-in service give them.
pub const ALL: &[Partition] = &[
    Partition {
        name: "aws-cn",
        region_prefixes: &["cn-"],
        home_region: "cn-north-1",
        signin_host: "signin.amazonaws.cn",
        console_host: "console.amazonaws.cn",
    },
    Partition {
        name: "aws-us-gov",
        region_prefixes: &["us-gov-"],
        home_region: "us-gov-west-1",
        signin_host: "signin.amazonaws-us-gov.com",
        console_host: "console.amazonaws-us-gov.com",
    },
    Partition {
        name: "aws-iso",
        region_prefixes: &["us-iso-"],
        home_region: "us-iso-east-1",
        signin_host: "signin.c2shome.ic.gov",
        console_host: "console.c2shome.ic.gov",
    },
    Partition {
        name: "aws-iso-b",
        region_prefixes: &["us-isob-"],
        home_region: "us-isob-east-1",
        signin_host: "signin.sc2shome.sgov.gov",
        console_host: "console.sc2shome.sgov.gov",
    },
    Partition {
        name: "aws-iso-e",
        region_prefixes: &["eu-isoe-"],
        home_region: "eu-isoe-west-1",
        signin_host: "signin.csphome.adc-e.uk",
        console_host: "console.csphome.adc-e.uk",
    },
    Partition {
        name: "aws-iso-f",
        region_prefixes: &["us-isof-"],
        home_region: "us-isof-south-1",
        signin_host: "signin.csphome.hci.ic.gov",
        console_host: "console.csphome.hci.ic.gov",
    },
    Partition {
        name: "aws-eusc",
        region_prefixes: &["eusc-"],
        home_region: "eusc-de-east-1",
        signin_host: "{region}.signin.amazonaws-eusc.eu",
        console_host: "console.amazonaws-eusc.eu",
    },
    Partition {
        name: "aws",
        region_prefixes: &[""],
        home_region: "us-east-1",
        signin_host: "signin.aws.amazon.com",
        console_host: "console.aws.amazon.com",
    },
];

impl Partition {
    /// The partition a region belongs to; the commercial one for a region that awsx does not know.
    pub fn of_region(region: &str) -> &'static Self {
        let claims =
            |partition: &&Self| partition.region_prefixes.iter().any(|prefix| region.starts_with(prefix));
        ALL.iter().find(claims).expect("the last partition claims every region")
    }

    /// The partition an ARN names, if it is an ARN of a partition that awsx knows.
    pub fn of_arn(arn: &str) -> Option<&'static Self> {
        let name = arn.strip_prefix("arn:")?.split(':').next()?;
        ALL.iter().find(|partition| partition.name == name)
    }

    /// Whether the region is one of this partition's.
    pub fn has_region(&self, region: &str) -> bool {
        Self::of_region(region) == self
    }

    /// Where sign-in tokens come from: `https://signin.aws.amazon.com/federation`.
    pub fn federation_endpoint(&self, region: &str) -> String {
        format!("https://{}/federation", self.signin_host.replace("{region}", region))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_and_arns_find_their_partition() {
        for (region, name) in [
            ("eu-west-1", "aws"),
            ("us-gov-east-1", "aws-us-gov"),
            ("cn-northwest-1", "aws-cn"),
            ("us-isob-east-1", "aws-iso-b"),
            ("us-iso-west-1", "aws-iso"),
            ("eusc-de-east-1", "aws-eusc"),
            ("mars-north-9", "aws"),
        ] {
            assert_eq!(Partition::of_region(region).name, name, "{region}");
        }
        assert_eq!(Partition::of_arn("arn:aws-cn:iam::1:role/r").unwrap().name, "aws-cn");
        assert_eq!(Partition::of_arn("arn:elsewhere:iam::1:role/r"), None);
        assert_eq!(Partition::of_arn("role/r"), None);
        for partition in ALL {
            assert!(partition.has_region(partition.home_region), "{}", partition.name);
        }
    }

    #[test]
    fn the_sovereign_clouds_sign_in_is_regional() {
        assert_eq!(
            Partition::of_region("eusc-de-east-1").federation_endpoint("eusc-de-east-1"),
            "https://eusc-de-east-1.signin.amazonaws-eusc.eu/federation"
        );
    }
}
