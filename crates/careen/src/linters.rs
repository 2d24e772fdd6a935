use careen_model::Linter;

/// Every linter, in the order their findings are made. A new linter is one entry here.
pub(crate) static LINTERS: &[&dyn Linter] = &[
    &careen_lint_kubernetes::KubernetesLinter,
    &careen_lint_images::ImagesLinter,
    &careen_lint_secrets::SecretsLinter,
    &careen_lint_tls::TlsLinter,
];
