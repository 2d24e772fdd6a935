//! Texts that stand in the scalars of a tree: files in blocks, JSON in strings, base64.

use careen_model::{FileKind, file_kind};
use careen_text::Span;
use careen_yaml::Node;

use super::Pass;
use crate::assign::{Class, classify};
use crate::files;
use crate::hit::rank;
use crate::inside::{read_inside, unpacked};

/// Shorter texts hold nothing but themselves, in bytes.
const LEAST: usize = 24;

pub(super) fn read(pass: &mut Pass<'_, '_>, parent: &str, key: &str, node: Node<'_>) {
    let Some(text) = node.text() else { return };
    // A `Key` of `Jwt` is a secret, and one of anything else is not.
    if key.eq_ignore_ascii_case("key")
        && !parent.is_empty()
        && let Some(class) = classify(&format!("{parent}.{key}"))
    {
        pass.named(&format!("{parent}.{key}"), class, node);
        return;
    }
    // `haproxy.org/auth-password`: the name of an annotation stands behind a domain.
    if let Some((domain, name)) = key.rsplit_once('/')
        && domain.contains('.')
        && !is_digest(text)
        && let Some(class) = classify(name)
    {
        pass.named(key, class, node);
        return;
    }
    if parent == "chpasswd" && key == "list" {
        chpasswd(pass, node, text);
        return;
    }
    if text.len() < LEAST {
        return;
    }
    let trimmed = text.trim();
    let json = trimmed.starts_with(['{', '[']) && trimmed.ends_with(['}', ']']);
    let lines = trimmed.contains('\n');
    let plain = trimmed.contains(' ') || trimmed.contains("://");
    if (plain && !lines && !json) || node.tag() == Some("!vault") {
        return;
    }
    let Some(derived) = node.derived() else { return };
    let mut hits = if json || lines {
        let name = name_of(key, json);
        read_inside(&derived, &name, pass.context, pass.budget)
    } else {
        Vec::new()
    };
    if !json && hits.is_empty() {
        hits = unpacked(&derived, &name_of(key, false), pass.context, pass.budget);
    }
    if !key.is_empty() {
        let place = format!(" in `{}`", crate::manifest::cut(key));
        hits.iter_mut().for_each(|hit| hit.locate(&place));
    }
    pass.found.append(&mut hits);
}

/// What a text under a key is read as: the key, where that names a file.
pub(crate) fn name_of(key: &str, json: bool) -> String {
    let telling = file_kind(key) != FileKind::Other || files::is_known(key);
    if json && !telling {
        "value.json".to_owned()
    } else if telling {
        key.rsplit('/').next().unwrap_or(key).to_owned()
    } else {
        "value.yaml".to_owned()
    }
}

/// Whether a text is a hash in hexadecimal digits, as annotations keep of what they watch.
fn is_digest(text: &str) -> bool {
    matches!(text.len(), 32 | 40 | 56 | 64 | 96 | 128)
        && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `user:password` lines of cloud-init.
fn chpasswd(pass: &mut Pass<'_, '_>, node: Node<'_>, text: &str) {
    let Some(derived) = node.derived() else { return };
    let mut at = 0;
    for line in text.split('\n').take(1_000) {
        let start = at;
        at += line.len() + 1;
        let Some((user, password)) = line.trim_end().split_once(':') else { continue };
        let Some(confidence) = files::judged(password, Class::Password, pass.context) else {
            continue;
        };
        let from = start + user.len() + 1;
        let place = derived.resolve(Span::of(from..from + password.len()));
        let hit = super::assigned("chpasswd", Class::Password, confidence, password, place);
        pass.found.extend(hit.map(|mut hit| {
            hit.rank = rank::FILE;
            hit
        }));
    }
}
