//! Sentences and signs in Markdown.

use careen_audit_model::Status;

use crate::audit::view::{Part, Phrase, short};
use crate::markdown::escape::{code, prose};
use crate::words::cut;
use crate::{Options, source};

/// Characters of a stretch of prose, and of a name.
pub(super) const MAX_WORDS: usize = 400;
pub(super) const MAX_NAME: usize = 300;

/// A sentence in which nothing of others means anything.
pub(super) fn phrase(phrase: &Phrase<'_>, options: &Options) -> String {
    let mut out = String::new();
    for part in phrase.parts() {
        match part {
            Part::Words(words) => out.push_str(&prose(words, MAX_WORDS)),
            Part::Name(name) => out.push_str(&code(name, MAX_NAME)),
            Part::Digest(digest) => out.push_str(&of_digest(digest)),
            Part::Place(place) => {
                let path = cut(&place.path, MAX_NAME);
                let shown = format!("{path}:{}:{}", place.line, place.column);
                let shown = code(&shown, MAX_NAME + 24);
                match source::address(options.source_url.as_deref(), &place.path, place.line) {
                    Some(address) => out.push_str(&format!("[{shown}]({address})")),
                    None => out.push_str(&shown),
                }
            }
        }
    }
    out
}

/// Short, with the whole where the pointer rests on it.
fn of_digest(digest: &str) -> String {
    let is_digest = digest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b':');
    let shown = short(digest);
    if is_digest && digest.len() <= 200 && shown != digest {
        format!("<code title=\"{digest}\">{shown}</code>")
    } else {
        code(shown, MAX_NAME)
    }
}

/// A status with its sign.
pub(super) fn status(status: Status) -> String {
    let sign = match status {
        Status::Pass => "✅",
        Status::Fail => "❌",
        Status::Stale => "⌛",
        Status::NotRun => "⚪",
        Status::Manual => "✋",
        Status::Waived => "⚠️",
        Status::NotApplicable => "➖",
    };
    format!("{sign} {status}")
}
