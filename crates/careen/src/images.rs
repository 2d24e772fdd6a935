//! Built images on the command line, and who knows more about them than they say.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use careen_engine::{Examiner, ImageInput, Images};
use careen_image_model::oci::Evidence;
use careen_image_model::{ImageRef, reference};
use careen_image_source::{ImageSource, Prepared, Scheme, Selection, open as open_source};
use careen_policy::{Problem, Word};
use careen_signatures::{Policy, Verifier};

use crate::args::CheckArguments;
use crate::config::Loaded;
use crate::files::read_at_most;
use crate::signatures;

/// Bytes of a key or a trusted root.
const MOST_BYTES: u64 = 4 << 20;

/// Tells images from files among what is to be checked.
///
/// # Errors
///
/// Where something is neither, and it can be told what helps.
pub(crate) fn set_apart(arguments: &mut CheckArguments) -> Result<()> {
    let asks = arguments.online || arguments.offline;
    let is_image = |path: &PathBuf| {
        let text = path.to_str().unwrap_or_default();
        Scheme::of(text).is_some() || asks && remote(text).is_some()
    };
    // A file that is called so is meant where there is one.
    let (images, paths): (Vec<_>, Vec<_>) =
        arguments.paths.drain(..).partition(|path| is_image(path) && !path.exists());
    arguments.paths = paths;
    let text = |path: PathBuf| path.into_os_string().into_string().ok();
    arguments.images = images.into_iter().filter_map(text).collect();
    let absent = arguments.paths.iter().filter(|path| !path.exists());
    match absent.filter_map(|path| advice(path.to_str()?, asks)).next() {
        Some(advice) => bail!(advice),
        None => Ok(()),
    }
}

/// What helps where there is no such file, and an image may be meant.
fn advice(text: &str, asks: bool) -> Option<String> {
    let (bare, is_plain) = match text.strip_prefix("docker://") {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let first = bare.split('/').next().unwrap_or_default();
    let has_registry = bare.contains('/')
        && first.contains(['.', ':'])
        && first.starts_with(|c: char| c.is_ascii_alphanumeric());
    match reference::parse(bare) {
        Err(problem) => (is_plain || asks && has_registry)
            .then(|| format!("`{text}` is no file, and names no image: {problem}")),
        Ok(_) if is_plain => Some(format!(
            "`{text}` is in a registry: add `--online`, or `--offline` and `--image-cache DIR`"
        )),
        // A bare name is that of a file, which another message is about.
        Ok(image) if image.tag().or(image.digest()).is_none() => None,
        Ok(image) => match (image.written_registry(), asks) {
            (Some(_), false) => {
                Some(format!("`{text}` does not exist; if it is an image, add `--online`"))
            }
            (None, true) => Some(format!(
                "`{text}` does not exist; if it is an image of Docker Hub, write `docker://{text}`"
            )),
            _ => None,
        },
    }
}

/// The reference of an image in a registry. A name without a registry needs `docker://`, or it
/// would be the name of a file that is not there.
fn remote(text: &str) -> Option<ImageRef> {
    match text.strip_prefix("docker://") {
        Some(rest) => reference::parse(rest).ok(),
        None => reference::parse(text).ok().filter(|it| it.written_registry().is_some()),
    }
}

/// Who knows more about images than they say: the policy about signatures, and registries.
pub(crate) struct Knowledge {
    pub(crate) verifier: Verifier,
    pub(crate) selection: Selection,
    #[cfg(feature = "online")]
    pub(crate) registry: Option<careen_registry::Registry>,
}

impl Knowledge {
    /// Makes the policy and the access to registries ready; nothing is asked yet.
    pub(crate) fn of(arguments: &CheckArguments, loaded: &Loaded, now: i64) -> Result<Self> {
        let policy = policy(loaded).map_err(|problems| Loaded::error(&problems))?;
        #[cfg(not(feature = "online"))]
        if arguments.online || arguments.offline {
            bail!("this careen was built without `online`: it asks no registry");
        }
        Ok(Self {
            verifier: Verifier::new(policy, now)?,
            selection: Selection { platform: arguments.platform.clone() },
            #[cfg(feature = "online")]
            registry: crate::online::registry(arguments)?,
        })
    }

    /// Opens the images that were named.
    pub(crate) fn open(&self, arguments: &CheckArguments) -> Result<Images<'_>> {
        let mut inputs = Vec::new();
        for text in &arguments.images {
            let (name, source) = match Scheme::of(text) {
                Some((scheme, place)) => {
                    let source = open_source(scheme, place);
                    (place, source.map_err(|error| anyhow!("cannot read `{text}`: {error}"))?)
                }
                None => (text.trim_start_matches("docker://"), self.in_registry(text)?),
            };
            inputs.push(ImageInput { name: name.into(), source });
        }
        Ok(Images {
            inputs,
            selection: self.selection.clone(),
            examiner: Some(self),
            #[cfg(feature = "online")]
            lookup: self.registry.as_ref().map(|_| self as &dyn careen_engine::Lookup),
            ..Images::default()
        })
    }

    fn in_registry(&self, text: &str) -> Result<Box<dyn ImageSource>> {
        #[cfg(feature = "online")]
        if let (Some(registry), Some(reference)) = (&self.registry, remote(text)) {
            return Ok(Box::new(registry.repository(&reference)));
        }
        bail!("cannot read `{text}` from its registry without `--online`")
    }
}

impl Examiner for Knowledge {
    fn evidence(&self, source: &dyn ImageSource, image: &Prepared) -> Evidence {
        let name = image.reference.as_deref().and_then(|text| reference::parse(text).ok());
        let index = image
            .index
            .as_ref()
            .and_then(|(facts, index)| Some((facts.digest.as_ref()?, &**index)));
        self.verifier.evidence(source, name.as_ref(), image.digest.as_ref(), index)
    }
}

/// Who must sign which images.
///
/// # Errors
///
/// Every word that does not hold, with its place in the configuration.
pub(crate) fn policy(loaded: &Loaded) -> Result<Policy, Vec<Problem>> {
    let mut read = |word: &Word| read(&loaded.path(word));
    match loaded.config.signatures.as_slice() {
        [] => Ok(Policy::default()),
        rules => signatures::policy(rules, &mut read),
    }
}

/// Reads a file that the configuration names.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    match read_at_most(path, MOST_BYTES) {
        Ok(bytes) if bytes.len() as u64 <= MOST_BYTES => Ok(bytes),
        Ok(_) => Err(format!("it is larger than {MOST_BYTES} bytes")),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed test is meant to panic")]

    use super::{advice, remote};

    #[test]
    fn what_may_be_an_image_is_told_how_to_name_it() {
        let digest = format!("docker://a.test/b@sha256:{}", "1".repeat(64));
        for (text, asks, says) in [
            ("a.test/b:1", false, "add `--online`"),
            (digest.as_str(), false, "`--offline` and `--image-cache DIR`"),
            ("docker://nginx:1", false, "add `--online`"),
            ("docker://a.test/b@sha256:1", true, "the digest has the wrong length"),
            ("a.test/B:1", true, "the repository must be lower case"),
            ("nginx:1.27", true, "write `docker://nginx:1.27`"),
        ] {
            let advice = advice(text, asks).unwrap();
            assert!(advice.contains(says) && advice.contains(text), "{advice}");
        }
        for (text, asks) in [
            ("deploy/app", true),
            ("deploy/a.yaml", true),
            ("./B.yaml", true),
            ("../B.yaml", true),
            ("/tmp/B", true),
            ("B.yaml", true),
            ("-", true),
            ("nginx:1.27", false),
        ] {
            assert_eq!(advice(text, asks), None, "{text}");
        }
    }

    #[test]
    fn references_need_a_registry_or_a_scheme() {
        for text in ["localhost:5000/app@sha256:", "deploy/app", "app.tar", ".", "a/b.yaml"] {
            assert!(remote(text).is_none(), "{text}");
        }
        for (text, name) in [
            ("localhost:5000/app:1", "localhost:5000/app"),
            ("registry.example.com/shop/app", "registry.example.com/shop/app"),
            ("docker://nginx:1.27", "docker.io/library/nginx"),
        ] {
            assert_eq!(remote(text).unwrap().name(), name);
        }
    }
}
