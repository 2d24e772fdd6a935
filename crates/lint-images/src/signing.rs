//! What the signatures of an image come to.
//!
//! One that satisfies the policy is enough: others beside it are nobody's business. Where none
//! does, one cause is reported, that of the signature which comes nearest.

use careen_image_model::oci::{Evidence, Identity, Signature, SignatureForm, Verdict};
use careen_rule::SnapshotSink;

use crate::subject::{Examined, Role, cut, reason};

/// What the signatures of an image come to.
#[derive(Debug)]
pub(crate) enum Standing<'e> {
    /// Nobody asks, and nothing speaks against the image.
    Open,
    /// It is signed as the policy asks; where there is none, by anyone.
    Signed,
    /// None was found that satisfies the policy, but not everything could be looked at: why.
    Unknown(&'e str),
    /// It has none.
    Missing,
    /// None satisfies the policy: the one that comes nearest.
    Failed(&'e Signature),
}

/// Judges the signatures of an image.
pub(crate) fn standing(evidence: &Evidence) -> Standing<'_> {
    let verdicts = || evidence.signatures.iter().map(|signature| &signature.verdict);
    if !evidence.searched {
        return Standing::Open;
    }
    if verdicts().any(Verdict::holds) {
        return Standing::Signed;
    }
    let is_asked = evidence.requirement.is_some();
    let unfetched = verdicts().find_map(|verdict| match verdict {
        Verdict::Unreachable(why) => Some(why.as_str()),
        _ => None,
    });
    if let Some(why) = unfetched.or(evidence.unreachable.first().map(String::as_str)) {
        return if is_asked { Standing::Unknown(why) } else { Standing::Open };
    }
    let failed = evidence.signatures.iter().filter(|one| one.verdict != Verdict::Unsigned);
    // Without a policy the signer is anybody's choice, but a signature still has to hold.
    let failed = failed.filter(|one| {
        is_asked || matches!(one.verdict, Verdict::Invalid(_) | Verdict::OtherDigest(_))
    });
    match failed.min_by_key(|one| distance(&one.verdict)) {
        Some(nearest) => Standing::Failed(nearest),
        None if is_asked => Standing::Missing,
        None => Standing::Open,
    }
}

/// How far from satisfying a policy a verdict is: first those that hold, then those that might
/// have, then those that do not, then those of which nothing is known.
pub(crate) const fn distance(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Valid => 0,
        Verdict::Unjudged => 1,
        Verdict::Unreachable(_) => 2,
        Verdict::WrongIdentity => 3,
        Verdict::WrongKey => 4,
        Verdict::NoLog => 5,
        Verdict::NoTime => 6,
        Verdict::UntrustedRoot(_) => 7,
        Verdict::OtherDigest(_) => 8,
        Verdict::Invalid(_) => 9,
        Verdict::Unsupported(_) => 10,
        Verdict::Unsigned => 11,
    }
}

/// The signature that explains why an image that runs is not signed as it should be. Images that
/// others are built on are left to `base-unsigned`.
pub(crate) fn failed<'a>(examined: &Examined<'a>) -> Option<&'a Signature> {
    if examined.role == Role::Base {
        return None;
    }
    match standing(examined.evidence()?) {
        Standing::Failed(signature) => Some(signature),
        _ => None,
    }
}

/// Reports an image whose signature failed, in the words that its verdict gets, if it gets any.
pub(crate) fn report_failed(
    examined: &Examined<'_>,
    out: &mut SnapshotSink<'_>,
    words: impl FnOnce(&Signature) -> Option<String>,
) {
    if let Some(words) = failed(examined).and_then(words) {
        examined.report(out, format!("{} {words}", examined.display()));
    }
}

/// Why a signature or an attestation does not satisfy the policy, as the end of a sentence about
/// it.
pub(crate) fn why(verdict: &Verdict, identity: Option<&Identity>) -> String {
    match verdict {
        Verdict::Valid | Verdict::Unjudged => "holds".to_owned(),
        Verdict::Unsigned => "has no content".to_owned(),
        Verdict::Unreachable(why) => format!("could not be fetched: {}", reason(why)),
        Verdict::WrongIdentity => match identity {
            Some(who) => format!("is by `{}`", cut(&who.subject)),
            None => "is by somebody else".to_owned(),
        },
        Verdict::WrongKey => "is by another key".to_owned(),
        Verdict::NoLog => "is in no transparency log".to_owned(),
        Verdict::NoTime => "has no proven time".to_owned(),
        Verdict::UntrustedRoot(why) => format!("leads to no trusted root: {}", reason(why)),
        Verdict::OtherDigest(what) => format!("speaks about something else: {}", reason(what)),
        Verdict::Invalid(why) => format!("does not hold: {}", reason(why)),
        Verdict::Unsupported(why) => format!("cannot be checked: {}", reason(why)),
    }
}

/// Signatures that hold, where the image counts as signed.
pub(crate) fn holding(evidence: &Evidence) -> impl Iterator<Item = &Signature> {
    let valid = evidence.signatures.iter().any(|one| one.verdict.is_valid());
    evidence.signatures.iter().filter(move |one| {
        evidence.searched && if valid { one.verdict.is_valid() } else { one.verdict.holds() }
    })
}

/// Whether a signature is kept as nobody should keep one today.
pub(crate) const fn is_legacy(form: SignatureForm) -> bool {
    matches!(form, SignatureForm::CosignTag | SignatureForm::ContentTrust)
}

#[cfg(test)]
mod tests {
    use careen_image_model::oci::{
        Covers, Evidence, Requirement, Signature, SignatureForm, Verdict,
    };

    use super::{Standing, standing};

    fn signed(verdicts: &[Verdict], asked: bool) -> Evidence {
        let signature = |verdict: &Verdict| Signature {
            form: SignatureForm::Bundle,
            place: "sha256-12.sig".to_owned(),
            covers: Covers::Manifest,
            verdict: verdict.clone(),
            identity: None,
            logged: true,
            time: None,
            weak: None,
        };
        Evidence {
            searched: true,
            requirement: asked.then(Requirement::default),
            signatures: verdicts.iter().map(signature).collect(),
            ..Evidence::default()
        }
    }

    #[test]
    fn one_good_signature_is_enough() {
        let bad = Verdict::Invalid("the digest differs".to_owned());
        let evidence = signed(&[bad.clone(), Verdict::Valid, Verdict::WrongKey], true);
        assert!(matches!(standing(&evidence), Standing::Signed));
        let evidence = signed(&[bad, Verdict::WrongKey, Verdict::WrongIdentity], true);
        let Standing::Failed(nearest) = standing(&evidence) else { panic!("none satisfies") };
        assert_eq!(nearest.verdict, Verdict::WrongIdentity);
    }

    #[test]
    fn what_could_not_be_looked_at_is_neither_good_nor_missing() {
        let far = Verdict::Unreachable("it timed out".to_owned());
        let evidence = signed(&[Verdict::WrongKey, far.clone()], true);
        assert!(matches!(standing(&evidence), Standing::Unknown("it timed out")));
        assert!(matches!(standing(&signed(&[far], false)), Standing::Open));
        let mut evidence = signed(&[], true);
        assert!(matches!(standing(&evidence), Standing::Missing));
        evidence.unreachable.push("the registry timed out".to_owned());
        assert!(matches!(standing(&evidence), Standing::Unknown(_)));
        evidence.searched = false;
        assert!(matches!(standing(&evidence), Standing::Open));
    }

    #[test]
    fn without_a_policy_only_what_does_not_hold_counts() {
        assert!(matches!(standing(&signed(&[], false)), Standing::Open));
        assert!(matches!(standing(&signed(&[Verdict::Unjudged], false)), Standing::Signed));
        assert!(matches!(standing(&signed(&[Verdict::WrongKey], false)), Standing::Open));
        let evidence = signed(&[Verdict::Invalid(String::new())], false);
        assert!(matches!(standing(&evidence), Standing::Failed(_)));
    }
}
