use std::future::Future;
use std::time::Duration;

use oci_client::errors::{OciEnvelope, OciErrorCode};
use reqwest::Response;
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use tokio::time::timeout;

use crate::client::Client;
use crate::retry::retry_after;
use crate::trouble::{Refused, Trouble};

/// Bytes of an answer that says no.
const ERROR_MAX: u64 = 64 << 10;
/// Values of one header that are looked at.
const VALUES_MAX: usize = 16;

/// What came, whole.
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The media type, without its parameters.
    pub(crate) fn media_type(&self) -> String {
        let header = text(&self.headers, &reqwest::header::CONTENT_TYPE).unwrap_or_default();
        header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// A header's value, where it is text.
pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Waits for `future` as long as may be.
pub(crate) async fn within<T>(
    limit: Duration,
    future: impl Future<Output = Result<T, reqwest::Error>> + Send,
) -> Result<T, Trouble> {
    match timeout(limit, future).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Trouble::of(&error)),
        Err(_) => Err(Trouble::failed("does not answer in time")),
    }
}

/// All of an answer's body, if it is at most that many bytes.
pub(crate) async fn body(
    mut response: Response,
    most: u64,
    limit: Duration,
) -> Result<Vec<u8>, Trouble> {
    if response.content_length().is_some_and(|length| length > most) {
        return Err(Trouble::TooLarge(most));
    }
    let whole = async {
        let mut bytes = Vec::new();
        while let Some(chunk) = within(limit, response.chunk()).await? {
            if (bytes.len() + chunk.len()) as u64 > most {
                return Err(Trouble::TooLarge(most));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    // One byte now and then is no answer either.
    match timeout(limit.saturating_mul(4), whole).await {
        Ok(result) => result,
        Err(_) => Err(Trouble::failed("does not answer in time")),
    }
}

/// Takes down why a server said no.
pub(crate) async fn refused(client: &Client, response: Response, at_home: bool) -> Trouble {
    let status = response.status();
    let headers = response.headers();
    let challenges = headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .take(VALUES_MAX)
        .filter_map(|value| value.to_str().ok().map(str::to_owned))
        .collect();
    let wait = text(headers, &RETRY_AFTER)
        .and_then(|value| retry_after(value, client.options.clock.now()));
    // That the reason is not to be had is no other trouble.
    let code = match body(response, ERROR_MAX, client.options.timeout).await {
        Ok(bytes) => code_of(&bytes),
        Err(_) => None,
    };
    Trouble::Status(Box::new(Refused { status, at_home, challenges, code, wait }))
}

fn code_of(bytes: &[u8]) -> Option<OciErrorCode> {
    let envelope: OciEnvelope = serde_json::from_slice(bytes).ok()?;
    envelope.errors.into_iter().next().map(|error| error.code)
}

#[cfg(test)]
mod tests {
    use oci_client::errors::OciErrorCode;

    use super::code_of;

    #[test]
    fn the_code_of_an_error_is_read() {
        let bytes = br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"no","detail":{}}]}"#;
        assert_eq!(code_of(bytes), Some(OciErrorCode::ManifestUnknown));
        assert_eq!(code_of(b"<html>"), None);
        assert_eq!(code_of(br#"{"errors":[]}"#), None);
    }
}
