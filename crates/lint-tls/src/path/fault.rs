//! Everything that is wrong with one path.

use careen_x509_model::{Certificate, Curve, ExtendedKeyUsage, KeyKind};

use super::Purpose;
use super::link::identifiers;
use super::names::{Budget, violations};
use crate::chain::is_own_issuer;
use crate::date::Date;
use crate::names::{Called, Name, Shown};
use crate::validity::Validity;

/// What validators want of an RSA key; OpenSSL at its default security level.
const SMALLEST_RSA: u32 = 2048;

/// A kind of [`Fault`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Nobody of the issuer's name is there.
    NoIssuer,
    /// Somebody of the issuer's name is there, but has not signed.
    Signature,
    /// The signature cannot be checked: its algorithm is not known here.
    Unchecked,
    /// authorityKeyIdentifier names another key or certificate than the issuer's.
    KeyIdentifier,
    /// The issuer is no CA.
    NotAuthority,
    /// The certificate at the beginning of the path is a CA's.
    LeafIsAuthority,
    /// The issuer's keyUsage lacks `keyCertSign`.
    KeyUsage,
    /// There are more CAs below one than its pathLenConstraint allows.
    PathLength,
    /// A name lies outside of what a CA above it may issue for.
    Names,
    /// A CA's nameConstraints are malformed.
    Constraints,
    /// The extKeyUsage of the first certificate lacks the purpose.
    Purpose,
    /// The extKeyUsage of a CA lacks the purpose.
    Nesting,
    /// A certificate is not valid yet, or never.
    NotYetValid,
    /// A certificate has expired.
    Expired,
    /// A certificate is signed with a broken hash.
    WeakSignature,
    /// A key is too small, or of a kind that TLS has not.
    WeakKey,
    /// A critical extension that validators do not know.
    CriticalExtension,
    /// The limits on hostile input were reached.
    Budget,
}

/// Why a path does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind of fault.
    pub kind: FaultKind,
    /// Position of the certificate at fault.
    pub at: usize,
    /// Position of the other certificate, where it takes two.
    pub other: Option<usize>,
    /// The whole in words.
    pub words: String,
}

/// A path with what was found in it.
struct Judge<'a> {
    /// Positions with certificates, the leaf first.
    path: Vec<(usize, &'a Certificate)>,
    faults: Vec<Fault>,
}

/// Everything that is wrong with a path: positions in `pool`, the leaf first. The last one is
/// trusted where the path is `anchored`; then nobody asks for its signature.
pub(crate) fn faults(
    pool: &[&Certificate],
    path: &[usize],
    anchored: bool,
    now: i64,
    purpose: Option<Purpose>,
) -> Vec<Fault> {
    let path: Vec<_> = path.iter().filter_map(|&at| Some((at, *pool.get(at)?))).collect();
    let mut judge = Judge { path, faults: Vec::new() };
    let mut authorities = 0_u32;
    for position in 0..judge.path.len() {
        judge.alone(position, anchored, now);
        if position > 0 {
            judge.link(position);
            judge.length(position, authorities);
            authorities += u32::from(!judge.is_self_issued(position));
        }
        if let Some(purpose) = purpose {
            judge.purpose(position, purpose);
        }
    }
    judge.names();
    judge.faults
}

impl Judge<'_> {
    fn tell(&mut self, kind: FaultKind, at: usize, other: Option<usize>, words: String) {
        self.faults.push(Fault { kind, at, other, words });
    }

    fn is_self_issued(&self, position: usize) -> bool {
        self.path.get(position).is_some_and(|(_, certificate)| certificate.self_issued)
    }

    /// What each certificate is by itself.
    fn alone(&mut self, position: usize, anchored: bool, now: i64) {
        let Some(&(at, certificate)) = self.path.get(position) else { return };
        let called = Called(certificate);
        let words = match Validity::of(certificate, now) {
            Validity::Valid => None,
            Validity::Expired => Some((
                FaultKind::Expired,
                format!("{called} expired on {}", Date(certificate.not_after)),
            )),
            Validity::NotYet | Validity::Inverted => Some((
                FaultKind::NotYetValid,
                format!("{called} is not valid before {}", Date(certificate.not_before)),
            )),
        };
        if let Some((kind, words)) = words {
            self.tell(kind, at, None, words);
        }
        let is_anchor = anchored && position + 1 == self.path.len();
        let by_itself = is_anchor || is_own_issuer(certificate);
        if let Some(hash) = certificate.signature.weak.filter(|_| !by_itself) {
            self.tell(
                FaultKind::WeakSignature,
                at,
                None,
                format!("{called} is signed with {hash}"),
            );
        }
        if let Some(words) = weak_key(&certificate.key.kind) {
            self.tell(FaultKind::WeakKey, at, None, format!("{called} has {words}"));
        }
        if let Some(extension) = certificate
            .extensions
            .iter()
            .find(|extension| extension.critical && !is_known(&extension.oid))
        {
            let oid = Shown(&extension.oid);
            let words =
                format!("{called} has the critical extension {oid}, which validators do not know");
            self.tell(FaultKind::CriticalExtension, at, None, words);
        }
        let is_authority = certificate.basic_constraints.is_some_and(|constraints| constraints.ca);
        if position == 0 && is_authority && !is_anchor {
            let words = format!("{called} is a CA's, and stands first");
            self.tell(FaultKind::LeafIsAuthority, at, None, words);
        }
    }

    /// What the certificate at a position is to the one below.
    fn link(&mut self, position: usize) {
        let Some(&[(lower, child), (upper, issuer)]) =
            self.path.get(position.saturating_sub(1)..=position)
        else {
            return;
        };
        let (below, above) = (Called(child), Called(issuer));
        if let Some(what) = identifiers(child, issuer) {
            let words = format!(
                "authorityKeyIdentifier of the {below} is not the {what} of its issuer `{}`",
                Name(issuer)
            );
            self.tell(FaultKind::KeyIdentifier, lower, Some(upper), words);
        }
        if !child.is_checkable_with(&issuer.key) {
            let words =
                format!("signature of the {below} cannot be checked: {}", child.signature.name);
            self.tell(FaultKind::Unchecked, lower, Some(upper), words);
        }
        if !issuer.is_ca() {
            let words = format!("{above} issued `{}` and is no CA", Name(child));
            self.tell(FaultKind::NotAuthority, upper, Some(lower), words);
        } else if issuer.key_usage.is_some_and(|usage| !usage.key_cert_sign()) {
            let words = format!("{above} issued `{}` without keyUsage `keyCertSign`", Name(child));
            self.tell(FaultKind::KeyUsage, upper, Some(lower), words);
        }
    }

    /// pathLenConstraint (RFC 5280 §4.2.1.9) of the CA at a position, above so many others.
    fn length(&mut self, position: usize, below: u32) {
        let Some(&(at, issuer)) = self.path.get(position) else { return };
        let most = issuer.basic_constraints.and_then(|constraints| constraints.path_len);
        let Some(most) = most.filter(|most| below > *most) else { return };
        let other = self.path.get(position.saturating_sub(1)).map(|(at, _)| *at);
        let cas = if most == 1 { "CA" } else { "CAs" };
        let words = format!(
            "{} allows {most} {cas} below it, and has {below} in this chain",
            Called(issuer)
        );
        self.tell(FaultKind::PathLength, at, other, words);
    }

    fn purpose(&mut self, position: usize, purpose: Purpose) {
        let Some(&(at, certificate)) = self.path.get(position) else { return };
        let (kind, other) = match position.checked_sub(1).and_then(|below| self.path.get(below)) {
            None => (FaultKind::Purpose, None),
            Some((below, _)) => (FaultKind::Nesting, Some(*below)),
        };
        if certificate.extended_key_usage.as_ref().is_none_or(|usage| permits(usage, purpose)) {
            return;
        }
        let wanted = match purpose {
            Purpose::Server => "serverAuth",
            Purpose::Client => "clientAuth",
        };
        let words = format!("{} has an extKeyUsage without `{wanted}`", Called(certificate));
        // Go takes it for every purpose; OpenSSL and rustls-webpki do not.
        let any = certificate.extended_key_usage.as_ref().is_some_and(|usage| usage.any);
        let words = if any { format!("{words}, in whose place not all take `any`") } else { words };
        self.tell(kind, at, other, words);
    }

    /// nameConstraints (RFC 5280 §4.2.1.10) of every CA against all certificates below.
    fn names(&mut self) {
        let mut found = Vec::new();
        let mut budget = Budget::default();
        for (position, &(at, issuer)) in self.path.iter().enumerate().skip(1) {
            let Some(constraints) = issuer.name_constraints() else { continue };
            let above = Called(issuer);
            if let Some(problem) = constraints.problems.first() {
                let words = format!("nameConstraints of the {above} {problem}");
                found.push(Fault { kind: FaultKind::Constraints, at, other: None, words });
            }
            for (below, &(lower, child)) in self.path.iter().enumerate().take(position) {
                // A CA's certificate for its own next key is not held to them.
                if child.self_issued && below > 0 {
                    continue;
                }
                let violation = violations(&constraints, child, &mut budget);
                found.extend(violation.map(|violation| Fault {
                    kind: FaultKind::Names,
                    at: lower,
                    other: Some(at),
                    words: format!("{} names {violation} `{}`", Called(child), Name(issuer)),
                }));
            }
            if budget.is_spent() {
                let words = format!("nameConstraints of the {above} are too many to compare");
                found.push(Fault { kind: FaultKind::Budget, at, other: None, words });
                break;
            }
        }
        self.faults.append(&mut found);
    }
}

/// Whether extKeyUsage permits a purpose in so many words.
const fn permits(usage: &ExtendedKeyUsage, purpose: Purpose) -> bool {
    match purpose {
        Purpose::Server => usage.server_auth,
        Purpose::Client => usage.client_auth,
    }
}

/// What is wrong with a key, after "has".
pub(crate) fn weak_key(key: &KeyKind) -> Option<String> {
    match key {
        KeyKind::Rsa { bits, .. } if *bits < SMALLEST_RSA => {
            Some(format!("an RSA key of {bits} bits"))
        }
        KeyKind::Ec { curve: Curve::P256 | Curve::P384 | Curve::P521 } => None,
        KeyKind::Ec { curve } => Some(format!("a key on {curve}, which TLS clients do not take")),
        KeyKind::Dsa { .. } => Some("a DSA key, which TLS clients do not take".to_owned()),
        _ => None,
    }
}

/// Whether validators know an extension: the names, usages, constraints and policies of RFC 5280.
fn is_known(oid: &str) -> bool {
    const KNOWN: [&str; 10] = [
        "2.5.29.15",
        "2.5.29.17",
        "2.5.29.19",
        "2.5.29.30",
        "2.5.29.31",
        "2.5.29.32",
        "2.5.29.33",
        "2.5.29.36",
        "2.5.29.37",
        "2.5.29.54",
    ];
    KNOWN.contains(&oid)
}
