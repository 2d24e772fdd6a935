//! Messages over two streams, in the frames of the protocol.
//!
//! `lsp-server` reads frames too, but believes every length and ends at the first message that it
//! does not understand. What comes in is bounded here, and what can be answered is answered.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use lsp_server::{Connection, ErrorCode, Message};
use serde_json::{Value, json};

use crate::Checker;

/// Bytes of a line in a header.
const MOST_HEADER: u64 = 8 << 10;
/// Lines of a header.
const MOST_LINES: usize = 32;
/// Bytes of a message. A document of this size is far beyond what is checked.
const MOST_MESSAGE: u64 = 64 << 20;

/// Serves an editor over two streams, such as standard input and output, until it leaves. Returns
/// the exit code that the protocol asks for: 0 after an orderly end, else 1.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    checker: Arc<dyn Checker>,
) -> u8 {
    let (server, client) = Connection::memory();
    let Connection { sender, receiver } = client;
    let output = Arc::new(Mutex::new(output));
    let replies = Arc::clone(&output);
    // Blocked on a stream that may never end: nobody waits for this one.
    thread::spawn(move || {
        let mut input = BufReader::new(input);
        loop {
            match read(&mut input) {
                Frame::Message(message) => {
                    let is_exit =
                        matches!(&message, Message::Notification(it) if it.method == "exit");
                    if sender.send(message).is_err() || is_exit {
                        return;
                    }
                }
                Frame::Bad(reply) => {
                    if write(&replies, reply.to_string().as_bytes()).is_err() {
                        return;
                    }
                }
                Frame::Lost(reply) => {
                    // The connection ends anyway.
                    let _ = write(&replies, reply.to_string().as_bytes());
                    return;
                }
                Frame::End => return,
            }
        }
    });
    let writer = thread::spawn(move || {
        for message in receiver {
            let Ok(value) = serde_json::to_value(&message) else { continue };
            if write(&output, with_version(value).to_string().as_bytes()).is_err() {
                return;
            }
        }
    });
    let code = crate::run(server, checker);
    // The last answers are written before the process ends. A writer that failed has no more.
    let _ = writer.join();
    code
}

/// What was read.
enum Frame {
    Message(Message),
    /// Not understood; the answer to that. The next frame is where it should be.
    Bad(Value),
    /// Not understood, and nothing after it can be.
    Lost(Value),
    End,
}

fn read(input: &mut impl BufRead) -> Frame {
    let length = match length(input) {
        Ok(Some(length)) => length,
        Ok(None) => return Frame::End,
        Err(message) => return Frame::Lost(refusal(&Value::Null, ErrorCode::ParseError, message)),
    };
    if length > MOST_MESSAGE {
        let message = "a message of more than 64 MiB was passed over";
        return match io::copy(&mut input.take(length), &mut io::sink()) {
            Ok(passed) if passed == length => {
                Frame::Bad(refusal(&Value::Null, ErrorCode::InvalidRequest, message))
            }
            _ => Frame::Lost(refusal(&Value::Null, ErrorCode::InvalidRequest, message)),
        };
    }
    let mut bytes = Vec::new();
    match input.take(length).read_to_end(&mut bytes) {
        Ok(read) if read as u64 == length => understand(&bytes),
        _ => Frame::End,
    }
}

/// The length of the message that follows; `None` at the end of the stream.
fn length(input: &mut impl BufRead) -> Result<Option<u64>, &'static str> {
    let mut length = None;
    for number in 0..MOST_LINES {
        let mut line = Vec::new();
        let read = input.take(MOST_HEADER).read_until(b'\n', &mut line);
        if read.is_err() || (line.is_empty() && number == 0) {
            return Ok(None);
        }
        let Some(line) = line.strip_suffix(b"\n") else {
            return Err("the header of a message does not end");
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return length.map(Some).ok_or("the header of a message lacks `Content-Length`");
        }
        let line = std::str::from_utf8(line).map_err(|_| "the header of a message is no text")?;
        let (name, value) =
            line.split_once(':').ok_or("the header of a message is `Name: value` in each line")?;
        if name.trim().eq_ignore_ascii_case("content-length") {
            let value = value.trim().parse().map_err(|_| "`Content-Length` is no number")?;
            length = Some(value);
        }
    }
    Err("the header of a message has too many lines")
}

fn understand(bytes: &[u8]) -> Frame {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        let message = "a message is no JSON";
        return Frame::Bad(refusal(&Value::Null, ErrorCode::ParseError, message));
    };
    let has_id = value.get("id").is_some();
    let id = value.get("id").filter(|id| id.is_string() || id.is_i64()).cloned();
    match serde_json::from_value(value) {
        // A request whose id is none would pass for a notification, and wait for ever.
        Ok(message) if !(has_id && matches!(message, Message::Notification(_))) => {
            Frame::Message(message)
        }
        _ => {
            let message = "this is no request, notification or response of JSON-RPC";
            Frame::Bad(refusal(&id.unwrap_or_default(), ErrorCode::InvalidRequest, message))
        }
    }
}

/// An answer to what is no request. `lsp-server` has none without an id.
fn refusal(id: &Value, code: ErrorCode, message: &str) -> Value {
    with_version(json!({"id": id, "error": {"code": code as i32, "message": message}}))
}

fn with_version(mut value: Value) -> Value {
    if let Some(entries) = value.as_object_mut() {
        entries.insert("jsonrpc".to_owned(), Value::from("2.0"));
    }
    value
}

fn write(output: &Mutex<impl Write>, message: &[u8]) -> io::Result<()> {
    let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
    write!(output, "Content-Length: {}\r\n\r\n", message.len())?;
    output.write_all(message)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{Frame, read};

    fn frames(input: &[u8]) -> Vec<String> {
        let mut input = input;
        let mut frames = Vec::new();
        loop {
            match read(&mut input) {
                Frame::Message(message) => frames.push(format!("{message:?}")),
                Frame::Bad(reply) => frames.push(reply.to_string()),
                Frame::Lost(reply) => {
                    frames.push(format!("lost {reply}"));
                    return frames;
                }
                Frame::End => return frames,
            }
        }
    }

    fn frame(body: &[u8]) -> Vec<u8> {
        [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat()
    }

    #[test]
    fn what_is_not_understood_is_answered_and_the_next_is_read() {
        let deep = "[".repeat(100_000);
        let mut input = Vec::new();
        for body in [
            &b"\xff\xfe"[..],
            b"{",
            deep.as_bytes(),
            b"[]",
            br#"{"id": 7, "method": 1}"#,
            br#"{"id": 99999999999, "method": "a"}"#,
            br#"{"jsonrpc": "2.0", "method": "initialized"}"#,
        ] {
            input.extend(frame(body));
        }
        input.extend(b"content-length:2\nX: y\n\n{}");
        let frames = frames(&input);
        assert_eq!(frames.len(), 8, "{frames:#?}");
        for at in [0, 1, 2] {
            assert!(frames[at].contains("-32700"), "{}", frames[at]);
        }
        assert!(frames[3].contains("-32600") && frames[3].contains(r#""id":null"#));
        assert!(frames[4].contains("-32600") && frames[4].contains(r#""id":7"#), "{}", frames[4]);
        assert!(frames[5].contains("-32600"), "{}", frames[5]);
        assert!(frames[6].contains("initialized"));
        assert!(frames[7].contains("-32600"));
    }

    #[test]
    fn broken_frames_end_the_connection() {
        let long = vec![b'a'; 100_000];
        let many = "A: b\r\n".repeat(1_000);
        for (input, words) in [
            (&b"hello\r\n\r\n"[..], "Name: value"),
            (b"\r\n", "lacks"),
            (b"Content-Length: 1e9\r\n\r\n", "no number"),
            (b"Content-Length: -1\r\n\r\n", "no number"),
            (b"Content-Length: 18446744073709551615\r\n\r\n{}", "64 MiB"),
            (b"\xff\xff: \n", "no text"),
            (&long, "does not end"),
            (many.as_bytes(), "too many"),
        ] {
            let frames = frames(input);
            assert_eq!(frames.len(), 1, "{words}: {frames:?}");
            assert!(frames[0].starts_with("lost") && frames[0].contains(words), "{frames:?}");
        }
        assert!(frames(b"").is_empty());
        assert!(frames(b"Content-Length: 10\r\n\r\n{}").is_empty());
    }
}
