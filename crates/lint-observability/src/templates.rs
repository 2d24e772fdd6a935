//! Templates in labels and annotations of alerts, which Prometheus fills in with Go's `text/template`.

use std::ops::Range;

use careen_text::closest;

/// Variables that Prometheus gives every template.
const GIVEN: [&str; 4] = ["externalLabels", "externalURL", "labels", "value"];
/// Actions that `end` closes.
const OPENING: [&str; 5] = ["block", "define", "if", "range", "with"];
/// Actions of one template that are read.
const ACTIONS_MAX: usize = 500;

/// What is wrong with a template, with its bytes. Only what Go refuses before it fills in anything.
pub(crate) fn problem(text: &str) -> Option<(Range<usize>, String)> {
    let mut declared: Vec<&str> = GIVEN.to_vec();
    let mut open: Vec<(&str, Range<usize>)> = Vec::new();
    let mut at = 0;
    for _ in 0..ACTIONS_MAX {
        let Some(start) = text.get(at..).and_then(|rest| rest.find("{{")).map(|found| at + found)
        else {
            let (word, place) = open.pop()?;
            return Some((place, format!("`{{{{ {word} }}}}` has no `{{{{ end }}}}`")));
        };
        let Some(end) = action_end(text, start + 2) else {
            return Some((start..start + 2, "`{{` is never closed".to_owned()));
        };
        let action = text.get(start + 2..end).unwrap_or_default();
        let word = action.trim_start_matches(['-', ' ', '\t', '\n']);
        let word = word.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        if OPENING.contains(&word) {
            open.push((word, start..end + 2));
        } else if word == "end" && open.pop().is_none() {
            return Some((start..end + 2, "`{{ end }}` closes nothing".to_owned()));
        }
        if let Some((range, name)) = undefined(action, &mut declared) {
            let hint = closest(name, GIVEN).map(|known| format!(", did you mean `${known}`?"));
            let range = start + 2 + range.start..start + 2 + range.end;
            return Some((
                range,
                format!("there is no variable `${name}`{}", hint.unwrap_or_default()),
            ));
        }
        at = end + 2;
    }
    None
}

/// Where the `}}` of an action stands: not inside of strings and comments.
fn action_end(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let inner = text.get(start..)?;
    let comment = inner.trim_start_matches(['-', ' ', '\t', '\n']);
    if comment.starts_with("/*") {
        let end = inner.find("*/")? + start;
        return text.get(end..)?.find("}}").map(|found| end + found);
    }
    let mut at = start;
    let mut quote = None;
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(b'"' | b'\''), b'\\') => at += 1,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'`' | b'\'') => quote = Some(byte),
            (None, b'}') if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The first variable of an action that nobody declared.
fn undefined<'t>(action: &'t str, declared: &mut Vec<&'t str>) -> Option<(Range<usize>, &'t str)> {
    let mut quote = None;
    let mut bytes = action.bytes().enumerate();
    let mut escaped = false;
    if action.contains("/*") {
        return None;
    }
    bytes.by_ref().find_map(|(at, byte)| {
        if std::mem::take(&mut escaped) {
            return None;
        }
        match (quote, byte) {
            (Some(b'"' | b'\''), b'\\') => escaped = true,
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'`' | b'\'') => quote = Some(byte),
            (None, b'$') => {
                let rest = action.get(at + 1..)?;
                let len = rest
                    .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                    .unwrap_or(rest.len());
                let (name, after) = rest.split_at(len);
                let after = after.trim_start();
                if name.is_empty() {
                    return None;
                }
                if after.starts_with(":=") || after.starts_with(',') {
                    declared.push(name);
                } else if !declared.contains(&name) {
                    return Some((at..at + 1 + len, name));
                }
            }
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn what_go_takes_is_taken() {
        for text in [
            "plain }} text $x",
            "{{ $labels.pod }} is at {{ $value | humanizePercentage }}",
            "{{ if gt $value 1.0 }}a{{ else }}b{{ end }}",
            "{{ range $i, $x := query \"up\" }}{{ $x.Labels.job }}{{ $i }}{{ end }}",
            "{{ with printf \"a{x='%s'}}\" .Labels.x | query }}{{ . | first | value }}{{ end }}",
            "{{/* $x }} */}}",
            "{{ $x := 1 }}{{ $x }}{{ $.Labels }}{{ $externalLabels.cluster }}",
            "{{ \"{{ $y \" }}",
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
    }

    #[test]
    fn places_of_problems() {
        for (text, at, words) in [
            ("a {{ $labels.x", "{{", "never closed"),
            ("{{ if $value }}a", "{{ if $value }}", "no `{{ end }}`"),
            ("{{ end }}", "{{ end }}", "closes nothing"),
            ("{{ $label.x }}", "$label", "`$labels`"),
            ("{{ $values }}", "$values", "`$value`"),
        ] {
            let (range, message) = problem(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(&text[range], at, "{text}");
            assert!(message.contains(words), "{message}");
        }
    }
}
