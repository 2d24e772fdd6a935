//! Images as package URLs of the types `docker` and `oci`.

use careen_image_model::reference;

use super::BaseImage;

/// The image that a package URL names; none where it is of another type.
pub(super) fn image(text: &str) -> Option<BaseImage> {
    let rest = text.strip_prefix("pkg:")?;
    let rest = rest.split('#').next().unwrap_or_default();
    let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let qualifier = |wanted: &str| {
        let pairs = qualifiers.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| *name == wanted).map(|(_, value)| decoded(value)).next()
    };
    let (kind, path) = path.split_once('/')?;
    let (name, version) = path.rsplit_once('@').unwrap_or((path, ""));
    let (name, version) = (decoded(name), decoded(version));
    let (name, tag) = match kind {
        "docker" => {
            let tag = (!version.is_empty() && !version.contains(':')).then(|| version.clone());
            let name = match qualifier("repository_url") {
                Some(registry) => format!("{}/{name}", host(&registry)),
                None => name,
            };
            (name, tag)
        }
        "oci" => {
            // The URL is of the whole repository.
            let name = qualifier("repository_url").map_or(name, |url| host(&url).to_owned());
            (name, qualifier("tag"))
        }
        _ => return None,
    };
    let named = match &tag {
        Some(tag) => format!("{name}:{tag}"),
        None => name,
    };
    let digest = version.contains(':').then_some(version).or_else(|| qualifier("digest"));
    Some(BaseImage {
        reference: reference::parse(&named).ok(),
        digest,
        platform: qualifier("platform"),
    })
}

/// A URL without its scheme and a slash at the end.
fn host(url: &str) -> &str {
    url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/')
}

/// A text without percent-encoding.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(&byte) = rest.next() {
        let code = rest.as_slice().get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest.nth(1);
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::image;

    #[test]
    fn package_urls() {
        for (text, reference, digest, platform) in [
            (
                "pkg:docker/alpine@3.17?platform=linux%2Famd64",
                Some("docker.io/library/alpine:3.17"),
                None,
                Some("linux/amd64"),
            ),
            (
                "pkg:docker/ghcr.io/a/b@sha256%3Aab?platform=linux/arm64",
                Some("ghcr.io/a/b:latest"),
                Some("sha256:ab"),
                Some("linux/arm64"),
            ),
            ("pkg:docker/a/b@1?digest=sha256:ab", Some("docker.io/a/b:1"), Some("sha256:ab"), None),
            (
                "pkg:oci/debian@sha256%3Aab?repository_url=ghcr.io%2Fx%2Fdebian&tag=12",
                Some("ghcr.io/x/debian:12"),
                Some("sha256:ab"),
                None,
            ),
            ("pkg:docker/UPPER@1", None, None, None),
        ] {
            let found = image(text).unwrap();
            assert_eq!(found.reference.map(|it| it.to_string()).as_deref(), reference, "{text}");
            assert_eq!(found.digest.as_deref(), digest, "{text}");
            assert_eq!(found.platform.as_deref(), platform, "{text}");
        }
        for text in ["", "pkg:", "pkg:npm/a@1", "https://example.com/a", "%", "pkg:docker"] {
            assert!(image(text).is_none(), "{text}");
        }
        assert!(image("pkg:docker/a%2@%zz%").is_some());
    }
}
