//! Documents about a topic: a page named after it, or a heading about it with some text below.

use careen_model::{Context, Document, File, Snapshot};
use careen_rule::{Meta, OptionKind, RuleOption, SnapshotSink, fits};
use careen_text::Span;

use crate::markdown::Pages;
use crate::place::{cut, first_line, home, is_ours, name_of};
use crate::wording::{has_words, says_something};

/// What a document is looked for about.
pub(crate) struct Topic {
    /// The rule that asks.
    pub(crate) rule: &'static Meta,
    /// Words of headings and names of files, in lower case.
    pub(crate) words: &'static [&'static str],
    /// What is missing, for a message: "nobody says how to undo a release".
    pub(crate) complaint: &'static str,
    /// Whether a changelog may say it.
    pub(crate) in_changelog: bool,
}

/// What a user may say of where a topic is written about.
pub(crate) const OPTIONS: &[RuleOption] = &[
    RuleOption {
        name: "headings",
        kind: OptionKind::Words,
        summary: "Words of headings that are about it too; without them only the usual ones are known.",
    },
    RuleOption {
        name: "paths",
        kind: OptionKind::Words,
        summary: "Documents that are about it, `*` for any text; without them names and headings tell.",
    },
];

/// The most documents that are read for a topic.
const MOST: usize = 20_000;

impl Topic {
    /// Tells that nothing is written about it, or where something should stand.
    pub(crate) fn tell(&self, snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
        let Some((source, span)) = home(snapshot) else { return };
        let own = context.options.words(self.rule.id, "paths");
        let is_own = |path: &str| own.iter().any(|pattern| fits(pattern, path));
        let mut empty = None;
        for file in snapshot.files().iter().filter(|file| self.may_say(file)).take(MOST) {
            let named = is_own(file.source.path()) || self.is_named(file.source.path());
            if named && says_something(file.source.text()) {
                return;
            }
            if named && empty.is_none() {
                let name = name_of(file.source.path());
                empty = Some((file, first_line(&file.source), format!("`{}`", cut(name))));
            }
            match self.heading(snapshot, context, file) {
                Written::Yes => return,
                Written::Empty(span, text) if empty.is_none() => {
                    empty = Some((file, span, format!("the heading `{}`", cut(&text))));
                }
                _ => {}
            }
        }
        // Documents that are not read, a PDF perhaps, are taken by their names.
        let unread = snapshot.paths().unwrap_or_default().iter().any(|path| {
            is_own(path) && snapshot.file(path).is_none_or(|file| file.document.is_none())
        });
        if unread {
            return;
        }
        match empty {
            Some((file, span, what)) => {
                let message = format!("{}: {what} has no text below it", self.complaint);
                out.report(&file.source, span, message);
            }
            None => {
                let message = format!("{}: no document and no heading is about it", self.complaint);
                out.report(source, span, message);
            }
        }
    }

    fn may_say(&self, file: &File) -> bool {
        let fits = match file.document {
            Some(Document::Readme | Document::Prose) => true,
            Some(Document::Changelog) => self.in_changelog,
            _ => false,
        };
        fits && is_ours(file)
    }

    /// Whether a file, or the folder it lies in, is called after the topic.
    fn is_named(&self, path: &str) -> bool {
        let lower = path.to_ascii_lowercase();
        let mut parts = lower.rsplit('/');
        let stem = parts.next().unwrap_or_default().split('.').next().unwrap_or_default();
        let folder = parts.next().unwrap_or_default();
        [stem, folder].iter().any(|part| {
            let plain = part.replace(['-', '_'], " ");
            self.words.iter().any(|word| has_words(&plain, word))
        })
    }

    fn heading(&self, snapshot: &Snapshot, context: &Context, file: &File) -> Written {
        let more = context.options.words(self.rule.id, "headings");
        let text = file.source.text();
        let pages = Pages::of(snapshot);
        let Some(page) = pages.page(snapshot, file.source.path()) else { return Written::No };
        let mut empty = Written::No;
        for (at, heading) in page.headings.iter().enumerate() {
            let lower = heading.text.to_lowercase();
            let about = self.words.iter().any(|word| has_words(&lower, word))
                || more.iter().any(|word| has_words(&lower, &word.to_lowercase()));
            if !about {
                continue;
            }
            if says_something(page.section(at, text)) {
                return Written::Yes;
            }
            if matches!(empty, Written::No) {
                empty = Written::Empty(heading.span, heading.text.clone());
            }
        }
        empty
    }
}

enum Written {
    Yes,
    /// A heading without text.
    Empty(Span, String),
    No,
}
