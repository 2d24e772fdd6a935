//! Settings of ingress controllers: annotations of objects, and `name: value` lines wherever they
//! stand, be it in a ConfigMap, the values of a Helm chart or a kustomize generator.

use careen_kube_model::{Label, ObjectView};
use careen_model::{File, FileKind, ObjectRef};
use careen_text::Span;

/// Prefixes of the annotations of ingress-nginx, and of haproxy-ingress, which took over the names
/// of most.
pub(crate) const COMMUNITY: &[&str] =
    &["nginx.ingress.kubernetes.io", "ingress.kubernetes.io", "haproxy-ingress.github.io"];

/// As [`COMMUNITY`], with the controllers of F5 and of HAProxy Technologies.
pub(crate) const ALL: &[&str] = &[
    "nginx.ingress.kubernetes.io",
    "ingress.kubernetes.io",
    "haproxy-ingress.github.io",
    "haproxy.org",
    "nginx.org",
];

/// The annotation of a name under one of some prefixes, unless its value is a variable of some
/// tool.
pub(crate) fn annotation<'a>(
    view: ObjectView<'a>,
    prefixes: &[&str],
    name: &str,
) -> Option<Label<'a>> {
    view.annotations().iter().find(|label| {
        let parts = label.key.split_once('/');
        parts.is_some_and(|(prefix, each)| each == name && prefixes.contains(&prefix))
            && !is_variable(label.value)
    })
}

/// Whether a value is filled in by some tool.
pub(crate) fn is_variable(value: &str) -> bool {
    value.contains('$') || value.contains("{{") || value.contains("<%")
}

/// Whether a controller takes the value for true.
pub(crate) fn is_on(value: &str) -> bool {
    ["true", "on", "1", "t", "yes"].iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

/// Whether a controller takes the value for false.
pub(crate) fn is_off(value: &str) -> bool {
    ["false", "off", "0", "f", "no"].iter().any(|word| value.trim().eq_ignore_ascii_case(word))
}

/// Most mentions of a name in a file that are read.
const MOST: usize = 256;

/// A value in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting<'a> {
    /// Without quotes.
    pub(crate) value: &'a str,
    /// With its quotes.
    pub(crate) span: Span,
}

/// The values of a setting in a file of configuration, in their order: `name: value`, `"name" =
/// "value"`, `name=value`. The name may follow a slash, as in annotations. Comments and variables
/// of tools are left out; of a value over several lines, the first line that is not empty is read.
pub(crate) fn settings<'a>(
    file: &'a File,
    name: &'a str,
) -> impl Iterator<Item = Setting<'a>> + use<'a> {
    let configuration = matches!(
        file.kind,
        FileKind::Yaml
            | FileKind::Json
            | FileKind::Toml
            | FileKind::Ini
            | FileKind::Template
            | FileKind::Other
    );
    let text = if configuration { file.source.text() } else { "" };
    in_text(text, name)
}

fn in_text<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = Setting<'a>> + use<'a> {
    // A limit on hostile input: each looks for the ends of its line.
    text.match_indices(name).take(MOST).filter_map(move |(at, _)| value_at(text, at, name.len()))
}

/// The value of the name at an offset, if it is one that is set there.
fn value_at(text: &str, at: usize, length: usize) -> Option<Setting<'_>> {
    let (before, after) = (text.get(..at)?, text.get(at + length..)?);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let left = before.get(line_start..)?;
    if left.trim_start().starts_with('#') || left.trim_start().starts_with("//") {
        return None;
    }
    let begins = |last: char| last.is_whitespace() || matches!(last, '"' | '\'' | '{' | ',' | '/');
    if !left.chars().next_back().is_none_or(begins) {
        return None;
    }
    let in_flow = left.trim_end_matches(['"', '\'', ' ']).ends_with(['{', ',']);
    let rest = after.strip_prefix(['"', '\'']).unwrap_or(after).trim_start_matches([' ', '\t']);
    let rest = rest.strip_prefix([':', '='])?;
    let (line, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let value = match line.trim() {
        // Folded or literal: the value begins on the next line.
        "" | ">" | "|" | ">-" | "|-" | ">+" | "|+" => rest.split('\n').next()?.trim(),
        value => value,
    };
    let (value, shown) = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            let inner = value.get(1..)?;
            let inner = inner.get(..inner.find(quote)?)?;
            (inner, value.get(..inner.len() + 2)?)
        }
        _ => {
            let end = value.find(" #").unwrap_or(value.len());
            let plain = value.get(..end)?;
            let plain = if in_flow { plain.split([',', '}']).next()? } else { plain };
            let plain = plain.trim_end_matches(|last: char| {
                last.is_whitespace() || matches!(last, ',' | '}' | '"' | '\'')
            });
            (plain, plain)
        }
    };
    if value.is_empty() || is_variable(value) {
        return None;
    }
    // `shown` is a part of `text`.
    let start = (shown.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    Some(Setting { value, span: Span::of(start..start + shown.len()) })
}

/// The object that a span of the file lies in.
pub(crate) fn object_at(file: &File, span: Span) -> Option<ObjectRef<'_>> {
    file.views().enumerate().find_map(|(index, view)| {
        view.root().span().encloses(span).then_some(ObjectRef { file, index, view })
    })
}

#[cfg(test)]
mod tests {
    use super::{in_text, is_off, is_on};

    fn values<'a>(text: &'a str, name: &'a str) -> Vec<&'a str> {
        in_text(text, name)
            .map(|setting| {
                let shown = &text[setting.span.range()];
                assert!(shown.contains(setting.value), "{shown}");
                setting.value
            })
            .collect()
    }

    #[test]
    fn settings_are_found_in_any_form() {
        for (text, value) in [
            ("ssl-protocols: TLSv1 TLSv1.2", "TLSv1 TLSv1.2"),
            ("  ssl-protocols: \"TLSv1 TLSv1.2\"  # old", "TLSv1 TLSv1.2"),
            ("  ssl-protocols: TLSv1 # old", "TLSv1"),
            ("a: {ssl-protocols: TLSv1, hsts: x}", "TLSv1"),
            ("a: {hsts: x, 'ssl-protocols': 'TLSv1'}", "TLSv1"),
            ("- ssl-protocols=TLSv1", "TLSv1"),
            ("\"ssl-protocols\" = \"TLSv1\"", "TLSv1"),
            ("{\"ssl-protocols\": \"TLSv1\",", "TLSv1"),
            ("ssl-protocols: >-\n  TLSv1\nb: c", "TLSv1"),
            ("nginx.ingress.kubernetes.io/ssl-protocols: TLSv1", "TLSv1"),
        ] {
            assert_eq!(values(text, "ssl-protocols"), [value], "{text}");
        }
        for text in [
            "# ssl-protocols: TLSv1",
            "proxy-ssl-protocols: TLSv1",
            "ssl-protocols-x: TLSv1",
            "ssl-protocols: {{ .Values.protocols }}",
            "ssl-protocols: ${PROTOCOLS}",
            "ssl-protocols:",
            "ssl-protocols",
            "ssl-protocols: \"open",
        ] {
            assert_eq!(values(text, "ssl-protocols"), <[&str; 0]>::default(), "{text}");
        }
    }

    #[test]
    fn truth_has_many_words() {
        assert!(is_on("true") && is_on("True") && is_on("on") && is_on("1"));
        assert!(is_off("false") && is_off("OFF") && is_off("0"));
        assert!(!is_on("") && !is_off("") && !is_on("optional") && !is_off("optional"));
    }
}
