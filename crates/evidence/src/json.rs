//! Reads JSON into types, and says where and why it cannot be read.

use std::fmt;

use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;

use crate::Trouble;

/// Reads a text as `what`, which names the format for people: "a k6 summary". Depth is limited by
/// `serde_json`.
///
/// # Errors
///
/// What is wrong and where: no JSON at all, or JSON of something else. Values of the file are not
/// repeated, since they may be anything.
pub(crate) fn parse<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Trouble> {
    serde_json::from_str(text).map_err(|error| trouble(text, what, &error))
}

/// Whether a text begins as a JSON object does.
pub(crate) fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Whether an object has all of these keys, as far as it can be read: a report that was not written to
/// its end is still known for what it is.
pub(crate) fn has_keys(text: &str, keys: &[&str]) -> bool {
    let mut seen = vec![false; keys.len()];
    let looker = Looker { keys, seen: &mut seen };
    // What is behind the place of an error is not needed.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(looker);
    seen.iter().all(|seen| *seen)
}

struct Looker<'k> {
    keys: &'k [&'k str],
    seen: &'k mut [bool],
}

impl<'de> Visitor<'de> for Looker<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            for (known, seen) in self.keys.iter().zip(self.seen.iter_mut()) {
                *seen |= *known == key;
            }
            if self.seen.iter().all(|seen| *seen) {
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

fn trouble(text: &str, what: &str, error: &serde_json::Error) -> Trouble {
    let full = error.to_string();
    let reason = full.rsplit_once(" at line ").map_or(full.as_str(), |(reason, _)| reason);
    let reason = without_values(reason);
    let start = text.trim_start();
    let message = if start.is_empty() {
        format!("is empty; {what} was expected")
    } else if start.starts_with('<') {
        format!("is XML or HTML, not {what}: is it the page of an error?")
    } else {
        match error.classify() {
            Category::Eof => {
                format!("ends before its JSON is complete: was it written to its end? ({reason})")
            }
            Category::Data => format!("is JSON, but not {what}: {reason}"),
            Category::Syntax | Category::Io => format!("is not valid JSON: {reason}"),
        }
    };
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX).max(1);
    Trouble { line: Some(line), column: Some(column(text, error)), message }
}

/// The column in code points; `serde_json` counts bytes.
fn column(text: &str, error: &serde_json::Error) -> u32 {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let before = error.column().saturating_sub(1);
    let points = line.char_indices().take_while(|(at, _)| *at < before).count();
    u32::try_from(points).unwrap_or(u32::MAX).saturating_add(1)
}

/// A reason of serde without what it quotes from the file: `invalid type: string "…", expected f64`.
fn without_values(reason: &str) -> String {
    let (Some(first), Some(last)) = (reason.find('"'), reason.rfind('"')) else {
        return match reason.split_once("unknown variant `") {
            Some(_) => "unknown word".to_owned(),
            None => reason.to_owned(),
        };
    };
    if first == last {
        return reason.to_owned();
    }
    format!("{}\"…\"{}", &reason[..first], &reason[last + 1..])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{has_keys, parse};

    fn wrong(text: &str) -> (Option<u32>, Option<u32>, String) {
        let trouble = parse::<BTreeMap<String, f64>>(text, "a k6 summary").unwrap_err();
        (trouble.line, trouble.column, trouble.message)
    }

    #[test]
    fn trouble_has_a_place_and_names_no_value() {
        let (line, column, message) = wrong("{\n \"é\": \"hunter2\"}");
        assert_eq!(line, Some(2));
        assert!(column.is_some_and(|column| (7..=17).contains(&column)), "{column:?}");
        assert_eq!(
            message,
            "is JSON, but not a k6 summary: invalid type: string \"…\", expected f64"
        );
    }

    #[test]
    fn keys_are_seen_as_far_as_the_text_goes() {
        assert!(has_keys(r#"{"a": {"b": 1}, "c": [1"#, &["c", "a"]));
        assert!(!has_keys(r#"{"a": {"b": 1}}"#, &["b"]));
        assert!(!has_keys("[1]", &["a"]) && !has_keys("", &["a"]));
    }

    #[test]
    fn what_is_no_json_says_what_it_is() {
        assert!(wrong("").2.contains("is empty"));
        assert!(wrong("<html>").2.contains("XML or HTML"));
        assert!(wrong("{\"a\": 1").2.contains("ends before"));
        assert!(wrong("{\"a\": NaN}").2.contains("not valid JSON"));
        let deep = "[".repeat(100_000);
        assert!(wrong(&deep).2.contains("not valid JSON") || wrong(&deep).2.contains("not a k6"));
    }
}
