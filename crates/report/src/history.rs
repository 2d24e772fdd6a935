//! Where in a history a finding stands, in words.

use crate::inert;
use crate::words::{count, cut};
use careen_rule::{Date, History};

/// Digits of an object id that people read.
const DIGITS: usize = 8;
/// Characters of an author, and of a path.
const MOST: usize = 200;

/// `in commit 1a2b3c4d of 2024-03-01, no longer in HEAD`.
pub(crate) fn words(history: &History) -> String {
    let id = history.commit.get(..DIGITS).unwrap_or(&history.commit);
    let mut words = format!("in commit {id} of {}", Date(history.time));
    if let Some(author) = &history.author {
        words.push_str(&format!(" by {}", inert::line(&cut(author, MOST))));
    }
    if history.versions > 1 {
        let later = count(history.versions - 1, "later version", "later versions");
        words.push_str(&format!(" and {later}"));
    }
    words.push_str(match (history.in_head, &history.head_path) {
        (true, None) => ", still in HEAD",
        (true, Some(_)) => ", still in HEAD as ",
        (false, _) => ", no longer in HEAD",
    });
    if let Some(path) = history.head_path.as_ref().filter(|_| history.in_head) {
        words.push_str(&inert::line(&cut(path, MOST)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::sample::history;

    #[test]
    fn all_that_is_known_is_said() {
        let mut gone = history();
        assert_eq!(words(&gone), "in commit 1a2b3c4d of 2024-03-01, no longer in HEAD");
        gone.versions = 2;
        gone.author = Some("A\u{1b}[31m <a@example.org>".to_owned());
        let said = words(&gone);
        assert!(said.starts_with("in commit 1a2b3c4d of 2024-03-01 by A"), "{said}");
        assert!(said.ends_with("<a@example.org> and 1 later version, no longer in HEAD"), "{said}");
        assert!(!said.contains('\u{1b}'));
        gone.in_head = true;
        assert!(words(&gone).ends_with(", still in HEAD"));
        gone.head_path = Some("src/b".into());
        assert!(words(&gone).ends_with(", still in HEAD as src/b"));
    }
}
