use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use careen_image_model::oci::Digest;
use careen_image_model::reference::ImageRef;
use careen_image_source::{ImageSource, Root, SourceError};

use crate::cache::Cache;
use crate::client::{Client, Place};
use crate::options::Options;
use crate::origin::Origin;
use crate::source::RegistrySource;

/// All registries, as they are asked with one set of options. Clones share connections, tokens
/// and the cache.
#[derive(Clone, Debug)]
pub struct Registry {
    shared: Arc<Shared>,
}

/// What all repositories have in common.
pub(crate) struct Shared {
    pub(crate) options: Options,
    /// None offline.
    pub(crate) client: Option<Arc<Client>>,
    pub(crate) cache: Option<Cache>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}

impl Registry {
    /// Prepares to ask; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// Where certificates of authorities cannot be read, or the URL of the proxy is malformed.
    pub fn new(options: Options) -> Result<Self, SourceError> {
        let cache = options.cache.clone().map(Cache::new);
        let client = match options.offline {
            true => None,
            false => Some(Arc::new(Client::new(options.clone())?)),
        };
        Ok(Self { shared: Arc::new(Shared { options, client, cache }) })
    }

    /// The repository of a reference; what its tag or digest leads to is the root.
    #[must_use]
    pub fn repository(&self, reference: &ImageRef) -> RegistrySource {
        let places = self.places(reference);
        RegistrySource::new(Arc::clone(&self.shared), reference.clone(), places)
    }

    /// What each reference leads to, in their order; several at a time.
    #[must_use]
    pub fn look_up(&self, references: &[ImageRef]) -> Vec<Result<Root, SourceError>> {
        self.each(references, ImageSource::root)
    }

    /// The digest that the tag of each reference leads to, in their order; several at a time.
    ///
    /// A tag that is not there is `None`. That costs no pull where a registry counts them.
    #[must_use]
    pub fn digests(&self, references: &[ImageRef]) -> Vec<Result<Option<Digest>, SourceError>> {
        self.each(references, |source| source.tag(source.reference().tag().unwrap_or("latest")))
    }

    /// Asks something about each reference; the answers are in their order, several are asked at
    /// a time.
    pub fn each<T: Send>(
        &self,
        references: &[ImageRef],
        ask: impl Fn(&RegistrySource) -> Result<T, SourceError> + Sync,
    ) -> Vec<Result<T, SourceError>> {
        let next = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for _ in 0..self.shared.options.concurrency.clamp(1, 64).min(references.len()) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(reference) = references.get(at) else { return };
                        let result = ask(&self.repository(reference));
                        found.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
                    }
                });
            }
        });
        let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        found.sort_by_key(|(at, _)| *at);
        found.into_iter().map(|(_, result)| result).collect()
    }

    /// Where a repository is asked for: mirrors of its registry, then the registry.
    fn places(&self, reference: &ImageRef) -> Vec<Place> {
        let registry = reference.registry();
        let repository = reference.repository();
        let options = &self.shared.options;
        let mirrors = options.mirrors.iter().filter(|(of, _)| of == registry).map(|(_, at)| {
            // A mirror may keep the repositories of each registry below a name of its own.
            let (host, prefix) = at
                .split_once('/')
                .map_or((at.as_str(), ""), |(host, prefix)| (host, prefix.trim_matches('/')));
            let repository = match prefix {
                "" => repository.to_string(),
                prefix => format!("{prefix}/{repository}"),
            };
            (host, repository)
        });
        mirrors
            .chain([(registry, repository.to_string())])
            .filter_map(|(host, repository)| {
                Some(Place { origin: Origin::new(host, options)?, repository })
            })
            .collect()
    }
}
