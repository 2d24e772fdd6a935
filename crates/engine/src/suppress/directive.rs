//! What a suppression says.

use std::borrow::Cow;
use std::ops::Range;

use careen_rule::Day;

/// What stands in front of a directive.
pub(super) const MARK: &str = "careen:";
/// What stands between the reason and the last day a suppression holds.
const UNTIL: &str = "-- until";

/// Why a suppression that was meant does not hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Slip {
    pub(super) message: String,
    /// Whether all that is wrong is that its last day is over.
    pub(super) expired: bool,
}

impl Slip {
    pub(super) fn wrong(message: &str) -> Self {
        Self { message: message.to_owned(), expired: false }
    }

    pub(super) fn expired(message: String) -> Self {
        Self { message, expired: true }
    }
}

/// `ignore[rule, rule] reason`, which holds at the moment of judgement.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive<'t> {
    pub(super) whole_file: bool,
    pub(super) names: Vec<Cow<'t, str>>,
    /// Empty if there is none.
    pub(super) reason: &'t str,
    /// Whether it says until when it holds.
    pub(super) dated: bool,
}

/// Reads what follows [`MARK`] up to the end of the comment. `None` if that is prose; an error if
/// it was meant but does not hold.
pub(super) fn parse(text: &str, now: i64) -> Option<Result<Directive<'_>, Slip>> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    let rest = rest.trim_start();
    let whole_file = match word {
        "ignore" => false,
        "ignore-file" => true,
        // A slip is only told from prose by the bracket or the beginning.
        _ if (rest.starts_with('[') && !word.is_empty()) || word.starts_with("ignore") => {
            return Some(Err(wrong()));
        }
        _ => return None,
    };
    let Some((names, reason)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
        return Some(Err(wrong()));
    };
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let names: Vec<_> = names.map(Cow::Borrowed).collect();
    if names.is_empty() {
        return Some(Err(wrong()));
    }
    let said = reason_of(reason, now);
    Some(said.map(|(reason, dated)| Directive { whole_file, names, reason, dated }))
}

fn wrong() -> Slip {
    Slip::wrong("write `careen: ignore[rule] reason`: a suppression names the rules it covers")
}

/// Cuts `-- until 2027-03-01` off a reason, and says whether it was there. An error if that day is
/// over or is no day: then the suppression does not hold.
pub(super) fn reason_of(text: &str, now: i64) -> Result<(&str, bool), Slip> {
    let Some((reason, date)) = text.rsplit_once(UNTIL) else {
        return Ok((text.trim(), false));
    };
    let date = date.trim();
    match end_of_day(date) {
        Some(end) if now < end => Ok((reason.trim(), true)),
        Some(_) => Err(Slip::expired(format!(
            "this suppression expired on {date}: mend the finding and let `--fix --unsafe-fixes` \
             remove it, or renew it"
        ))),
        None => Err(Slip::wrong("the date after `-- until` is written 2027-03-01")),
    }
}

/// Unix seconds at the end of a `2027-03-01` day, UTC.
pub(super) fn end_of_day(date: &str) -> Option<i64> {
    Day::parse(date).map(Day::end)
}

/// Where the names of a directive stand in the text that says it, and each of them: what is between
/// the brackets, and its parts without blanks. Empty parts are none.
pub(super) fn names_in(said: &str) -> Option<(Range<usize>, Vec<&str>)> {
    let open = said.find('[')? + 1;
    let close = open + said.get(open..)?.find(']')?;
    let names = said.get(open..close)?.split(',').map(str::trim);
    Some((open..close, names.filter(|name| !name.is_empty()).collect()))
}

#[cfg(test)]
mod tests {
    use super::{Directive, parse};

    /// 2026-12-01T00:00:00Z.
    const NOW: i64 = 1_796_083_200;

    #[test]
    fn directives_are_read() {
        for (text, whole_file, names, reason) in [
            (" ignore[a]", false, &["a"][..], ""),
            ("ignore[a, b ,c] why not", false, &["a", "b", "c"], "why not"),
            ("ignore [a] x", false, &["a"], "x"),
            ("ignore[a,] x", false, &["a"], "x"),
            ("ignore-file[a] x", true, &["a"], "x"),
            ("ignore[a] x -- until 2026-12-01", false, &["a"], "x"),
            ("ignore[a] -- until 2027-01-01\r", false, &["a"], ""),
            ("ignore[tool:A] until spring", false, &["tool:A"], "until spring"),
        ] {
            let names = names.iter().map(|&name| name.into()).collect();
            let dated = text.contains("-- until");
            let expected = Directive { whole_file, names, reason, dated };
            assert_eq!(parse(text, NOW), Some(Ok(expected)), "{text}");
        }
    }

    #[test]
    fn slips_are_told() {
        for (text, words) in [
            ("ignore", "names the rules"),
            ("ignore all", "names the rules"),
            ("ignore[]", "names the rules"),
            ("ignore[ , ]", "names the rules"),
            ("ignore[a", "names the rules"),
            ("ignored[a]", "names the rules"),
            ("ignroe[a]", "names the rules"),
            ("ignore-line[a]", "names the rules"),
            ("ignore-file", "names the rules"),
            ("ignore[a] x -- until 2026-11-30", "expired on 2026-11-30"),
            ("ignore[a] x -- until", "2027-03-01"),
            ("ignore[a] x -- until:2027-01-01", "2027-03-01"),
            ("ignore[a] x -- until 2027-02-30", "2027-03-01"),
            ("ignore[a] x -- until 20270301", "2027-03-01"),
            ("ignore[a] x -- until 2027-W05-1", "2027-03-01"),
        ] {
            let error = parse(text, NOW).unwrap().unwrap_err();
            assert!(error.message.contains(words), "{text}: {error:?}");
            assert_eq!(error.expired, words.starts_with("expired"), "{text}");
        }
    }

    #[test]
    fn prose_is_no_directive() {
        for text in ["", "a linter", "please ignore[a]", "[a]", "\u{fc}[a"] {
            assert_eq!(parse(text, NOW), None, "{text}");
        }
    }
}
