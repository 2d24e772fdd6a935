use std::fmt;
use std::sync::Arc;

use careen_text::{Source, Span};

use crate::{Finding, Location, Meta, ObjectPath};

/// What a linter has found so far, and which rule is running, so that a rule that fails can be
/// named and what was found before it is kept.
///
/// Hostile input can make any rule fire without end, so each rule is heard so many times only.
/// What it says beyond that is counted; the secrets it names are still masked.
#[derive(Debug)]
pub struct Findings {
    list: Vec<Finding>,
    /// How many findings of one rule are kept.
    most: usize,
    running: Option<&'static Meta>,
    counts: Vec<(&'static Meta, usize)>,
    /// Takes what is beyond the limit; its secrets move to a finding that stays.
    beyond: Option<Box<Finding>>,
}

impl Findings {
    /// How many findings of one rule are kept of one file.
    pub const MOST_OF_FILE: usize = 2_000;
    /// How many findings of one rule are kept of a whole snapshot.
    pub const MOST_OF_SNAPSHOT: usize = 20_000;

    /// Nothing found yet in a file.
    #[must_use]
    pub const fn of_file() -> Self {
        Self::limited(Self::MOST_OF_FILE)
    }

    /// Nothing found yet in a snapshot.
    #[must_use]
    pub const fn of_snapshot() -> Self {
        Self::limited(Self::MOST_OF_SNAPSHOT)
    }

    const fn limited(most: usize) -> Self {
        Self { list: Vec::new(), most, running: None, counts: Vec::new(), beyond: None }
    }

    /// A sink for one rule over one source.
    pub fn sink<'a>(&'a mut self, rule: &'static Meta, source: &'a Arc<Source>) -> Sink<'a> {
        self.running = Some(rule);
        Sink { rule, source, subject: Subject::None, findings: self }
    }

    /// A sink for one rule that looks across files.
    pub fn across(&mut self, rule: &'static Meta) -> SnapshotSink<'_> {
        self.running = Some(rule);
        SnapshotSink { rule, findings: self }
    }

    /// The rule that ran last.
    #[must_use]
    pub fn running(&self) -> Option<&'static Meta> {
        self.running
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings so far.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.list.iter()
    }

    /// Gives the findings away.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Finding> {
        self.keep_secrets();
        self.list
    }

    /// The rules that had more to say than was kept, and how much.
    pub fn left_out(&self) -> impl Iterator<Item = (&'static Meta, usize)> {
        self.counts
            .iter()
            .map(|&(rule, count)| (rule, count.saturating_sub(self.most)))
            .filter(|&(_, count)| count > 0)
    }

    fn push(&mut self, finding: Finding) -> &mut Finding {
        let known = self.counts.iter().position(|(rule, _)| std::ptr::eq(*rule, finding.rule));
        let at = known.unwrap_or_else(|| {
            self.counts.push((finding.rule, 0));
            self.counts.len() - 1
        });
        let count = &mut self.counts[at].1;
        *count += 1;
        if *count > self.most {
            self.keep_secrets();
            return self.beyond.insert(Box::new(finding));
        }
        let index = self.list.len();
        self.list.push(finding);
        &mut self.list[index]
    }

    /// Masks are per source, so any finding of the same source can carry them.
    fn keep_secrets(&mut self) {
        let Some(beyond) = self.beyond.take().filter(|beyond| !beyond.secrets.is_empty()) else {
            return;
        };
        let source = &beyond.location.source;
        let same = |finding: &&mut Finding| Arc::ptr_eq(&finding.location.source, source);
        if let Some(finding) = self.list.iter_mut().rev().find(same) {
            finding.secrets.extend(&beyond.secrets);
        }
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Finding;
    type IntoIter = std::slice::Iter<'a, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What findings are about.
enum Subject<'a> {
    None,
    Named(ObjectPath),
    /// Named once something is found, because most of the time nothing is.
    Lazy(&'a dyn Fn() -> ObjectPath),
}

/// Where a check of one file puts what it finds. Bound to one rule and one source.
pub struct Sink<'a> {
    rule: &'static Meta,
    source: &'a Arc<Source>,
    subject: Subject<'a>,
    findings: &'a mut Findings,
}

impl<'a> Sink<'a> {
    /// The same sink with an object that every finding is about.
    #[must_use]
    pub fn about(mut self, object: ObjectPath) -> Self {
        self.subject = Subject::Named(object);
        self
    }

    /// As [`Sink::about`], but the object is named only for a finding.
    #[must_use]
    pub fn about_lazily(mut self, object: &'a dyn Fn() -> ObjectPath) -> Self {
        self.subject = Subject::Lazy(object);
        self
    }

    /// Changes the object that following findings are about.
    pub fn set_object(&mut self, object: Option<ObjectPath>) {
        self.subject = object.map_or(Subject::None, Subject::Named);
    }

    /// The rule that is running.
    #[must_use]
    pub fn rule(&self) -> &'static Meta {
        self.rule
    }

    /// The source that reports point into.
    #[must_use]
    pub fn source(&self) -> &Arc<Source> {
        self.source
    }

    /// Reports a defect at a span of the bound source.
    pub fn report(&mut self, span: Span, message: impl Into<String>) -> &mut Finding {
        let location = Location { source: Arc::clone(self.source), span };
        let mut finding = Finding::new(self.rule, location, message);
        finding.object = match &self.subject {
            Subject::None => None,
            Subject::Named(object) => Some(Box::new(object.clone())),
            Subject::Lazy(object) => Some(Box::new(object())),
        };
        self.findings.push(finding)
    }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").field("rule", &self.rule.id).finish_non_exhaustive()
    }
}

/// Where a check across files puts what it finds. Bound to one rule.
#[derive(Debug)]
pub struct SnapshotSink<'a> {
    rule: &'static Meta,
    findings: &'a mut Findings,
}

impl SnapshotSink<'_> {
    /// The rule that is running.
    #[must_use]
    pub fn rule(&self) -> &'static Meta {
        self.rule
    }

    /// Reports a defect at a span of a source.
    pub fn report(
        &mut self,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Finding {
        let location = Location { source: Arc::clone(source), span };
        self.findings.push(Finding::new(self.rule, location, message))
    }
}

#[cfg(test)]
mod tests {
    use careen_text::{Source, Span};

    use super::Findings;
    use crate::Meta;

    static RULE: Meta = Meta { id: "a-rule", ..Meta::DEFAULT };

    #[test]
    fn a_rule_without_end_is_cut_and_its_secrets_stay_masked() {
        let source = Source::new("x", "text");
        let mut findings = Findings::of_file();
        for _ in 0..Findings::MOST_OF_FILE + 5 {
            findings.sink(&RULE, &source).report(Span::new(0, 1), "found").secret(Span::new(2, 3));
        }
        assert_eq!(
            findings.left_out().map(|(rule, count)| (rule.id, count)).next(),
            Some(("a-rule", 5))
        );
        let kept = findings.into_vec();
        assert_eq!(kept.len(), Findings::MOST_OF_FILE);
        assert_eq!(
            kept.iter().map(|finding| finding.secrets.len()).sum::<usize>(),
            Findings::MOST_OF_FILE + 5
        );
    }
}
