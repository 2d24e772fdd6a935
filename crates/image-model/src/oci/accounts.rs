use std::sync::Arc;

use careen_text::{Source, Span};

/// Accounts of one file that are read.
const ACCOUNTS_MAX: usize = 10_000;

/// The entries of `/etc/passwd`, `/etc/group` or `/etc/shadow`.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// In their order.
    pub list: Vec<Account>,
    /// The file.
    pub source: Arc<Source>,
}

/// A line of `/etc/passwd` (passwd(5)), `/etc/group` (group(5)) or `/etc/shadow` (shadow(5)).
#[derive(Clone, Debug)]
pub struct Account {
    /// The name.
    pub name: String,
    /// What the password field says.
    pub password: Password,
    /// The number of the user, or of the group; absent in `/etc/shadow`.
    pub id: Option<u64>,
    /// The login shell, in `/etc/passwd`.
    pub shell: Option<String>,
    /// The line, of which only the name may be shown.
    pub line: Span,
    /// The name.
    pub name_span: Span,
    /// The password field, which is never shown.
    pub password_span: Span,
}

/// What a password field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Password {
    /// It is empty: no password is asked for.
    Empty,
    /// It is in `/etc/shadow`.
    Shadowed,
    /// No password opens the account: `*`, `!`, or a hash behind `!`.
    Locked,
    /// A hash that a password opens.
    Hash,
}

impl Accounts {
    /// Reads a file. Lines that are none are left out.
    #[must_use]
    pub fn parse(source: &Arc<Source>) -> Self {
        let mut list = Vec::new();
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            let text = line.trim_end();
            let from = start;
            start += line.len();
            let fields: Vec<&str> = text.split(':').collect();
            let [name, password, rest @ ..] = fields.as_slice() else { continue };
            if name.is_empty() || name.starts_with(['#', '+', '-']) {
                continue;
            }
            if list.len() == ACCOUNTS_MAX {
                break;
            }
            let field = from + name.len() + 1;
            // `/etc/passwd` has seven fields, `/etc/group` four, `/etc/shadow` nine.
            let id = (fields.len() != 9).then(|| rest.first()?.parse().ok()).flatten();
            list.push(Account {
                name: (*name).to_owned(),
                password: match *password {
                    "" => Password::Empty,
                    "x" => Password::Shadowed,
                    it if it.starts_with(['*', '!']) => Password::Locked,
                    // Too short for any hash: no password gives it.
                    it if it.len() < 13 => Password::Locked,
                    _ => Password::Hash,
                },
                id,
                shell: (fields.len() == 7)
                    .then(|| fields.last().map(|shell| (*shell).to_owned()))
                    .flatten(),
                line: Span::of(from..from + text.len()),
                name_span: Span::of(from..from + name.len()),
                password_span: Span::of(field..field + password.len()),
            });
        }
        Self { list, source: Arc::clone(source) }
    }

    /// The account with that name or number.
    #[must_use]
    pub fn find(&self, name_or_id: &str) -> Option<&Account> {
        let by_name = self.list.iter().find(|account| account.name == name_or_id);
        by_name.or_else(|| {
            let id: u64 = name_or_id.parse().ok()?;
            self.list.iter().find(|account| account.id == Some(id))
        })
    }
}
