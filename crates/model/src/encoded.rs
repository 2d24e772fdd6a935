//! Certificates, keys and key stores behind base64 in texts that have no tree: `.env` files,
//! scripts, Terraform, SAML metadata. The way there is by how such base64 begins.

use careen_text::{Derived, Source, Span, decode_base64};
use careen_x509_model::Content;
use memchr::memmem;

use crate::bundle::{Bundle, ENCODED_PEM, ENCODED_TWICE, Holder, of_decoded};

/// How base64 of DER begins, from 256 bytes on.
const ENCODED_DER: &str = "MII";
/// Fewer characters are no certificate and no key.
const SHORTEST: usize = 200;
/// Longest base64 that is read.
const LONGEST: usize = 6 << 20;
/// Lines of base64 that are shorter than this are the last one.
const FULL_LINE: usize = 60;
/// Values read of one text.
const MOST: usize = 1_000;
/// Longest name before a value.
const LONGEST_NAME: usize = 128;

/// What stands in a text behind base64, each under the name before it. `of_file` has seen the PEM
/// that is not encoded.
pub(crate) fn of_text(source: &Source, bundles: &mut Vec<Bundle>) {
    let text = source.text();
    let mut values: Vec<(usize, bool)> = Vec::new();
    let starts =
        |mark: &'static str| memmem::find_iter(text.as_bytes(), mark.as_bytes()).take(MOST * 8);
    let pem = starts(ENCODED_PEM).chain(starts(ENCODED_TWICE));
    let pem = pem.filter(|at| is_fresh(text, *at));
    values.extend(pem.map(|at| (at, true)));
    let der = starts(ENCODED_DER).filter(|at| is_value(text, *at));
    values.extend(der.map(|at| (at, false)));
    values.sort_unstable();
    let mut end = 0;
    for (at, pem) in values.into_iter().take(MOST) {
        if at < end {
            continue;
        }
        let span = Span::of(at..at + run(text, at));
        end = span.end as usize;
        let Ok(decoded) = decode_base64(&Derived::verbatim(source, span)) else { continue };
        let holder = Holder::Value { object: None, path: name_before(text, at).to_owned() };
        let bundle = of_decoded(holder, span, 1, decoded);
        bundles.extend(bundle.filter(|bundle| pem || is_sure(bundle)));
    }
    bundles.sort_by_key(|bundle| bundle.span.start);
}

/// Whether a text holds base64 of DER as the value of something; cheap.
pub(crate) fn may_hold_der(text: &str) -> bool {
    memmem::find_iter(text.as_bytes(), ENCODED_DER.as_bytes())
        .take(MOST * 8)
        .any(|at| is_value(text, at))
}

/// Whether no base64 stands before.
fn is_fresh(text: &str, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
    !before.copied().is_some_and(is_base64)
}

/// Whether the base64 of DER at an offset is a value by itself, as against the body of PEM: it is
/// long, and quoted, assigned or in an element of XML.
fn is_value(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let sign = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    let is_assigned = matches!(sign, Some(b'"' | b'\'' | b'`' | b'=' | b':'));
    let is_in_element = before.trim_ascii_end().ends_with(b">");
    (is_assigned || is_in_element) && run(text, at) >= SHORTEST
}

/// Characters of base64 from an offset on, over line breaks after full lines.
fn run(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes().get(at..).unwrap_or_default();
    let bytes = bytes.get(..LONGEST).unwrap_or(bytes);
    let mut length = 0;
    loop {
        let rest = bytes.get(length..).unwrap_or_default();
        let line = rest.iter().take_while(|byte| is_base64(**byte)).count();
        let after = rest.get(line..).unwrap_or_default();
        let padding = after.iter().take(2).take_while(|byte| **byte == b'=').count();
        let gap = after.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let next = after.get(gap..).unwrap_or_default();
        let goes_on = line >= FULL_LINE
            && after.get(..gap).unwrap_or_default().contains(&b'\n')
            && next.first().is_some_and(|byte| is_base64(*byte));
        if padding > 0 || !goes_on {
            return length + line + padding;
        }
        length += line + gap;
    }
}

const fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

/// The name to the left of a value: `TLS_CERT` of `export TLS_CERT="…`; empty where there is none.
fn name_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let left = line.trim_end_matches([' ', '\t', '"', '\'', '`', '=', ':', '>', '(', ',', '[']);
    let is_name =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    let name = left.rsplit(|character| !is_name(character)).next().unwrap_or_default();
    if name.len() > LONGEST_NAME { "" } else { name }
}

/// Whether something was read that cannot have come about by chance.
fn is_sure(bundle: &Bundle) -> bool {
    let sure = |content: &Content| {
        matches!(content, Content::Certificate(_) | Content::PrivateKey(_) | Content::Csr(_))
    };
    !bundle.material.stores.is_empty()
        || bundle.material.items.iter().any(|item| sure(&item.content))
}

#[cfg(test)]
mod tests {
    use super::{is_value, name_before, run};

    #[test]
    fn names_stand_before_values() {
        for (text, name) in [
            ("export TLS_CERT=\"LS0t", "TLS_CERT"),
            ("tls_cert = \"LS0t", "tls_cert"),
            ("  'ca.crt': 'LS0t", "ca.crt"),
            ("<ds:X509Certificate>LS0t", "X509Certificate"),
            ("LS0t", ""),
        ] {
            assert_eq!(name_before(text, text.len() - 4), name, "{text}");
        }
    }

    #[test]
    fn base64_goes_on_after_full_lines() {
        let line = "A".repeat(64);
        let text = format!("{line}\n  {line}\nAAA=\nBBBB");
        assert_eq!(run(&text, 0), text.len() - 5);
        assert_eq!(run("AAAA\nBBBB", 0), 4);
        assert_eq!(run("", 0), 0);
    }

    #[test]
    fn bodies_of_pem_are_no_values() {
        let body = format!("MII{}", "A".repeat(300));
        for (before, value) in
            [("x = \"", true), ("X=", true), ("<a>", true), ("-----\n", false), ("- ", false)]
        {
            assert_eq!(is_value(&format!("{before}{body}"), before.len()), value, "{before}");
        }
        assert!(!is_value("x=MIIAAAA", 2));
    }
}
