use careen_rule::{control, rule};

use crate::charset;
use crate::check::Check;
use crate::checksum;
use crate::shape::{Part, Shape};

rule! {
    /// A Grafana service account token reads and changes dashboards and data sources. It carries a
    /// checksum.
    ///
    /// ```yaml bad
    /// token: "glsa_kLSZJPGomN·04AJx56etOjYhDFRrPDf2m_2417d1b0"
    /// #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Grafana service account token
    /// ```
    /// ```yaml good
    /// token: "${TOKEN}"
    /// ```
    pub(crate) static RULE: Check = {
        id: "grafana-token-committed",
        summary: "Grafana token is committed",
        remedy: "Revoke the token, issue a new one, and hand it to the workload from a secret store.",
        severity: High,
        check: Check::Token(&[
            Shape::prefix(
                "Grafana service account token",
                "glsa_",
                &[Part::Of(&charset::ALNUM, 32, 32), Part::Is("_"), Part::Of(&charset::HEX, 8, 8)],
            )
            .judged(checksum::grafana),
            Shape::prefix(
                "Grafana Cloud access policy token",
                "glc_eyJ",
                &[Part::Of(&charset::BASE64, 40, 400)],
            ),
            Shape::prefix("Grafana API key", "eyJrIjoi", &[Part::Of(&charset::BASE64, 60, 400)]),
        ]),
        confidence: careen_rule::Confidence::High,
        security: true,
        cwe: &[798],
        controls: &[control::SECRETS_NOT_IN_REPO],
        aliases: &["grafana-service-token", "grafana-token-glc", "grafana-token"],
        peers: &[
            "betterleaks:grafana-api-key", "betterleaks:grafana-cloud-api-token",
            "betterleaks:grafana-service-account-token", "github:grafana_cloud_api_key",
            "github:grafana_cloud_api_token", "github:grafana_project_api_key",
            "github:grafana_project_service_account_token", "gitleaks:grafana-api-key",
            "gitleaks:grafana-cloud-api-token", "gitleaks:grafana-service-account-token",
            "kingfisher:kingfisher.grafana.1", "kingfisher:kingfisher.grafana.2",
            "kingfisher:kingfisher.grafana.3", "noseyparker:np.grafana.1",
            "noseyparker:np.grafana.2", "noseyparker:np.grafana.3", "titus:np.grafana.1",
            "titus:np.grafana.2", "titus:np.grafana.3", "trufflehog:Grafana",
            "trufflehog:GrafanaServiceAccount",
        ],
        references: &["https://grafana.com/docs/grafana/latest/administration/service-accounts/"],
    }
}
