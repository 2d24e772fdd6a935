//! What refers to a manifest: the referrers API of OCI distribution 1.1, or the tag that stands
//! for it where a registry does not have it.

use careen_image_model::oci::{DOCUMENT_MAX, Descriptor, Digest, Document, parse_document};
use careen_image_source::SourceError;
use oci_client::manifest::OCI_IMAGE_INDEX_MEDIA_TYPE;
use reqwest::header::LINK;
use reqwest::{Method, Url};

use crate::answer::Answer;
use crate::client::{Ask, Client, Place};
use crate::link;
use crate::source::ACCEPT_DOCUMENTS;
use crate::trouble::Trouble;

/// Pages of one list.
const PAGES_MAX: usize = 100;
/// Manifests that may refer to one.
const REFERRERS_MAX: usize = 10_000;

/// All that the registry says refers to the manifest. A list that cannot be had whole is none.
pub(crate) fn all(
    client: &Client,
    place: &Place,
    digest: &Digest,
    what: &str,
) -> Result<Vec<Descriptor>, SourceError> {
    let malformed = |reason: &str| SourceError::Malformed(format!("{what} {reason}"));
    let explain = |trouble| match client.explain(place, what, trouble) {
        // A list that is cut off must not be taken for the end of it.
        SourceError::NotFound(_) => malformed("have a page that is not there"),
        other => other,
    };
    let path = format!("{}/referrers/{digest}", place.repository);
    let mut next = place.origin.url(&path);
    let mut found = Vec::new();
    for page in 0..PAGES_MAX {
        let Some(url) = next else { return Ok(found) };
        let ask = ask(url, OCI_IMAGE_INDEX_MEDIA_TYPE);
        let answer = match client.whole(place, &ask, DOCUMENT_MAX) {
            Err(Trouble::Status(refused))
                if page == 0 && matches!(refused.status.as_u16(), 400 | 404 | 405) =>
            {
                return tagged(client, place, digest, what);
            }
            // What is no index does not come from the API.
            Ok(answer) if page == 0 && answer.media_type() != OCI_IMAGE_INDEX_MEDIA_TYPE => {
                return tagged(client, place, digest, what);
            }
            other => other.map_err(explain)?,
        };
        found.extend(listed(&answer).ok_or_else(|| malformed("are no index"))?);
        if found.len() > REFERRERS_MAX {
            return Err(malformed("are more than 10000"));
        }
        next = following(&answer, &ask.url)
            .map_err(|()| malformed("lead to another page that has no address"))?;
        if next.as_ref().is_some_and(|url| !place.origin.is_home(url)) {
            return Err(malformed("lead to a page of another registry"));
        }
    }
    Err(malformed("have more than 100 pages"))
}

/// The list that clients keep under a tag.
fn tagged(
    client: &Client,
    place: &Place,
    digest: &Digest,
    what: &str,
) -> Result<Vec<Descriptor>, SourceError> {
    let tag = fallback_tag(digest);
    let url = place.origin.url(&format!("{}/manifests/{tag}", place.repository));
    let Some(url) = url else { return Ok(Vec::new()) };
    match client.whole(place, &ask(url, ACCEPT_DOCUMENTS), DOCUMENT_MAX) {
        Ok(answer) => listed(&answer).ok_or_else(|| {
            SourceError::Malformed(format!("{what}, under the tag `{tag}`, are no index"))
        }),
        Err(trouble) => match client.explain(place, what, trouble) {
            SourceError::NotFound(_) => Ok(Vec::new()),
            other => Err(other),
        },
    }
}

/// The tag that stands for the list: no longer than a tag may be.
fn fallback_tag(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("{}-{}", digest.algorithm(), hex.get(..64).unwrap_or(hex))
}

fn ask(url: Url, accept: &'static str) -> Ask {
    Ask { method: Method::GET, url, accept: Some(accept), from: 0 }
}

fn listed(answer: &Answer) -> Option<Vec<Descriptor>> {
    match parse_document(&answer.bytes) {
        Ok(Document::Index(index)) => Some(index.manifests),
        _ => None,
    }
}

fn following(answer: &Answer, url: &Url) -> Result<Option<Url>, ()> {
    let mut links = answer.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    match links.find_map(link::next) {
        Some(target) => url.join(target).map(Some).map_err(drop),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use careen_image_source::digest_of;

    use super::fallback_tag;

    #[test]
    fn the_tag_is_no_longer_than_tags_are() {
        let tag = fallback_tag(&digest_of("sha512", b"a").unwrap());
        assert_eq!((tag.len(), tag.starts_with("sha512-")), (71, true));
        let digest = digest_of("sha256", b"a").unwrap();
        assert_eq!(fallback_tag(&digest), digest.as_str().replace(':', "-"));
    }
}
