use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use super::faults::Fault;

/// An answer to be.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn new(status: u16, media_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("Content-Type".to_owned(), media_type.to_owned())];
        Self { status, headers, body }
    }

    pub(super) fn error(status: u16, code: &str) -> Self {
        let body = format!(r#"{{"errors":[{{"code":"{code}","message":"no","detail":null}}]}}"#);
        Self::new(status, "application/json", body.into_bytes())
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Sends it, as far as the fault lets it.
    pub(super) fn send(mut self, mut stream: TcpStream, is_head: bool, fault: Option<Fault>) {
        let mut sent = usize::MAX;
        let mut then = Then::End;
        match fault {
            None => {}
            Some(Fault::Close) => return,
            Some(Fault::Silence) => return wait(stream),
            Some(Fault::Status(status, headers)) => {
                self = Self::new(status, "application/json", br#"{"errors":[]}"#.to_vec());
                self.headers.extend(headers);
            }
            Some(Fault::Error(status, body)) => {
                self = Self::new(status, "application/json", body.into_bytes());
            }
            Some(Fault::Truncate(bytes)) => sent = bytes,
            Some(Fault::Replace(bytes)) => self.body = bytes,
            Some(Fault::Header(name, value)) => self = self.with(&name, value),
            Some(Fault::Redirect(target)) => {
                self = Self::new(307, "text/plain", Vec::new()).with("Location", target);
            }
            Some(Fault::Endless) => then = Then::Forever,
            Some(Fault::Stall) => {
                sent = self.body.len() / 2;
                then = Then::Wait;
            }
        }
        let mut head = format!("HTTP/1.1 {} Whatever\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").expect("a string");
        }
        let says = self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        if !says && !matches!(then, Then::Forever) {
            write!(head, "Content-Length: {}\r\n", self.body.len()).expect("a string");
        }
        head.push_str("\r\n");
        // A client that goes away is no trouble of ours.
        if stream.write_all(head.as_bytes()).is_err() || is_head {
            return;
        }
        let body = self.body.get(..sent.min(self.body.len())).unwrap_or_default();
        if stream.write_all(body).is_err() {
            return;
        }
        match then {
            Then::End => close(&stream),
            Then::Wait => wait(stream),
            Then::Forever => while stream.write_all(&[b' '; 4096]).is_ok() {},
        }
    }
}

enum Then {
    End,
    Wait,
    Forever,
}

/// Until the client closes the connection.
fn wait(mut stream: TcpStream) {
    while stream.read(&mut [0; 64]).is_ok_and(|read| read > 0) {}
}

/// Lets the client read all, before the connection is gone.
fn close(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Write);
}
