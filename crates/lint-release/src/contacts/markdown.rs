//! Contacts in prose: a row of a table, an item of a list with what is nested in it, a heading with what
//! stands below it.

use careen_text::{Source, Span};

use super::Contact;

/// The most lines that are read.
const MOST: usize = 20_000;

struct Line<'t> {
    span: Span,
    indent: usize,
    text: &'t str,
}

/// The contacts, in order.
pub(super) fn contacts(source: &Source) -> Vec<Contact> {
    let lines = lines(source.text());
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let rest = lines.get(at + 1..).unwrap_or_default();
        if line.text.starts_with('|') {
            found.extend(row(line));
        } else if heading(line.text) {
            let body: Vec<String> = rest
                .iter()
                .take_while(|next| !heading(next.text))
                .filter(|next| !next.text.starts_with('|') && !names_a_role(next.text))
                .flat_map(|next| split(next.text))
                .collect();
            let role = line.text.trim_start_matches('#').trim().to_owned();
            found.push(Contact { span: line.span, role, parts: body });
        } else if let Some(item) = item(line.text) {
            let nested = rest.iter().take_while(|next| next.indent > line.indent);
            let (role, own) = item.split_once([':', '–', '—']).unwrap_or((item, ""));
            let mut parts: Vec<String> = split(own).collect();
            parts.extend(nested.flat_map(|next| split(next.text)));
            found.push(Contact { span: line.span, role: role.to_owned(), parts });
        }
    }
    found
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut at = 0;
    let mut found = Vec::new();
    for raw in text.split_inclusive('\n').take(MOST) {
        let start = at;
        at += raw.len();
        let body = raw.trim_start_matches('\u{feff}').trim_start();
        let text = body.trim_end();
        if text.is_empty() {
            continue;
        }
        let from = start + raw.len() - body.len();
        let span = Span::of(from..from + text.len());
        found.push(Line { span, indent: raw.len() - body.len(), text });
    }
    found
}

fn heading(text: &str) -> bool {
    text.starts_with('#') && text.trim_start_matches('#').starts_with(' ')
}

/// Whether a line is about a role of its own. What stands below a heading may be about others too.
fn names_a_role(text: &str) -> bool {
    super::Role::wanted(&[]).iter().any(|role| role.is_in(text))
}

fn item(text: &str) -> Option<&str> {
    ["- ", "* ", "+ "].iter().find_map(|mark| text.strip_prefix(mark)).map(str::trim)
}

/// A row of a table; the first cell that names a role says which, and the others who and how.
fn row(line: &Line<'_>) -> Option<Contact> {
    let cells = cells(line.text);
    let is_rule = cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':' | ' ')));
    if is_rule || cells.len() < 2 {
        return None;
    }
    let at = cells.iter().position(|cell| names_a_role(cell)).unwrap_or(0);
    let role = cells.get(at).cloned().unwrap_or_default();
    let parts = cells.into_iter().enumerate().filter(|(each, _)| *each != at);
    Some(Contact { span: line.span, role, parts: parts.map(|(_, cell)| cell).collect() })
}

fn cells(text: &str) -> Vec<String> {
    text.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn split(text: &str) -> impl Iterator<Item = String> {
    let text = item(text).unwrap_or(text);
    text.split([',', ';']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty())
}
