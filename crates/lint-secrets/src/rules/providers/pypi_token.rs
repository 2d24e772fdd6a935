use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// A PyPI token uploads releases that others install.
    ///
    /// ```yaml bad
    /// token: "pypi-AgEIcHlwaS5vcmcCJcZez5I6q3PgPMV0caI·zCTqiqkXwRpAeIIbASeEVtmC1hmAuGV5rsgYRoLVlAt7fiXTEyhtxXjjYRUUszBQjdJi9Bmrvij8nRqVyA"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ PyPI upload token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "pypi-token-committed",
        summary: "PyPI upload token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Token(&[
            Shape::prefix(
                "PyPI upload token",
                "pypi-AgEIcHlwaS5vcmc",
                &[Part::Of(&charset::URL64, 50, 1000)],
            ),
            Shape::prefix(
                "TestPyPI upload token",
                "pypi-AgENdGVzdC5weXBpLm9yZ",
                &[Part::Of(&charset::URL64, 50, 1000)],
            ),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["pypi-token"],
        peers: &[
            "betterleaks:pypi-upload-token", "github:pypi_api_token", "gitleaks:pypi-upload-token",
            "kingfisher:kingfisher.pypi.1", "noseyparker:np.pypi.1", "titus:np.pypi.1",
            "trufflehog:PyPI",
        ],
    }
}
