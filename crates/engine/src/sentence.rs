//! A judged finding with what a baseline and fixes need of it, and what was known of it before.

use careen_ledger::{FileLedger, Known, Place, Subject};
use careen_rule::{Finding, Location, ObjectPath, Region};
use careen_text::Span;

use crate::mend::Proposal;
use crate::unite::Weighed;

/// Spans of a secret that files of other tools are asked about: itself and the value around it.
const MOST_OWN: usize = 2;

/// A judged finding on its way.
pub(crate) struct Sentence {
    pub(crate) weighed: Weighed,
    /// As a baseline knows it, if that is wanted or may be asked for.
    pub(crate) place: Option<Place>,
    /// Its fix, if that is wanted and the finding counts.
    pub(crate) proposal: Option<Proposal>,
}

impl Sentence {
    /// Whether nothing is known of it yet.
    pub(crate) fn is_stray(&self) -> bool {
        self.weighed.judged.suppressed.is_none()
            && self.place.as_ref().is_some_and(|place| place.entry.is_none())
    }

    pub(crate) fn learn(&mut self, known: Known) {
        if let Some(place) = &mut self.place {
            place.entry = known.entry;
        }
        if known.suppression.is_some() {
            self.weighed.judged.suppressed = known.suppression;
            self.proposal = None;
        }
    }
}

/// What is known of a finding from before.
pub(crate) fn accepted(
    finding: &Finding,
    region: Region,
    fingerprint: &str,
    ledger: &mut FileLedger<'_>,
) -> Known {
    let Location { source, span } = &finding.location;
    let last = Span::new(span.end.saturating_sub(1).max(span.start), span.end.max(span.start));
    let lines = source.lines();
    let lines = Span::new(
        lines.line_span(region.start.line).start,
        lines.line_span(source.position(last.start).line).end,
    );
    // What a rule masks beside the secret it is about may be another one's.
    let own = finding.secrets.iter().filter(|_| finding.held.is_some()).take(MOST_OWN);
    let secrets: Vec<&str> = own.map(|secret| source.slice(*secret)).collect();
    ledger.find(&Subject {
        rule: finding.rule,
        path: source.path(),
        lines: (region.start.line, source.position(last.start).line),
        text: source.slice(lines),
        secrets: &secrets,
        held: finding.held,
        fingerprint,
    })
}

/// A finding as a baseline knows it.
pub(crate) fn place_of(finding: &Finding) -> Place {
    let object = finding.object.as_ref();
    let name = |object: &ObjectPath| match object.qualified_name() {
        name if name.is_empty() => object.kind.clone(),
        name => format!("{}/{name}", object.kind),
    };
    Place {
        rule: finding.rule,
        path: finding.location.source.path().to_owned(),
        object: object.map(|object| name(object)).filter(|name| !name.is_empty()),
        container: object.and_then(|object| object.container.clone()),
        mark: finding.mark(),
        fingerprint: finding.fingerprint(),
        held: finding.held,
        entry: None,
    }
}
