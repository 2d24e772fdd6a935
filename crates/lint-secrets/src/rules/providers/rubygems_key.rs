use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A RubyGems key publishes gems that others install.
    ///
    /// ```yaml bad
    /// token: "rubygems_af364ee38a·c14b0315072e58f748ed06827bc8ba730d52a6"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RubyGems API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "rubygems-key-committed",
        summary: "RubyGems API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "RubyGems API key",
                "rubygems_",
                &[Part::Of(&charset::LOWER_HEX, 48, 48)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["rubygems-token"],
        peers: &[
            "betterleaks:rubygems-api-token", "github:rubygems_api_key",
            "gitleaks:rubygems-api-token", "kingfisher:kingfisher.rubygems.1",
            "noseyparker:np.rubygems.1", "titus:np.rubygems.1", "trufflehog:RubyGems",
        ],
    }
}
