use std::collections::BTreeMap;
use std::sync::Arc;

use careen_engine::Lookup;
use careen_image_model::oci::{Digest, Remote, RemoteError};
use careen_image_source::{ImageSource, Selection, finish, prepare};
use serde::Deserialize;

use super::{ImageRecipe, made};

/// What registries know, by reference.
#[derive(Debug, Default)]
pub(crate) struct Registry(BTreeMap<String, Answer>);

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
struct Answer {
    image: ImageRecipe,
    digest: Option<Digest>,
    tag_digest: Option<Digest>,
    error: Option<Failure>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Failure {
    NotFound,
    Schema1,
    Unknown(String),
}

impl Registry {
    /// Reads a block.
    ///
    /// # Panics
    ///
    /// If it does not hold.
    pub(crate) fn parse(text: &str) -> Self {
        let value: serde_json::Value = serde_yaml::from_str(text).expect("a registry is YAML");
        Self(serde_json::from_value(value).expect("references with what is known of them"))
    }

    /// Whether something in it cannot be told.
    pub(crate) fn is_partial(&self) -> bool {
        self.0.values().any(|answer| {
            let evidence = answer.image.evidence.as_ref();
            matches!(answer.error, Some(Failure::Unknown(_)))
                || evidence.is_some_and(|evidence| !evidence.unreachable.is_empty())
        })
    }
}

impl Answer {
    fn remote(&self, reference: &str) -> Remote {
        match self.error.clone() {
            Some(Failure::NotFound) => return Remote::Error(RemoteError::NotFound),
            Some(Failure::Schema1) => return Remote::Error(RemoteError::Schema1),
            Some(Failure::Unknown(why)) => return Remote::Error(RemoteError::Unknown(why)),
            None => {}
        }
        let mut source = made(&self.image);
        source.set_reference(reference);
        let name: Arc<str> = reference.into();
        let prepared = prepare(&source, &name, &Selection::default()).expect("a good recipe");
        let root = source.root().expect("a recipe makes an image").digest;
        let evidence = self.image.evidence.clone().unwrap_or_default();
        Remote::Image {
            digest: self.digest.clone().or(root).expect("memory knows digests"),
            tag_digest: self.tag_digest.clone(),
            image: Box::new(finish(prepared, Vec::new(), Vec::new(), evidence)),
        }
    }
}

impl Lookup for Registry {
    fn look_up(&self, references: &[String]) -> BTreeMap<String, Remote> {
        let known = references.iter().filter_map(|reference| {
            let answer = self.0.get(reference)?;
            Some((reference.clone(), answer.remote(reference)))
        });
        known.collect()
    }
}
