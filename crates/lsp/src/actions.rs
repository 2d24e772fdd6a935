//! What can be done about findings: fixes, and comments that accept them.

use std::collections::BTreeMap;
use std::ops::Range as Bytes;
use std::sync::Arc;

use careen_rule::{Judged, JudgedFix, Region, Safety};
use lsp_types::{Diagnostic, Position, Range, Uri};
use serde_json::{Value, json};

use crate::comment::{self, Syntax};
use crate::document::Document;
use crate::encoding::Encoding;
use crate::pieces::Pieces;
use crate::shown::Shown;
use crate::{Checker, Outcome, Settings, Text};

/// Rules of one place that a comment is offered for: each is tried out.
const MOST_COMMENTS: usize = 5;
/// Rounds of fixing everything; two to four are usual.
const ROUNDS: usize = 10;

const QUICK_FIX: &str = "quickfix";
const FIX_ALL: &str = "source.fixAll.careen";

/// What is asked, with all that is needed to answer it elsewhere.
pub(crate) struct Ask {
    pub(crate) uri: Uri,
    pub(crate) version: i32,
    pub(crate) text: Text,
    /// Whether what is shown is about this very version.
    pub(crate) fresh: bool,
    /// All that is shown of the document.
    pub(crate) shown: Vec<Shown>,
    /// What is shown at the place, with its diagnostic.
    pub(crate) here: Vec<(Shown, Diagnostic)>,
    /// The kinds that are wanted; all, if none is named.
    pub(crate) only: Option<Vec<String>>,
    pub(crate) settings: Settings,
    pub(crate) encoding: Encoding,
    /// Whether an edit may name the version it is for.
    pub(crate) versioned: bool,
}

impl Ask {
    /// Whether actions of a kind are wanted: of `source`, those of `source.fixAll` are.
    fn wants(&self, kind: &str) -> bool {
        self.only.as_ref().is_none_or(|only| {
            only.iter().any(|wanted| {
                let rest = kind.strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with('.') || wanted.is_empty()
                })
            })
        })
    }

    /// The actions, in the protocol's words.
    pub(crate) fn answer(&self, checker: &dyn Checker) -> Value {
        let mut actions = Vec::new();
        let lined = self.lined(&self.text.text);
        if self.wants(QUICK_FIX) {
            self.fixes(&lined, &mut actions);
            self.comments(&lined, checker, &mut actions);
        }
        let fixable =
            self.fresh && self.shown.iter().any(|it| it.judged().is_some_and(|it| is_safe(it)));
        if fixable && self.wants(FIX_ALL) {
            let edits = self.fix_all(checker);
            if !edits.is_empty() {
                actions.push(json!({
                    "title": "Fix all that changes no behaviour",
                    "kind": FIX_ALL,
                    "edit": self.edit(&lined, edits),
                }));
            }
        }
        Value::Array(actions)
    }

    fn fixes(&self, lined: &Document, actions: &mut Vec<Value>) {
        if !self.fresh {
            return;
        }
        for (shown, diagnostic) in &self.here {
            let Some(fix) = shown.judged().and_then(|judged| judged.fix.as_ref()) else { continue };
            let edits = edits_of(fix, lined);
            if edits.is_empty() {
                continue;
            }
            let is_safe = fix.safety == Safety::Safe;
            let title = if is_safe {
                fix.title.clone()
            } else {
                format!("{} (changes behaviour)", fix.title)
            };
            actions.push(json!({
                "title": careen_text::sanitize_line(&title),
                "kind": QUICK_FIX,
                "diagnostics": [diagnostic],
                "isPreferred": is_safe,
                "edit": self.edit(lined, edits),
            }));
        }
    }

    fn comments(&self, lined: &Document, checker: &dyn Checker, actions: &mut Vec<Value>) {
        let Some(syntax) = self.syntax() else { return };
        let mut tried: Vec<&str> = Vec::new();
        for (shown, diagnostic) in &self.here {
            let Some(judged) = shown.judged() else { continue };
            if tried.contains(&judged.rule.id) || tried.len() == MOST_COMMENTS {
                continue;
            }
            tried.push(judged.rule.id);
            let Some(edit) = self.comment(shown, judged, syntax, lined, checker) else { continue };
            actions.push(json!({
                "title": format!("Accept `{}` here with a comment", judged.rule.id),
                "kind": QUICK_FIX,
                "diagnostics": [diagnostic],
                "isPreferred": false,
                "edit": self.edit(lined, vec![edit]),
            }));
        }
    }

    fn syntax(&self) -> Option<Syntax> {
        let name = self.text.path.as_ref().and_then(|path| path.file_name());
        let name = name.map(|name| name.to_string_lossy().into_owned());
        comment::syntax(name.as_deref().unwrap_or(&self.text.name))
    }

    /// A comment that accepts a finding: on a line of its own, else behind it. Each is tried: what
    /// looks like the start of a line may be in the middle of a string.
    fn comment(
        &self,
        shown: &Shown,
        judged: &Judged,
        syntax: Syntax,
        lined: &Document,
        checker: &dyn Checker,
    ) -> Option<(Bytes<usize>, String)> {
        let number = shown.range.start.line.saturating_add(1);
        let line = lined.line(number);
        let start = lined.offset(Position::new(shown.range.start.line, 0), Encoding::Utf8);
        let mark = if line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let body = line.get(mark..).unwrap_or_default();
        let indent = body.get(..body.len() - body.trim_start_matches([' ', '\t']).len())?;
        let first = self.text.text.find(['\n', '\r']).unwrap_or_default();
        let line_break = match self.text.text.get(first..) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            _ => "\n",
        };
        let said =
            format!("{}careen: ignore[{}] say why{}", syntax.open, judged.rule.id, syntax.close);
        let above = (start + mark..start + mark, format!("{indent}{said}{line_break}"));
        let end = start + line.trim_end().len();
        let behind = (end..end, format!("  {said}"));
        let candidates = [Some(above), Some(behind).filter(|_| syntax.trailing)];
        let before = counts(self.shown.iter().filter_map(Shown::judged).map(|it| &**it));
        candidates.into_iter().flatten().find(|(at, comment)| {
            let mut text = self.text.text.to_string();
            text.insert_str(at.start, comment);
            let text = Text { text: text.into(), ..self.text.clone() };
            let outcome = checker.check_text(&self.settings, &text);
            self.helps(&before, &outcome, judged, shown.is_across())
        })
    }

    /// Whether a finding is gone and nothing else came up. What only a look at all files tells is
    /// not looked for again, so of that only the latter is known.
    fn helps(
        &self,
        before: &BTreeMap<&str, usize>,
        outcome: &Outcome,
        judged: &Judged,
        across: bool,
    ) -> bool {
        let after = counts(&outcome.findings);
        let count = |counts: &BTreeMap<&str, usize>, rule| counts.get(rule).copied().unwrap_or(0);
        let broke = outcome.problems.iter().any(|problem| problem.kind == "syntax")
            && !self.shown.iter().any(|shown| shown.judged().is_none());
        let gone = across || count(&after, judged.rule.id) < count(before, judged.rule.id);
        outcome.failure.is_none()
            && gone
            && !broke
            && after.iter().all(|(rule, number)| *number <= count(before, rule))
    }

    /// What makes the text as it is when every safe fix is applied, round by round: two fixes may
    /// want to write at the same place.
    fn fix_all(&self, checker: &dyn Checker) -> Vec<(Bytes<usize>, String)> {
        let mut pieces = Pieces::of(&self.text.text);
        let own = self.shown.iter().filter(|shown| !shown.is_across());
        let mut findings: Vec<Arc<Judged>> = own.filter_map(Shown::judged).cloned().collect();
        let mut text = self.text.text.to_string();
        for _ in 0..ROUNDS {
            let lined = self.lined(&text);
            let mut chosen: BTreeMap<(usize, usize), String> = BTreeMap::new();
            for judged in findings.iter().filter(|judged| is_safe(judged)) {
                let Some(fix) = &judged.fix else { continue };
                let edits = edits_of(fix, &lined);
                let is_free = |(bytes, new): &(Bytes<usize>, String)| {
                    chosen.iter().all(|(&(start, end), text)| {
                        let same = (start, end) == (bytes.start, bytes.end) && text == new;
                        same || end < bytes.start || bytes.end < start
                    })
                };
                if edits.iter().all(is_free) {
                    chosen.extend(edits.into_iter().map(|(at, new)| ((at.start, at.end), new)));
                }
            }
            if chosen.is_empty() {
                break;
            }
            for ((start, end), new) in chosen.iter().rev() {
                pieces.replace(*start..*end, new);
            }
            let left = findings.len();
            text = pieces.text();
            let text = Text { text: text.as_str().into(), ..self.text.clone() };
            let outcome = checker.check_text(&self.settings, &text);
            // A fix that brings up more than it mends is not tried again.
            if outcome.failure.is_some() || outcome.findings.len() >= left {
                break;
            }
            findings = outcome.findings.into_iter().map(Arc::new).collect();
        }
        pieces.edits()
    }

    fn lined(&self, text: &str) -> Document {
        Document::new(self.uri.clone(), String::new(), self.version, text.to_owned())
    }

    /// Edits of the document, for the version they were made for where the editor heeds that.
    fn edit(&self, lined: &Document, edits: Vec<(Bytes<usize>, String)>) -> Value {
        let edits: Vec<_> = edits
            .into_iter()
            .map(|(bytes, new)| {
                let start = lined.position(bytes.start, self.encoding);
                let end = lined.position(bytes.end, self.encoding);
                json!({"range": Range::new(start, end), "newText": new})
            })
            .collect();
        if self.versioned {
            let document = json!({"uri": self.uri, "version": self.version});
            json!({"documentChanges": [{"textDocument": document, "edits": edits}]})
        } else {
            json!({"changes": {self.uri.as_str(): edits}})
        }
    }
}

fn is_safe(judged: &Judged) -> bool {
    judged.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Safe && !fix.edits.is_empty())
}

fn counts<'j>(findings: impl IntoIterator<Item = &'j Judged>) -> BTreeMap<&'j str, usize> {
    let mut counts = BTreeMap::new();
    for judged in findings {
        *counts.entry(judged.rule.id).or_default() += 1;
    }
    counts
}

/// The edits of a fix in bytes, in order; none if they overlap.
fn edits_of(fix: &JudgedFix, lined: &Document) -> Vec<(Bytes<usize>, String)> {
    let mut edits: Vec<_> =
        fix.edits.iter().map(|edit| (bytes(edit.region, lined), edit.text.clone())).collect();
    edits.sort_by_key(|(at, _)| (at.start, at.end));
    let apart = edits.windows(2).all(|pair| matches!(pair, [a, b] if a.0.end <= b.0.start));
    if apart { edits } else { Vec::new() }
}

/// A region in bytes. The byte order mark is no column of a report, but it is one of the text.
fn bytes(region: Region, lined: &Document) -> Bytes<usize> {
    let range = Encoding::Utf16.range(region, |_| None);
    let [start, end] = [range.start, range.end].map(|at| {
        let marked = at.line == 0 && lined.text.starts_with('\u{feff}');
        let at = Position::new(at.line, at.character + u32::from(marked));
        lined.offset(at, Encoding::Utf16)
    });
    start..end.max(start)
}
