use std::net::TcpStream;
use std::sync::Mutex;

use data_encoding::BASE64;

use super::answer::Answer;
use super::contents::{Contents, Gate, Login};
use super::faults::Faults;
use super::request::Request;

/// The token that lets in.
const TOKEN: &str = "token-of-the-fake-registry";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";

#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: String,
    pub(super) contents: Mutex<Contents>,
    pub(super) faults: Mutex<Faults>,
    pub(super) requests: Mutex<Vec<Request>>,
}

impl Server {
    /// Answers the one request of a connection.
    pub(super) fn serve(&self, stream: TcpStream) {
        let Some(request) = Request::read(&stream) else { return };
        let line = request.line();
        self.requests.lock().expect("no panic").push(request.clone());
        let fault = self.faults.lock().expect("no panic").take(&line);
        let answer = {
            let contents = self.contents.lock().expect("no panic");
            self.answer(&contents, &request)
        };
        answer.send(stream, request.method == "HEAD", fault);
    }

    fn answer(&self, contents: &Contents, request: &Request) -> Answer {
        if request.path() == "/token" {
            return token(&contents.gate, request);
        }
        let Some(rest) = request.path().strip_prefix("/v2/") else {
            return Answer::error(404, "NOT_FOUND");
        };
        if let Some(refused) = self.refused(&contents.gate, request) {
            return refused;
        }
        let parts: Vec<&str> = rest.rsplitn(3, '/').collect();
        match parts.as_slice() {
            [reference, "manifests", _] => manifest(contents, reference),
            [digest, "blobs", _] => blob(contents, digest, request),
            [digest, "referrers", _] => referrers(contents, digest, request),
            _ if rest.is_empty() => Answer::new(200, "application/json", b"{}".to_vec()),
            _ => Answer::error(404, "NAME_UNKNOWN"),
        }
    }

    /// What is said to whoever is not let in.
    fn refused(&self, gate: &Gate, request: &Request) -> Option<Answer> {
        let shown = request.header("authorization");
        let (wanted, challenge) = match gate {
            Gate::Open => return None,
            Gate::Basic(login) => (basic(login), "Basic realm=\"fake\"".to_owned()),
            Gate::Bearer { realm, .. } => {
                let own = format!("http://{}/token", self.address);
                let realm = realm.as_deref().unwrap_or(&own);
                let challenge = format!("Bearer realm=\"{realm}\",service=\"fake, and sound\"");
                (format!("Bearer {TOKEN}"), challenge)
            }
        };
        (shown != Some(wanted.as_str()))
            .then(|| Answer::error(401, "UNAUTHORIZED").with("WWW-Authenticate", challenge))
    }
}

fn basic(login: &Login) -> String {
    let pair = format!("{}:{}", login.name, login.password);
    format!("Basic {}", BASE64.encode(pair.as_bytes()))
}

fn token(gate: &Gate, request: &Request) -> Answer {
    let Gate::Bearer { login, identity, .. } = gate else {
        return Answer::error(404, "NOT_FOUND");
    };
    let is_let_in = if request.method == "POST" {
        identity.is_some()
            && request.parameter("refresh_token") == *identity
            && request.parameter("grant_type").as_deref() == Some("refresh_token")
    } else {
        match login {
            Some(login) => request.header("authorization") == Some(&basic(login)),
            None => true,
        }
    };
    if !is_let_in {
        return Answer::error(401, "UNAUTHORIZED");
    }
    let name = if request.method == "POST" { "access_token" } else { "token" };
    Answer::new(200, "application/json", format!(r#"{{"{name}":"{TOKEN}"}}"#).into_bytes())
}

fn manifest(contents: &Contents, reference: &str) -> Answer {
    let digest = contents.tags.get(reference).map_or(reference, String::as_str);
    let Some((media_type, bytes)) = contents.documents.get(digest) else {
        return Answer::error(404, "MANIFEST_UNKNOWN");
    };
    let answer = Answer::new(200, media_type, bytes.clone());
    if contents.names_digests { answer.with("Docker-Content-Digest", digest) } else { answer }
}

fn blob(contents: &Contents, digest: &str, request: &Request) -> Answer {
    let Some(bytes) = contents.blobs.get(digest) else {
        return Answer::error(404, "BLOB_UNKNOWN");
    };
    let range = request.header("range").filter(|_| contents.ranges).and_then(|range| {
        let from: usize = range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()?;
        Some((from, bytes.get(from..)?))
    });
    let Some((from, rest)) = range else {
        return Answer::new(200, "application/octet-stream", bytes.clone());
    };
    let range = format!("bytes {from}-{}/{}", bytes.len().saturating_sub(1), bytes.len());
    Answer::new(206, "application/octet-stream", rest.to_vec()).with("Content-Range", range)
}

fn referrers(contents: &Contents, digest: &str, request: &Request) -> Answer {
    let Some(page) = contents.referrers_page else {
        return Answer::new(404, "text/plain", b"404 page not found\n".to_vec());
    };
    let from = request.parameter("from").and_then(|from| from.parse().ok()).unwrap_or(0_usize);
    let all = contents.referrers.get(digest).map_or(&[][..], Vec::as_slice);
    let listed: Vec<_> = all.iter().skip(from).take(page).map(String::as_str).collect();
    let body = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[{}]}}"#,
        listed.join(",")
    );
    let answer = Answer::new(200, INDEX, body.into_bytes());
    let next = from + listed.len();
    if next < all.len() {
        return answer.with("Link", format!("<{}?from={next}>; rel=\"next\"", request.path()));
    }
    answer
}
