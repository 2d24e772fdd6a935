use std::sync::Arc;

use careen_image_model::oci::{DOCUMENT_MAX, Descriptor, Digest};
use careen_image_model::reference::ImageRef;
use careen_image_source::{Blob, ImageSource, Root, SourceError, digest_of};
use reqwest::Method;
use reqwest::header::HeaderName;

use crate::answer::{Answer, text};
use crate::blob::{Download, Kept};
use crate::cache::Cache;
use crate::client::{Ask, Client, Place};
use crate::referrers;
use crate::registry::Shared;
use crate::trouble::Trouble;

/// All that a manifest or an index may be.
pub(crate) const ACCEPT_DOCUMENTS: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.docker.distribution.manifest.v2+json";

const DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
/// Records of where tags lead, of manifests that are not there, and of what refers to manifests.
const TAGS: &str = "tags";
const ABSENT: &str = "absent";
const REFERRERS: &str = "referrers";

/// One repository of a registry.
#[derive(Clone, Debug)]
pub struct RegistrySource {
    shared: Arc<Shared>,
    reference: ImageRef,
    /// Where it is asked for: mirrors first.
    places: Vec<Place>,
}

impl RegistrySource {
    pub(crate) const fn new(shared: Arc<Shared>, reference: ImageRef, places: Vec<Place>) -> Self {
        Self { shared, reference, places }
    }

    /// What was asked for.
    #[must_use]
    pub const fn reference(&self) -> &ImageRef {
        &self.reference
    }

    /// When the registry last said where the tag of the reference leads, as far as the cache
    /// knows: seconds since 1970.
    #[must_use]
    pub fn tag_seen(&self) -> Option<i64> {
        let about = self.about_tag(self.reference.tag().unwrap_or("latest"));
        self.shared.cache.as_ref()?.recall::<Option<Digest>>(TAGS, &about).map(|record| record.seen)
    }

    /// Asks one place after the other.
    fn across<T>(
        &self,
        what: &str,
        ask: impl Fn(&Arc<Client>, &Place) -> Result<T, SourceError>,
    ) -> Result<T, SourceError> {
        let Some(client) = &self.shared.client else {
            return Err(SourceError::Unreachable(format!(
                "{what} is not in the cache, and no registry is asked offline: run with `--online` first"
            )));
        };
        let name = self.reference.registry();
        let mut last = SourceError::Malformed(format!("`{name}` is no address of a registry"));
        for place in &self.places {
            match ask(client, place) {
                Ok(found) => return Ok(found),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn get(
        &self,
        client: &Client,
        place: &Place,
        method: Method,
        name: &str,
        what: &str,
    ) -> Result<Answer, Trouble> {
        let url = place
            .origin
            .url(&format!("{}/manifests/{name}", place.repository))
            .ok_or_else(|| Trouble::failed(format!("has no address for {what}")))?;
        let ask = Ask { method, url, accept: Some(ACCEPT_DOCUMENTS), from: 0 };
        client.whole(place, &ask, DOCUMENT_MAX)
    }

    /// What a tag leads to, from the registry.
    fn by_tag(&self, tag: &str) -> Result<(Digest, Vec<u8>), SourceError> {
        let what = self.what("manifest", tag);
        let cache = self.shared.cache.as_ref();
        let said = cache
            .and_then(|cache| cache.recall::<Option<Digest>>(TAGS, &self.about_tag(tag)))
            .map(|record| record.said);
        if said == Some(None) && self.shared.client.is_none() {
            return Err(SourceError::NotFound(what));
        }
        let known = said.flatten().and_then(|digest| {
            let bytes = cache?.document(&digest)?;
            Some((digest, bytes))
        });
        if let Some((digest, bytes)) = known {
            // Asking where a tag leads is cheap, and does not count as a pull at Docker Hub.
            if self.shared.client.is_none() || self.tag(tag)?.as_ref() == Some(&digest) {
                return Ok((digest, bytes));
            }
        }
        let found = self.across(&what, |client, place| {
            let answer = self
                .get(client, place, Method::GET, tag, &what)
                .map_err(|trouble| client.explain(place, &what, trouble))?;
            refuse_schema1(&answer, &what)?;
            if let Some(said) = said_digest(&answer)
                && digest_of(said.algorithm(), &answer.bytes).as_ref() != Some(&said)
            {
                return Err(SourceError::WrongDigest { wanted: said });
            }
            let digest = digest_of("sha256", &answer.bytes);
            digest.map(|digest| (digest, answer.bytes)).ok_or(SourceError::NotFound(what.clone()))
        });
        if let (Some(cache), Err(SourceError::NotFound(_))) = (cache, &found) {
            self.note_tag(cache, tag, None);
        }
        let (digest, bytes) = found?;
        if let Some(cache) = cache {
            cache.store(&digest, &bytes);
            self.note_tag(cache, tag, Some(&digest));
        }
        Ok((digest, bytes))
    }

    fn note_tag(&self, cache: &Cache, tag: &str, digest: Option<&Digest>) {
        cache.note(TAGS, &self.about_tag(tag), self.shared.options.clock.now(), digest);
    }

    fn about_tag(&self, tag: &str) -> String {
        format!("{}:{tag}", self.reference.name())
    }

    /// For people: "blob `a` of `b`".
    fn what(&self, kind: &str, name: &str) -> String {
        format!("{kind} `{name}` of `{}`", self.reference.name())
    }
}

impl ImageSource for RegistrySource {
    fn root(&self) -> Result<Root, SourceError> {
        let (digest, bytes) = match self.reference.digest() {
            Some(digest) => {
                let digest = Digest::parse(digest).ok_or_else(|| {
                    SourceError::Malformed("the digest of the reference is malformed".to_owned())
                })?;
                let bytes = self.raw_document(&digest)?;
                (digest, bytes)
            }
            None => self.by_tag(self.reference.tag().unwrap_or("latest"))?,
        };
        Ok(Root { digest: Some(digest), bytes, reference: Some(self.reference.to_string()) })
    }

    fn raw_document(&self, digest: &Digest) -> Result<Vec<u8>, SourceError> {
        let cache = self.shared.cache.as_ref();
        if let Some(bytes) = cache.and_then(|cache| cache.document(digest)) {
            return Ok(bytes);
        }
        let what = self.what("manifest", digest.as_str());
        let about = format!("{}@{digest}", self.reference.name());
        if self.shared.client.is_none()
            && cache.is_some_and(|cache| cache.recall::<()>(ABSENT, &about).is_some())
        {
            return Err(SourceError::NotFound(what));
        }
        let found = self.across(&what, |client, place| {
            let answer = self
                .get(client, place, Method::GET, digest.as_str(), &what)
                .map_err(|trouble| client.explain(place, &what, trouble))?;
            // Its digest is not that of its bytes.
            refuse_schema1(&answer, &what)?;
            if digest_of(digest.algorithm(), &answer.bytes).as_ref() != Some(digest) {
                return Err(SourceError::WrongDigest { wanted: digest.clone() });
            }
            Ok(answer.bytes)
        });
        if let (Some(cache), Err(SourceError::NotFound(_))) = (cache, &found) {
            cache.note(ABSENT, &about, self.shared.options.clock.now(), ());
        }
        let bytes = found?;
        if let Some(cache) = cache {
            cache.store(digest, &bytes);
        }
        Ok(bytes)
    }

    fn raw_blob(&self, descriptor: &Descriptor) -> Result<Blob<'_>, SourceError> {
        let cache = self.shared.cache.as_ref();
        let size = (descriptor.size > 0).then_some(descriptor.size);
        if let Some(file) = cache.and_then(|cache| cache.open(&descriptor.digest, size)) {
            return Ok(Box::new(file));
        }
        let what = self.what("blob", descriptor.digest.as_str());
        let download = self.across(&what, |client, place| {
            Download::open(Arc::clone(client), place.clone(), descriptor, what.clone())
        })?;
        Ok(match cache {
            Some(cache) => Box::new(Kept::new(download, cache.clone(), descriptor)),
            None => Box::new(download),
        })
    }

    fn tag(&self, tag: &str) -> Result<Option<Digest>, SourceError> {
        let what = self.what("tag", tag);
        let cache = self.shared.cache.as_ref();
        if self.shared.client.is_none()
            && let Some(record) = cache.and_then(|it| it.recall(TAGS, &self.about_tag(tag)))
        {
            return Ok(record.said);
        }
        let found = self.across(&what, |client, place| {
            let explain = |trouble| client.explain(place, &what, trouble);
            let answer = match self.get(client, place, Method::HEAD, tag, &what) {
                Err(Trouble::Status(refused)) if refused.status == 405 => {
                    self.get(client, place, Method::GET, tag, &what).map_err(explain)?
                }
                Ok(answer) if said_digest(&answer).is_none() => {
                    self.get(client, place, Method::GET, tag, &what).map_err(explain)?
                }
                other => other.map_err(explain)?,
            };
            said_digest(&answer)
                .or_else(|| digest_of("sha256", &answer.bytes))
                .ok_or_else(|| SourceError::NotFound(what.clone()))
        });
        let found = match found {
            Ok(digest) => Some(digest),
            Err(SourceError::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        if let Some(cache) = cache {
            self.note_tag(cache, tag, found.as_ref());
        }
        Ok(found)
    }

    fn referrers(&self, digest: &Digest) -> Result<Vec<Descriptor>, SourceError> {
        let what = format!("referrers of `{}@{digest}`", self.reference.name());
        let about = format!("{}@{digest}", self.reference.name());
        let cache = self.shared.cache.as_ref();
        if self.shared.client.is_none()
            && let Some(record) = cache.and_then(|cache| cache.recall(REFERRERS, &about))
        {
            return Ok(record.said);
        }
        let found = self.across(&what, |client, place| {
            let found = referrers::all(client, place, digest, &what)?;
            // A mirror may know less than the registry.
            if found.is_empty() && Some(place) != self.places.last() {
                return Err(SourceError::NotFound(what.clone()));
            }
            Ok(found)
        })?;
        if let Some(cache) = cache {
            cache.note(REFERRERS, &about, self.shared.options.clock.now(), &found);
        }
        Ok(found)
    }
}

/// What the registry says the digest is.
fn said_digest(answer: &Answer) -> Option<Digest> {
    text(&answer.headers, &DIGEST).and_then(|value| Digest::parse(value.trim()))
}

fn refuse_schema1(answer: &Answer, what: &str) -> Result<(), SourceError> {
    if answer.media_type().starts_with("application/vnd.docker.distribution.manifest.v1+") {
        return Err(SourceError::Unsupported(format!(
            "{what} is of Docker's schema 1, which is retired: push the image again"
        )));
    }
    Ok(())
}
