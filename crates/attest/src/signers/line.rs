//! One line: principals, options, a key.

use ssh_key::PublicKey;
use ssh_key::public::KeyData;

use super::options::Options;
use crate::fields::quoted;
use crate::pattern::Patterns;
use crate::verify::support;

/// Bytes of a line: a key of 16,384 bits takes three thousand.
const LONGEST: usize = 16 << 10;

/// A key, and what it may do.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The line, 1-based.
    pub(crate) line: usize,
    pub(crate) principals: Patterns,
    pub(crate) options: Options,
    pub(crate) key: KeyData,
}

/// What is wrong with a line, and at which byte of it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Entry {
    /// Reads a line; none for one that is blank or a comment.
    pub(crate) fn read(whole: &str, number: usize) -> Result<Option<Self>, Fault> {
        let whole = whole.trim_end_matches(is_blank);
        let line = whole.trim_start_matches(is_blank);
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        // Every part is an end of the whole.
        let offset_of = |part: &str| whole.len() - part.len();
        let fault = |part: &str, message: String| Fault { offset: offset_of(part), message };
        if line.len() > LONGEST {
            return Err(fault(line, format!("is longer than {} KiB", LONGEST >> 10)));
        }
        if line.starts_with('\u{feff}') {
            let message = "begins with a byte order mark: save the file without";
            return Err(fault(line, message.to_owned()));
        }
        let Some((principals, rest)) = first_word(line) else {
            return Err(fault(line, "the quote in front of the principals has no end".to_owned()));
        };
        if principals.split(',').any(str::is_empty) {
            return Err(fault(line, "a principal is empty: write `alice@example.com`".to_owned()));
        }
        let (options, key) = if rest.is_empty() || is_key(rest) {
            (Options::default(), rest)
        } else {
            let (options, key) = rest.split_at(options_length(rest));
            let options = Options::read(options).map_err(|found| Fault {
                offset: offset_of(rest) + found.offset,
                message: found.message,
            })?;
            (options, key.trim_start_matches(is_blank))
        };
        if !is_key(key) {
            let message = "has no key: a line is principals, options, key type, key in base64";
            return Err(fault(key, message.to_owned()));
        }
        let data = read_key(key).map_err(|message| fault(key, message))?;
        if options.authority {
            let message = "cert-authority is not supported: this line gives nobody a right, \
                           so add a line for each key";
            return Err(fault(rest, message.to_owned()));
        }
        support(&data)
            .map_err(|why| fault(key, format!("{why}: this line gives nobody a right")))?;
        Ok(Some(Self { line: number, principals: Patterns::new(principals), options, key: data }))
    }
}

const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r')
}

/// The first word, which may be quoted, and what follows; none for a quote without an end.
fn first_word(line: &str) -> Option<(&str, &str)> {
    let (word, rest) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => line.split_at(line.find(is_blank).unwrap_or(line.len())),
    };
    Some((word, rest.trim_start_matches(is_blank)))
}

/// Whether a key begins here, by the word for its type.
fn is_key(text: &str) -> bool {
    let word = text.split(is_blank).next().unwrap_or_default();
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].iter().any(|start| word.starts_with(start))
}

/// Bytes up to the first blank that is not in quotes; all where a quote has no end.
fn options_length(text: &str) -> usize {
    let mut inside = false;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' if !escaped => inside = !inside,
            _ if !inside && is_blank(character) => return at,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    text.len()
}

fn read_key(text: &str) -> Result<KeyData, String> {
    let mut words = text.split(is_blank).filter(|word| !word.is_empty());
    let kind = words.next().unwrap_or_default();
    let Some(base64) = words.next() else {
        return Err(format!("`{}` is followed by no key in base64", quoted(kind)));
    };
    if kind.contains("-cert-v01@") {
        return Err("a certificate is not supported: name the key itself".to_owned());
    }
    PublicKey::from_openssh(&format!("{kind} {base64}"))
        .map(|key| key.key_data().clone())
        .map_err(|_| format!("is no key of the type `{}` in base64", quoted(kind)))
}
