//! Certificates, keys and key stores that are no text.

use careen_text::{Derived, Span};

use crate::body::Form;
use crate::content;
use crate::der::{INTEGER, SEQUENCE};
use crate::material::{Item, Material, PemProblem};
use crate::store::{self, EntryId};

/// Bytes at the beginning that stand for the whole, as the BEGIN line does in PEM.
const SHOWN: usize = 24;

/// Whether bytes begin as DER, JKS, JCEKS or BKS do; cheap, for use before anything is read.
/// `start` may be the beginning of something longer.
#[must_use]
pub fn is_binary_material(start: &[u8]) -> bool {
    // Certificates, most keys and stores have more than 127 bytes, so their length takes two or
    // more; a short key begins with its version; PKCS#12 may have no length at all in front. No
    // text begins in any of these ways.
    matches!(start, [SEQUENCE, 0x80..=0x83, ..] | [SEQUENCE, 0..=0x7f, INTEGER, 1, 0 | 1, ..])
        || store::is_java(start).is_some()
}

/// Reads bytes that [`is_binary_material`]. Never fails: what cannot be read is left out where
/// nothing says that it ought to be a certificate, a key or a key store.
#[must_use]
pub fn read_binary(derived: &Derived) -> Material {
    let mut material = Material::default();
    let span = Span::of(0..derived.bytes.len());
    let whole = derived.resolve(span);
    let start = Span::of(0..SHOWN.min(derived.bytes.len()));
    let place = derived.resolve(start);
    let item = |content, entry| Item {
        label: String::new(),
        span,
        begin: start,
        place,
        whole,
        form: Form::Binary,
        content,
        entry,
    };
    let mut problems = Vec::new();
    if let Some(mut read) = store::read(&derived.bytes) {
        read.store.place = place;
        material.stores.push(read.store);
        let contents = read.contents.into_iter();
        let items =
            contents.map(|(content, entry)| item(content, Some(EntryId { store: 0, entry })));
        material.items.extend(items);
        problems = read.problems;
    } else if let Some(opened) = content::open_unlabelled(&derived.bytes) {
        material.items.extend(opened.contents.into_iter().map(|content| item(content, None)));
        problems = opened.problems;
    }
    let problem = |(kind, words)| PemProblem { kind, place, words };
    material.problems.extend(problems.into_iter().map(problem));
    material
}
