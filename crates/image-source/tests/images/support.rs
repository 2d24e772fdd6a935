use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use careen_image_model::oci::{Evidence, Image, Layer};
use careen_image_source::{
    ImageSource, Limits, MemorySource, Selection, SourceError, digest_of, finish, prepare,
    walk_layer,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A tar archive of files.
pub(crate) fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    digest_of("sha256", bytes).unwrap().to_string()
}

/// The descriptor of bytes.
pub(crate) fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({"mediaType": media_type, "digest": digest(bytes), "size": bytes.len()})
}

/// The configuration of layers that are so when unpacked.
pub(crate) fn config(unpacked: &[&[u8]]) -> Vec<u8> {
    let ids: Vec<String> = unpacked.iter().map(|layer| digest(layer)).collect();
    let config = json!({
        "architecture": "amd64", "os": "linux", "config": {},
        "rootfs": {"type": "layers", "diff_ids": ids},
    });
    serde_json::to_vec(&config).unwrap()
}

pub(crate) fn manifest(config: &[u8], stored: &[&[u8]]) -> Vec<u8> {
    let layers: Vec<Value> = stored.iter().map(|layer| descriptor("layer", layer)).collect();
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST,
        "config": descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers": layers,
    });
    serde_json::to_vec(&manifest).unwrap()
}

/// An image of stored and unpacked layers, in memory.
pub(crate) fn memory(layers: &[(&[u8], &[u8])]) -> MemorySource {
    let stored: Vec<&[u8]> = layers.iter().map(|(stored, _)| *stored).collect();
    let unpacked: Vec<&[u8]> = layers.iter().map(|(_, unpacked)| *unpacked).collect();
    let mut source = MemorySource::default();
    let config = config(&unpacked);
    let manifest = manifest(&config, &stored);
    for blob in stored.iter().copied().chain([config.as_slice()]) {
        source.push("", blob.to_vec()).unwrap();
    }
    source.push_document(MANIFEST, manifest).unwrap();
    source
}

/// Paths and contents.
pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Reads an image with the content of all its files.
pub(crate) fn read_with(
    source: &dyn ImageSource,
    limits: Limits,
) -> Result<(Image, Files), SourceError> {
    let name: Arc<str> = "app".into();
    let prepared = prepare(source, &name, &Selection::default())?;
    let mut files = Vec::new();
    let layers: Vec<Layer> = (0..prepared.manifest.layers.len())
        .filter_map(|at| {
            let mut take = |file: careen_image_source::LayerFile<'_>| {
                files.push((file.entry.path.to_string(), file.bytes));
            };
            walk_layer(source, &prepared, at, limits, &|_| true, &mut take)
        })
        .collect();
    Ok((finish(prepared, layers, Vec::new(), Evidence::default()), files))
}

pub(crate) fn read(source: &dyn ImageSource) -> Result<Image, SourceError> {
    read_with(source, Limits::default()).map(|(image, _)| image)
}

/// The paths of all entries, by layer.
pub(crate) fn paths(image: &Image) -> Vec<Vec<&str>> {
    image
        .layers
        .iter()
        .map(|layer| layer.entries.iter().map(|entry| &*entry.path).collect())
        .collect()
}

/// An OCI layout in a folder of its own.
pub(crate) struct Layout {
    pub(crate) folder: TempDir,
    manifests: Vec<Value>,
}

impl Layout {
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("blobs/sha256")).unwrap();
        fs::write(folder.path().join("oci-layout"), r#"{"imageLayoutVersion": "1.0.0"}"#).unwrap();
        Self { folder, manifests: Vec::new() }
    }

    pub(crate) fn blob(&self, bytes: &[u8]) -> PathBuf {
        let name = digest(bytes).replace("sha256:", "blobs/sha256/");
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Stores an image of one plain layer and gives its manifest.
    pub(crate) fn image(&self, layer: &[u8]) -> Vec<u8> {
        let config = config(&[layer]);
        let manifest = manifest(&config, &[layer]);
        for blob in [layer, &config, &manifest] {
            self.blob(blob);
        }
        manifest
    }

    /// Lists a document in the index.
    pub(crate) fn list(&mut self, kind: &str, document: &[u8], annotations: Value) -> &mut Self {
        let mut entry = descriptor(kind, document);
        entry["annotations"] = annotations;
        self.manifests.push(entry);
        let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": self.manifests});
        fs::write(self.folder.path().join("index.json"), index.to_string()).unwrap();
        self
    }

    pub(crate) fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// The same as an archive.
    pub(crate) fn archive(&self) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        builder.append_dir_all(".", self.folder.path()).unwrap();
        builder.into_inner().unwrap()
    }
}

/// A file in a folder of its own.
pub(crate) fn file(bytes: &[u8]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("image.tar");
    fs::write(&path, bytes).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (folder, path)
}
