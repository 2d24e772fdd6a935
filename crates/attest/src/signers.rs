//! Who may sign: OpenSSH's file of allowed signers (`man ssh-keygen`, ALLOWED SIGNERS).

mod line;
mod options;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use ssh_key::public::KeyData;

use self::line::Entry;
use self::options::Options;
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
        let mut nearest = None;
        for entry in self.entries.iter().filter(|entry| entry.key == *key) {
            let Some(objection) = entry.objection(principal, at) else { return Ok(()) };
            if nearest < Some(objection.step) {
                nearest = Some(objection.step);
                let Objection { what, because, .. } = objection;
                why = format!("the key {fingerprint} {what}: {path}:{} {because}", entry.line);
            }
        }
        Err(why)
    }
}

/// Why a line does not let its key sign.
struct Objection {
    /// How many demands of the line were met before.
    step: u8,
    /// What the key may not or is not.
    what: String,
    /// What the line says.
    because: String,
}

impl Entry {
    /// What speaks against a signature for that principal at that moment.
    fn objection(&self, principal: &str, at: i64) -> Option<Objection> {
        let Options { namespaces, valid_after, valid_before, .. } = &self.options;
        if !self.principals.admit(principal) {
            return Some(Objection {
                step: 0,
                what: format!("may not sign for `{}`", quoted(principal)),
                because: format!("gives it to {}", quoted(self.principals.as_str())),
            });
        }
        if let Some(names) = namespaces.as_ref().filter(|names| !names.admit(NAMESPACE)) {
            return Some(Objection {
                step: 1,
                what: format!("may not sign in the namespace `{NAMESPACE}`"),
                because: format!("has namespaces=\"{}\"", quoted(names.as_str())),
            });
        }
        if let Some(after) = valid_after.filter(|&after| at < after) {
            return Some(Objection {
                step: 2,
                what: format!("was not valid yet at {}", show(at)),
                because: format!("has valid-after {}", show(after)),
            });
        }
        valid_before.filter(|&before| at > before).map(|before| Objection {
            step: 2,
            what: format!("was not valid any more at {}", show(at)),
            because: format!("has valid-before {}", show(before)),
        })
    }
}
