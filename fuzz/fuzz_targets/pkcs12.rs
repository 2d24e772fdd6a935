//! What stands inside of a PFX: the bytes become its authenticated safe, without a code over it, so
//! that nothing but their structure is in the way.
#![no_main]

use careen_text::{Derived, Origin};
use libfuzzer_sys::fuzz_target;

/// One element with four bytes of length.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_be_bytes();
    [&[tag, 0x84][..], &length, content].concat()
}

fuzz_target!(|bytes: &[u8]| {
    const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    let content = element(0xa0, &element(4, bytes));
    let safe = element(0x30, &[DATA, &content].concat());
    let bytes = element(0x30, &[&[2, 1, 3], safe.as_slice()].concat());
    let material =
        careen_x509_model::read_binary(&Derived { bytes, origin: Origin::verbatim(0, 0) });
    assert_eq!(material.stores.len(), 1);
});
