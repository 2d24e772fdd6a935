//! Variables in the words of instructions.

use std::borrow::Cow;
use std::collections::HashMap;

use careen_text::{Source, Span};

use super::lines::strip_continuation;
use crate::Word;

/// Bytes an expanded word may have.
const EXPANDED_MAX: usize = 4096;
/// How deep `${A:-${B:-…}}` is followed.
const DEPTH_MAX: usize = 8;

/// A word with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The text; what is not known was left out.
    pub text: String,
    /// Whether every variable had a value, from the file or by BuildKit's own rules.
    pub complete: bool,
    /// The variables that were asked for, in the order of the word.
    pub variables: Vec<Variable>,
}

/// A variable in a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// Where its value came from.
    pub source: VariableSource,
}

/// Where the value of a variable came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableSource {
    /// The default of an `ARG`, at this span. A build may override it.
    Default(Span),
    /// An `ENV`, at this span.
    Env(Span),
    /// A platform argument of BuildKit, such as `TARGETARCH`; linux/amd64 is assumed.
    Platform,
    /// Declared without a value, or not declared.
    Unset,
}

/// The variables that are known at some place of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    values: HashMap<String, (String, VariableSource)>,
}

impl Scope {
    pub(super) fn get(&self, name: &str) -> Option<&(String, VariableSource)> {
        self.values.get(name)
    }

    pub(super) fn set(&mut self, name: &str, value: String, source: VariableSource) {
        self.values.insert(name.to_owned(), (value, source));
    }

    pub(super) fn unset(&mut self, name: &str) {
        self.values.remove(name);
    }

    /// The platform arguments, which exist in front of the first `FROM` without declaration.
    pub(super) fn platform() -> Self {
        let mut scope = Self::default();
        for side in ["BUILD", "TARGET"] {
            for (name, value) in
                [("PLATFORM", "linux/amd64"), ("OS", "linux"), ("ARCH", "amd64"), ("VARIANT", "")]
            {
                scope.set(&format!("{side}{name}"), value.to_owned(), VariableSource::Platform);
            }
        }
        scope
    }
}

/// The text of a word as BuildKit's expansion sees it: with quotes, without continuations.
pub(super) fn raw<'a>(source: &'a Source, word: &Word, escape: char) -> Cow<'a, str> {
    let raw = source.slice(word.span);
    if !raw.contains('\n') {
        return Cow::Borrowed(raw);
    }
    let mut joined = String::with_capacity(raw.len());
    for (index, line) in raw.lines().enumerate() {
        let trimmed = line.trim_start();
        if index > 0 && (trimmed.is_empty() || trimmed.starts_with('#')) {
            continue;
        }
        joined.push_str(strip_continuation(line, escape).0);
    }
    Cow::Owned(joined)
}

/// Expands a word given as written.
pub(super) fn expand(raw: &str, escape: char, scope: &Scope) -> Expansion {
    let mut expander = Expander { escape, scope, variables: Vec::new(), complete: true };
    let mut text = String::new();
    expander.run(raw, &mut text, 0);
    Expansion { text, complete: expander.complete, variables: expander.variables }
}

struct Expander<'a> {
    escape: char,
    scope: &'a Scope,
    variables: Vec<Variable>,
    complete: bool,
}

impl Expander<'_> {
    fn run(&mut self, raw: &str, out: &mut String, depth: usize) {
        let mut quote = None;
        let mut at = 0;
        while let Some(character) = raw.get(at..).and_then(|rest| rest.chars().next()) {
            if out.len() > EXPANDED_MAX {
                self.complete = false;
                return;
            }
            at += character.len_utf8();
            match (character, quote) {
                ('\'' | '"', None) => quote = Some(character),
                (mark, Some(open)) if mark == open => quote = None,
                (_, Some('\'')) => out.push(character),
                ('$', _) => at = self.variable(raw, at, out, depth),
                (mark, _) if mark == self.escape => {
                    let next = raw.get(at..).and_then(|rest| rest.chars().next());
                    match next {
                        Some(next)
                            if quote.is_none()
                                || next == '"'
                                || next == '$'
                                || next == self.escape =>
                        {
                            out.push(next);
                            at += next.len_utf8();
                        }
                        _ if quote.is_some() => out.push(mark),
                        _ => {}
                    }
                }
                _ => out.push(character),
            }
        }
    }

    /// A variable whose dollar sign stands in front of `at`. Gives where it ends.
    fn variable(&mut self, raw: &str, at: usize, out: &mut String, depth: usize) -> usize {
        let rest = raw.get(at..).unwrap_or_default();
        let Some(braced) = rest.strip_prefix('{') else {
            let name = name_len(rest);
            if name == 0 {
                out.push('$');
                return at;
            }
            let value = self.lookup(rest.get(..name).unwrap_or_default());
            self.put(value, out);
            return at + name;
        };
        let len = self.braced_len(braced);
        let end = (at + 1 + len + 1).min(raw.len());
        let body = braced.get(..len).unwrap_or_default();
        let name_len = name_len(body);
        let (name, operation) = body.split_at(name_len);
        if name.is_empty() || end <= at + 1 + len || depth >= DEPTH_MAX {
            self.complete = false;
            return end;
        }
        let value = self.lookup(name);
        let set = value.is_some();
        let filled = value.as_ref().is_some_and(|value| !value.is_empty());
        let word = |prefix: &str| operation.strip_prefix(prefix);
        if operation.is_empty() {
            self.put(value, out);
        } else if let Some((word, keep)) =
            word(":-").map(|word| (word, filled)).or_else(|| word("-").map(|word| (word, set)))
        {
            if keep { self.put(value, out) } else { self.run(word, out, depth + 1) }
        } else if let Some((word, replace)) =
            word(":+").map(|word| (word, filled)).or_else(|| word("+").map(|word| (word, set)))
        {
            if replace {
                self.run(word, out, depth + 1);
            }
        } else if word(":?").is_some() || word("?").is_some() {
            self.put(value, out);
        } else if let Some(value) = value.as_deref().and_then(|value| cut(value, operation)) {
            self.put(Some(value.to_owned()), out);
        } else {
            self.complete = false;
        }
        end
    }

    /// Length of the text up to the closing brace.
    fn braced_len(&self, text: &str) -> usize {
        let mut depth = 1usize;
        let mut chars = text.char_indices();
        while let Some((at, character)) = chars.next() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                mark if mark == self.escape => {
                    chars.next();
                }
                _ => {}
            }
            if depth == 0 {
                return at;
            }
        }
        text.len()
    }

    fn lookup(&mut self, name: &str) -> Option<String> {
        let found = self.scope.get(name);
        let source = found.map_or(VariableSource::Unset, |(_, source)| *source);
        self.variables.push(Variable { name: name.to_owned(), source });
        found.map(|(value, _)| value.clone())
    }

    fn put(&mut self, value: Option<String>, out: &mut String) {
        match value {
            Some(value) if out.len() + value.len() <= EXPANDED_MAX => out.push_str(&value),
            _ => self.complete = false,
        }
    }
}

/// `#p`, `##p`, `%p`, `%%p` with a pattern that has no wildcard; others are not known.
fn cut<'a>(value: &'a str, operation: &str) -> Option<&'a str> {
    let plain = |pattern: &str| !pattern.contains(['*', '?', '$', '[', '\\', '`', '"', '\'']);
    let prefix = operation.strip_prefix("##").or_else(|| operation.strip_prefix('#'));
    if let Some(pattern) = prefix.filter(|pattern| plain(pattern)) {
        return Some(value.strip_prefix(pattern).unwrap_or(value));
    }
    let suffix = operation.strip_prefix("%%").or_else(|| operation.strip_prefix('%'));
    let pattern = suffix.filter(|pattern| plain(pattern))?;
    Some(value.strip_suffix(pattern).unwrap_or(value))
}

/// Length of the variable's name a text starts with: a name, or a digit.
fn name_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(first) if first.is_ascii_digit() => 1,
        _ => bytes.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count(),
    }
}
