//! Image references: `registry/repository:tag@digest`.
//!
//! The grammar is that of the distribution project's `reference` package, with the short names of
//! Docker Hub. Spans point into the text that was parsed.

use std::borrow::Cow;
use std::fmt;

use careen_text::Span;

const HUB: &str = "docker.io";
const HUB_LEGACY: &str = "index.docker.io";
const REPOSITORY_MAX: usize = 255;
const TAG_MAX: usize = 128;

/// A well-formed image reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRef {
    text: String,
    registry: Option<Span>,
    repository: Span,
    tag: Option<Span>,
    digest: Option<Span>,
}

/// Why a text is no image reference. Spans point into the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceProblem {
    /// The text is empty, or its repository is.
    Empty,
    /// A variable, a template or a substitution was not filled in: the reference is not known.
    Unexpanded(Span),
    /// A URL scheme such as `https://` or `docker://` stands in front.
    Scheme(Span),
    /// White space or a control character.
    Blank(Span),
    /// The registry is no host name with an optional port.
    Registry(Span),
    /// A repository component has upper-case letters.
    RepositoryUppercase(Span),
    /// A repository component breaks the grammar.
    Repository(Span),
    /// The repository is longer than 255 characters.
    RepositoryTooLong(Span),
    /// The text is 64 hexadecimal digits: an image id, which names nothing in a registry.
    ImageId(Span),
    /// The tag is empty, longer than 128 characters, or has characters outside `[A-Za-z0-9_.-]`.
    Tag(Span),
    /// The digest is not `algorithm:hex` with lower-case digits.
    Digest(Span),
    /// The digest has the wrong number of digits for its algorithm.
    DigestLength(Span),
    /// The digest's algorithm is none of sha256, sha384 and sha512.
    DigestAlgorithm(Span),
}

impl ReferenceProblem {
    /// The part that is wrong, in the parsed text.
    #[must_use]
    pub const fn span(&self) -> Span {
        match *self {
            Self::Empty => Span::at(0),
            Self::Unexpanded(span)
            | Self::Scheme(span)
            | Self::Blank(span)
            | Self::Registry(span)
            | Self::RepositoryUppercase(span)
            | Self::Repository(span)
            | Self::RepositoryTooLong(span)
            | Self::ImageId(span)
            | Self::Tag(span)
            | Self::Digest(span)
            | Self::DigestLength(span)
            | Self::DigestAlgorithm(span) => span,
        }
    }

    /// Whether the reference may be fine once its variables are known.
    #[must_use]
    pub const fn is_unexpanded(&self) -> bool {
        matches!(self, Self::Unexpanded(_))
    }
}

impl fmt::Display for ReferenceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the image reference is empty",
            Self::Unexpanded(_) => "the image reference has a variable without a known value",
            Self::Scheme(_) => "an image reference has no URL scheme",
            Self::Blank(_) => "an image reference has no white space",
            Self::Registry(_) => "the registry is not a host name with an optional port",
            Self::RepositoryUppercase(_) => "the repository must be lower case",
            Self::Repository(_) => "the repository is malformed",
            Self::RepositoryTooLong(_) => "the repository is longer than 255 characters",
            Self::ImageId(_) => "an image id is not an image reference",
            Self::Tag(_) => "the tag is malformed",
            Self::Digest(_) => "the digest is malformed",
            Self::DigestLength(_) => "the digest has the wrong length",
            Self::DigestAlgorithm(_) => "the digest algorithm is not supported",
        })
    }
}

impl std::error::Error for ReferenceProblem {}

/// Takes an image reference apart.
///
/// # Errors
///
/// Says which part is wrong where `text` is no reference.
pub fn parse(text: &str) -> Result<ImageRef, ReferenceProblem> {
    refuse_foreign(text)?;
    let (rest, digest) = match text.find('@') {
        Some(at) => (text.get(..at).unwrap_or_default(), Some(at + 1..text.len())),
        None => (text, None),
    };
    let after_slash = rest.rfind('/').map_or(0, |slash| slash + 1);
    let tag_colon = rest.get(after_slash..).and_then(|last| last.find(':'));
    let (name, tag) = match tag_colon {
        Some(colon) => {
            let colon = after_slash + colon;
            (rest.get(..colon).unwrap_or_default(), Some(colon + 1..rest.len()))
        }
        None => (rest, None),
    };
    let registry = registry_len(name);
    let path = registry.map_or(0, |len| len + 1)..name.len();

    if let Some(len) = registry {
        check_registry(name.get(..len).unwrap_or_default(), Span::of(0..len))?;
    }
    check_repository(text, path.clone())?;
    if let Some(tag) = &tag {
        check_tag(text.get(tag.clone()).unwrap_or_default(), Span::of(tag.clone()))?;
    }
    if let Some(digest) = &digest {
        check_digest(text.get(digest.clone()).unwrap_or_default(), Span::of(digest.clone()))?;
    }
    let parsed = ImageRef {
        text: text.to_owned(),
        registry: registry.map(|len| Span::of(0..len)),
        repository: Span::of(path.clone()),
        tag: tag.map(Span::of),
        digest: digest.map(Span::of),
    };
    if parsed.repository().len() > REPOSITORY_MAX {
        return Err(ReferenceProblem::RepositoryTooLong(Span::of(path)));
    }
    Ok(parsed)
}

impl ImageRef {
    /// The text as it was given.
    #[must_use]
    pub fn as_written(&self) -> &str {
        &self.text
    }

    /// The registry that will be asked: `docker.io` where none is written.
    #[must_use]
    pub fn registry(&self) -> &str {
        match self.registry {
            None => HUB,
            Some(span) if self.part(span) == HUB_LEGACY => HUB,
            Some(span) => self.part(span),
        }
    }

    /// The registry as written, absent for the short names of Docker Hub.
    #[must_use]
    pub fn written_registry(&self) -> Option<&str> {
        self.registry.map(|span| self.part(span))
    }

    /// The repository inside the registry: `library/nginx` for `nginx`.
    #[must_use]
    pub fn repository(&self) -> Cow<'_, str> {
        let written = self.part(self.repository);
        if self.registry() == HUB && !written.contains('/') {
            Cow::Owned(format!("library/{written}"))
        } else {
            Cow::Borrowed(written)
        }
    }

    /// Registry and repository: `docker.io/library/nginx`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.registry(), self.repository())
    }

    /// The tag, where one is written.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.tag.map(|span| self.part(span))
    }

    /// The digest with its algorithm, where one is written.
    #[must_use]
    pub fn digest(&self) -> Option<&str> {
        self.digest.map(|span| self.part(span))
    }

    /// Whether the tag is `latest`, or there is neither tag nor digest, which means the same.
    #[must_use]
    pub fn is_latest_or_untagged(&self) -> bool {
        match self.tag() {
            Some(tag) => tag == "latest",
            None => self.digest.is_none(),
        }
    }

    /// Where the registry stands in the text.
    #[must_use]
    pub const fn registry_span(&self) -> Option<Span> {
        self.registry
    }

    /// Where the repository stands in the text.
    #[must_use]
    pub const fn repository_span(&self) -> Span {
        self.repository
    }

    /// Where the tag stands in the text, without its colon.
    #[must_use]
    pub const fn tag_span(&self) -> Option<Span> {
        self.tag
    }

    /// Where the digest stands in the text, without its `@`.
    #[must_use]
    pub const fn digest_span(&self) -> Option<Span> {
        self.digest
    }

    fn part(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }
}

/// The full form, with registry and namespace, and `:latest` where nothing else is said.
impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry(), self.repository())?;
        match (self.tag(), self.digest()) {
            (None, None) => f.write_str(":latest")?,
            (Some(tag), _) => write!(f, ":{tag}")?,
            (None, Some(_)) => {}
        }
        self.digest().map_or(Ok(()), |digest| write!(f, "@{digest}"))
    }
}

/// What no reference has: nothing at all, variables, templates, white space, a URL scheme.
fn refuse_foreign(text: &str) -> Result<(), ReferenceProblem> {
    if text.is_empty() {
        return Err(ReferenceProblem::Empty);
    }
    if let Some(span) = unexpanded(text) {
        return Err(ReferenceProblem::Unexpanded(span));
    }
    let blank = |character: char| character.is_whitespace() || character.is_control();
    if let Some((at, character)) = text.char_indices().find(|&(_, character)| blank(character)) {
        return Err(ReferenceProblem::Blank(Span::of(at..at + character.len_utf8())));
    }
    if let Some(at) = text.find("://") {
        return Err(ReferenceProblem::Scheme(Span::of(0..at + 3)));
    }
    if text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(ReferenceProblem::ImageId(Span::of(0..64)));
    }
    Ok(())
}

/// The first `$NAME`, `${…}`, `$(…)`, `{{…}}` or `%(…)s` of a text.
fn unexpanded(text: &str) -> Option<Span> {
    let starts = ["$", "{{", "%("];
    let start = starts.iter().filter_map(|opening| text.find(opening)).min()?;
    let rest = text.get(start..)?;
    let closing = if rest.starts_with("{{") {
        "}}"
    } else if rest.starts_with("${") {
        "}"
    } else if rest.starts_with("$(") {
        ")"
    } else if rest.starts_with('%') {
        ")s"
    } else {
        let name = rest.bytes().skip(1).take_while(|byte| is_name_byte(*byte)).count();
        return Some(Span::of(start..start + 1 + name));
    };
    let end = rest.find(closing).map_or(text.len(), |at| start + at + closing.len());
    Some(Span::of(start..end))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Length of the registry in front of the first slash. The first component is one where it cannot
/// be a component of a repository on Docker Hub.
fn registry_len(name: &str) -> Option<usize> {
    let (first, _) = name.split_once('/')?;
    let is_host = first.contains(['.', ':'])
        || first == "localhost"
        || first.bytes().any(|byte| byte.is_ascii_uppercase());
    is_host.then_some(first.len())
}

fn check_registry(registry: &str, span: Span) -> Result<(), ReferenceProblem> {
    let (host, port) = if registry.starts_with('[') {
        let Some((address, rest)) = registry.trim_start_matches('[').split_once(']') else {
            return Err(ReferenceProblem::Registry(span));
        };
        let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
        if address.is_empty() || !address.bytes().all(hex) {
            return Err(ReferenceProblem::Registry(span));
        }
        (None, if rest.is_empty() { None } else { Some(rest.strip_prefix(':').unwrap_or("")) })
    } else {
        match registry.split_once(':') {
            Some((host, port)) => (Some(host), Some(port)),
            None => (Some(registry), None),
        }
    };
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let host_is_fine = host.is_none_or(|host| host.split('.').all(label));
    let port_is_fine =
        port.is_none_or(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    if host_is_fine && port_is_fine { Ok(()) } else { Err(ReferenceProblem::Registry(span)) }
}

fn check_repository(text: &str, range: std::ops::Range<usize>) -> Result<(), ReferenceProblem> {
    let path = text.get(range.clone()).unwrap_or_default();
    if path.is_empty() && range.start == 0 {
        return Err(ReferenceProblem::Empty);
    }
    let mut start = range.start;
    for component in path.split('/') {
        let span = Span::of(start..start + component.len());
        if !is_component(&component.to_ascii_lowercase()) {
            return Err(ReferenceProblem::Repository(span));
        }
        if component.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(ReferenceProblem::RepositoryUppercase(span));
        }
        start += component.len() + 1;
    }
    Ok(())
}

/// Runs of letters and digits, joined by `.`, `_`, `__` or any number of `-`.
fn is_component(component: &str) -> bool {
    let alphanumeric = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    let mut rest = component.as_bytes();
    loop {
        let run = rest.iter().take_while(|byte| alphanumeric(**byte)).count();
        if run == 0 {
            return false;
        }
        rest = rest.get(run..).unwrap_or_default();
        let joint = rest.iter().take_while(|byte| !alphanumeric(**byte)).count();
        let (separator, after) = rest.split_at(joint.min(rest.len()));
        match separator {
            [] => return after.is_empty(),
            b"." | b"_" | b"__" => {}
            dashes if dashes.iter().all(|byte| *byte == b'-') => {}
            _ => return false,
        }
        rest = after;
    }
}

fn check_tag(tag: &str, span: Span) -> Result<(), ReferenceProblem> {
    let first_is_fine = tag.bytes().next().is_some_and(is_name_byte);
    let rest_is_fine = tag.bytes().all(|byte| is_name_byte(byte) || matches!(byte, b'.' | b'-'));
    if first_is_fine && rest_is_fine && tag.len() <= TAG_MAX {
        Ok(())
    } else {
        Err(ReferenceProblem::Tag(span))
    }
}

fn check_digest(digest: &str, span: Span) -> Result<(), ReferenceProblem> {
    let Some((algorithm, hex)) = digest.split_once(':') else {
        return Err(ReferenceProblem::Digest(span));
    };
    if hex.is_empty() || !hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(ReferenceProblem::Digest(span));
    }
    let digits = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return Err(ReferenceProblem::DigestAlgorithm(span)),
    };
    if hex.len() == digits { Ok(()) } else { Err(ReferenceProblem::DigestLength(span)) }
}

#[cfg(test)]
mod tests;
