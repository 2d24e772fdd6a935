//! PEM in any text; places must lie in the text.
#![no_main]

use careen_text::{Derived, Source, Span};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("x.pem", text);
    let length = source.text().len();
    let material = careen_x509_model::scan(&Derived::verbatim(&source, Span::of(0..length)));
    assert!(material.items.iter().all(|item| item.whole.end as usize <= length));
});
