//! What is shown, in the protocol's words.

use std::path::Path;
use std::str::FromStr;

use careen_rule::{Judged, Severity};
use careen_text::sanitize_line;
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Range, Uri,
};
use serde_json::Value;

use crate::abilities::Abilities;
use crate::folder::Folders;
use crate::shown::{Shown, What};
use crate::{Level, Problem};

/// Diagnostics of one document: beyond that nobody reads, and editors get slow.
pub(crate) const MOST: usize = 1_000;
/// Other places of one finding.
const MOST_RELATED: usize = 20;

/// Tells addresses of files.
pub(crate) struct Teller<'t> {
    pub(crate) abilities: &'t Abilities,
    pub(crate) folders: &'t Folders,
    /// The address that an open document has.
    pub(crate) open: &'t dyn Fn(&Path) -> Option<Uri>,
}

impl Teller<'_> {
    /// All of a file, and how many are left out if there are too many.
    pub(crate) fn all<'s>(&self, shown: impl IntoIterator<Item = &'s Shown>) -> Vec<Diagnostic> {
        let mut shown = shown.into_iter();
        let mut diagnostics: Vec<_> =
            shown.by_ref().take(MOST).map(|shown| self.one(shown)).collect();
        let rest = shown.count();
        if rest > 0 {
            diagnostics.push(Diagnostic {
                severity: Some(DiagnosticSeverity::INFORMATION),
                source: Some("careen".to_owned()),
                message: format!("{rest} more findings are not shown: mend these first"),
                ..Diagnostic::default()
            });
        }
        diagnostics
    }

    pub(crate) fn one(&self, shown: &Shown) -> Diagnostic {
        match &shown.what {
            What::Finding { judged, base, .. } => self.finding(judged, base, shown.range),
            What::Problem(problem) => self.problem(problem, shown.range),
        }
    }

    fn finding(&self, judged: &Judged, base: &Path, range: Range) -> Diagnostic {
        let rule = judged.rule;
        let href = rule.url().filter(|_| self.abilities.code_description);
        let code_description =
            href.and_then(|url| Uri::from_str(url).ok()).map(|href| CodeDescription { href });
        let related: Vec<_> = judged
            .related
            .iter()
            .filter(|_| self.abilities.related)
            .take(MOST_RELATED)
            .filter_map(|related| {
                let path = base.join(&*related.path);
                let uri = (self.open)(&path).or_else(|| self.folders.uri(&path))?;
                let range = self.abilities.encoding.range(related.region, |_| None);
                let message = sanitize_line(&related.message).into_owned();
                let location = Location { uri, range };
                Some(DiagnosticRelatedInformation { location, message })
            })
            .collect();
        let tag = if rule.id.contains("deprecated") {
            Some(DiagnosticTag::DEPRECATED)
        } else if rule.id.contains("unused") || rule.id.contains("unreachable") {
            Some(DiagnosticTag::UNNECESSARY)
        } else {
            None
        };
        Diagnostic {
            range,
            severity: Some(match judged.severity {
                Severity::Critical | Severity::High => DiagnosticSeverity::ERROR,
                Severity::Medium => DiagnosticSeverity::WARNING,
                Severity::Low => DiagnosticSeverity::INFORMATION,
                Severity::Info => DiagnosticSeverity::HINT,
            }),
            code: Some(NumberOrString::String(rule.id.to_owned())),
            code_description,
            source: Some("careen".to_owned()),
            message: sanitize_line(&judged.message).into_owned(),
            related_information: Some(related).filter(|related| !related.is_empty()),
            tags: tag.filter(|_| self.abilities.tags).map(|tag| vec![tag]),
            data: Some(Value::from(judged.fingerprint.as_str())),
        }
    }

    fn problem(&self, problem: &Problem, range: Range) -> Diagnostic {
        let unnecessary = problem.kind == "suppression" && self.abilities.tags;
        Diagnostic {
            range,
            severity: Some(match problem.level {
                Level::Error => DiagnosticSeverity::ERROR,
                Level::Warning => DiagnosticSeverity::WARNING,
                Level::Information => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(problem.kind.to_owned())),
            source: Some("careen".to_owned()),
            message: sanitize_line(&problem.message).into_owned(),
            tags: unnecessary.then(|| vec![DiagnosticTag::UNNECESSARY]),
            ..Diagnostic::default()
        }
    }
}
