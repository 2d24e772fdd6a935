//! What becomes of one signature, held against the policy.

use careen_image_model::oci::{Identity, Verdict};

use crate::key::{PublicKey, weak_certificate};
use crate::policy::PolicyRule;
use crate::sigstore::{Failure, Material, Parsed, Proof, Root, keyed, keyless};

/// A signature that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) identity: Option<Identity>,
    pub(crate) logged: bool,
    pub(crate) time: Option<i64>,
    pub(crate) weak: Option<String>,
}

impl Judged {
    /// One of which nothing is proven.
    pub(crate) const fn bare(verdict: Verdict) -> Self {
        Self { verdict, identity: None, logged: false, time: None, weak: None }
    }

    /// It holds, and is about something else: that goes before who made it.
    pub(crate) fn about_another(mut self, why: String) -> Self {
        let holds = matches!(
            self.verdict,
            Verdict::Valid
                | Verdict::Unjudged
                | Verdict::WrongKey
                | Verdict::WrongIdentity
                | Verdict::NoLog
        );
        if holds {
            self.verdict = Verdict::OtherDigest(why);
        }
        self
    }
}

/// What judging needs to know.
#[derive(Clone, Copy)]
pub(crate) struct Court<'a> {
    /// What the policy says of the image; none where no rule covers it.
    pub(crate) rule: Option<&'a PolicyRule>,
    /// The roots that count for it.
    pub(crate) roots: &'a [&'a Root],
}

impl Court<'_> {
    /// Checks the signature of a bundle over what it is said to sign.
    pub(crate) fn judge(&self, parsed: &Parsed, material: Material<'_>) -> Judged {
        if parsed.has_certificate() {
            self.certified(parsed, material)
        } else {
            self.with_keys(parsed, material)
        }
    }

    fn certified(&self, parsed: &Parsed, material: Material<'_>) -> Judged {
        let weak = parsed.certificate().and_then(weak_certificate);
        let proof = self
            .first(|root| keyless(root, parsed, material))
            .unwrap_or_else(|| Err(Failure::UntrustedRoot("no root is trusted".to_owned())));
        let proof = match proof {
            Ok(proof) => proof,
            Err(failure) => return Judged { weak, ..Judged::bare(verdict(failure)) },
        };
        let trusted = |rule: &PolicyRule| {
            proof.identity.as_ref().is_some_and(|identity| rule.trusts(identity))
        };
        let verdict = match self.rule {
            None => Verdict::Unjudged,
            Some(rule) if !trusted(rule) => Verdict::WrongIdentity,
            Some(rule) => logged(rule, &proof),
        };
        let Proof { identity, logged, time } = proof;
        Judged { verdict, identity, logged, time, weak }
    }

    fn with_keys(&self, parsed: &Parsed, material: Material<'_>) -> Judged {
        let Some(rule) = self.rule else { return self.with_unknown_key(parsed, material) };
        let mut failed = Failure::OtherKey;
        for key in &rule.keys {
            match self.by_key(key, parsed, material) {
                Ok(proof) => {
                    let weak = key.weak().map(str::to_owned);
                    let verdict = logged(rule, &proof);
                    let Proof { identity, logged, time } = proof;
                    return Judged { verdict, identity, logged, time, weak };
                }
                Err(failure) => failed = failed.worse(failure),
            }
        }
        if failed != Failure::OtherKey {
            return Judged::bare(verdict(failed));
        }
        // A signature by one of these keys that was altered looks like one by another key, unless
        // something names the key.
        let named = parsed.logged_key();
        let ours = |key: &PublicKey| {
            named.as_ref() == Some(key) || parsed.hint() == Some(key.hint().as_str())
        };
        let broken = rule.keys.iter().any(ours)
            || named.is_some_and(|key| keyed(None, parsed, &key, material).is_err());
        Judged::bare(if broken {
            Verdict::Invalid("the key that it names did not make it".to_owned())
        } else {
            Verdict::WrongKey
        })
    }

    /// Without a policy, the key that the log has is as good as a certificate of anybody.
    fn with_unknown_key(&self, parsed: &Parsed, material: Material<'_>) -> Judged {
        let Some(key) = parsed.logged_key() else {
            let why = "it is signed with a key, and no policy names one".to_owned();
            return Judged::bare(Verdict::Unsupported(why));
        };
        let weak = key.weak().map(str::to_owned);
        match self.by_key(&key, parsed, material) {
            Ok(Proof { logged: true, time, .. }) => {
                Judged { verdict: Verdict::Unjudged, identity: None, logged: true, time, weak }
            }
            Ok(_) => {
                let why = "it is signed with a key that neither a policy nor a known log names";
                Judged { weak, ..Judged::bare(Verdict::Unsupported(why.to_owned())) }
            }
            Err(Failure::OtherKey) => {
                let why = "the key that its log entry names did not make it".to_owned();
                Judged::bare(Verdict::Invalid(why))
            }
            Err(failure) => Judged { weak, ..Judged::bare(verdict(failure)) },
        }
    }

    /// With the root that proves most.
    fn by_key(
        &self,
        key: &PublicKey,
        parsed: &Parsed,
        material: Material<'_>,
    ) -> Result<Proof, Failure> {
        let mut best = keyed(None, parsed, key, material)?;
        for root in self.roots {
            let proof = keyed(Some(root), parsed, key, material)?;
            if proof.logged || (!best.logged && proof.time.is_some()) {
                best = proof;
            }
        }
        Ok(best)
    }

    /// What the first root says that knows the signer; else what is worst.
    fn first(
        &self,
        check: impl Fn(&Root) -> Result<Proof, Failure>,
    ) -> Option<Result<Proof, Failure>> {
        let mut failed: Option<Failure> = None;
        for root in self.roots {
            match check(root) {
                Ok(proof) => return Some(Ok(proof)),
                Err(failure) => {
                    failed = Some(match failed {
                        Some(before) => before.worse(failure),
                        None => failure,
                    });
                }
            }
        }
        failed.map(Err)
    }
}

fn logged(rule: &PolicyRule, proof: &Proof) -> Verdict {
    if rule.unlogged || proof.logged { Verdict::Valid } else { Verdict::NoLog }
}

fn verdict(failure: Failure) -> Verdict {
    match failure {
        Failure::Invalid(why) => Verdict::Invalid(why),
        Failure::OtherKey => Verdict::WrongKey,
        Failure::UntrustedRoot(why) => Verdict::UntrustedRoot(why),
        Failure::NoLog => Verdict::NoLog,
        Failure::NoTime => Verdict::NoTime,
        Failure::Unsupported(why) => Verdict::Unsupported(why),
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::oci::Verdict;
    use serde_json::json;

    use super::Court;
    use crate::key::tests::{MESSAGE, RSA_1024, SIGNATURE};
    use crate::sigstore::{Material, Parsed};
    use crate::{PolicyRule, PublicKey};

    #[test]
    fn a_weak_key_is_held_to_its_signature_all_the_same() {
        let bundle = json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": { "publicKey": { "hint": "" } },
            "messageSignature": { "signature": SIGNATURE },
        });
        let parsed = Parsed::new(bundle.to_string().as_bytes()).unwrap();
        let key = PublicKey::from_pem(RSA_1024.as_bytes()).unwrap();
        let rule = PolicyRule { keys: vec![key], unlogged: true, ..PolicyRule::default() };
        let court = Court { rule: Some(&rule), roots: &[] };
        let judged = court.judge(&parsed, Material::Bytes(MESSAGE));
        assert_eq!(judged.verdict, Verdict::Valid);
        assert!(judged.weak.unwrap().contains("1024"));
        let other = court.judge(&parsed, Material::Bytes(b"what is not"));
        assert_eq!(other.verdict, Verdict::WrongKey);
    }
}
