use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;
use careen_audit_model::Place;
use careen_text::sanitize_line;

use crate::audit::view::{Part, Phrase, short};
use crate::html::text::{Text, is_web};
use crate::html::{MAX_LABEL, MAX_MESSAGE};
use crate::source;
use crate::words::cut;

/// A phrase on the page. It is a template of its own, so that whoever shows it cannot forget to escape it.
#[derive(Template)]
#[template(path = "phrase.html")]
pub(super) struct Said<'a> {
    phrase: Phrase<'a>,
    /// Where the files can be looked at.
    source: Option<&'a str>,
}

/// The template escapes every part.
impl HtmlSafe for Said<'_> {}

impl<'a> Said<'a> {
    pub(super) fn of(phrase: Phrase<'a>, source: Option<&'a str>) -> Self {
        Self { phrase, source: source.filter(|address| is_web(address)) }
    }

    pub(super) fn all(phrases: Vec<Phrase<'a>>, source: Option<&'a str>) -> Vec<Self> {
        phrases.into_iter().map(|phrase| Self::of(phrase, source)).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.phrase.is_empty()
    }

    #[allow(clippy::unused_self, reason = "templates call methods")]
    fn words<'t>(&self, words: &'t str) -> Text<'t> {
        Text::message(words, MAX_MESSAGE)
    }

    #[allow(clippy::unused_self, reason = "templates call methods")]
    fn name<'t>(&self, name: &'t str) -> Text<'t> {
        Text::line(name, MAX_LABEL)
    }

    #[allow(clippy::unused_self, reason = "templates call methods")]
    fn short<'t>(&self, digest: &'t str) -> Text<'t> {
        Text::line(short(digest), MAX_LABEL)
    }

    #[allow(clippy::unused_self, reason = "templates call methods")]
    fn whole(&self, digest: &str) -> String {
        let digest: Cow<'_, str> = cut(digest, MAX_LABEL);
        sanitize_line(&digest).into_owned()
    }

    #[allow(clippy::unused_self, reason = "templates call methods")]
    fn place<'t>(&self, place: &'t Place) -> Text<'t> {
        Text::place(&place.path, place.line, Some(place.column))
    }

    fn address(&self, place: &Place) -> Option<String> {
        source::address(self.source, &place.path, place.line)
    }
}
