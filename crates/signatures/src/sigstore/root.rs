use sigstore_trust_root::{SigstoreInstance, TrustedRoot as Inner};
use sigstore_verify::Verifier;

use crate::limits::{self, shown};
use crate::policy::TrustedRoot;

/// A trusted root, ready for use.
pub(crate) struct Root {
    pub(super) verifier: Verifier,
    name: String,
    logs: Vec<Vec<u8>>,
    /// Logs of certificates: without any, no certificate can prove that it is in one, and whoever
    /// made the root does not ask for it.
    pub(super) has_certificate_logs: bool,
    pub(super) has_time: bool,
    /// Whether authorities and logs are there, and when the last of each ends.
    ends: [Option<i64>; 2],
}

impl Root {
    /// Makes a trusted root ready.
    ///
    /// # Errors
    ///
    /// One sentence fragment where it is none.
    pub(crate) fn new(root: &TrustedRoot) -> Result<Self, String> {
        let inner = match root {
            TrustedRoot::PublicGood => Inner::from_embedded(SigstoreInstance::PublicGood),
            TrustedRoot::Staging => Inner::from_embedded(SigstoreInstance::Staging),
            TrustedRoot::GitHub => Inner::from_embedded(SigstoreInstance::GitHub),
            TrustedRoot::Custom { json, .. } => {
                if json.len() > limits::TRUST {
                    return Err("it is too large for a trusted root".to_owned());
                }
                let text = std::str::from_utf8(json).map_err(|_| "it is no text".to_owned())?;
                Inner::from_json(text)
            }
        };
        let refused = |error: &dyn std::fmt::Display| {
            format!("it is no trusted root: {}", shown(&error.to_string()))
        };
        let inner = inner.map_err(|error| refused(&error))?;
        if inner.certificate_authorities.is_empty() && inner.tlogs.is_empty() {
            return Err("it trusts nobody: it names neither authorities nor logs".to_owned());
        }
        let verifier = Verifier::new(&inner).map_err(|error| refused(&error))?;
        let end = |window: Option<sigstore_types::TimeRange>| match window
            .and_then(|window| window.end)
        {
            Some(end) => end.as_second(),
            None => i64::MAX,
        };
        let authorities = inner.certificate_authorities.iter().map(|one| end(one.valid_for)).max();
        let logs = inner.tlogs.iter().map(|one| end(one.public_key.valid_for)).max();
        Ok(Self {
            verifier,
            name: root.name().to_owned(),
            logs: inner.tlogs.iter().map(|log| log.log_id.key_id.as_bytes().to_vec()).collect(),
            has_certificate_logs: !inner.ctlogs.is_empty(),
            has_time: !inner.timestamp_authorities.is_empty(),
            ends: [authorities, logs],
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Why it cannot vouch for signatures of a moment; one sentence fragment.
    pub(crate) fn stale(&self, now: i64) -> Option<String> {
        let kinds = ["certificate authority", "transparency log"];
        let ended = self.ends.iter().zip(kinds).find(|(end, _)| end.is_some_and(|end| end < now));
        ended.map(|(_, kind)| {
            format!("the trusted root `{}` knows no {kind} that is still in use", self.name)
        })
    }

    pub(super) fn knows_log(&self, id: &[u8]) -> bool {
        self.logs.iter().any(|log| log == id)
    }
}
