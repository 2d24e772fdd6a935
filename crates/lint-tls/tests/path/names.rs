//! Names under nameConstraints.

use careen_lint_tls::path::FaultKind;

use crate::cases::{Case, fails, holds};

const UNREAD_CONSTRAINT: &str = "webpki reads constraints of the forms that the leaf has only";
const NO_DIRECTORY: &str = "webpki refuses whatever stands under constraints on directory names";
const NO_MAIL: &str = "webpki refuses all addresses under constraints on mail; we compare";
const NO_URIS: &str = "webpki refuses all URIs under constraints on URIs; we compare, as Go does";
pub(crate) fn cases() -> Vec<Case> {
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
            "a CA below that permits more",
            "a: {ca: true, issuer: root, permitted: [b.test]}\n\
             b: {ca: true, issuer: a, permitted: [a.test, b.test]}\n\
             leaf: {names: [a.test], issuer: b}",
            "a b",
            F::Names,
            "which is not permitted by `a`",
        ),
        fails(
            "a CA below that permits less",
            "a: {ca: true, issuer: root, permitted: [a.test, b.test]}\n\
             b: {ca: true, issuer: a, permitted: [b.test]}\n\
             leaf: {names: [a.test], issuer: b}",
            "a b",
            F::Names,
            "which is not permitted by `b`",
        ),
        fails(
            "a name that is permitted and excluded",
            "ca: {ca: true, issuer: root, permitted: [a.test], excluded: [a.test]}\n\
             leaf: {names: [a.test], issuer: ca}",
            "ca",
            F::Names,
            "which is excluded by `ca`",
        ),
        holds(
            "a twin of the CA whose name is forbidden",
            "a: {ca: true, issuer: root, excluded: [b.test]}\n\
             one: {ca: true, common_name: CA, issuer: a, names: [b.test]}\n\
             two: {ca: true, common_name: CA, key_of: one, issuer: root}\n\
             leaf: {names: [a.test], issuer: one}",
            "a one two",
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
pub(crate) fn other_cases() -> Vec<Case> {
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
