use std::collections::BTreeMap;
use std::io::Write;

use careen_image_model::oci::{Descriptor, Evidence, Manifest, Platform};
use careen_image_source::{MemorySource, digest_of};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tar::{EntryType, Header};

const CREATED: &str = "2026-11-01T00:00:00Z";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// What an image is like.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ImageRecipe {
    reference: Option<String>,
    platform: String,
    created: Value,
    config: Map<String, Value>,
    document: Map<String, Value>,
    history: Vec<Value>,
    annotations: BTreeMap<String, String>,
    index: Vec<String>,
    compression: String,
    media_type: Option<String>,
    layers: Vec<Map<String, Value>>,
    urls: Vec<String>,
    diff_ids: Option<String>,
    /// What an examiner would have found.
    pub evidence: Option<Evidence>,
}

impl Default for ImageRecipe {
    fn default() -> Self {
        Self {
            reference: None,
            platform: "linux/amd64".to_owned(),
            created: json!(CREATED),
            config: Map::new(),
            document: Map::new(),
            history: Vec::new(),
            annotations: BTreeMap::new(),
            index: Vec::new(),
            compression: "none".to_owned(),
            media_type: None,
            layers: Vec::new(),
            urls: Vec::new(),
            diff_ids: None,
            evidence: None,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct EntryRecipe {
    text: Option<String>,
    size: Option<usize>,
    /// Octal.
    mode: Option<String>,
    uid: u64,
    gid: u64,
    link: Option<String>,
    hardlink: Option<String>,
    /// `character`, `block` or `fifo`.
    device: Option<String>,
    /// Base64 of the bytes of `security.capability`.
    capability: Option<String>,
}

impl ImageRecipe {
    /// Reads a recipe.
    ///
    /// # Panics
    ///
    /// If it does not hold.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let value: Value = serde_yaml::from_str(text).expect("a recipe is YAML");
        if value.is_null() {
            return Self::default();
        }
        serde_json::from_value(value).expect("the properties of an image")
    }
}

/// Makes the image.
///
/// # Panics
///
/// If the recipe does not hold.
#[must_use]
pub fn made(recipe: &ImageRecipe) -> MemorySource {
    let mut source = MemorySource::default();
    let mut layers = Vec::new();
    let mut diff_ids = Vec::new();
    for entries in &recipe.layers {
        let tar = archive(entries);
        diff_ids.push(digest_of("sha256", &tar).expect("SHA-256 is known").to_string());
        let (kind, bytes) = match recipe.compression.as_str() {
            "gzip" => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&tar).expect("memory takes all");
                ("tar+gzip", encoder.finish().expect("memory takes all"))
            }
            _ => ("tar", tar),
        };
        let kind = format!("application/vnd.oci.image.layer.v1.{kind}");
        let kind = recipe.media_type.as_deref().unwrap_or(&kind);
        let mut layer = source.push(kind, bytes).expect("SHA-256 is known");
        layer.urls.clone_from(&recipe.urls);
        layers.push(layer);
    }
    if recipe.diff_ids.as_deref() == Some("wrong") {
        diff_ids = vec![format!("sha256:{}", "0".repeat(64)); diff_ids.len()];
    }
    let (os, architecture) = recipe.platform.split_once('/').expect("os/architecture");
    let mut config = json!({
        "architecture": architecture,
        "os": os,
        "config": recipe.config,
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    });
    if !recipe.created.is_null() {
        config["created"] = recipe.created.clone();
    }
    if !recipe.history.is_empty() {
        let step = |step: &Value| match step {
            Value::String(by) => json!({"created_by": by, "empty_layer": true}),
            other => other.clone(),
        };
        config["history"] = recipe.history.iter().map(step).collect();
    }
    for (key, value) in &recipe.document {
        config[key] = value.clone();
    }
    let config = serde_json::to_vec(&config).expect("JSON can be written");
    let config = source.push("application/vnd.oci.image.config.v1+json", config);
    let manifest = Manifest {
        media_type: MANIFEST.to_owned(),
        artifact_type: None,
        config: config.expect("SHA-256 is known"),
        layers,
        subject: None,
        annotations: recipe.annotations.clone(),
    };
    let mut document = serde_json::to_value(&manifest).expect("JSON can be written");
    document["schemaVersion"] = json!(2);
    let bytes = serde_json::to_vec(&document).expect("JSON can be written");
    let manifest = source.push_document(MANIFEST, bytes).expect("SHA-256 is known");
    if !recipe.index.is_empty() {
        wrap(&mut source, &manifest, &recipe.index);
    }
    if let Some(reference) = &recipe.reference {
        source.set_reference(reference);
    }
    source
}

fn wrap(source: &mut MemorySource, manifest: &Descriptor, platforms: &[String]) {
    let entries: Vec<Value> = platforms
        .iter()
        .map(|platform| {
            let mut parts = platform.split('/').map(str::to_owned);
            let platform = Platform {
                os: parts.next().unwrap_or_default(),
                architecture: parts.next().unwrap_or_default(),
                variant: parts.next(),
            };
            let entry = Descriptor { platform: Some(platform), ..manifest.clone() };
            serde_json::to_value(entry).expect("JSON can be written")
        })
        .collect();
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries});
    let bytes = serde_json::to_vec(&index).expect("JSON can be written");
    source.push_document(INDEX, bytes).expect("SHA-256 is known");
}

fn archive(entries: &Map<String, Value>) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, value) in entries {
        let entry: EntryRecipe = match value {
            Value::String(text) => EntryRecipe { text: Some(text.clone()), ..Default::default() },
            Value::Null => EntryRecipe::default(),
            other => serde_json::from_value(other.clone()).expect("the properties of an entry"),
        };
        let mut header = Header::new_ustar();
        let is_folder = path.ends_with('/');
        let mode = entry.mode.as_deref().unwrap_or(if is_folder { "755" } else { "644" });
        header.set_mode(u32::from_str_radix(mode, 8).expect("an octal mode"));
        header.set_uid(entry.uid);
        header.set_gid(entry.gid);
        header.set_mtime(0);
        let content = match &entry.text {
            Some(text) => text.clone().into_bytes(),
            None => vec![0; entry.size.unwrap_or(0)],
        };
        header.set_size(content.len() as u64);
        let target = entry.link.as_ref().or(entry.hardlink.as_ref());
        header.set_entry_type(match (&entry.device, &entry.link, &entry.hardlink) {
            (Some(device), ..) => match device.as_str() {
                "character" => EntryType::Char,
                "block" => EntryType::Block,
                _ => EntryType::Fifo,
            },
            (_, Some(_), _) => EntryType::Symlink,
            (_, _, Some(_)) => EntryType::Link,
            _ if is_folder => EntryType::Directory,
            _ => EntryType::Regular,
        });
        if let Some(target) = target {
            header.set_link_name_literal(target).expect("a short target");
        }
        // Paths that lead out are what some examples are about: `tar` would refuse them.
        let name = header.as_ustar_mut().expect("made as ustar");
        let bytes = path.as_bytes();
        name.name.get_mut(..bytes.len()).expect("a short path").copy_from_slice(bytes);
        header.set_cksum();
        if let Some(capability) = &entry.capability {
            let value = data_encoding::BASE64.decode(capability.as_bytes()).expect("base64");
            builder
                .append_pax_extensions([("SCHILY.xattr.security.capability", value.as_slice())])
                .expect("memory takes all");
        }
        builder.append(&header, content.as_slice()).expect("memory takes all");
    }
    builder.into_inner().expect("memory takes all")
}
