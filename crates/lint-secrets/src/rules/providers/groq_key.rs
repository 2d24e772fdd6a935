use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A Groq key runs models at the expense of its account.
    ///
    /// ```yaml bad
    /// token: "gsk_aGCX52BLv3s4J1·W36YoIrvPV2yXhrRzDiGXeCWMzyeJZTyrGW2PH"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Groq API key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "groq-key-committed",
        summary: "Groq API key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Groq API key", "gsk_", &[Part::Of(&charset::ALNUM, 52, 52)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["groq-token"],
        peers: &[
            "betterleaks:groq-api-key", "github:groq_api_key", "kingfisher:kingfisher.groq.1",
            "noseyparker:np.groq.1", "titus:np.groq.1", "trufflehog:Groq",
        ],
    }
}
