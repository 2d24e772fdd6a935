use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Supabase key reads and writes the database past its row policies.
    ///
    /// ```yaml bad
    /// token: "sbp_e849b8918e·06a64052a24742321039f0a525c70f"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Supabase access token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "supabase-key-committed",
        summary: "Supabase access token is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Supabase access token", "sbp_", &[Part::Of(&charset::URL64, 31, 40)]),
            Shape::prefix(
                "Supabase secret key",
                "sb_secret_",
                &[Part::Of(&charset::URL64, 31, 40)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["supabase-token", "supabase-service-token"],
        peers: &[
            "betterleaks:supabase-management-token", "betterleaks:supabase-project-api-key",
            "kingfisher:kingfisher.supabase.1", "kingfisher:kingfisher.supabase.2",
            "titus:kingfisher.supabase.1", "titus:kingfisher.supabase.2",
            "trufflehog:SupabaseToken",
        ],
    }
}
