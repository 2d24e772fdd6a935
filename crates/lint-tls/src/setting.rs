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

/// Longer values are not read: a limit on hostile input.
const LONGEST: usize = 8192;

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
/// of tools are left out. Of a folded or literal value the first line is read, of a quoted one all.
pub(crate) fn settings<'a>(
    file: &'a File,
    name: &'a str,
) -> impl Iterator<Item = Setting<'a>> + use<'a> {
    let text = if is_configuration(file) { file.source.text() } else { "" };
    in_text(text, name)
}

/// Whether a file is written in a language of configuration.
pub(crate) fn is_configuration(file: &File) -> bool {
    use FileKind::{Ini, Json, Other, Template, Toml, Yaml};
    matches!(file.kind, Yaml | Json | Toml | Ini | Template | Other)
}

fn in_text<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = Setting<'a>> + use<'a> {
    // A limit on hostile input: each looks for the ends of its line.
    text.match_indices(name).take(MOST).filter_map(move |(at, _)| value_at(text, at, name.len()))
}

/// The items of a list in a file of configuration: `name: [a, b]`, `name = ["a"]`, or lines with
/// dashes below `name:`. Comments and variables of tools are left out.
pub(crate) fn lists<'a>(file: &'a File, name: &'a str) -> Vec<Vec<Setting<'a>>> {
    let text = if is_configuration(file) { file.source.text() } else { "" };
    let mentions = text.match_indices(name).take(MOST);
    mentions.filter_map(|(at, _)| list_at(text, at, name.len())).collect()
}

/// Most items of a list that are read.
const ITEMS: usize = 256;

fn list_at(text: &str, at: usize, length: usize) -> Option<Vec<Setting<'_>>> {
    let rest = after_name(text, at, length)?.0;
    let flow = rest.trim_start_matches([' ', '\t']).strip_prefix('[');
    let items: Vec<_> = if let Some(flow) = flow {
        let (inside, _) = flow.split_once(']')?;
        let parts = inside.split([',', '\n']).take(ITEMS);
        parts.filter_map(|part| setting(text, part.split('#').next()?)).collect()
    } else {
        let (first, below) = rest.split_once('\n')?;
        if !first.trim().is_empty() && !first.trim_start().starts_with('#') {
            return None;
        }
        let lines = below.split('\n').map(str::trim).take(ITEMS);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        let items = lines.map_while(|line| line.strip_prefix('-'));
        items.filter_map(|item| setting(text, item.split(" #").next()?)).collect()
    };
    (!items.is_empty()).then_some(items)
}

/// One item, without its quotes.
fn setting<'a>(text: &str, item: &'a str) -> Option<Setting<'a>> {
    let shown = item.trim();
    let value = shown.trim_matches(['"', '\'']);
    if value.is_empty() || value.len() > LONGEST || is_variable(value) {
        return None;
    }
    Some(Setting { value, span: span_of(text, shown)? })
}

/// Where a part of a text stands in it.
fn span_of(text: &str, part: &str) -> Option<Span> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = start.checked_add(part.len()).filter(|end| *end <= text.len())?;
    Some(Span::of(start..end))
}

/// The names of what a place of a file lies in, by indentation, or by the header of its section
/// in TOML, the nearest first.
pub(crate) fn sections(file: &File, span: Span) -> Vec<&str> {
    let before = file.source.text().get(..span.start as usize).unwrap_or_default();
    let mut lines = before.rsplit('\n');
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut own = indent(lines.next().unwrap_or_default());
    let mut found = Vec::new();
    for line in lines.take(LINES) {
        let name = line.trim();
        if name.is_empty() || name.starts_with('#') {
            continue;
        }
        if file.kind == FileKind::Toml {
            if let Some(header) = name.strip_prefix('[') {
                found.extend(header.trim_end_matches(']').rsplit('.').map(str::trim));
                break;
            }
        } else if indent(line) < own {
            own = indent(line);
            let name = name.trim_start_matches("- ").split(':').next().unwrap_or_default();
            found.push(name.trim_matches(['"', '\'']));
        }
        if own == 0 && file.kind != FileKind::Toml {
            break;
        }
    }
    found
}

/// Most lines above a place that are looked at for what it lies in.
const LINES: usize = 1000;

/// What stands behind the name at an offset and the sign that sets it, and whether this is inside
/// of a flow mapping. Nothing where the name is a part of another or of a comment.
fn after_name(text: &str, at: usize, length: usize) -> Option<(&str, bool)> {
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
    Some((rest.strip_prefix([':', '='])?, in_flow))
}

/// The value of the name at an offset, if it is one that is set there.
fn value_at(text: &str, at: usize, length: usize) -> Option<Setting<'_>> {
    let (rest, in_flow) = after_name(text, at, length)?;
    let (line, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    let value = match line.trim() {
        // Folded or literal: the value begins on the next line.
        "" | ">" | "|" | ">-" | "|-" | ">+" | "|+" => rest.split('\n').next()?.trim(),
        value => value,
    };
    let (value, shown) = match value.chars().next()? {
        quote @ ('"' | '\'') => {
            // The text may go on over several lines.
            let open = text.get(span_of(text, value)?.start as usize..)?;
            let inner = open.get(1..)?;
            let inner = inner.get(..inner.find(quote).filter(|length| *length <= LONGEST)?)?;
            (inner, open.get(..inner.len() + 2)?)
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
    if value.is_empty() || value.len() > LONGEST || is_variable(value) {
        return None;
    }
    Some(Setting { value, span: span_of(text, shown)? })
}

/// The object that a span of the file lies in.
pub(crate) fn object_at(file: &File, span: Span) -> Option<ObjectRef<'_>> {
    file.views().enumerate().find_map(|(index, view)| {
        view.root().span().encloses(span).then_some(ObjectRef { file, index, view })
    })
}

#[cfg(test)]
mod tests {
    use super::{in_text, is_off, is_on, list_at};

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
            ("ssl-protocols: \"TLSv1\n  TLSv1.2\"\nx: y", "TLSv1\n  TLSv1.2"),
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
    fn lists_are_found_in_any_form() {
        for text in [
            "suites: [A, \"B\"]",
            "suites = [\n  \"A\", # first\n  'B',\n]",
            "suites:\n- A\n- B\nx: y",
            "suites: # mine\n  - 'A'\n  # none\n  - \"B\"  # last\nx: y",
        ] {
            let items = list_at(text, 0, 6).unwrap();
            assert_eq!(
                items.iter().map(|item| item.value).collect::<Vec<_>>(),
                ["A", "B"],
                "{text}"
            );
            assert!(items.iter().all(|item| text[item.span.range()].contains(item.value)));
        }
        for text in ["suites: x", "suites:", "suites: []", "suites: [A", "suites:\nx: y"] {
            assert_eq!(list_at(text, 0, 6), None, "{text}");
        }
    }

    #[test]
    fn truth_has_many_words() {
        assert!(is_on("true") && is_on("True") && is_on("on") && is_on("1"));
        assert!(is_off("false") && is_off("OFF") && is_off("0"));
        assert!(!is_on("") && !is_off("") && !is_on("optional") && !is_off("optional"));
    }
}
