//! New values as text, in block and flow style.

use super::{New, scalar};

/// A value with the mappings that lead to it.
#[derive(Clone, Debug)]
pub(super) enum Grown<'v> {
    Raw(&'v str),
    Text(&'v str),
    Map(Vec<(&'v str, Self)>),
    List(Vec<Self>),
}

/// How a block collection is laid out around the place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Habit<'t> {
    pub(super) newline: &'t str,
    /// Columns from a key to the keys below it.
    pub(super) step: usize,
    /// Columns from a key to the dashes below it.
    pub(super) dash: usize,
}

/// How a flow collection is laid out around the place.
#[derive(Clone, Debug, Default)]
pub(super) struct Look {
    /// Keys and strings are quoted, as in JSON.
    pub(super) quoted: bool,
    /// No blanks after colons.
    pub(super) compact: bool,
    /// Entries stand on lines of their own.
    pub(super) lines: Option<Lines>,
}

/// Entries on lines of their own.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// Line break and indentation before an entry.
    pub(super) lead: String,
    /// What a level deeper adds.
    pub(super) unit: String,
}

impl<'v> Grown<'v> {
    pub(super) fn along(path: &[&'v str], value: New<'v>) -> Self {
        let innermost = Self::of(value);
        path.iter().rev().fold(innermost, |inner, key| Self::Map(vec![(*key, inner)]))
    }

    fn of(value: New<'v>) -> Self {
        match value {
            New::Raw(text) => Self::Raw(text),
            New::Text(text) => Self::Text(text),
            New::Map(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (*key, Self::of(*value))).collect())
            }
            New::List(items) => Self::List(items.iter().map(|item| Self::of(*item)).collect()),
        }
    }

    /// Lines of `key: value` at a column, each with its break; the first without indentation.
    pub(super) fn entry(&self, key: &str, column: usize, habit: &Habit<'_>, out: &mut String) {
        out.push_str(&scalar::string(key, false));
        out.push(':');
        match self {
            Self::Map(entries) if !entries.is_empty() => {
                out.push_str(habit.newline);
                self.lines(column, habit, out);
            }
            Self::List(items) if !items.is_empty() => {
                out.push_str(habit.newline);
                self.lines(column, habit, out);
            }
            inline => {
                out.push(' ');
                out.push_str(&inline.flow(&Look::default()));
                out.push_str(habit.newline);
            }
        }
    }

    /// The lines of a collection below a key at a column.
    pub(super) fn lines(&self, column: usize, habit: &Habit<'_>, out: &mut String) {
        match self {
            Self::Map(entries) => {
                for (key, value) in entries {
                    indent(column + habit.step, out);
                    value.entry(key, column + habit.step, habit, out);
                }
            }
            Self::List(items) => {
                for item in items {
                    indent(column + habit.dash, out);
                    item.item(column + habit.dash, habit, out);
                }
            }
            Self::Raw(_) | Self::Text(_) => {}
        }
    }

    /// The lines of an item whose dash stands at a column; the first without indentation.
    pub(super) fn item(&self, column: usize, habit: &Habit<'_>, out: &mut String) {
        out.push_str("- ");
        match self {
            Self::Map(entries) if !entries.is_empty() => {
                for (number, (key, value)) in entries.iter().enumerate() {
                    if number > 0 {
                        indent(column + 2, out);
                    }
                    value.entry(key, column + 2, habit, out);
                }
            }
            other => {
                out.push_str(&other.flow(&Look::default()));
                out.push_str(habit.newline);
            }
        }
    }

    /// In flow style. Lists and scalars stay on one line.
    pub(super) fn flow(&self, look: &Look) -> String {
        match self {
            Self::Raw(text) => (*text).to_owned(),
            Self::Text(text) => scalar::string(text, look.quoted),
            Self::List(items) => {
                let inline = Look { lines: None, ..look.clone() };
                let items: Vec<_> = items.iter().map(|item| item.flow(&inline)).collect();
                format!("[{}]", items.join(if look.compact { "," } else { ", " }))
            }
            Self::Map(entries) => {
                let deeper = Look { lines: look.lines.as_ref().map(Lines::deeper), ..look.clone() };
                let entries: Vec<_> =
                    entries.iter().map(|(key, value)| value.flow_entry(key, &deeper)).collect();
                match (&look.lines, &deeper.lines) {
                    (Some(outer), Some(inner)) if !entries.is_empty() => {
                        let between = format!(",{}", inner.lead);
                        let body = entries.join(&between);
                        format!("{{{}{body}{}}}", inner.lead, outer.lead)
                    }
                    _ => {
                        format!("{{{}}}", entries.join(if look.compact { "," } else { ", " }))
                    }
                }
            }
        }
    }

    /// `key: value` in flow style.
    pub(super) fn flow_entry(&self, key: &str, look: &Look) -> String {
        // A compact colon needs a quoted key in front of it.
        let colon = if look.compact && look.quoted { ":" } else { ": " };
        format!("{}{colon}{}", scalar::string(key, look.quoted), self.flow(look))
    }
}

impl Lines {
    fn deeper(&self) -> Self {
        Self { lead: format!("{}{}", self.lead, self.unit), unit: self.unit.clone() }
    }
}

pub(super) fn indent(columns: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', columns));
}
