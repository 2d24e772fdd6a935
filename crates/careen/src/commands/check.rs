use anyhow::{Result, bail};
use careen_engine::Engine;
use careen_ledger::Ledger;
use careen_repo::{Options, Selection};
use careen_rule::{Note, Report, Severity};

use crate::args::CheckArguments;
use crate::cache::Cache;
use crate::plan::{Plan, options};
use crate::progress::Meter;
use crate::{accepted, images, mend, outputs};

/// Checks and reports; the exit code says what was found.
pub(crate) fn run(arguments: &CheckArguments) -> Result<u8> {
    outputs::verify(arguments)?;
    mend::verify(arguments)?;
    verify_history(arguments)?;
    if arguments.since.is_some() && !arguments.images.is_empty() {
        bail!("`--since` compares files with what Git knows: leave the images out");
    }
    let plan = Plan::of(arguments)?;
    let (mut ledger, mut notes) = accepted::load(arguments, &plan.loaded)?;
    let meter = Meter::start();
    let linters = plan.linters.all();
    let knowledge = images::Knowledge::of(arguments, &plan.loaded, plan.now())?;
    let options = options(arguments);
    let cache = Cache::open(arguments, &plan)?;
    let clean = cache.as_ref().map(Cache::clean);
    if let Some(revision) = &arguments.since {
        let images = knowledge.open(arguments)?;
        // What else is accepted today is accepted today: there is no need to ask what was then.
        let before = Ledger::default();
        let engine = Engine { images, clean, ..plan.engine(arguments, &linters, &before, &meter) };
        let then = Options { selection: Selection::At(revision.clone()), ..options.clone() };
        let remembered = engine.remember(&then, &format!("since {revision}"));
        match remembered {
            Ok((since, told)) => {
                ledger.since = Some(since);
                notes.extend(told);
            }
            Err(error) => {
                meter.finish();
                return Err(error.into());
            }
        }
    }
    let images = knowledge.open(arguments)?;
    let engine = Engine { images, clean, ..plan.engine(arguments, &linters, &ledger, &meter) };
    let fail_on = plan.fail_on;
    if let Some(up_to) = mend::wanted(arguments) {
        let mended = engine.mend(&options, up_to);
        meter.finish();
        let mut mended = mended?;
        tell(&mut mended.report, notes);
        return mend::finish(&mended, arguments, fail_on);
    }
    let report = match &arguments.history {
        Some(range) => {
            if !engine.can_search_history() {
                meter.finish();
                bail!("`--history` looks for secrets only, and no rule for them is selected");
            }
            meter.heed_interrupts()?;
            let range = Some(range.as_str()).filter(|range| !range.is_empty());
            engine.check_history(&options, range, arguments.show_authors)
        }
        None => engine.check(&options),
    };
    meter.finish();
    let mut report = report?;
    if let Some(cache) = &cache {
        cache.close(&report);
    }
    tell(&mut report, notes);

    outputs::write(&report, arguments, fail_on)?;
    Ok(code(&report, fail_on, arguments.exit_zero))
}

fn tell(report: &mut Report, notes: Vec<Note>) {
    report.notes.extend(notes);
    report.notes.sort();
}

/// A history has no standard input.
fn verify_history(arguments: &CheckArguments) -> Result<()> {
    if arguments.history.is_some() && !arguments.images.is_empty() {
        bail!("`--history` searches a repository: leave the images out");
    }
    if arguments.history.is_some() && arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("`--history` searches a repository: leave out `-`");
    }
    Ok(())
}

/// The exit code that a report stands for.
pub(crate) fn code(report: &Report, fail_on: Severity, exit_zero: bool) -> u8 {
    if !report.is_complete() {
        crate::FAILURE
    } else if !exit_zero && report.active().any(|finding| finding.severity >= fail_on) {
        1
    } else {
        0
    }
}
