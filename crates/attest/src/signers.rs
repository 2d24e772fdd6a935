//! Who may sign: OpenSSH's file of allowed signers (`man ssh-keygen`, ALLOWED SIGNERS).

mod line;
mod options;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ssh_key::public::KeyData;

use self::line::Entry;
use crate::fields::quoted;
use crate::moment::show;
use crate::{Document, MOST_SIGNER_BYTES, NAMESPACE, Trouble};

/// Lines of a file.
const MOST_LINES: usize = 10_000;

/// Who may sign: what an `allowed_signers` file says. The default is that nobody may.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    path: Option<Arc<str>>,
    entries: Vec<Entry>,
}

impl Signers {
    /// Reads a file of allowed signers. A line that is wrong, or that is for a certificate authority, is
    /// told and gives nobody a right. Times without a `Z` are UTC here, so that they mean the same on
    /// every machine; `ssh-keygen` takes them for local time.
    #[must_use]
    pub fn read(document: &Document) -> (Self, Vec<Trouble>) {
        let mut signers = Self { path: Some(Arc::clone(&document.path)), entries: Vec::new() };
        let mut troubles = Vec::new();
        let mut tell = |line: usize, column: usize, message: String| {
            let [line, column] = [line, column].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
            troubles.push(Trouble { path: Arc::clone(&document.path), line, column, message });
        };
        if document.bytes.len() > MOST_SIGNER_BYTES {
            tell(1, 1, format!("is larger than {} MiB: nobody may sign", MOST_SIGNER_BYTES >> 20));
            return (signers, troubles);
        }
        for (index, line) in document.bytes.split(|&byte| byte == b'\n').enumerate() {
            let number = index + 1;
            if number > MOST_LINES {
                tell(number, 1, format!("has more than {MOST_LINES} lines: the rest is not read"));
                break;
            }
            let Ok(line) = std::str::from_utf8(line) else {
                tell(number, 1, "is not UTF-8: this line gives nobody a right".to_owned());
                continue;
            };
            match Entry::read(line, number) {
                Ok(entry) => signers.entries.extend(entry),
                Err(fault) => {
                    let before = line.get(..fault.offset).unwrap_or_default();
                    tell(number, before.chars().count() + 1, fault.message);
                }
            }
        }
        (signers, troubles)
    }

    /// How many keys may sign.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nobody may sign.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether that key may sign for that principal at that moment; else why not, as precisely as a
    /// line of the file tells.
    pub(crate) fn admit(
        &self,
        key: &KeyData,
        fingerprint: &str,
        principal: &str,
        at: i64,
    ) -> Result<(), String> {
        let Some(path) = &self.path else {
            return Err(
                "nobody may sign: there is no .careen/allowed_signers, so add it".to_owned()
            );
        };
        let path = quoted(path);
        let mut why = format!(
            "the key {fingerprint} is not in {path}: add a line for it, if it is `{}`'s",
            quoted(principal)
        );
        // What the last test of a line says is nearest to being allowed.
        let mut nearest = 0;
        let mut refuse = |step: u8, reason: String| {
            if step > nearest {
                (nearest, why) = (step, reason);
            }
        };
        for entry in self.entries.iter().filter(|entry| entry.key == *key) {
            let place = format!("{path}:{}", entry.line);
            if !entry.principals.admit(principal) {
                let (principal, of) = (quoted(principal), quoted(entry.principals.as_str()));
                refuse(
                    1,
                    format!(
                        "the key {fingerprint} may not sign for `{principal}`: {place} gives it to {of}"
                    ),
                );
            } else if let Some(names) =
                entry.options.namespaces.as_ref().filter(|names| !names.admit(NAMESPACE))
            {
                let names = quoted(names.as_str());
                refuse(
                    2,
                    format!(
                        "the key {fingerprint} may not sign in the namespace `{NAMESPACE}`: {place} has namespaces=\"{names}\""
                    ),
                );
            } else if let Some(after) = entry.options.valid_after.filter(|&after| at < after) {
                let (at, after) = (show(at), show(after));
                refuse(
                    3,
                    format!(
                        "the key {fingerprint} was not valid yet at {at}: {place} has valid-after {after}"
                    ),
                );
            } else if let Some(before) = entry.options.valid_before.filter(|&before| at > before) {
                let (at, before) = (show(at), show(before));
                refuse(
                    3,
                    format!(
                        "the key {fingerprint} was not valid any more at {at}: {place} has valid-before {before}"
                    ),
                );
            } else {
                return Ok(());
            }
        }
        Err(why)
    }
}
