use std::error::Error;
use std::io;
use std::time::Duration;

use careen_image_source::SourceError;
use oci_client::errors::OciErrorCode;
use reqwest::StatusCode;

use crate::origin::Origin;
use crate::retry::LONGEST;

/// Errors inside of one another that are looked at.
const LAYERS_MAX: usize = 8;

/// Why a request came to nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The server answered with an error.
    Status(Box<Refused>),
    /// Nobody may, or nobody with these credentials; a sentence fragment.
    Denied(String),
    /// There was no whole answer; a sentence fragment without a subject.
    Failed {
        reason: String,
        /// Whether another attempt may fare better.
        again: bool,
    },
    /// The answer is larger than what is read.
    TooLarge(u64),
}

/// An answer that says no.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    /// Whether the registry itself said it, and not a place that it led to.
    pub(crate) at_home: bool,
    /// The values of `WWW-Authenticate`.
    pub(crate) challenges: Vec<String>,
    /// What the registry calls it.
    pub(crate) code: Option<OciErrorCode>,
    /// When it wants to be asked again.
    pub(crate) wait: Option<Duration>,
}

impl Trouble {
    pub(crate) fn failed(reason: impl Into<String>) -> Self {
        Self::Failed { reason: reason.into(), again: false }
    }

    /// Whether to ask again, and after how long where the server says.
    pub(crate) fn again(&self) -> Option<Option<Duration>> {
        match self {
            Self::Status(refused) if is_passing(refused.status) => Some(refused.wait),
            Self::Failed { again: true, .. } => Some(None),
            _ => None,
        }
    }

    /// What went wrong with the HTTP exchange, without the address, whose query may be secret.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            return Self::failed("does not answer in time");
        }
        let (mut broken, mut leaf): (bool, Option<String>) = (false, None);
        let mut next = error.source();
        while let Some(one) = next {
            for one in layers(one) {
                if let Some(tls) = one.downcast_ref::<rustls::Error>() {
                    return Self::failed(of_tls(tls));
                }
                if let Some(io) = one.downcast_ref::<io::Error>() {
                    broken |= is_broken(io.kind());
                }
            }
            leaf = Some(one.to_string());
            next = one.source();
        }
        // A connection that was there and is gone may have been an old one.
        let again = broken || !(error.is_connect() || error.is_builder());
        let reason = harmless(&leaf.unwrap_or_else(|| "no reason is known".to_owned()));
        let deed = if error.is_connect() { "cannot be reached" } else { "broke the connection" };
        Self::Failed { reason: format!("{deed}: {reason}"), again }
    }

    /// For people. `what` is what was asked for: "manifest `a` of `b`".
    pub(crate) fn explain(
        self,
        origin: &Origin,
        what: &str,
        denied: impl FnOnce() -> String,
    ) -> SourceError {
        let name = &origin.name;
        match self {
            Self::Denied(reason) => SourceError::Denied(reason),
            Self::TooLarge(most) => SourceError::TooLarge { most },
            Self::Failed { reason, .. } => SourceError::Unreachable(format!("`{name}` {reason}")),
            Self::Status(refused) => match refused.status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN if refused.at_home => {
                    SourceError::Denied(denied())
                }
                StatusCode::NOT_FOUND | StatusCode::GONE => SourceError::NotFound(what.to_owned()),
                StatusCode::TOO_MANY_REQUESTS => {
                    SourceError::Unreachable(too_many(origin, refused.wait))
                }
                status => SourceError::Unreachable(unknown(name, status, &refused)),
            },
        }
    }
}

fn too_many(origin: &Origin, wait: Option<Duration>) -> String {
    if origin.is_hub() {
        return "Docker Hub's limit of pulls is reached: log in with `docker login`, or name a mirror"
            .to_owned();
    }
    let name = &origin.name;
    match wait.filter(|wait| *wait > LONGEST) {
        Some(wait) => format!("`{name}` wants no more requests for {} seconds", wait.as_secs()),
        None => format!("`{name}` wants no more requests at the moment"),
    }
}

fn unknown(name: &str, status: StatusCode, refused: &Refused) -> String {
    let place = if refused.at_home { "" } else { " by way of another host" };
    // A code that the specification does not know is text that the server chose.
    match &refused.code {
        Some(code) if !matches!(code, OciErrorCode::Other(_)) => {
            format!("`{name}` answers {}{place} ({code:?})", status.as_u16())
        }
        _ => format!("`{name}` answers {}{place}", status.as_u16()),
    }
}

/// Statuses of a server that is busy.
fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

fn is_broken(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
    )
}

/// An error and what I/O errors, which do not give it as their source, hold inside of it.
fn layers<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |one| inner(*one)).take(LAYERS_MAX)
}

fn inner<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    let inner = error.downcast_ref::<io::Error>()?.get_ref()?;
    Some(inner)
}

/// What is wrong with the encrypted connection.
fn of_tls(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            format!("shows a certificate that is not trusted: {}", harmless(&reason.to_string()))
        }
        other => format!("cannot be talked to over TLS: {}", harmless(&other.to_string())),
    }
}

/// One short line.
fn harmless(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).take(200).collect()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::time::Duration;

    use reqwest::StatusCode;

    use super::{Refused, Trouble, harmless, layers};
    use crate::options::Options;
    use crate::origin::Origin;

    #[test]
    fn limits_of_docker_hub_come_with_a_way_out() {
        for (name, wait, message) in [
            (
                "docker.io",
                Some(3600),
                "Docker Hub's limit of pulls is reached: log in with `docker login`, or name a mirror",
            ),
            ("a.test", Some(3600), "`a.test` wants no more requests for 3600 seconds"),
            ("a.test", None, "`a.test` wants no more requests at the moment"),
        ] {
            let refused = Refused {
                status: StatusCode::TOO_MANY_REQUESTS,
                at_home: true,
                challenges: Vec::new(),
                code: None,
                wait: wait.map(Duration::from_secs),
            };
            let origin = Origin::new(name, &Options::default()).unwrap();
            let trouble = Trouble::Status(Box::new(refused));
            let error = trouble.explain(&origin, "it", || "nobody".to_owned());
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn errors_inside_of_errors_are_found() {
        let tls = rustls::Error::DecryptError;
        let error = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, tls));
        let found: Vec<_> = layers(&error).collect();
        assert_eq!(found.len(), 3);
        assert!(found[2].is::<rustls::Error>());
    }

    #[test]
    fn what_a_server_says_is_one_short_line() {
        assert_eq!(harmless("a\u{1b}[31m\nb"), "a [31m b");
        assert_eq!(harmless(&"x".repeat(999)).len(), 200);
    }
}
