use std::collections::BTreeSet;

use careen_model::{Context, Document, File, Snapshot};
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::links::{Dead, Paths};
use crate::markdown::{Pages, is_markdown};
use crate::place::{cut, folder_of, name_of};

rule! {
    /// A link to a file, a folder or a heading that is not there: the page was moved, the heading
    /// reworded. Looked at are relative links and images of READMEs in any folder and of the pages beside
    /// them, those in HTML and in definitions too. Anchors of headings are made as GitHub makes them; where
    /// nothing says that GitHub shows the page, one dash may stand for several.
    ///
    /// Links to other hosts are not followed, nor is what leads out of the folder that is checked, what a
    /// template fills in, and what a site generator makes from a page. Pages with front matter belong to
    /// such a site and are left alone. Nothing is told where only a part of the repository was looked at.
    ///
    /// ```markdown bad file=README.md
    /// # shop
    ///
    /// Begin with [the guide](docs/guide.md#instal),
    /// #                      ^^^^^^^^^^^^^^^^^^^^ the link leads nowhere: `docs/guide.md` has no heading `#instal`; did you mean `#install`?
    /// or look at [the API](docs/api.md).
    /// #                    ^^^^^^^^^^^ the link leads nowhere: there is no `docs/api.md`
    ///
    /// ![a ship](img/ship.png)
    /// #         ^^^^^^^^^^^^ the link leads nowhere: there is no `img/ship.png`
    /// ```
    /// ```markdown bad file=docs/guide.md
    /// # Guide
    ///
    /// ## Install
    /// ```
    /// ```markdown good file=README.md
    /// # shop
    ///
    /// Begin with [the guide](docs/guide.md#install), [its folder](docs/) or [this](#shop).
    /// ```
    /// ```markdown good file=docs/guide.md
    /// # Guide
    ///
    /// ## Install
    ///
    /// Back to [the start](../README.md).
    /// ```
    pub(crate) static RULE: Check = {
        id: "readme-link-dead",
        summary: "a relative link of a README leads nowhere",
        remedy: "Let the link lead to where the page or the heading is now, or take it out.",
        severity: Low,
        check: Check::Snapshot(check),
        controls: &[control::DOCS_README_CURRENT],
        references: &["https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#relative-links"],
        options: &[RuleOption {
            name: "pages",
            kind: OptionKind::Text,
            summary: "Which pages are looked at besides READMEs: `all`, `none`, or without it those beside a README.",
        }],
    }
}

fn check(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let pages = Pages::of(snapshot);
    let Some(paths) = Paths::of(snapshot, &pages) else { return };
    let others = context.options.text(RULE.meta.id, "pages");
    let folders: BTreeSet<&str> = snapshot
        .files()
        .iter()
        .filter(|file| file.document == Some(Document::Readme))
        .map(|file| folder_of(file.source.path()))
        .collect();
    for file in snapshot.files() {
        let path = file.source.path();
        let is_readme = file.document == Some(Document::Readme);
        let is_wanted = match others {
            _ if is_readme => true,
            Some("all") => is_page(file),
            Some("none") => false,
            _ => is_page(file) && folders.contains(folder_of(path)),
        };
        if !is_wanted || !is_markdown(path) {
            continue;
        }
        let Some(page) = pages.page(snapshot, path) else { continue };
        if page.has_front_matter && !is_readme {
            continue;
        }
        for link in &page.links {
            if let Some(dead) = paths.dead(path, &link.target, !is_readme) {
                out.report(&file.source, link.span, told(&dead)).evidence(cut(&link.target));
            }
        }
    }
}

/// Changelogs speak of what was there once.
fn is_page(file: &File) -> bool {
    matches!(file.document, Some(Document::Prose | Document::Contacts))
}

fn told(dead: &Dead) -> String {
    match dead {
        Dead::Path(path) => format!("the link leads nowhere: there is no `{}`", cut(path)),
        Dead::Anchor { page, anchor, meant } => {
            let hint = meant.as_ref().map(|meant| format!("; did you mean `#{}`?", cut(meant)));
            format!(
                "the link leads nowhere: `{}` has no heading `#{}`{}",
                cut(if page.len() > 120 { name_of(page) } else { page }),
                cut(anchor),
                hint.unwrap_or_default()
            )
        }
    }
}
