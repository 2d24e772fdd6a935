//! How things are said.

use crate::model::Scope;

/// Characters of a foreign word that are kept.
const MOST_SHOWN: usize = 80;

pub(crate) fn off_by_default(ids: &[&str]) -> String {
    format!(
        "{} off by default, and no key adds a rule to a profile: `profile: strict` has it, `select` \
         replaces the profile",
        list(ids) + are(ids.len())
    )
}

pub(crate) const fn are(count: usize) -> &'static str {
    if count == 1 { " is" } else { " are" }
}

pub(crate) fn told(scope: &Scope) -> String {
    let mut words = Vec::new();
    if !scope.paths.is_empty() {
        words.push("in these paths".to_owned());
    }
    if !scope.objects.is_empty() {
        words.push("for these objects".to_owned());
    }
    if let Some(date) = &scope.expires {
        words.push(format!("until {date}"));
    }
    if words.is_empty() { String::new() } else { format!(", {}", words.join(", ")) }
}

/// `a`, `b` and 3 more.
pub(crate) fn list(ids: &[&str]) -> String {
    const SHOWN: usize = 4;
    let shown: Vec<_> = ids.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
    let more = ids.len().saturating_sub(SHOWN);
    match (shown.split_last(), more) {
        (_, 1..) => format!("{} and {more} more", shown.join(", ")),
        (Some((last, [])), _) => last.clone(),
        (Some((last, first)), _) => format!("{} and {last}", first.join(", ")),
        (None, _) => String::new(),
    }
}

pub(crate) fn cut(word: &str) -> String {
    match word.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}

/// A date as `YYYY-MM-DD`, also of a moment that begins with one.
pub(crate) fn date(text: &str) -> Option<String> {
    let day = text.get(..10)?;
    let rest = text.get(10..)?;
    let shape = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let number = |range: std::ops::Range<usize>| day.get(range)?.parse::<u8>().ok();
    let real = (1..=12).contains(&number(5..7)?) && (1..=31).contains(&number(8..10)?);
    (shape && real && (rest.is_empty() || rest.starts_with(['T', 't', ' '])))
        .then(|| day.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{date, list};

    #[test]
    fn dates_are_days() {
        assert_eq!(date("2027-03-01").as_deref(), Some("2027-03-01"));
        assert_eq!(date("2027-03-01T00:00:00Z").as_deref(), Some("2027-03-01"));
        for text in
            ["", "2027-3-1", "2027-13-01", "2027-03-32", "2027-03-01x", "soon", "ü027-03-01"]
        {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_short() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b"]), "`a` and `b`");
        assert_eq!(list(&["a", "b", "c", "d", "e", "f"]), "`a`, `b`, `c`, `d` and 2 more");
    }
}
