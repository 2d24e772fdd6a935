//! Findings as somebody mends them: file by file, the worst first, and place by place in a file.

mod lines;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use careen_rule::{
    Confidence, Judged, JudgedFix, ObjectPath, Report, Safety, Severity, Suppression,
    SuppressionKind,
};

use self::lines::{Line, lines};
use super::rules::Rules;
use super::text::Text;
use super::{MAX_LABEL, MAX_MESSAGE};
use crate::words::{capitalized, sentence};
use crate::{Options, history, shown};

/// Findings on a page; the mildest others are counted.
const FINDINGS: usize = 10_000;
/// Places that are shown with their lines, from the top of the page.
const WITH_LINES: usize = 4_000;
/// Related places of a finding.
const RELATED: usize = 8;
/// Files named in the table of contents.
const CONTENTS: usize = 200;

pub(super) struct Findings<'r> {
    pub(super) files: Vec<File<'r>>,
    /// Findings that are not on the page.
    pub(super) left: usize,
    /// Places that are shown without their lines.
    pub(super) bare: usize,
}

/// The findings of a file.
pub(super) struct File<'r> {
    /// The anchor is `file` and this number.
    pub(super) number: usize,
    path: &'r str,
    pub(super) shown: Text<'r>,
    /// The path below the folder that all files are in.
    pub(super) short: Text<'r>,
    /// How many of each severity, the worst first.
    pub(super) levels: Vec<(Severity, usize)>,
    pub(super) places: Vec<Place<'r>>,
}

/// Findings that share their lines: five things missing in one container are one place.
pub(super) struct Place<'r> {
    /// The anchor is `p` and this number.
    pub(super) number: usize,
    pub(super) line: u32,
    pub(super) object: Option<Object<'r>>,
    pub(super) lines: Vec<Line<'r>>,
    pub(super) findings: Vec<Finding<'r>>,
}

/// The object that findings are about.
pub(super) struct Object<'r> {
    pub(super) kind: Text<'r>,
    pub(super) namespace: Option<Text<'r>>,
    pub(super) name: Text<'r>,
    pub(super) container: Option<Text<'r>>,
}

pub(super) struct Finding<'r> {
    /// The anchor is `f` and this number.
    pub(super) number: usize,
    pub(super) severity: &'static str,
    pub(super) message: Text<'r>,
    pub(super) rule: Text<'static>,
    pub(super) rule_number: usize,
    pub(super) linter: &'static str,
    pub(super) field: Option<Text<'r>>,
    /// Only if it is not certain.
    pub(super) confidence: Option<&'static str>,
    pub(super) remedy: Text<'static>,
    pub(super) fix: Option<Fix<'r>>,
    pub(super) lowered: Option<(Severity, &'static str)>,
    pub(super) history: Option<Text<'static>>,
    pub(super) suppressed: Option<Suppressed<'r>>,
    pub(super) related: Vec<Related<'r>>,
    /// Related places that are not on the page.
    pub(super) left: usize,
}

pub(super) struct Fix<'r> {
    pub(super) title: Text<'r>,
    pub(super) is_safe: bool,
}

pub(super) struct Suppressed<'r> {
    pub(super) by: &'static str,
    pub(super) source: Option<Text<'r>>,
    pub(super) reason: Option<Text<'r>>,
}

pub(super) struct Related<'r> {
    pub(super) place: Text<'r>,
    pub(super) message: Text<'r>,
    pub(super) lines: Vec<Line<'r>>,
}

impl<'r> Findings<'r> {
    pub(super) fn of(report: &'r Report, options: &Options, rules: &Rules) -> Self {
        let mut findings: Vec<&Judged> = shown(report, options).collect();
        let left = findings.len().saturating_sub(FINDINGS);
        if left > 0 {
            findings.sort_by_key(|it| (it.suppressed.is_some(), Reverse(it.severity)));
            findings.truncate(FINDINGS);
        }
        let mut files: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
        for finding in findings {
            files.entry(&finding.path).or_default().push(finding);
        }
        let mut files: Vec<(&str, Vec<&Judged>)> = files.into_iter().collect();
        files.sort_by_key(|(path, findings)| {
            // A suppressed finding is milder than any other.
            let worst = findings.iter().filter(|it| it.suppressed.is_none()).map(|it| it.severity);
            (Reverse(worst.max()), Reverse(findings.len()), *path)
        });
        let mut page = Builder {
            rules,
            folder: common_folder(files.iter().map(|it| it.0)),
            place: 0,
            finding: 0,
        };
        let files = files
            .into_iter()
            .enumerate()
            .map(|(index, (path, findings))| page.file(index + 1, path, findings))
            .collect();
        Self { files, left, bare: page.place.saturating_sub(WITH_LINES) }
    }

    /// The files that the table of contents names, and how many it does not.
    pub(super) fn contents(&self) -> (&[File<'r>], usize) {
        let named = self.files.len().min(CONTENTS);
        (self.files.get(..named).unwrap_or_default(), self.files.len() - named)
    }

    /// Rule number, finding number, path and line of each, in the order of the page.
    pub(super) fn index(&self) -> impl Iterator<Item = (usize, usize, &'r str, u32)> {
        self.files.iter().flat_map(|file| {
            file.places.iter().flat_map(|place| {
                place.findings.iter().map(|it| (it.rule_number, it.number, file.path, place.line))
            })
        })
    }
}

/// Numbers what it makes.
struct Builder<'b> {
    rules: &'b Rules,
    /// Bytes of the folder that all files are in, with its slash.
    folder: usize,
    place: usize,
    finding: usize,
}

impl Builder<'_> {
    fn file<'r>(
        &mut self,
        number: usize,
        path: &'r str,
        mut findings: Vec<&'r Judged>,
    ) -> File<'r> {
        // Those of one place together, the worst of them first.
        findings.sort_by_key(|it| {
            let order = it.history.as_ref().map_or(0, |history| history.order);
            (order, it.region, it.suppressed.is_some(), Reverse(it.severity), it.rule.id)
        });
        let of = |severity| {
            findings.iter().filter(|it| it.suppressed.is_none() && it.severity == severity).count()
        };
        let levels = Severity::ALL.into_iter().rev().map(|severity| (severity, of(severity)));
        File {
            number,
            path,
            shown: Text::line(path, MAX_LABEL),
            short: Text::line(path.get(self.folder..).unwrap_or(path), MAX_LABEL),
            levels: levels.filter(|(_, number)| *number > 0).collect(),
            places: findings
                .chunk_by(|a, b| stand_together(a, b))
                .filter_map(|cluster| self.place(cluster))
                .collect(),
        }
    }

    fn place<'r>(&mut self, cluster: &[&'r Judged]) -> Option<Place<'r>> {
        let first = *cluster.first()?;
        self.place += 1;
        Some(Place {
            number: self.place,
            line: first.region.start.line.max(1),
            object: first.object.as_deref().and_then(object),
            lines: if self.place <= WITH_LINES { lines(&first.snippet) } else { Vec::new() },
            findings: cluster.iter().map(|finding| self.finding(finding)).collect(),
        })
    }

    fn finding<'r>(&mut self, finding: &'r Judged) -> Finding<'r> {
        self.finding += 1;
        let field = finding.object.as_ref().and_then(|object| object.field.as_deref());
        let related = finding.related.iter().take(RELATED).map(|related| {
            let start = related.region.start;
            Related {
                place: Text::place(&related.path, start.line.max(1), Some(start.column.max(1))),
                message: Text::message(&related.message, MAX_LABEL),
                lines: if self.place <= WITH_LINES { lines(&related.snippet) } else { Vec::new() },
            }
        });
        Finding {
            number: self.finding,
            severity: finding.severity.as_str(),
            message: Text::message(&finding.message, MAX_MESSAGE),
            rule: Text::line(finding.rule.id, MAX_LABEL),
            rule_number: self.rules.number(finding),
            linter: finding.rule.linter(),
            field: field.map(|field| Text::line(field, MAX_LABEL)),
            confidence: (finding.confidence != Confidence::Certain)
                .then(|| finding.confidence.as_str()),
            remedy: Text::message(finding.rule.remedy, MAX_MESSAGE),
            fix: finding.fix.as_ref().map(fix),
            lowered: finding.lowered.map(|lowered| (lowered.from, lowered.because)),
            history: finding
                .history
                .as_deref()
                .map(|history| Text::owned(&capitalized(&sentence(&history::words(history))))),
            suppressed: finding.suppressed.as_ref().map(suppressed),
            left: finding.related.len().saturating_sub(RELATED),
            related: related.collect(),
        }
    }
}

/// How many bytes of the paths are a folder that all of them are in.
fn common_folder<'p>(mut paths: impl Iterator<Item = &'p str>) -> usize {
    let Some(first) = paths.next() else { return 0 };
    let folder = first.rfind('/').map_or(0, |at| at + 1);
    paths.fold(folder, |folder, path| {
        let same = first.bytes().zip(path.bytes()).take(folder).take_while(|(a, b)| a == b).count();
        let same = first.as_bytes().get(..same).unwrap_or_default();
        same.iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1)
    })
}

/// Whether two findings in a row are about the same lines of the same object.
fn stand_together(a: &Judged, b: &Judged) -> bool {
    let about = |finding: &Judged| {
        let object = finding.object.as_deref()?;
        Some(ObjectPath { field: None, ..object.clone() })
    };
    let commit = |finding: &Judged| finding.history.as_ref().map(|history| history.order);
    a.region == b.region && a.snippet == b.snippet && commit(a) == commit(b) && about(a) == about(b)
}

fn object(object: &ObjectPath) -> Option<Object<'_>> {
    // Without a kind and a name nothing would be said.
    (!object.kind.is_empty() || !object.name.is_empty()).then(|| Object {
        kind: Text::line(&object.kind, MAX_LABEL),
        namespace: object.namespace.as_deref().map(|name| Text::line(name, MAX_LABEL)),
        name: Text::line(&object.name, MAX_LABEL),
        container: object.container.as_deref().map(|name| Text::line(name, MAX_LABEL)),
    })
}

fn fix(fix: &JudgedFix) -> Fix<'_> {
    let is_safe = match fix.safety {
        Safety::Safe => true,
        Safety::Unsafe => false,
    };
    Fix { title: Text::message(&fix.title, MAX_MESSAGE), is_safe }
}

fn suppressed(suppression: &Suppression) -> Suppressed<'_> {
    Suppressed {
        by: match (suppression.kind, &suppression.source) {
            (SuppressionKind::Comment, None) => "by a comment",
            (SuppressionKind::Annotation, None) => "by an annotation",
            (SuppressionKind::Configuration, None) => "by the configuration",
            (SuppressionKind::Baseline, None) => "by the baseline",
            (SuppressionKind::Import, None) => "by a file of another tool",
            (SuppressionKind::Baseline, Some(_)) => "by the baseline ",
            (_, Some(_)) => "by ",
        },
        source: suppression.source.as_deref().map(|source| Text::line(source, MAX_LABEL)),
        reason: suppression.reason.as_deref().map(|reason| Text::message(reason, MAX_MESSAGE)),
    }
}

impl File<'_> {
    /// The worst severity that counts; empty if all are suppressed.
    pub(super) fn worst(&self) -> &'static str {
        self.levels.first().map_or("", |(severity, _)| severity.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::common_folder;

    #[test]
    fn the_folder_that_all_are_in() {
        let common = |paths: &[&str]| common_folder(paths.iter().copied());
        assert_eq!(common(&[]), 0);
        assert_eq!(common(&["a/b/c"]), 4);
        assert_eq!(common(&["a/b/c", "a/b/d", "a/bc"]), 2);
        assert_eq!(common(&["a/b", "ü"]), 0);
        assert_eq!(common(&["a/b/c", "a/b"]), 2);
        assert_eq!(common(&["/ü/a", "/ü/b"]), 4);
        assert_eq!(common(&["/ü/a", "/û/b"]), 1);
    }
}
