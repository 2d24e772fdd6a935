//! Registries: how they are asked, and what they say about references that files name.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use careen_engine::{Examiner, Lookup};
use careen_image_model::oci::{Document, Remote, RemoteError, parse_document};
use careen_image_model::{ImageRef, reference};
use careen_image_source::{ImageSource, SourceError, finish, prepare};
use careen_registry::{Credentials, Options, Registry, RegistrySource};

use crate::args::CheckArguments;
use crate::environment;
use crate::images::Knowledge;

/// References of one run that are looked up.
const REFERENCES_MAX: usize = 1_000;

/// The access to registries, if it was asked for.
pub(crate) fn registry(arguments: &CheckArguments) -> Result<Option<Registry>> {
    if !arguments.online && !arguments.offline {
        return Ok(None);
    }
    let path = |name: &str| environment(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let text =
        |names: [&str; 2]| names.into_iter().find_map(|name| environment(name)?.into_string().ok());
    let options = Options {
        offline: arguments.offline,
        cache: arguments.image_cache.clone(),
        insecure: arguments.insecure_registry.clone(),
        ca_files: arguments.registry_ca.clone(),
        mirrors: arguments.registry_mirror.clone(),
        proxy: text(["HTTPS_PROXY", "https_proxy"]).filter(|it| !it.is_empty()),
        no_proxy: text(["NO_PROXY", "no_proxy"]),
        credentials: Credentials::usual(
            path("DOCKER_CONFIG").as_deref(),
            path("REGISTRY_AUTH_FILE").as_deref(),
            path("XDG_RUNTIME_DIR").as_deref(),
            path("HOME").as_deref(),
        ),
        ..Options::default()
    };
    let registry = Registry::new(options);
    registry.map(Some).map_err(|error| anyhow!("registries cannot be asked: {error}"))
}

impl Lookup for Knowledge {
    fn look_up(&self, references: &[String]) -> BTreeMap<String, Remote> {
        let Some(registry) = &self.registry else { return BTreeMap::new() };
        let parsed: Vec<ImageRef> =
            references.iter().filter_map(|text| reference::parse(text).ok()).collect();
        let asked = parsed.get(..REFERENCES_MAX).unwrap_or(&parsed);
        let answers = registry.each(asked, |source| self.ask(source));
        let mut remotes: BTreeMap<String, Remote> = asked
            .iter()
            .zip(answers)
            .map(|(reference, answer)| {
                let remote = answer.unwrap_or_else(|error| Remote::Error(meaning(error)));
                (reference.as_written().to_owned(), remote)
            })
            .collect();
        for reference in parsed.iter().skip(REFERENCES_MAX) {
            let why = format!("it is beyond the {REFERENCES_MAX} references that are looked up");
            remotes.insert(
                reference.as_written().to_owned(),
                Remote::Error(RemoteError::Unknown(why)),
            );
        }
        remotes
    }
}

impl Knowledge {
    fn ask(&self, source: &RegistrySource) -> Result<Remote, SourceError> {
        let root = source.root()?;
        if parse_document(&root.bytes) == Ok(Document::Schema1) {
            return Ok(Remote::Error(RemoteError::Schema1));
        }
        let reference = source.reference();
        let digest = root
            .digest
            .ok_or_else(|| SourceError::Malformed("the registry names no digest".to_owned()))?;
        let tag_digest = match (reference.tag(), reference.digest()) {
            (Some(tag), Some(_)) => source.tag(tag)?.filter(|found| *found != digest),
            _ => None,
        };
        let name = reference.as_written().into();
        let prepared = prepare(source, &name, &self.selection)?;
        let evidence = self.evidence(source, &prepared);
        let image = Box::new(finish(prepared, Vec::new(), Vec::new(), evidence));
        Ok(Remote::Image { digest, tag_digest, image })
    }
}

fn meaning(error: SourceError) -> RemoteError {
    match error {
        SourceError::NotFound(_) => RemoteError::NotFound,
        other => RemoteError::Unknown(other.to_string()),
    }
}
