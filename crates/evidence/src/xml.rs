//! Reads XML as steps, and refuses what a report does not need: entities, document types with a content,
//! depth.
//!
//! Nothing is expanded but the five entities every XML has and references to characters, so that a small
//! file cannot become a large one.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::Trouble;
use crate::words::one_line;

/// Elements inside each other.
const MOST_DEPTH: usize = 100;
/// Attributes of an element.
const MOST_ATTRIBUTES: usize = 200;
/// Bytes of the attributes of an element: messages of failed tests may be long.
const LONGEST_TAG: usize = 4 << 20;
/// How far the first element may stand behind the start.
const PROLOGUE: usize = 64 << 10;

/// What is done with `<!DOCTYPE …>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doctype {
    /// The format has none.
    Refused,
    /// The format names one elsewhere, which nobody fetches; one with a content is refused.
    Named,
}

/// A step through a document.
#[derive(Debug)]
pub(crate) enum Step<'t> {
    /// An element begins; its end follows, whether it is empty or not.
    Open(Element<'t>),
    /// An element ends.
    Close,
    /// Text between elements, without blanks around it.
    Text(Cow<'t, str>),
}

/// The beginning of an element.
#[derive(Debug)]
pub(crate) struct Element<'t> {
    start: BytesStart<'t>,
    text: &'t str,
    at: usize,
}

/// A document that is walked through once.
pub(crate) struct Xml<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    what: &'static str,
    doctype: Doctype,
    depth: usize,
    roots: usize,
}

impl<'t> Xml<'t> {
    /// A walk through a text. `what` names the format for people: "a JUnit report".
    pub(crate) fn new(text: &'t str, what: &'static str, doctype: Doctype) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().trim_text(true);
        Self { text, reader, what, doctype, depth: 0, roots: 0 }
    }

    /// The first element, which must have one of these names.
    ///
    /// # Errors
    ///
    /// It has another, or there is none.
    pub(crate) fn root(&mut self, names: &[&str]) -> Result<Element<'t>, Trouble> {
        let start = self.text.trim_start();
        if start.is_empty() {
            return Err(Trouble::new(format!("is empty; {} was expected", self.what)));
        }
        if !start.starts_with('<') {
            return Err(Trouble::new(format!("is no XML, so it is not {}", self.what)));
        }
        match self.next()? {
            Some(Step::Open(root)) if names.contains(&root.name()) => Ok(root),
            Some(Step::Open(root)) => {
                let name = one_line(root.name(), 60);
                let names = names.join("> or <");
                let what = self.what;
                Err(root
                    .wrong(format!("is not {what}: it begins with <{name}>, not with <{names}>")))
            }
            _ => Err(Trouble::new(format!("holds no element, so it is not {}", self.what))),
        }
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The next step; none at the end of a complete document.
    ///
    /// # Errors
    ///
    /// What is malformed or refused, with its line.
    pub(crate) fn next(&mut self) -> Result<Option<Step<'t>>, Trouble> {
        loop {
            let at = self.place();
            let event = self.reader.read_event().map_err(|error| {
                let at = offset(self.reader.error_position()).max(at);
                self.wrong(at, format!("is not valid XML: {}", one_line(&error.to_string(), 200)))
            })?;
            match event {
                Event::Start(start) | Event::Empty(start) => {
                    return self.open(start, at).map(|element| Some(Step::Open(element)));
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Step::Close));
                }
                Event::Text(text) => {
                    let text = text.into_inner();
                    if self.depth == 0 && !text.trim().is_empty() {
                        return Err(self.wrong(at, "has text outside of its elements".to_owned()));
                    }
                    return Ok(Some(Step::Text(text)));
                }
                Event::DocType(content) => self.judge(&content, at)?,
                Event::GeneralRef(name) => self.resolve(&name, at)?,
                Event::Eof if self.depth > 0 => {
                    return Err(self.wrong(
                        self.text.len(),
                        "ends before its elements do: was it written to its end?".to_owned(),
                    ));
                }
                Event::Eof => return Ok(None),
                Event::CData(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    /// Where the next step begins: blanks before it are no part of it.
    fn place(&self) -> usize {
        let at = offset(self.reader.buffer_position());
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    fn open(&mut self, start: BytesStart<'t>, at: usize) -> Result<Element<'t>, Trouble> {
        if self.depth == 0 {
            self.roots += 1;
        }
        self.depth += 1;
        if self.roots > 1 {
            return Err(self.wrong(at, "has more than one outermost element".to_owned()));
        }
        if self.depth > MOST_DEPTH {
            return Err(self.wrong(at, format!("has elements in more than {MOST_DEPTH} levels")));
        }
        if start.len() > LONGEST_TAG {
            let most = LONGEST_TAG >> 20;
            return Err(
                self.wrong(at, format!("has an element with more than {most} MiB of attributes"))
            );
        }
        let mut count = 0;
        for attribute in start.attributes() {
            count += 1;
            let problem = match attribute {
                Ok(_) if count <= MOST_ATTRIBUTES => continue,
                Ok(_) => format!("has an element with more than {MOST_ATTRIBUTES} attributes"),
                Err(error) => format!("is not valid XML: {}", one_line(&error.to_string(), 200)),
            };
            return Err(self.wrong(at, problem));
        }
        Ok(Element { start, text: self.text, at })
    }

    /// A document type with a content declares entities, or what else no report needs.
    fn judge(&self, content: &str, at: usize) -> Result<(), Trouble> {
        let message = if content.contains("<!ENTITY") {
            "declares entities, which are not expanded: they can make a small file endless"
        } else if content.contains('[') {
            "has a document type with a content, which no report needs: take it out"
        } else if self.doctype == Doctype::Refused {
            "has a document type, which reports of this format do not have: is it a web page?"
        } else {
            return Ok(());
        };
        Err(self.wrong(at, message.to_owned()))
    }

    /// Text is compared and read as numbers only: what a reference stands for does not matter, but one
    /// that stands for nothing does.
    fn resolve(&self, name: &str, at: usize) -> Result<(), Trouble> {
        let known = name.starts_with('#') || ["lt", "gt", "amp", "apos", "quot"].contains(&name);
        if known {
            return Ok(());
        }
        let name = one_line(name, 60);
        Err(self.wrong(at, format!("uses the entity `{name}`, which is not one of XML's own")))
    }

    fn wrong(&self, at: usize, message: String) -> Trouble {
        wrong(self.text, at, message)
    }
}

impl<'t> Element<'t> {
    /// Its name without a prefix.
    pub(crate) fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// An attribute, its references resolved.
    ///
    /// # Errors
    ///
    /// It uses an entity that is not one of XML's own.
    pub(crate) fn attribute(&self, name: &str) -> Result<Option<Cow<'_, str>>, Trouble> {
        let mut attributes = self.start.attributes().filter_map(Result::ok);
        let Some(found) = attributes.find(|it| it.key.into_inner() == name) else {
            return Ok(None);
        };
        let value = found.normalized_value(XmlVersion::Implicit1_0).map_err(|error| {
            let error = one_line(&error.to_string(), 200);
            self.wrong(format!("the attribute `{name}` is not valid XML: {error}"))
        })?;
        Ok(Some(value))
    }

    /// Whether it has an attribute.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.start.attributes().filter_map(Result::ok).any(|it| it.key.into_inner() == name)
    }

    /// An attribute as text for people: one line, cut.
    ///
    /// # Errors
    ///
    /// See [`attribute`](Self::attribute).
    pub(crate) fn words(&self, name: &str, most: usize) -> Result<Option<String>, Trouble> {
        let value = self.attribute(name)?;
        Ok(value.map(|value| one_line(&value, most)).filter(|words| !words.is_empty()))
    }

    /// An attribute as a number that is not negative; none if it is absent or empty.
    ///
    /// # Errors
    ///
    /// It is no such number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Trouble> {
        let Some(value) = self.attribute(name)?.filter(|value| !value.trim().is_empty()) else {
            return Ok(None);
        };
        match value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => Ok(Some(number)),
            _ => {
                let value = one_line(&value, 40);
                Err(self.wrong(format!("`{name}` is `{value}`, which is no number from 0 on")))
            }
        }
    }

    /// Trouble at its line.
    pub(crate) fn wrong(&self, message: impl Into<String>) -> Trouble {
        wrong(self.text, self.at, message.into())
    }
}

/// The outermost element of a text, if it begins as XML does. What comes behind it is not looked at.
pub(crate) fn root(text: &str) -> Option<Element<'_>> {
    if !text.trim_start().starts_with('<') {
        return None;
    }
    let start = &text[..text.floor_char_boundary(PROLOGUE)];
    let mut reader = Reader::from_str(start);
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) | Event::Empty(tag) => {
                return Some(Element { start: tag, text: start, at: 0 });
            }
            Event::Eof | Event::End(_) | Event::CData(_) => return None,
            _ => {}
        }
    }
}

fn wrong(text: &str, at: usize, message: String) -> Trouble {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    let breaks = before.iter().filter(|byte| **byte == b'\n').count();
    Trouble { line: Some(u32::try_from(breaks + 1).unwrap_or(u32::MAX)), column: None, message }
}

fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Doctype, Step, Xml, root};
    use crate::Trouble;

    fn walk(text: &str, doctype: Doctype) -> Result<usize, Trouble> {
        let mut xml = Xml::new(text, "a report", doctype);
        xml.root(&["a"])?;
        let mut steps = 1;
        while xml.next()?.is_some() {
            steps += 1;
        }
        Ok(steps)
    }

    fn refused(text: &str) -> (Option<u32>, String) {
        let trouble = walk(text, Doctype::Named).unwrap_err();
        (trouble.line, trouble.message)
    }

    #[test]
    fn documents_are_walked_through() {
        let mut xml = Xml::new(
            "<?xml version=\"1.0\"?>\n<a x='1 &lt; 2 &#38; 3'><b/> t </a>",
            "a report",
            Doctype::Refused,
        );
        let element = xml.root(&["a"]).unwrap();
        assert_eq!(element.attribute("x").unwrap().unwrap(), "1 < 2 & 3");
        assert!(matches!(xml.next().unwrap(), Some(Step::Open(b)) if b.name() == "b"));
        assert_eq!(xml.depth(), 2);
        assert!(matches!(xml.next().unwrap(), Some(Step::Close)));
        assert!(matches!(xml.next().unwrap(), Some(Step::Text(text)) if text == "t"));
        assert!(matches!(xml.next().unwrap(), Some(Step::Close)));
        assert!(xml.next().unwrap().is_none());
    }

    #[test]
    fn entities_are_neither_declared_nor_expanded() {
        let (line, message) = refused("\n<!DOCTYPE a [<!ENTITY l \"ha\">]>\n<a>&l;</a>");
        assert_eq!(line, Some(2));
        assert!(message.contains("declares entities"), "{message}");
        let (line, message) = refused("<a>\n&l;</a>");
        assert_eq!(line, Some(2));
        assert!(message.contains("the entity `l`"), "{message}");
        assert!(refused("<!DOCTYPE a [<!ELEMENT a ANY>]><a/>").1.contains("with a content"));
        assert!(walk("<!DOCTYPE a SYSTEM \"a.dtd\"><a/>", Doctype::Named).is_ok());
        let named = walk("<!DOCTYPE a SYSTEM \"a.dtd\"><a/>", Doctype::Refused).unwrap_err();
        assert!(named.message.contains("document type"), "{named}");
    }

    #[test]
    fn what_is_malformed_is_told_with_its_line() {
        for (text, line, part) in [
            ("<a>\n<b>\n</a>", 3, "not valid XML"),
            ("<a>\n<b>", 2, "ends before"),
            ("<a/>\n<a/>", 2, "more than one outermost"),
            ("<a/>\nmore", 2, "outside"),
            ("<a>\n<b x='1' x='2'/></a>", 2, "not valid XML"),
            ("<html></html>", 1, "begins with <html>"),
        ] {
            let (at, message) = refused(text);
            assert!(message.contains(part), "{text}: {message}");
            assert_eq!(at, Some(line), "{text}");
        }
        assert!(refused("").1.contains("is empty"));
        assert!(refused("{}").1.contains("no XML"));
        assert!(refused("<!-- only -->").1.contains("no element"));
    }

    #[test]
    fn sizes_have_limits() {
        let deep = "<a>".repeat(200);
        assert!(refused(&deep).1.contains("levels"));
        let wide = format!("<a x=\"{}\"/>", "x".repeat(5 << 20));
        assert!(refused(&wide).1.contains("MiB of attributes"));
        let many: String = (0..300).map(|at| format!(" x{at}=''")).collect();
        assert!(refused(&format!("<a{many}/>")).1.contains("more than 200 attributes"));
    }

    #[test]
    fn roots_are_told_without_reading_on() {
        assert_eq!(root("<?xml version='1.0'?><!-- x --><a y='1'><").unwrap().name(), "a");
        assert!(root("{}").is_none() && root("").is_none() && root("<").is_none());
    }
}
