//! AWS's own managed policies, those that tests and examples attach. What they allow is what AWS's allow of the actions
//! that the sandbox has.

use std::sync::{Arc, LazyLock};

use crate::policy::{Document, Kind};

pub(crate) const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

/// A managed policy.
pub(crate) struct Managed {
    pub(crate) arn: &'static str,
    document: LazyLock<Arc<Document>>,
}

impl Managed {
    pub(crate) fn name(&self) -> &'static str {
        self.arn.rsplit('/').next().unwrap_or(self.arn)
    }

    pub(crate) fn document(&self) -> Arc<Document> {
        Arc::clone(&self.document)
    }
}

pub(crate) fn find(arn: &str) -> Option<&'static Managed> {
    MANAGED.iter().find(|policy| policy.arn == arn)
}

fn allow(actions: &str) -> Arc<Document> {
    let text = format!(r#"{{"Statement": {{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}}}"#);
    Arc::new(Document::parse(&text, Kind::Identity).expect("the policy is valid"))
}

static MANAGED: [Managed; 5] = [
    Managed { arn: ADMINISTRATOR, document: LazyLock::new(|| allow(r#""*""#)) },
    Managed {
        arn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
        document: LazyLock::new(|| allow(r#"["s3:Get*", "s3:List*", "iam:Get*", "iam:List*"]"#)),
    },
    Managed {
        arn: "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
        document: LazyLock::new(|| allow(r#"["s3:Get*", "s3:List*", "s3:Describe*"]"#)),
    },
    Managed {
        arn: "arn:aws:iam::aws:policy/AmazonS3FullAccess",
        document: LazyLock::new(|| allow(r#""s3:*""#)),
    },
    Managed { arn: "arn:aws:iam::aws:policy/IAMFullAccess", document: LazyLock::new(|| allow(r#""iam:*""#)) },
];
