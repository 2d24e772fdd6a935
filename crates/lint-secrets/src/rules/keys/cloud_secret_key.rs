use careen_rule::{control, rule};

use crate::check::{Check, Find};

rule! {
    /// With its id, the secret of a key of a cloud does whatever its owner may, from anywhere. It has no mark of
    /// its own: it is known by standing beside its id. Read for Alibaba Cloud, DigitalOcean Spaces, Exoscale,
    /// Google Cloud Storage, Scaleway, Tencent Cloud, Volcengine and Yandex Cloud.
    ///
    /// ```yaml bad
    /// oss:
    ///   id: EXO3c1d9be·27fa04586d2e1bb70
    ///   value: q8Rk2Lm5Tn7Vw9Xb3Cd4F·g6Hj1Kp0sTzYxWvUnMqWeR
    /// #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Exoscale secret key
    /// ```
    /// ```yaml good
    /// oss:
    ///   id: EXO3c1d9be·27fa04586d2e1bb70
    ///   value: ${SECRET}
    /// ```
    pub(crate) static RULE: Check = {
        id: "cloud-secret-key-committed",
        summary: "secret of a cloud's key pair is committed",
        remedy: "Delete the key pair in the console of the cloud, issue a new one, and hand it to the workload from a secret store.",
        severity: Critical,
        check: Check::Found(Find::CloudSecret),
        security: true,
        controls: &[control::SECRETS_NOT_IN_REPO],
        confidence: careen_rule::Confidence::High,
        cwe: &[798],
        peers: &["github:tencent_cloud_secret_id", "kingfisher:kingfisher.tencent.2"],
    }
}
