//! The cases.

use careen_lint_tls::path::FaultKind;

/// What is expected of us and of webpki.
pub(crate) struct Case {
    pub(crate) title: &'static str,
    pub(crate) recipe: &'static str,
    /// Names between the leaf, `leaf`, and the anchors.
    pub(crate) members: &'static str,
    pub(crate) anchors: &'static str,
    /// The kind of fault and a part of its words; none where the path holds.
    pub(crate) fault: Option<(FaultKind, &'static str)>,
    /// Why webpki says the opposite, where it does.
    pub(crate) parted: Option<&'static str>,
}

pub(crate) const fn holds(
    title: &'static str,
    recipe: &'static str,
    members: &'static str,
) -> Case {
    Case { title, recipe, members, anchors: "root", fault: None, parted: None }
}

pub(crate) const fn fails(
    title: &'static str,
    recipe: &'static str,
    members: &'static str,
    kind: FaultKind,
    words: &'static str,
) -> Case {
    Case { title, recipe, members, anchors: "root", fault: Some((kind, words)), parted: None }
}

impl Case {
    pub(crate) const fn under(mut self, anchors: &'static str) -> Self {
        self.anchors = anchors;
        self
    }

    pub(crate) const fn parted(mut self, why: &'static str) -> Self {
        self.parted = Some(why);
        self
    }
}

/// Where webpki and we part ways, and why that is right for a linter.
const NO_KEY_USAGE: &str = "webpki does not read a CA's keyUsage; Go and OpenSSL do";
const NO_IDENTIFIERS: &str = "webpki does not read key identifiers; OpenSSL does";
const ANCHOR_UNREAD: &str = "webpki takes name and key of an anchor only; Go reads all of it";
const CRITICAL_POLICIES: &str = "webpki does not know certificatePolicies; Go and OpenSSL do";
const SELF_ISSUED: &str = "webpki counts self-issued CAs; RFC 5280 §6.1.4 does not";

pub(crate) fn cases() -> Vec<Case> {
    use FaultKind as F;
    let mut cases = vec![
        holds("a leaf under a root", "leaf: {names: [a.example], issuer: root}", ""),
        holds(
            "a leaf under an intermediate",
            "ca: {ca: true, issuer: root}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
        ),
        holds(
            "members in any order, with strangers",
            "a: {ca: true, issuer: root}\nb: {ca: true, issuer: a}\nother: {ca: true}\n\
             leaf: {names: [a.example], issuer: b}",
            "other a b",
        ),
        holds(
            "six CAs",
            "a: {ca: true, issuer: root}\nb: {ca: true, issuer: a}\nc: {ca: true, issuer: b}\n\
             d: {ca: true, issuer: c}\ne: {ca: true, issuer: d}\nf: {ca: true, issuer: e}\n\
             leaf: {names: [a.example], issuer: f}",
            "a b c d e f",
        ),
        holds(
            "two ways, of which one has expired",
            "old: {ca: true, common_name: CA, issuer: root, not_before: -9d, not_after: -1d}\n\
             new: {ca: true, common_name: CA, key_of: old, issuer: root}\n\
             leaf: {names: [a.example], issuer: old}",
            "old new",
        ),
        holds(
            "a cross-signed CA beside its root",
            "other: {ca: true, common_name: Other, not_before: -9d, not_after: -1d}\n\
             cross: {ca: true, common_name: Root, key_of: root, issuer: other}\n\
             leaf: {names: [a.example], issuer: root}",
            "cross",
        ),
        fails(
            "no issuer",
            "ca: {ca: true, issuer: root}\nleaf: {names: [a.example], issuer: ca}",
            "",
            F::NoIssuer,
            "the issuer of the certificate for `a.example` is not there",
        ),
        fails(
            "an own root that is not trusted",
            "leaf: {names: [a.example]}",
            "",
            F::NoIssuer,
            "own issuer",
        ),
        fails(
            "a root among the members is no anchor",
            "own: {ca: true}\nleaf: {names: [a.example], issuer: own}",
            "own",
            F::NoIssuer,
            "CA certificate `own` is its own issuer, and not trusted",
        ),
        fails(
            "another key of the same name",
            "ca: {ca: true, common_name: CA, issuer: root}\n\
             twin: {ca: true, common_name: CA, issuer: root}\nleaf: {names: [a.example], issuer: ca}",
            "twin",
            F::Signature,
            "is not signed by the key of `CA`",
        ),
        fails(
            "an anchor of the same name",
            "own: {ca: true, common_name: Root}\nleaf: {names: [a.example], issuer: own}",
            "",
            F::Signature,
            "is not signed by the key of `Root`",
        ),
        fails(
            "seven CAs",
            "a: {ca: true, issuer: root}\nb: {ca: true, issuer: a}\nc: {ca: true, issuer: b}\n\
             d: {ca: true, issuer: c}\ne: {ca: true, issuer: d}\nf: {ca: true, issuer: e}\n\
             g: {ca: true, issuer: f}\nleaf: {names: [a.example], issuer: g}",
            "a b c d e f g",
            F::Budget,
            "more than 6 CAs",
        ),
    ];
    cases.extend(authority_cases());
    cases.extend(date_cases());
    cases.extend(purpose_cases());
    cases.extend(crate::names::cases());
    cases.extend(crate::names::other_cases());
    cases
}

fn authority_cases() -> Vec<Case> {
    use FaultKind as F;
    vec![
        fails(
            "an issuer that says it is no CA",
            "ca: {issuer: root}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
            F::NotAuthority,
            "is no CA",
        ),
        fails(
            "an issuer without basicConstraints",
            "ca: {issuer: root, basic_constraints: false}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
            F::NotAuthority,
            "is no CA",
        ),
        fails("a CA as a leaf", "leaf: {ca: true, issuer: root}", "", F::LeafIsAuthority, "stands first"),
        fails(
            "an issuer without keyCertSign",
            "ca: {ca: true, issuer: root, key_usages: [crl_sign]}\n\
             leaf: {names: [a.example], issuer: ca}",
            "ca",
            F::KeyUsage,
            "without keyUsage `keyCertSign`",
        )
        .parted(NO_KEY_USAGE),
        holds(
            "an issuer without keyUsage",
            "ca: {ca: true, issuer: root, key_usages: []}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
        ),
        fails(
            "a CA below one that allows none",
            "a: {ca: true, issuer: root, path_len: 0}\nb: {ca: true, issuer: a}\n\
             leaf: {names: [a.example], issuer: b}",
            "a b",
            F::PathLength,
            "allows 0 CAs below it, and has 1",
        ),
        fails(
            "two CAs below one that allows one",
            "a: {ca: true, issuer: root, path_len: 1}\nb: {ca: true, issuer: a}\n\
             c: {ca: true, issuer: b}\nleaf: {names: [a.example], issuer: c}",
            "a b c",
            F::PathLength,
            "allows 1 CA below it, and has 2",
        ),
        holds(
            "as many CAs as allowed",
            "a: {ca: true, issuer: root, path_len: 1}\nb: {ca: true, issuer: a, path_len: 0}\n\
             leaf: {names: [a.example], issuer: b}",
            "a b",
        ),
        holds(
            "a self-issued CA does not count",
            "a: {ca: true, common_name: CA, issuer: root, path_len: 0}\n\
             b: {ca: true, common_name: CA, issuer: a}\nleaf: {names: [a.example], issuer: b}",
            "a b",
        )
        .parted(SELF_ISSUED),
        fails(
            "an anchor that allows none",
            "own: {ca: true, path_len: 0}\nca: {ca: true, issuer: own}\n\
             leaf: {names: [a.example], issuer: ca}",
            "ca",
            F::PathLength,
            "allows 0 CAs",
        )
        .under("own")
        .parted(ANCHOR_UNREAD),
        fails(
            "an anchor that is no CA",
            "own: {}\nleaf: {names: [a.example], issuer: own}",
            "",
            F::NotAuthority,
            "is no CA",
        )
        .under("own")
        .parted(ANCHOR_UNREAD),
        holds("a certificate that is trusted itself", "leaf: {names: [a.example]}", "")
            .under("leaf"),
        fails(
            "key identifiers that differ",
            "ca: {ca: true, issuer: root}\nleaf: {names: [a.example], issuer: ca, aki: false, \
             extensions: [{oid: 2.5.29.35, der: '3006800401020304'}]}",
            "ca",
            F::KeyIdentifier,
            "is not the subjectKeyIdentifier of its issuer",
        )
        .parted(NO_IDENTIFIERS),
        fails(
            "serial numbers that differ",
            "ca: {ca: true, issuer: root, serial: '1001'}\nleaf: {names: [a.example], issuer: ca, \
             aki: false, extensions: [{oid: 2.5.29.35, der: '300482021000'}]}",
            "ca",
            F::KeyIdentifier,
            "is not the serial number of its issuer",
        )
        .parted(NO_IDENTIFIERS),
        holds(
            "a better twin than the one whose serial number differs",
            "old: {ca: true, common_name: CA, issuer: root, serial: '1001'}\n\
             new: {ca: true, common_name: CA, key_of: old, issuer: root, serial: '1002'}\n\
             leaf: {names: [a.example], issuer: old, aki: false, \
             extensions: [{oid: 2.5.29.35, der: '300482021002'}]}",
            "old new",
        ),
        holds("no key identifier", "leaf: {names: [a.example], issuer: root, aki: false}", ""),
        fails(
            "a critical extension that nobody knows",
            "leaf: {names: [a.example], issuer: root, extensions: \
             [{oid: 1.2.3.4, critical: true, der: '0500'}]}",
            "",
            F::CriticalExtension,
            "critical extension 1.2.3.4",
        ),
        fails(
            "a critical extension of a CA",
            "ca: {ca: true, issuer: root, extensions: [{oid: 1.2.3.4, critical: true, der: '0500'}]}\n\
             leaf: {names: [a.example], issuer: ca}",
            "ca",
            F::CriticalExtension,
            "CA certificate `ca` has the critical extension",
        ),
        holds(
            "an extension that nobody knows",
            "leaf: {names: [a.example], issuer: root, extensions: [{oid: 1.2.3.4, der: '0500'}]}",
            "",
        ),
        holds(
            "critical policies",
            "leaf: {names: [a.example], issuer: root, extensions: \
             [{oid: 2.5.29.32, critical: true, der: '30083006060467810c01'}]}",
            "",
        )
        .parted(CRITICAL_POLICIES),
        fails(
            "an intermediate signed with SHA-1",
            "leaf: {prepared: leaf-sha1}\nca: {prepared: sub-sha1}\nweak: {prepared: weak-root}",
            "ca",
            F::WeakSignature,
            "CA certificate `Shop CA` is signed with SHA-1",
        )
        .under("weak"),
        fails(
            "an intermediate with a small key",
            "leaf: {prepared: leaf-rsa1024}\nca: {prepared: sub-rsa1024}\nweak: {prepared: weak-root}",
            "ca",
            F::WeakKey,
            "has an RSA key of 1024 bits",
        )
        .under("weak"),
        fails(
            "a leaf with a small key",
            "leaf: {prepared: rsa1024}",
            "",
            F::WeakKey,
            "has an RSA key of 1024 bits",
        )
        .under("leaf"),
        fails("a leaf signed with SHA-1", "leaf: {prepared: sha1}\nold: {prepared: sha1-ca}", "", F::WeakSignature, "SHA-1")
            .under("old"),
    ]
}

fn date_cases() -> Vec<Case> {
    use FaultKind as F;
    vec![
        fails(
            "an expired leaf",
            "leaf: {names: [a.example], issuer: root, not_after: -1d}",
            "",
            F::Expired,
            "certificate for `a.example` expired on 2026-11-30",
        ),
        fails(
            "a leaf of tomorrow",
            "leaf: {names: [a.example], issuer: root, not_before: 1d}",
            "",
            F::NotYetValid,
            "is not valid before 2026-12-02",
        ),
        fails(
            "an inverted leaf",
            "leaf: {names: [a.example], issuer: root, not_before: 2d, not_after: 1d}",
            "",
            F::NotYetValid,
            "is not valid before",
        ),
        fails(
            "an expired intermediate",
            "ca: {ca: true, issuer: root, not_after: -1d}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
            F::Expired,
            "CA certificate `ca` expired",
        ),
        fails(
            "an intermediate of tomorrow",
            "ca: {ca: true, issuer: root, not_before: 1d}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
            F::NotYetValid,
            "CA certificate `ca` is not valid before",
        ),
        fails(
            "an expired anchor",
            "own: {ca: true, not_after: -1d}\nleaf: {names: [a.example], issuer: own}",
            "",
            F::Expired,
            "CA certificate `own` expired",
        )
        .under("own")
        .parted(ANCHOR_UNREAD),
        holds("the last second", "leaf: {names: [a.example], issuer: root, not_after: 0h}", ""),
        holds("the first second", "leaf: {names: [a.example], issuer: root, not_before: 0h}", ""),
    ]
}

fn purpose_cases() -> Vec<Case> {
    use FaultKind as F;
    vec![
        holds("serverAuth", "leaf: {names: [a.example], issuer: root, usages: [server_auth]}", ""),
        fails(
            "a leaf for clients",
            "leaf: {names: [a.example], issuer: root, usages: [client_auth]}",
            "",
            F::Purpose,
            "extKeyUsage without `serverAuth`",
        ),
        fails(
            "an intermediate for clients",
            "ca: {ca: true, issuer: root, usages: [client_auth]}\n\
             leaf: {names: [a.example], issuer: ca, usages: [server_auth]}",
            "ca",
            F::Nesting,
            "CA certificate `ca` has an extKeyUsage without `serverAuth`",
        ),
        fails(
            "an intermediate for code",
            "ca: {ca: true, issuer: root, usages: [code_signing, email]}\n\
             leaf: {names: [a.example], issuer: ca}",
            "ca",
            F::Nesting,
            "extKeyUsage without `serverAuth`",
        ),
        holds(
            "an intermediate for both",
            "ca: {ca: true, issuer: root, usages: [client_auth, server_auth]}\n\
             leaf: {names: [a.example], issuer: ca}",
            "ca",
        ),
        fails(
            "an intermediate for anything",
            "ca: {ca: true, issuer: root, usages: [any]}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
            F::Nesting,
            "in whose place not all take `any`",
        ),
        fails(
            "an anchor for clients",
            "own: {ca: true, usages: [client_auth]}\nleaf: {names: [a.example], issuer: own}",
            "",
            F::Nesting,
            "CA certificate `own` has an extKeyUsage",
        )
        .under("own")
        .parted(ANCHOR_UNREAD),
    ]
}
