//! Certificates, keys and key stores that are no text.

use careen_text::{Derived, Span};

use crate::body::Form;
use crate::content;
use crate::der::{INTEGER, SEQUENCE};
use crate::material::{Item, Material};

/// The magic numbers of Java's JKS and JCEKS key stores.
const JAVA_STORES: [[u8; 4]; 2] = [[0xfe, 0xed, 0xfe, 0xed], [0xce, 0xce, 0xce, 0xce]];

/// Whether bytes begin as DER, JKS or JCEKS do; cheap, for use before anything is read. `start`
/// may be the beginning of something longer.
#[must_use]
pub fn is_binary_material(start: &[u8]) -> bool {
    // Certificates, most keys and stores have more than 127 bytes, so their length takes two or
    // more; a short key begins with its version. No text begins in either way.
    matches!(start, [SEQUENCE, 0x80..=0x83, ..] | [SEQUENCE, 0..=0x7f, INTEGER, 1, 0 | 1, ..])
        || JAVA_STORES.iter().any(|magic| start.starts_with(magic))
}

/// Reads bytes that [`is_binary_material`]. Never fails: what cannot be read is left out where
/// nothing says that it ought to be a certificate, a key or a key store.
#[must_use]
pub fn read_binary(derived: &Derived) -> Material {
    let mut material = Material::default();
    let Some(opened) = content::open_unlabelled(&derived.bytes) else { return material };
    let span = Span::of(0..derived.bytes.len());
    let place = derived.resolve(span);
    for content in opened.contents {
        material.items.push(Item {
            label: String::new(),
            span,
            begin: span,
            place,
            whole: place,
            form: Form::Binary,
            content,
        });
    }
    for (kind, words) in opened.problems {
        material.problems.push(crate::PemProblem { kind, place, words });
    }
    material
}
