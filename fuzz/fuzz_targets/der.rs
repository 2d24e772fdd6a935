//! Certificates, keys, requests, lists and bundles in DER.
#![no_main]

use careen_text::{Derived, Origin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let origin = Origin::verbatim(0, 0);
    let _ = careen_x509_model::read_binary(&Derived { bytes: bytes.to_vec(), origin });
});
