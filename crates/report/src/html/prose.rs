//! The Markdown of a rule's manual as elements.

use askama::Template;
use askama::filters::HtmlSafe;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::text::{Text, is_web};

/// A rule's manual on a page.
#[derive(Template)]
#[template(path = "prose.html")]
pub(super) struct Prose {
    tokens: Vec<Token>,
}

/// The template escapes every text and every address.
impl HtmlSafe for Prose {}

/// What a page is written from. Elements are balanced.
enum Token {
    Open(&'static str),
    Close(&'static str),
    Link(String),
    Text(Text<'static>),
    Code(Text<'static>),
}

impl Prose {
    /// Reads Markdown. Markup in it is text, a heading is a paragraph, and an address that does not
    /// lead to the web is none.
    pub(super) fn of(markdown: &str) -> Self {
        let mut tokens = Vec::new();
        let mut open: Vec<Option<&'static str>> = Vec::new();
        for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) if is_web(&dest_url) => {
                    tokens.push(Token::Link(dest_url.into_string()));
                    open.push(Some("a"));
                }
                Event::Start(tag) => {
                    let element = element(&tag);
                    tokens.extend(element.map(Token::Open));
                    open.push(element);
                }
                Event::End(_) => tokens.extend(open.pop().flatten().map(Token::Close)),
                Event::Code(code) => tokens.push(Token::Code(Text::owned(&code))),
                Event::SoftBreak | Event::HardBreak => tokens.push(Token::Text(Text::owned(" "))),
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                    // Only blocks of code hold line breaks, and these stand in `pre`.
                    for (number, line) in text.split('\n').enumerate() {
                        if number > 0 {
                            tokens.push(Token::Open("br"));
                        }
                        tokens.push(Token::Text(Text::owned(line)));
                    }
                }
                _ => {}
            }
        }
        Self { tokens }
    }
}

fn element(tag: &Tag<'_>) -> Option<&'static str> {
    Some(match tag {
        Tag::Paragraph | Tag::Heading { .. } => "p",
        Tag::BlockQuote(_) => "blockquote",
        Tag::CodeBlock(_) => "pre",
        Tag::List(None) => "ul",
        Tag::List(Some(_)) => "ol",
        Tag::Item => "li",
        Tag::Table(_) => "table",
        // Cells of the head stand in it without a row of their own.
        Tag::TableHead | Tag::TableRow => "tr",
        Tag::TableCell => "td",
        Tag::Emphasis => "em",
        Tag::Strong => "strong",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::Prose;

    fn html(markdown: &str) -> String {
        Prose::of(markdown).render().unwrap()
    }

    #[test]
    fn prose_becomes_elements() {
        assert_eq!(html("A *b* `c`\nd.\n\n# e"), "<p>A <em>b</em> <code>c</code> d.</p><p>e</p>");
        assert_eq!(html("* a\n* b"), "<ul><li>a</li><li>b</li></ul>");
        assert_eq!(
            html("| a |\n|---|\n| b |"),
            "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"
        );
    }

    #[test]
    fn links_lead_to_the_web_or_nowhere() {
        assert_eq!(
            html("[a](https://b.example/?c&d)"),
            "<p><a href=\"https://b.example/?c&#38;d\" rel=\"noopener noreferrer\">a</a></p>"
        );
        assert_eq!(html("[a](javascript:alert%281%29)"), "<p>a</p>");
        assert_eq!(html("![a](https://b.example/c.png)"), "<p>a</p>");
    }

    #[test]
    fn markup_is_text() {
        let said = html("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> \u{202e}b");
        assert!(!said.contains("<script") && !said.contains("<img"), "{said}");
        assert!(said.contains("&#60;script&#62;") && said.contains("\\u{202e}"), "{said}");
    }
}
