//! Telling YAML from templates of YAML by shape.
//!
//! `image: {{ .x }}` parses as YAML (a mapping with a mapping as key), so errors do not tell
//! templates. This reader knows just enough of YAML's lines to see whether `{{` or `{%` stands
//! where YAML has structure, or inside text where it means nothing.

use crate::scan::line_end;

/// The template language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Template {
    /// Go template actions, `{{ … }}`.
    Helm,
    /// Jinja, `{% … %}` or `{{ name }}`.
    Jinja,
}

/// Whether the text is a template that yields YAML rather than YAML.
///
/// It is when an action stands unquoted where a line, a value or an item of a flow collection
/// starts, or when unquoted text uses one of Helm's own objects (`name: x-{{ .Release.Name }}`).
/// Actions in quoted scalars, block scalars, comments and amid unquoted text are data: alert
/// annotations, `${{ … }}` of workflows, parameters of pipelines.
#[must_use]
pub fn is_templated(text: &str) -> Option<Template> {
    if !text.contains("{{") && !text.contains("{%") && !text.contains("{#") {
        return None;
    }
    let last = |mark: &str| text.rfind(mark).unwrap_or(0);
    let mut lines = Lines {
        text,
        bytes: text.as_bytes(),
        within: Within::Structure,
        unclosed: [false; 2],
        closings: [last("}}"), last("%}"), last("#}")],
    };
    lines.read()
}

/// What the next line continues, with the column it must be right of.
#[derive(Clone, Copy)]
enum Within {
    Structure,
    Block { parent: Option<usize> },
    Plain { parent: Option<usize> },
}

struct Lines<'t> {
    text: &'t str,
    bytes: &'t [u8],
    within: Within,
    /// Quotes, single and double, of which one was found to have no end.
    unclosed: [bool; 2],
    /// The last ends of actions, statements and comments: looked for once, for there may be many
    /// starts without end.
    closings: [usize; 3],
}

/// Where reading a line led.
enum Step {
    /// Go on in the same line.
    At(usize),
    /// Go on in the line after the one that holds this offset.
    NextLine(usize),
    Found(Template),
}

impl Lines<'_> {
    fn read(&mut self) -> Option<Template> {
        let mut start = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        while start < self.bytes.len() {
            let first = self.skip_blanks(start);
            let end = line_end(self.bytes, start);
            let indent = first - start;
            let deeper = |parent: Option<usize>| parent.is_none_or(|column| indent > column);
            start = match self.within {
                _ if first >= end => end + 1,
                Within::Block { parent } if deeper(parent) => end + 1,
                Within::Plain { parent } if deeper(parent) && self.byte(first) != Some(b'#') => {
                    if let Some(found) = self.in_continuation(first, end) {
                        return Some(found);
                    }
                    end + 1
                }
                _ => {
                    self.within = Within::Structure;
                    match self.line(start, first) {
                        Step::Found(found) => return Some(found),
                        Step::At(at) | Step::NextLine(at) => line_end(self.bytes, at) + 1,
                    }
                }
            };
        }
        None
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn skip_blanks(&self, mut at: usize) -> usize {
        while matches!(self.byte(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    }

    fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Reads structure from `first` to the end of the line, or beyond it for what goes beyond.
    fn line(&mut self, start: usize, first: usize) -> Step {
        let mut at = first;
        // Column of the key or dash that a value here belongs to.
        let mut parent = None;
        loop {
            at = self.skip_blanks(at);
            let Some(byte) = self.byte(at) else { return Step::NextLine(at) };
            if let Some(found) = self.action(at) {
                return Step::Found(found);
            }
            match byte {
                b'\n' | b'\r' | b'#' => return Step::NextLine(at),
                b'-' | b'?' if self.is_blank_or_end(at + 1) => {
                    parent = Some(at - start);
                    at += 1;
                }
                b'-' if at == start && self.text.get(at..at + 3) == Some("---") => {
                    if !self.is_blank_or_end(at + 3) {
                        return Step::NextLine(at);
                    }
                    at += 3;
                }
                b'&' | b'!' | b'*' => {
                    while !self.is_blank_or_end(at) {
                        at += 1;
                    }
                }
                b'"' | b'\'' => match self.quoted(at, byte) {
                    Some(after) => {
                        let colon = self.skip_blanks(after);
                        if self.byte(colon) != Some(b':') {
                            return Step::NextLine(after);
                        }
                        parent = Some(at - start);
                        at = colon + 1;
                    }
                    None => return Step::NextLine(at),
                },
                b'[' | b'{' => match self.flow(at) {
                    Step::At(after) => {
                        let colon = self.skip_blanks(after);
                        if self.byte(colon) != Some(b':') {
                            return Step::NextLine(after);
                        }
                        at = colon + 1;
                    }
                    step => return step,
                },
                b'|' | b'>' => {
                    self.within = Within::Block { parent };
                    return Step::NextLine(at);
                }
                _ => match self.plain(at) {
                    Step::At(after) => {
                        parent = Some(at - start);
                        at = after;
                    }
                    Step::NextLine(end) => {
                        self.within = Within::Plain { parent };
                        return Step::NextLine(end);
                    }
                    found @ Step::Found(_) => return found,
                },
            }
        }
    }

    /// A template action at `at` that has an end somewhere.
    fn action(&self, at: usize) -> Option<Template> {
        let rest = self.text.get(at..)?;
        let [actions, statements, comments] = self.closings;
        if let Some(body) = rest.strip_prefix("{{") {
            return (actions > at + 1).then(|| language(body));
        }
        let jinja = (rest.starts_with("{%") && statements > at)
            || (rest.starts_with("{#") && comments > at);
        jinja.then_some(Template::Jinja)
    }

    /// A line that goes on with unquoted text: only what is surely a statement counts.
    fn in_continuation(&self, first: usize, end: usize) -> Option<Template> {
        let line = self.text.get(first..end)?;
        let statement = line.starts_with("{{-")
            || line.starts_with("{%")
            || line.strip_prefix("{{").is_some_and(|body| is_keyword(word(body.trim_start())));
        if statement {
            return self.action(first);
        }
        helm_object(line).then_some(Template::Helm)
    }

    /// Unquoted text: up to the colon of a key, else to the end of the line.
    fn plain(&self, from: usize) -> Step {
        let end = line_end(self.bytes, from);
        let mut at = from;
        let mut stop = None;
        while at < end {
            match self.byte(at) {
                Some(b':') if self.is_blank_or_end(at + 1) => {
                    stop = Some(at + 1);
                    break;
                }
                Some(b'#') if at > from && self.is_blank_or_end(at - 1) => break,
                _ => at += 1,
            }
        }
        if self.text.get(from..at).is_some_and(helm_object) {
            return Step::Found(Template::Helm);
        }
        stop.map_or(Step::NextLine(end), Step::At)
    }

    /// The offset after a quoted scalar.
    fn quoted(&mut self, from: usize, quote: u8) -> Option<usize> {
        let dead = self.unclosed.get_mut(usize::from(quote == b'"'))?;
        if *dead {
            return None;
        }
        let mut at = from + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' if quote == b'"' => at += 2,
                byte if byte == quote => {
                    if quote == b'\'' && self.bytes.get(at + 1) == Some(&quote) {
                        at += 2;
                    } else {
                        return Some(at + 1);
                    }
                }
                _ => at += 1,
            }
        }
        *dead = true;
        None
    }

    /// A flow collection, possibly over many lines. Unquoted text in it has no braces.
    fn flow(&mut self, from: usize) -> Step {
        let mut depth = 0usize;
        let mut at = from;
        let mut starts = true;
        while let Some(byte) = self.byte(at) {
            match byte {
                b'{' | b'[' => {
                    if let Some(found) = self.action(at) {
                        return Step::Found(found);
                    }
                    depth += 1;
                    starts = true;
                    at += 1;
                }
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    at += 1;
                    if depth == 0 {
                        return Step::At(at);
                    }
                }
                b'"' | b'\'' if starts => match self.quoted(at, byte) {
                    Some(after) => {
                        at = after;
                        starts = false;
                    }
                    None => return Step::NextLine(at),
                },
                b'#' if at > from && self.is_blank_or_end(at - 1) => at = line_end(self.bytes, at),
                b'-' if self.text.get(at..at + 3) == Some("---")
                    && matches!(self.byte(at - 1), Some(b'\n' | b'\r')) =>
                {
                    // The document ends with the collection open: read the marker as a line.
                    return Step::NextLine(at - 1);
                }
                b',' | b':' => {
                    starts = true;
                    at += 1;
                }
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                _ => {
                    starts = false;
                    at += 1;
                }
            }
        }
        Step::NextLine(at)
    }
}

/// The word at the start of a text.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Words that open Go template actions, and functions common in charts.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "if" | "else"
            | "end"
            | "range"
            | "with"
            | "define"
            | "template"
            | "block"
            | "break"
            | "continue"
            | "include"
            | "tpl"
            | "toYaml"
            | "printf"
            | "required"
            | "fail"
    )
}

/// The language of an action by what stands after its `{{`.
fn language(body: &str) -> Template {
    let body = body.strip_prefix('-').unwrap_or(body).trim_start();
    let word = word(body);
    if word.is_empty() {
        return if body.starts_with('\'') { Template::Jinja } else { Template::Helm };
    }
    if is_keyword(word) || word.starts_with(|first: char| first.is_ascii_digit()) {
        return Template::Helm;
    }
    // Go functions have arguments after a blank; Jinja has variables and operators.
    let after = body.get(word.len()..).unwrap_or_default().trim_start();
    if after.starts_with(['}', '-', '|', '.', '[', '(', '+', '~', '=', '*', '%']) {
        Template::Jinja
    } else {
        Template::Helm
    }
}

/// Whether one line of text has an action that uses one of Helm's objects.
fn helm_object(line: &str) -> bool {
    const OBJECTS: [&str; 6] =
        [".Values.", ".Release.", ".Chart.", ".Capabilities.", ".Files.", "include \""];
    let mut rest = line;
    while let Some((_, body)) = rest.split_once("{{") {
        let Some((body, after)) = body.split_once("}}") else { return false };
        if OBJECTS.iter().any(|object| body.contains(object)) {
            return true;
        }
        rest = after;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Template::{Helm, Jinja};
    use super::is_templated;

    #[test]
    fn actions_where_structure_is_expected() {
        for text in [
            "image: {{ .Values.image }}\n",
            "a: b\n{{- if .Values.x }}\nc: d\n{{- end }}\n",
            "labels:\n  {{- include \"x\" . | nindent 2 }}\n",
            "- {{ .name }}\n",
            "args: [{{ .a }}, b]\n",
            "m: {name: {{ .a }}}\n",
            "{{ .k }}: v\n",
            "name: x-{{ .Release.Name }}\n",
            "a: &x {{ .v }}\n",
            "a: |\n  text {{ x }}\nb: {{ .v }}\n",
            "- a: |\n    text\n  b: {{ .v }}\n",
            "a: b\n    {{ if .x }}\n",
            "\u{feff}{{/* comment\nover lines */}}\na: b\n",
            "\"k\": {{ .v }}\r\n",
            "a: 'it''s'\nb: {{ toYaml .v }}\n",
        ] {
            assert_eq!(is_templated(text), Some(Helm), "{text:?}");
        }
    }

    #[test]
    fn jinja_is_told_apart() {
        for text in [
            "{% for x in y %}\n- {{ x }}\n{% endfor %}\n",
            "image: {{ image_name }}\n",
            "image: {{ image | default('x') }}\n",
            "{# note #}\na: b\n",
            "image: {{ cookiecutter.image }}\n",
        ] {
            assert_eq!(is_templated(text), Some(Jinja), "{text:?}");
        }
    }

    #[test]
    fn actions_that_are_data() {
        for text in [
            "summary: \"{{ $labels.x }}\"\n",
            "summary: '{{ $labels.x }}'\n",
            "summary: \"first\n  {{ second }}\n  third\"\n",
            "summary: Host {{ $labels.x }} is down\n",
            "summary: Host\n  {{ $labels.x }} is down\n",
            "if: ${{ github.ref }}\n",
            "run: |\n  echo ${{ x }}\n  {{ y }}\n\n  {{- z }}\n",
            "run: >-\n  {{ y }}\nb: c\n",
            "- run: |\n    {{ y }}\n  b: c\n",
            "- |\n  {{ y }}\n",
            "--- |\n {{ y }}\n",
            "# {{ comment }}\na: b # {{ x }}\n",
            "args: ['{{workflow.name}}', \"{{ x }}\"]\n",
            "{\"a\": {\"b\": \"{{ x }}\"}}\n",
            "{\"a\":{\"b\":\"{{\"},\"c\":{\"d\":{}}}\n",
            "a: {b: {c: d}}\n",
            "cmd: go build -ldflags={{.FLAGS}}\n",
            "a: !t |+2\n    {{ x }}\n",
            "a: it's {{ x }}\nb: 'c'\n",
            "a: {{ never closed\n",
            "plain",
            "",
        ] {
            assert_eq!(is_templated(text), None, "{text:?}");
        }
    }

    #[test]
    fn many_starts_without_end_are_quick() {
        assert_eq!(is_templated(&"a: {{ x\n".repeat(200_000)), None);
        assert_eq!(is_templated(&"{{".repeat(400_000)), None);
        assert_eq!(is_templated(&"- {% [ \"\n".repeat(100_000)), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "([ a-z:#'\"|>{}%\\[\\],.\n-]|\\{\\{|\\}\\}|ü){0,60}") {
            let _ = is_templated(&text);
        }
    }
}
