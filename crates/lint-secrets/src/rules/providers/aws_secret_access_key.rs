use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// With its id, the secret of an AWS access key does whatever the IAM user may, from anywhere, until
    /// somebody notices. It has no mark of its own: it is known by standing beside its id.
    ///
    /// ```yaml bad
    /// id: AKIA·Z7QK4M2XW5RT3NVB
    /// value: JGecwflDSt·zgB2ae4e+5PhWtQApw4qWGtetBR3hj
    /// #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ AWS secret access key
    /// ```
    /// ```yaml good
    /// roleArn: arn:aws:iam::731904625817:role/worker
    /// ```
    pub(crate) static RULE: Check = {
        id: "aws-secret-access-key-committed",
        summary: "AWS secret access key is committed",
        remedy: "Delete the access key in IAM and let the workload assume a role instead.",
        severity: Critical,
        check: Check::Found(Find::AwsSecret),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        aliases: &[
            "aws-client-secret",
            "aws-token-6",
        ],
        cwe: &[798],
        peers: &[
            "betterleaks:aws-secret-access-key",
            "github:aws_secret_access_key",
            "kingfisher:kingfisher.aws.2",
            "noseyparker:np.aws.2",
            "titus:np.aws.2",
            "trufflehog:AWS",
        ],
        references: &[
            "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        ],
    }
}
