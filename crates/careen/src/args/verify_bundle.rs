use std::path::PathBuf;

use clap::Args;

#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("signer").required(true))]
pub(crate) struct VerifyBundleArguments {
    /// The bundle.
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: PathBuf,
    /// Who must have signed: the subject of the certificate, exactly.
    #[arg(long, value_name = "SUBJECT", group = "signer", requires = "certificate_oidc_issuer")]
    pub(crate) certificate_identity: Option<String>,
    /// Who must have vouched for that: the OIDC issuer, exactly.
    #[arg(long, value_name = "URL", requires = "certificate_identity")]
    pub(crate) certificate_oidc_issuer: Option<String>,
    /// The public key that must have signed, in PEM.
    #[arg(long, value_name = "FILE", group = "signer")]
    pub(crate) key: Option<PathBuf>,
    /// What is trusted: a `trusted_root.json`; else what Sigstore's public instance had when this
    /// version was made.
    #[arg(long, value_name = "FILE")]
    pub(crate) trusted_root: Option<PathBuf>,
    /// Trusts Sigstore's instance for tests instead, unless `--trusted-root` is given.
    #[arg(long)]
    pub(crate) staging: bool,
    /// What is signed: a file, or its digest as `sha256:` and 64 digits.
    #[arg(value_name = "FILE_OR_DIGEST")]
    pub(crate) artifact: String,
}
