use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::shape::{Part, Shape};

rule! {
    /// An Adafruit IO key reads and writes feeds of devices.
    ///
    /// ```yaml bad
    /// token: "aio_MyT2Mn·puHJ2axzJnLFp5pEJPU08x"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Adafruit IO key
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "adafruit-key-committed",
        summary: "Adafruit IO key is committed",
        remedy: "Revoke the key, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix("Adafruit IO key", "aio_", &[Part::Of(&charset::ALNUM, 28, 28)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["adafruit-token"],
        peers: &[
            "github:adafruit_io_key", "kingfisher:kingfisher.adafruitio.1",
            "noseyparker:np.adafruit.1", "titus:np.adafruit.1", "trufflehog:AdafruitIO",
        ],
    }
}
