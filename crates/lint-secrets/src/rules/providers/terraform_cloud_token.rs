use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A token of HCP Terraform changes infrastructure and reads its state.
    ///
    /// ```yaml bad
    /// token: "e82UIxJpUDpT0U.atlasv1.8MgNebF·n0cMQsnOTSxKnQ7uQy6wEWJTs3GVRGHxU3KxGSaIwxzxLTc3x0XfBCE4XvKc"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ HCP Terraform token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "terraform-cloud-token-committed",
        summary: "HCP Terraform token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::infix(
                "HCP Terraform token",
                (&charset::ALNUM, 14, 14),
                ".atlasv1.",
                &[Part::Of(&charset::URL64, 60, 80)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["hashicorp-personal-token"],
        peers: &["kingfisher:kingfisher.terraform.1", "trufflehog:TerraformCloudPersonalToken"],
    }
}
