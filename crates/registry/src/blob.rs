use std::io::{self, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use careen_image_model::oci::{Descriptor, Digest};
use careen_image_source::{SourceError, Verified};
use reqwest::header::CONTENT_RANGE;
use reqwest::{Method, Response, StatusCode};
use tempfile::NamedTempFile;
use tokio::time::Instant;

use crate::answer::{text, within};
use crate::cache::Cache;
use crate::client::{Ask, Client, Place};
use crate::retry::backoff;
use crate::trouble::Trouble;

/// Bytes of a blob whose descriptor does not say how many there are.
const BLOB_MAX: u64 = 64 << 30;
/// Bytes a second that a blob must come at, after a start.
const SLOWEST: u64 = 16 << 10;

/// A blob as it comes from a registry, unverified. One piece of it is in memory at a time.
pub(crate) struct Download {
    client: Arc<Client>,
    place: Place,
    ask: Ask,
    what: String,
    response: Option<Response>,
    piece: Vec<u8>,
    /// Bytes of the piece that were handed on.
    used: usize,
    /// Bytes that came.
    at: u64,
    /// Bytes of this answer that came before, in another.
    repeated: u64,
    most: u64,
    attempt: u32,
    /// How long was waited for the registry; how long others took does not count.
    waited: Duration,
    longest: Duration,
}

impl Download {
    /// Asks for the blob.
    pub(crate) fn open(
        client: Arc<Client>,
        place: Place,
        descriptor: &Descriptor,
        what: String,
    ) -> Result<Self, SourceError> {
        let path = format!("{}/blobs/{}", place.repository, descriptor.digest);
        let url = place
            .origin
            .url(&path)
            .ok_or_else(|| SourceError::Malformed(format!("{what} has no address")))?;
        let ask = Ask { method: Method::GET, url, accept: None, from: 0 };
        let explain = |trouble: Trouble| client.explain(&place, &what, trouble);
        let response = client.fetch(&place, &ask, Ok).map_err(explain)?;
        let size = (descriptor.size > 0).then_some(descriptor.size);
        if let (Some(size), Some(length)) = (size, response.content_length())
            && size != length
        {
            return Err(SourceError::WrongDigest { wanted: descriptor.digest.clone() });
        }
        let most = size.unwrap_or(BLOB_MAX);
        let longest = client.options.timeout.saturating_mul(4);
        Ok(Self {
            response: Some(response),
            piece: Vec::new(),
            used: 0,
            at: 0,
            repeated: 0,
            most,
            attempt: 1,
            waited: Duration::ZERO,
            longest: longest.saturating_add(Duration::from_secs(most / SLOWEST)),
            client,
            place,
            ask,
            what,
        })
    }

    /// Gets the next piece; false at the end.
    fn next(&mut self) -> Result<bool, SourceError> {
        loop {
            match self.try_next() {
                Ok(more) => return Ok(more),
                Err(Trouble::Failed { again: true, .. })
                    if self.attempt < self.client.options.attempts =>
                {
                    self.attempt += 1;
                    self.client.pause(backoff(self.attempt));
                    self.resume().map_err(|trouble| self.explain(trouble))?;
                }
                Err(trouble) => return Err(self.explain(trouble)),
            }
        }
    }

    fn try_next(&mut self) -> Result<bool, Trouble> {
        loop {
            let Some(response) = &mut self.response else { return Ok(false) };
            let limit = self.client.options.timeout;
            let (chunk, waited) = self.client.runtime.block_on(async {
                let start = Instant::now();
                let chunk = within(limit, response.chunk()).await;
                (chunk, start.elapsed())
            });
            self.waited = self.waited.saturating_add(waited);
            if self.waited > self.longest {
                return Err(Trouble::failed("sends too slowly"));
            }
            let Some(chunk) = chunk? else {
                self.response = None;
                return Ok(false);
            };
            let before = usize::try_from(self.repeated).unwrap_or(usize::MAX).min(chunk.len());
            self.repeated -= before as u64;
            let new = chunk.get(before..).unwrap_or_default();
            if new.is_empty() {
                continue;
            }
            self.at = self.at.saturating_add(new.len() as u64);
            if self.at > self.most {
                return Err(Trouble::TooLarge(self.most));
            }
            self.piece.clear();
            self.piece.extend_from_slice(new);
            self.used = 0;
            return Ok(true);
        }
    }

    /// Asks for the rest after a broken connection.
    fn resume(&mut self) -> Result<(), Trouble> {
        self.response = None;
        self.ask.from = self.at;
        let response = self.client.fetch(&self.place, &self.ask, Ok)?;
        self.repeated = if response.status() == StatusCode::PARTIAL_CONTENT {
            let range = text(response.headers(), &CONTENT_RANGE).unwrap_or_default();
            if !range.starts_with(&format!("bytes {}-", self.at)) {
                return Err(Trouble::failed("sends another part than was asked for"));
            }
            0
        } else {
            self.at
        };
        self.response = Some(response);
        Ok(())
    }

    fn explain(&self, trouble: Trouble) -> SourceError {
        self.client.explain(&self.place, &self.what, trouble)
    }
}

impl Read for Download {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.used >= self.piece.len() && !self.next().map_err(io::Error::other)? {
            return Ok(0);
        }
        let mut rest = self.piece.get(self.used..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.used += read;
        Ok(read)
    }
}

/// Keeps in the cache what is read to its end and is what its digest names.
pub(crate) struct Kept<R> {
    inner: Verified<R>,
    cache: Cache,
    digest: Digest,
    draft: Option<NamedTempFile>,
}

impl<R: Read> Kept<R> {
    pub(crate) fn new(inner: R, cache: Cache, descriptor: &Descriptor) -> Self {
        let draft = cache.draft();
        let digest = descriptor.digest.clone();
        Self { inner: Verified::new(inner, descriptor), cache, digest, draft }
    }
}

impl<R: Read> Read for Kept<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match self.inner.read(buffer) {
            Ok(read) => read,
            Err(error) => {
                self.draft = None;
                return Err(error);
            }
        };
        if read > 0 {
            let bytes = buffer.get(..read).unwrap_or_default();
            // A full disk costs the cache, not the check.
            if self.draft.as_mut().is_some_and(|draft| draft.write_all(bytes).is_err()) {
                self.draft = None;
            }
        } else if !buffer.is_empty()
            && let Some(draft) = self.draft.take()
        {
            self.cache.keep(draft, &self.digest);
        }
        Ok(read)
    }
}
