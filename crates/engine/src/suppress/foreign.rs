//! Suppressions that were written for other linters.
//!
//! Each holds for the rules that name the other linter's check as their peer, where its own tool
//! would honour it: comments of Trivy, Checkov, KICS, hadolint and BuildKit's build checks;
//! annotations of kube-linter, kube-score, Polaris and Checkov; labels of kubeaudit. A name that no
//! rule of ours answers to is passed over in silence. The words of secret scanners hold for all
//! findings of secrets.

mod comments;
mod metadata;
mod secrets;

use std::sync::Arc;

use careen_model::File;
use careen_rule::Meta;
use careen_text::Source;

use super::Found;

/// `secrets` says whether secrets were found in the file.
pub(super) fn read(
    source: &Arc<Source>,
    file: Option<&File>,
    (rules, secrets): (&[&'static Meta], bool),
    now: i64,
    take: &mut dyn FnMut(Found<'_>),
) {
    comments::read(source, file, now, take);
    if secrets {
        secrets::read(source, rules, take);
    }
    if let Some(file) = file {
        metadata::read(file, take);
    }
}
