use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// An age identity decrypts everything that was encrypted to its recipient: with SOPS, all secrets
    /// of the repository it stands in. It carries a checksum.
    ///
    /// ```yaml bad
    /// identity: AGE-SECRET-KEY-1QP·AR6FKF84NFUQVR9HY372YRA9CVJAA6S7EYSUR86XUQUX9AJ5GXVDGMA2
    /// #         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ age secret key
    /// ```
    /// ```yaml good
    /// recipient: age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq
    /// ```
    pub(crate) static RULE: Check = {
        id: "age-secret-key-committed",
        summary: "age secret key is committed",
        remedy: "Make a new identity, encrypt everything to it again, and change the secrets that the old one opens.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "age secret key",
                "AGE-SECRET-KEY-1",
                &[Part::Of(&charset::UPPER_ALNUM, 58, 58)],
            )
            .judged(checksum::bech32),
            Shape::prefix(
                "age post-quantum secret key",
                "AGE-SECRET-KEY-PQ-1",
                &[Part::Of(&charset::UPPER_ALNUM, 58, 58)],
            ),
        ]),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        aliases: &["age-client-secret", "age-client-secret-agesecretkeypq1"],
        cwe: &[321, 798],
        peers: &[
            "betterleaks:age-secret-key", "gitleaks:age-secret-key", "kingfisher:kingfisher.age.2",
            "kingfisher:kingfisher.age.4", "noseyparker:np.age.2", "titus:np.age.2",
        ],
        references: &["https://age-encryption.org/v1"],
    }
}
