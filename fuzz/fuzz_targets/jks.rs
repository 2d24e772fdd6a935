//! Entries of a Java key store, behind a sound beginning.
#![no_main]

use careen_text::{Derived, Origin};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for magic in [[0xfe, 0xed, 0xfe, 0xed], [0xce; 4]] {
        let bytes = [&magic[..], &[0, 0, 0, 2], bytes].concat();
        let material =
            careen_x509_model::read_binary(&Derived { bytes, origin: Origin::verbatim(0, 0) });
        let [store] = material.stores.as_slice() else { panic!("a store is a store") };
        let entries = store.entries.len();
        assert!(material.items.iter().all(|item| item.entry.is_some_and(|id| id.entry < entries)));
    }
});
