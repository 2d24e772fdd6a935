//! HTML inside of Markdown: anchors, headings, links and images. Tolerant, as browsers are.

use careen_text::Span;

/// What was found in a piece.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Values of `id` and `name`.
    pub(super) anchors: Vec<String>,
    /// The texts of headings.
    pub(super) headings: Vec<String>,
    /// Values of `href` and `src`, with their places.
    pub(super) links: Vec<(String, Span)>,
}

/// Reads pieces of HTML in their order.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    in_comment: bool,
    /// The text of the heading that is open.
    heading: Option<String>,
    found: Found,
}

/// The longest text of a heading that is kept, in bytes.
const LONGEST: usize = 1_000;

impl Scanner {
    /// What was found since it was asked last.
    pub(super) fn take(&mut self) -> Found {
        std::mem::take(&mut self.found)
    }

    /// Reads a piece that begins at an offset of the file.
    pub(super) fn read(&mut self, piece: &str, offset: usize) {
        let mut at = 0;
        while let Some(rest) = piece.get(at..).filter(|rest| !rest.is_empty()) {
            if self.in_comment {
                let Some(end) = rest.find("-->") else { return };
                self.in_comment = false;
                at += end + 3;
            } else if rest.starts_with("<!--") {
                self.in_comment = true;
                at += 4;
            } else if rest.starts_with('<') {
                let length = tag_length(rest);
                self.tag(rest.get(..length).unwrap_or(rest), offset + at);
                at += length;
            } else {
                let length = rest.find('<').unwrap_or(rest.len());
                if let Some(heading) = self.heading.as_mut().filter(|text| text.len() < LONGEST) {
                    heading.push_str(rest.get(..length).unwrap_or_default());
                }
                at += length;
            }
        }
    }

    fn tag(&mut self, tag: &str, offset: usize) {
        let body = tag.trim_start_matches('<');
        let name: String = body
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .flat_map(char::to_lowercase)
            .collect();
        match name.as_bytes() {
            [b'h', b'1'..=b'6'] => self.heading = Some(String::new()),
            [b'/', b'h', b'1'..=b'6'] => {
                let text = self.heading.take().unwrap_or_default();
                let words: Vec<&str> = text.split_whitespace().collect();
                self.found.headings.push(words.join(" "));
            }
            _ => {}
        }
        for attribute in attributes(tag) {
            let value = attribute.value.replace("&amp;", "&");
            match attribute.name.as_str() {
                "id" | "name" => self.found.anchors.push(value),
                "href" if name == "a" => self.found.links.push((value, attribute.span(offset))),
                "src" if name == "img" => self.found.links.push((value, attribute.span(offset))),
                _ => {}
            }
        }
    }
}

/// How long the tag at the start is: quotes may hold a `>`.
fn tag_length(text: &str) -> usize {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

struct Attribute<'t> {
    name: String,
    value: &'t str,
    /// Where the value begins in the tag.
    at: usize,
}

impl Attribute<'_> {
    fn span(&self, offset: usize) -> Span {
        Span::of(offset + self.at..offset + self.at + self.value.len())
    }
}

/// The attributes of a tag that have a value.
fn attributes(tag: &str) -> Vec<Attribute<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(equals) = tag.get(at..).and_then(|rest| rest.find('=')).map(|found| at + found) {
        let before = tag.get(..equals).unwrap_or_default().trim_end();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '_');
        let name = before.rsplit(|c| !is_name(c)).next().unwrap_or_default().to_ascii_lowercase();
        let rest = tag.get(equals + 1..).unwrap_or_default();
        let body = rest.trim_start();
        let start = equals + 1 + rest.len() - body.len();
        let (value, from) = match body.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inner = body.get(1..).unwrap_or_default();
                let length = inner.find(char::from(*quote)).unwrap_or(inner.len());
                (inner.get(..length).unwrap_or_default(), start + 1)
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || c == '>';
                (body.split(ends).next().unwrap_or_default(), start)
            }
        };
        at = from + value.len();
        at += usize::from(at < tag.len() && !tag.is_char_boundary(at));
        found.push(Attribute { name, value, at: from });
    }
    found
}
