//! Paths with one defect each: the reason we give, and whether rustls-webpki agrees.

use std::collections::BTreeMap;

use careen_lint_tls::path::{FaultKind, Purpose, Quest};
use careen_testkit::{Blobs, NOW, make};
use careen_text::{Derived, Origin, decode_base64};
use careen_x509_model::Certificate;
use webpki::{BorrowedCertRevocationList, EndEntityCert, KeyUsage};

/// What is expected of us and of webpki.
struct Case {
    title: &'static str,
    recipe: &'static str,
    /// Names between the leaf, `leaf`, and the anchors.
    members: &'static str,
    anchors: &'static str,
    /// The kind of fault and a part of its words; none where the path holds.
    fault: Option<(FaultKind, &'static str)>,
    /// Why webpki says the opposite, where it does.
    parted: Option<&'static str>,
}

const fn holds(title: &'static str, recipe: &'static str, members: &'static str) -> Case {
    Case { title, recipe, members, anchors: "root", fault: None, parted: None }
}

const fn fails(
    title: &'static str,
    recipe: &'static str,
    members: &'static str,
    kind: FaultKind,
    words: &'static str,
) -> Case {
    Case { title, recipe, members, anchors: "root", fault: Some((kind, words)), parted: None }
}

impl Case {
    const fn under(mut self, anchors: &'static str) -> Self {
        self.anchors = anchors;
        self
    }

    const fn parted(mut self, why: &'static str) -> Self {
        self.parted = Some(why);
        self
    }
}

/// Where webpki and we part ways, and why that is right for a linter.
const NO_KEY_USAGE: &str = "webpki does not read a CA's keyUsage; Go and OpenSSL do";
const NO_IDENTIFIERS: &str = "webpki does not read key identifiers; OpenSSL does";
const ANCHOR_UNREAD: &str = "webpki takes name and key of an anchor only; Go reads all of it";
const NO_WEAK_LEAF: &str = "webpki does not look at the key of the leaf; OpenSSL and Go do";
const NO_ANY: &str = "webpki does not know anyExtendedKeyUsage; Go and OpenSSL do";
const NO_URIS: &str = "webpki refuses all URIs under constraints on URIs; we compare, as Go does";
const NO_MAIL: &str = "webpki refuses all addresses under constraints on mail; we compare";
const NO_DIRECTORY: &str = "webpki refuses whatever stands under constraints on directory names";
const UNREAD_CONSTRAINT: &str = "webpki reads constraints of the forms that the leaf has only";
const CRITICAL_POLICIES: &str = "webpki does not know certificatePolicies; Go and OpenSSL do";
const SELF_ISSUED: &str = "webpki counts self-issued CAs; RFC 5280 §6.1.4 does not";

const ROOT: &str = "root: {ca: true, common_name: Root, not_after: 9y}\n";

fn cases() -> Vec<Case> {
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
            "the issuer of certificate for `a.example` is not there",
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
    cases.extend(name_cases());
    cases.extend(other_name_cases());
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
        holds(
            "an intermediate for anything",
            "ca: {ca: true, issuer: root, usages: [any]}\nleaf: {names: [a.example], issuer: ca}",
            "ca",
        )
        .parted(NO_ANY),
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

fn name_cases() -> Vec<Case> {
    use FaultKind as F;
    let permits = "ca: {ca: true, issuer: root, permitted: [example.com, 10.0.0.0/8]}\n";
    let case = |title, leaf: &str, fault: Option<&'static str>| {
        let recipe: &'static str =
            Box::leak(format!("{permits}leaf: {{{leaf}, issuer: ca}}").into_boxed_str());
        match fault {
            Some(words) => fails(title, recipe, "ca", F::Names, words),
            None => holds(title, recipe, "ca"),
        }
    };
    vec![
        case("a permitted name", "names: [shop.example.com]", None),
        case("the permitted name itself", "names: [example.com]", None),
        case("a permitted wildcard", "names: ['*.example.com']", None),
        case(
            "a name that is not permitted",
            "names: [shop.example.org]",
            Some("names `shop.example.org`, which is not permitted by `ca`"),
        ),
        case(
            "one of several names",
            "names: [shop.example.com, badexample.com]",
            Some("names `badexample.com`, which is not permitted"),
        ),
        case("a permitted address", "names: [10.1.2.3]", None),
        case("an address that is not permitted", "names: [192.0.2.1]", Some("names `192.0.2.1`")),
        case("an address of the other version", "names: ['::1']", Some("names `::1`")),
        case(
            "a form that is not constrained",
            "names: [a.example.com], uris: ['https://b.test/']",
            None,
        ),
        case("no name at all", "common_name: a.test", None),
        fails(
            "an excluded name",
            "ca: {ca: true, issuer: root, excluded: [example.com]}\n\
             leaf: {names: [shop.example.com], issuer: ca}",
            "ca",
            F::Names,
            "which is excluded by `ca`",
        ),
        fails(
            "a wildcard over an excluded name",
            "ca: {ca: true, issuer: root, excluded: [admin.example.com]}\n\
             leaf: {names: ['*.example.com'], issuer: ca}",
            "ca",
            F::Names,
            "names `*.example.com`, which is excluded",
        ),
        fails(
            "a wildcard wider than what is permitted",
            "ca: {ca: true, issuer: root, permitted: [admin.example.com]}\n\
             leaf: {names: ['*.example.com'], issuer: ca}",
            "ca",
            F::Names,
            "names `*.example.com`, which is not permitted",
        ),
        fails(
            "an excluded network",
            "ca: {ca: true, issuer: root, excluded: ['fd00::/8']}\n\
             leaf: {names: ['fd00::1'], issuer: ca}",
            "ca",
            F::Names,
            "names `fd00::1`, which is excluded",
        ),
        fails(
            "constraints two CAs above",
            "a: {ca: true, issuer: root, permitted: [example.com]}\nb: {ca: true, issuer: a}\n\
             leaf: {names: [a.test], issuer: b}",
            "a b",
            F::Names,
            "which is not permitted by `a`",
        ),
        fails(
            "constraints of an anchor",
            "own: {ca: true, permitted: [example.com]}\nleaf: {names: [a.test], issuer: own}",
            "",
            F::Names,
            "which is not permitted by `own`",
        )
        .under("own"),
        fails(
            "constraints on what a CA names",
            "a: {ca: true, issuer: root, permitted: [example.com]}\n\
             b: {ca: true, issuer: a, names: [a.test]}\nleaf: {names: [a.example.com], issuer: b}",
            "a b",
            F::Names,
            "`a.test`, which is not permitted by `a`",
        ),
    ]
}

/// Constraints as DER, for what a library would not write.
fn other_name_cases() -> Vec<Case> {
    use FaultKind as F;
    let case = |title, der: &str, leaf: &str, fault: Option<(F, &'static str)>| {
        let recipe = format!(
            "ca: {{ca: true, issuer: root, extensions: \
             [{{oid: 2.5.29.30, critical: true, der: '{der}'}}]}}\nleaf: {{{leaf}, issuer: ca}}"
        );
        let recipe: &'static str = Box::leak(recipe.into_boxed_str());
        match fault {
            Some((kind, words)) => fails(title, recipe, "ca", kind, words),
            None => holds(title, recipe, "ca"),
        }
    };
    let dns = "names: [shop.example.com]";
    let names = |words| Some((F::Names, words));
    let broken = |words| Some((F::Constraints, words));
    // Permitted: [0] { SEQUENCE { form "example.com" } }.
    let text = |form: &str, text: &str| {
        let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let inner = format!("{form}{:02x}{hex}", text.len());
        let tree = format!("30{:02x}{inner}", inner.len() / 2);
        let list = format!("a0{:02x}{tree}", tree.len() / 2);
        format!("30{:02x}{list}", list.len() / 2)
    };
    vec![
        case("a leading period", &text("82", ".example.com"), dns, None),
        case(
            "a leading period leaves out the name",
            &text("82", ".example.com"),
            "names: [example.com]",
            names("`example.com`"),
        ),
        case(
            "a wildcard as a constraint",
            &text("82", "*.example.com"),
            dns,
            names("which cannot be compared"),
        ),
        case("constraints that name nothing", "3000", dns, broken("name nothing"))
            .parted(UNREAD_CONSTRAINT),
        case(
            "a mask with holes",
            "300ea00c300a87080a000000ff00ff00",
            "names: [10.0.0.1]",
            broken("is no address and mask"),
        ),
        case(
            "half an address",
            "300aa008300687040a000000",
            "names: [10.0.0.1]",
            broken("hold an iPAddress of 4 bytes"),
        ),
        case(
            "half an address, of no concern",
            "300aa008300687040a000000",
            dns,
            broken("hold an iPAddress of 4 bytes"),
        )
        .parted(UNREAD_CONSTRAINT),
        case(
            "a minimum",
            "3014a0123010820b6578616d706c652e636f6d800101",
            dns,
            broken("set a minimum"),
        ),
        case(
            "a permitted URI",
            &text("86", "example.com"),
            "uris: ['https://example.com/a']",
            None,
        )
        .parted(NO_URIS),
        case(
            "a URI that is not permitted",
            &text("86", "example.com"),
            "uris: ['spiffe://b.test/a']",
            names("`spiffe://b.test/a`"),
        ),
        case(
            "a URI without a host",
            &text("86", "example.com"),
            "uris: ['urn:a:b']",
            names("which cannot be compared"),
        ),
        case(
            "a permitted mail address",
            &text("81", "example.com"),
            "emails: [a@example.com]",
            None,
        )
        .parted(NO_MAIL),
        case(
            "a mail address that is not permitted",
            &text("81", "example.com"),
            "emails: [a@b.test]",
            names("`a@b.test`"),
        ),
        // directoryName { SEQUENCE { SET { SEQUENCE { commonName, UTF8String "a" } } } }.
        case(
            "a permitted subject",
            "3016a0143012a410300e310c300a06035504030c03616263",
            "common_name: abc, names: [a.test]",
            None,
        )
        .parted(NO_DIRECTORY),
        case(
            "a subject that is not permitted",
            "3016a0143012a410300e310c300a06035504030c03616263",
            "common_name: abd, names: [a.test]",
            names("`CN=abd`, which is not permitted"),
        ),
    ]
}

fn certificates(blobs: &Blobs) -> BTreeMap<String, Certificate> {
    let ders = blobs.iter().filter_map(|(name, text)| Some((name.strip_suffix(".der")?, text)));
    ders.map(|(name, text)| {
        let bytes = text.clone().into_bytes();
        let der = decode_base64(&Derived { bytes, origin: Origin::verbatim(0, 0) }).unwrap();
        (name.to_owned(), Certificate::from_der(&der.bytes).unwrap())
    })
    .collect()
}

#[test]
fn every_defect_has_its_reason_and_webpki_agrees() {
    let cases = cases();
    assert!(cases.len() >= 60, "{}", cases.len());
    let mut differences = Vec::new();
    for case in &cases {
        let made = certificates(&make(&format!("{ROOT}{}", case.recipe)));
        let named = |names: &str| -> Vec<&Certificate> {
            names.split_whitespace().map(|name| &made[name]).collect()
        };
        let (members, anchors) = (named(case.members), named(case.anchors));
        let quest = Quest {
            leaf: &made["leaf"],
            members: &members,
            anchors: &anchors,
            public_roots: false,
            now: NOW,
            purpose: Some(Purpose::Server),
        };
        let found = quest.find().err();
        let expected = match (&found, case.fault) {
            (None, None) => true,
            (Some(fault), Some((kind, words))) => fault.kind == kind && fault.words.contains(words),
            _ => false,
        };
        if !expected {
            differences.push(format!("{}: {found:?}", case.title));
        }
        let peer = webpki_says(&quest);
        if (peer.is_ok() == found.is_none()) != case.parted.is_none() {
            differences.push(format!("{}: webpki says {peer:?}, and we {found:?}", case.title));
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

#[test]
fn hostile_pools_end_soon() {
    // Twenty CAs of one name, each issued by the one before: every pair might be a link.
    let mut recipe = format!("{ROOT}c0: {{ca: true, common_name: CA, issuer: root}}\n");
    for at in 1..20 {
        recipe += &format!("c{at}: {{ca: true, common_name: CA, issuer: c{}}}\n", at - 1);
    }
    recipe += "leaf: {names: [a.example], issuer: c19}";
    let made = certificates(&make(&recipe));
    let members: Vec<&Certificate> = (0..20).map(|at| &made[&format!("c{at}")]).collect();
    let quest = Quest {
        leaf: &made["leaf"],
        members: &members,
        anchors: &[&made["root"]],
        public_roots: true,
        now: NOW,
        purpose: None,
    };
    let fault = quest.find().unwrap_err();
    assert_eq!(fault.kind, FaultKind::Budget, "{fault:?}");
    assert!(webpki_says(&quest).is_err());
}

/// A revocation list that revokes the serial number 1 at [`NOW`]: nothing else of webpki's gives
/// a moment for the asking, and the crate of its types is not among our dependencies.
const LIST: &[u8] = b"\x30\x67\x30\x55\x02\x01\x01\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\
    \x30\x00\x17\x0d261201000000Z\x17\x0d261201000000Z\
    \x30\x14\x30\x12\x02\x01\x01\x17\x0d261201000000Z\
    \xa0\x0e\x30\x0c\x30\x0a\x06\x03\x55\x1d\x14\x04\x03\x02\x01\x01\
    \x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02\x03\x02\x00\x00";

/// The verdict of rustls-webpki at [`NOW`].
fn webpki_says(quest: &Quest<'_>) -> Result<(), webpki::Error> {
    let list = BorrowedCertRevocationList::from_der(LIST).unwrap();
    let now = list.into_iter().next().unwrap().unwrap().revocation_date;
    let trusted: Vec<_> = quest.anchors.iter().map(|anchor| (&*anchor.der).into()).collect();
    let anchors = trusted.iter().filter_map(|der| webpki::anchor_from_trusted_cert(der).ok());
    let anchors: Vec<_> = anchors.collect();
    let members: Vec<_> = quest.members.iter().map(|member| (&*member.der).into()).collect();
    let leaf = (&*quest.leaf.der).into();
    // Tells the compiler the type, which has no name here.
    let _ = webpki::anchor_from_trusted_cert(&leaf);
    let usage = match quest.purpose {
        Some(Purpose::Client) => KeyUsage::client_auth(),
        Some(Purpose::Server) | None => KeyUsage::server_auth(),
    };
    let algorithms = webpki::ALL_VERIFICATION_ALGS;
    let leaf = EndEntityCert::try_from(&leaf)?;
    leaf.verify_for_usage(algorithms, &anchors, &members, now, usage, None, None).map(drop)
}
