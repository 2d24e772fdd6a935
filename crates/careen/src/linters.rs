use careen_detectors::Detectors;
use careen_lint_images::ImagesLinter;
use careen_lint_kubernetes::KubernetesLinter;
use careen_lint_observability::ObservabilityLinter;
use careen_lint_release::ReleaseLinter;
use careen_lint_secrets::SecretsLinter;
use careen_lint_tls::TlsLinter;
use careen_model::Linter;

/// Every linter.
#[derive(Debug, Default)]
pub(crate) struct Linters {
    secrets: SecretsLinter,
}

impl Linters {
    /// The linters, with a user's detectors beside those that careen brings.
    pub(crate) fn with(detectors: &[Detectors]) -> Self {
        Self { secrets: SecretsLinter::with(detectors) }
    }

    /// Every linter, in the order their findings are made. A new linter is one entry here.
    pub(crate) fn all(&self) -> [&dyn Linter; 6] {
        [
            &KubernetesLinter,
            &ImagesLinter,
            &self.secrets,
            &TlsLinter,
            &ObservabilityLinter,
            &ReleaseLinter,
        ]
    }
}
