use std::fs;
use std::path::Path;

use careen_image_source::{ImageSource, MemorySource};
use serde_json::json;

/// Writes what is in memory as an OCI layout with that one image.
///
/// # Panics
///
/// If the folder cannot be written.
pub fn write_layout(source: &MemorySource, folder: &Path, name: &str) {
    for (digest, bytes) in source.blobs() {
        let blobs = folder.join("blobs").join(digest.algorithm());
        fs::create_dir_all(&blobs).expect("a folder of our own");
        fs::write(blobs.join(digest.hex()), bytes).expect("a folder of our own");
    }
    let root = source.root().expect("an image");
    let document: serde_json::Value = serde_json::from_slice(&root.bytes).expect("our own");
    let index = json!({
        "schemaVersion": 2,
        "manifests": [{
            "mediaType": document["mediaType"],
            "digest": root.digest,
            "size": root.bytes.len(),
            "annotations": {"org.opencontainers.image.ref.name": name},
        }],
    });
    fs::write(folder.join("index.json"), index.to_string()).expect("a folder of our own");
    let marker = json!({"imageLayoutVersion": "1.0.0"});
    fs::write(folder.join("oci-layout"), marker.to_string()).expect("a folder of our own");
}
