//! What changed since a revision.

use anyhow::Result;
use careen_audit_model::Changes;
use careen_ledger::Ledger;
use careen_repo::{Options, Selection};

use super::folder::Folder;
use crate::args::CheckArguments;
use crate::plan::{Plan, options};
use crate::progress::Meter;

/// Findings that are told one by one.
const MOST_TOLD: usize = 50;

pub(super) fn changes(
    revision: &str,
    folder: &Folder,
    check: &CheckArguments,
    plan: &Plan,
) -> Result<Changes> {
    let meter = Meter::start();
    let linters = plan.linters.all();
    let nothing = Ledger::default();
    let then = Options { selection: Selection::At(revision.to_owned()), ..options(check) };
    let engine = plan.engine(check, &linters, &nothing, &meter);
    let (since, _) = engine.remember(&then, &format!("since {revision}"))?;
    let before = since.entries().iter().map(|entry| entry.count).sum::<usize>();
    let ledger = Ledger { since: Some(since), ..Ledger::default() };
    let engine = plan.engine(check, &linters, &ledger, &meter);
    let compared = engine.check(&options(check))?;
    meter.finish();
    let mut new: Vec<_> = compared.active().collect();
    new.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let kept = compared.findings.iter().filter(|finding| {
        let source = finding.suppressed.as_ref().and_then(|it| it.source.as_deref());
        source.is_some_and(|source| source.starts_with("since "))
    });
    let told = new.iter().take(MOST_TOLD).map(|finding| {
        let (path, line) = (&finding.path, finding.region.start.line);
        format!("{path}:{line} {}: {}", finding.rule.id, finding.message)
    });
    let changed = Options { selection: Selection::Changed(revision.to_owned()), ..options(check) };
    let listing = careen_repo::discover(&changed)?;
    Ok(Changes {
        since: revision.to_owned(),
        commits: careen_repo::commits_since(&folder.path, revision)?,
        files: listing.entries.len(),
        new_findings: told.collect(),
        gone_findings: before.saturating_sub(kept.count()),
    })
}
