//! What is looked at of a page in Markdown: its headings, its links, its anchors.

mod html;
mod pages;
mod slug;
mod target;

use std::collections::{BTreeMap, BTreeSet};

use careen_text::{Source, Span};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

pub(crate) use pages::{Pages, is_markdown};
pub(crate) use slug::{fold, slug};

/// The most links, headings and anchors of one page that are looked at.
const MOST: usize = 10_000;

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) headings: Vec<Heading>,
    /// Links and images, each definition of a reference once.
    pub(crate) links: Vec<Link>,
    /// Where links into the page may lead, folded.
    anchors: BTreeSet<String>,
    /// Whether it begins with data for a site generator.
    pub(crate) has_front_matter: bool,
}

/// A heading.
#[derive(Clone, Debug)]
pub(crate) struct Heading {
    /// From 1 for the topmost.
    pub(crate) level: usize,
    /// What a reader sees.
    pub(crate) text: String,
    /// The line without the break.
    pub(crate) span: Span,
    /// Where what stands below it begins.
    pub(crate) end: u32,
}

/// A link or an image.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Where it leads, escapes and entities resolved.
    pub(crate) target: String,
    /// The target as written.
    pub(crate) span: Span,
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(source: &Source) -> Self {
        let mut reader = Reader::default();
        reader.read(source.text());
        reader.page
    }

    /// Whether a link may lead to this anchor. `strict` asks for GitHub's own form, else that of other
    /// renderers is fine too, which write one dash for several.
    pub(crate) fn has_anchor(&self, anchor: &str, strict: bool) -> bool {
        let folded = fold(anchor);
        let bare = folded.strip_prefix("user-content-").unwrap_or(&folded);
        self.anchors.contains(bare)
            || !strict && {
                let loose = slug::loosen(bare);
                self.anchors.iter().any(|each| slug::loosen(each) == loose)
            }
    }

    /// The anchor that was meant, if one is near.
    pub(crate) fn closest_anchor(&self, anchor: &str) -> Option<&str> {
        careen_text::closest(&fold(anchor), self.anchors.iter().map(String::as_str))
    }

    /// The text below a heading down to the next of its level or above.
    pub(crate) fn section<'s>(&self, at: usize, text: &'s str) -> &'s str {
        let Some(heading) = self.headings.get(at) else { return "" };
        let mut below = self.headings.iter().skip(at + 1);
        let next = below.find(|next| next.level <= heading.level);
        let end = next.map_or(text.len(), |next| next.span.start as usize);
        text.get(heading.end as usize..end).unwrap_or_default()
    }
}

#[derive(Default)]
struct Reader {
    page: Page,
    /// How often a slug was given.
    given: BTreeMap<String, usize>,
    html: html::Scanner,
}

/// A link whose end was not seen yet.
struct Open {
    target: String,
    kind: LinkType,
    start: usize,
    /// Where its text ends, as far as it was seen.
    inner: Option<usize>,
}

impl Reader {
    fn read(&mut self, whole: &str) {
        let text = whole.trim_start_matches('\u{feff}');
        let shift = whole.len() - text.len();
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut events = Parser::new_ext(text, options).into_offset_iter();
        let mut heading: Option<(Heading, Option<String>)> = None;
        let mut open: Vec<Open> = Vec::new();
        for (event, range) in events.by_ref() {
            let end = range.end;
            match event {
                Event::Start(Tag::MetadataBlock(_)) => self.page.has_front_matter = true,
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let line = text.get(range.clone()).unwrap_or_default();
                    let first = line.lines().next().unwrap_or_default().trim_end();
                    let span = Span::of(range.start + shift..range.start + shift + first.len());
                    let below = Span::of(0..end + shift).end;
                    let level = level as usize;
                    let found = Heading { level, text: String::new(), span, end: below };
                    heading = Some((found, id.map(|id| id.to_string())));
                }
                Event::End(TagEnd::Heading(_)) => self.keep(heading.take()),
                Event::Start(
                    Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. },
                ) => {
                    let target = dest_url.to_string();
                    open.push(Open { target, kind: link_type, start: range.start, inner: None });
                }
                Event::End(TagEnd::Link | TagEnd::Image) => {
                    if let Some(link) = open.pop() {
                        self.link(text, shift, &link, end);
                    }
                    if let Some(outer) = open.last_mut() {
                        outer.inner = Some(end);
                    }
                    continue;
                }
                Event::Text(part) | Event::Code(part) => {
                    if let Some((heading, _)) = heading.as_mut() {
                        heading.text.push_str(&part);
                    }
                }
                Event::SoftBreak | Event::HardBreak => {
                    if let Some((heading, _)) = heading.as_mut() {
                        heading.text.push(' ');
                    }
                }
                Event::Html(_) | Event::InlineHtml(_) => {
                    let raw = text.get(range.clone()).unwrap_or_default();
                    self.html.read(raw, range.start + shift);
                    self.take_html();
                }
                _ => {}
            }
            if let Some(link) = open.last_mut()
                && range.start > link.start
            {
                link.inner = Some(link.inner.unwrap_or(0).max(end));
            }
        }
        let mut definitions: Vec<_> =
            events.reference_definitions().iter().map(|(_, definition)| definition).collect();
        definitions.sort_by_key(|definition| definition.span.start);
        for definition in definitions {
            let span = target::of_definition(text, &definition.span);
            self.push_link(definition.dest.to_string(), span, shift);
        }
        self.page.links.sort_by_key(|link| link.span.start);
    }

    fn keep(&mut self, heading: Option<(Heading, Option<String>)>) {
        let Some((heading, id)) = heading else { return };
        if self.page.headings.len() >= MOST {
            return;
        }
        self.anchor(id);
        self.name(&slug(&heading.text));
        self.page.headings.push(heading);
    }

    /// Gives a heading its anchor: the second of a name ends in `-1`.
    fn name(&mut self, slug: &str) {
        let count = self.given.entry(slug.to_owned()).or_default();
        let own = if *count == 0 { slug.to_owned() } else { format!("{slug}-{count}") };
        *count += 1;
        self.anchor(Some(own));
    }

    fn anchor(&mut self, anchor: Option<String>) {
        if let Some(anchor) = anchor.filter(|_| self.page.anchors.len() < 2 * MOST) {
            self.page.anchors.insert(fold(&anchor));
        }
    }

    fn take_html(&mut self) {
        let found = self.html.take();
        for anchor in found.anchors {
            self.anchor(Some(anchor));
        }
        for heading in found.headings.iter().filter(|heading| !heading.is_empty()) {
            self.name(&slug(heading));
        }
        for (target, span) in found.links {
            self.push_link(target, Some(span.range()), 0);
        }
    }

    fn link(&mut self, text: &str, shift: usize, link: &Open, end: usize) {
        if link.kind == LinkType::Inline {
            let span = target::of_inline(text, link.start, link.inner, end);
            self.push_link(link.target.clone(), span, shift);
        }
    }

    fn push_link(&mut self, target: String, span: Option<std::ops::Range<usize>>, shift: usize) {
        if let Some(span) = span.filter(|_| self.page.links.len() < MOST) {
            let span = Span::of(span.start + shift..span.end + shift);
            self.page.links.push(Link { target, span });
        }
    }
}

#[cfg(test)]
mod tests;
