//! One repository with one image and what is about it.

use std::path::Path;

use careen_image_model::oci::{Descriptor, Digest};
use careen_image_source::{ImageSource, MemorySource};
use careen_testkit::images::{ImageRecipe, made, write_layout};
use careen_testkit::registry::Contents;
use careen_testkit::sigstore::{Form, Image, Layer, Signed, Signer};
use careen_testkit::sigstore::{MiniSigstore, attach, attach_tag, index, payload, statement};
use serde_json::{Value, json};

pub(super) const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SIGN: &str = "https://sigstore.dev/cosign/sign/v1";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// A repository with an image under the tag `v1`.
#[derive(Clone)]
pub(super) struct Repository {
    pub(super) source: MemorySource,
    pub(super) image: Image,
    /// Tags besides.
    tags: Vec<(String, Digest)>,
    referrers: Vec<Descriptor>,
}

impl Repository {
    /// An image that nothing but its signature can be wrong with.
    pub(super) fn new(label: &str) -> Self {
        Self::made(&format!(
            "config: {{User: \"10001:10001\", Cmd: [/app/run], Labels: {{is: {label}}}}}\n\
             layers: [{{app/run: \"{label}\"}}]\n"
        ))
    }

    /// An image from a recipe.
    pub(super) fn made(recipe: &str) -> Self {
        let source = made(&ImageRecipe::parse(recipe));
        let root = source.root().unwrap();
        let document: Value = serde_json::from_slice(&root.bytes).unwrap();
        let digest = root.digest.unwrap();
        let descriptor = Descriptor {
            media_type: document["mediaType"].as_str().unwrap_or(MANIFEST).to_owned(),
            digest: digest.clone(),
            size: root.bytes.len() as u64,
            urls: Vec::new(),
            annotations: Default::default(),
            artifact_type: None,
            platform: None,
        };
        let image = Image { digest, bytes: root.bytes, descriptor };
        Self { source, image, tags: Vec::new(), referrers: Vec::new() }
    }

    pub(super) const fn digest(&self) -> &Digest {
        &self.image.digest
    }

    /// Signs in cosign's older form: `about` is the digest that the payload names.
    pub(super) fn sign_by_tag(&mut self, by: &MiniSigstore, signer: Signer<'_>, about: &Digest) {
        let payload = payload(about, "");
        let notes = by.annotations(signer, &payload, Form::default());
        self.tag_layer("sig", Layer::simple_signing(&payload, notes));
    }

    /// Puts a layer where cosign looks for `sig` or `att`.
    pub(super) fn tag_layer(&mut self, suffix: &str, layer: Layer) {
        let digest = self.digest().clone();
        let manifest = attach_tag(&mut self.source, &digest, suffix, &[layer]);
        let tag = format!("{}-{}.{suffix}", digest.algorithm(), digest.hex());
        self.tags.push((tag, manifest.digest));
    }

    /// Signs with a bundle that refers to the image: `about` is the digest that it names.
    pub(super) fn sign_by_bundle(&mut self, by: &MiniSigstore, signer: Signer<'_>, about: &Digest) {
        self.attest(by, signer, about, SIGN, &json!({}));
    }

    /// Attests something with a bundle that refers to the image.
    pub(super) fn attest(
        &mut self,
        by: &MiniSigstore,
        signer: Signer<'_>,
        about: &Digest,
        kind: &str,
        predicate: &Value,
    ) {
        let stated = statement(about, kind, predicate);
        let bundle = by.bundle(signer, Signed::Statement(&stated), Form::default());
        self.refer(BUNDLE, &Layer::bundle(&bundle));
    }

    /// Lets an artifact of one layer refer to the image.
    pub(super) fn refer(&mut self, artifact_type: &str, layer: &Layer) {
        let layers = std::slice::from_ref(layer);
        let one = attach(&mut self.source, Some(&self.image), artifact_type, layers);
        let artifact_type = Some(artifact_type.to_owned());
        self.referrers.push(Descriptor { artifact_type, ..one.descriptor });
    }

    /// What tags lead to; with the list of referrers that clients keep where a registry does not
    /// have the API.
    pub(super) fn tagged(&self) -> (MemorySource, Vec<(String, Digest)>) {
        let mut source = self.source.clone();
        let mut tags = vec![("v1".to_owned(), self.digest().clone())];
        tags.extend(self.tags.iter().cloned());
        if !self.referrers.is_empty() {
            let list = index(&mut source, &self.referrers);
            tags.push((self.digest().as_str().replace(':', "-"), list.digest));
        }
        (source, tags)
    }

    /// What a registry with the referrers API has of it.
    pub(super) fn contents(&self) -> Contents {
        let mut contents = Contents::new();
        for (_, bytes) in self.source.blobs() {
            let document: Value = serde_json::from_slice(bytes).unwrap_or_default();
            // A bundle has a media type too.
            let media_type = document["mediaType"].as_str();
            match media_type.filter(|_| document.get("schemaVersion").is_some()) {
                Some(media_type) => contents.document(media_type, bytes),
                None => contents.blob(bytes),
            };
        }
        contents.tag("v1", self.digest().as_str());
        for (tag, digest) in &self.tags {
            contents.tag(tag, digest.as_str());
        }
        for one in &self.referrers {
            let size = usize::try_from(one.size).unwrap();
            contents.referrer(self.digest().as_str(), &one.media_type, one.digest.as_str(), size);
        }
        contents
    }

    /// Writes the layout that `cosign save` makes of it.
    pub(super) fn save(&self, folder: &Path) {
        write_layout(&self.source, folder, "v1");
        let entry = |digest: &Digest, kind: &str| {
            let document = self.source.raw_document(digest).unwrap();
            json!({
                "mediaType": MANIFEST, "digest": digest, "size": document.len(),
                "annotations": { "kind": format!("dev.cosignproject.cosign/{kind}") },
            })
        };
        let mut entries = vec![entry(self.digest(), "image")];
        for (tag, digest) in &self.tags {
            entries.push(entry(digest, if tag.ends_with(".sig") { "sigs" } else { "atts" }));
        }
        let index = json!({ "schemaVersion": 2, "manifests": entries });
        std::fs::write(folder.join("index.json"), index.to_string()).unwrap();
    }
}
