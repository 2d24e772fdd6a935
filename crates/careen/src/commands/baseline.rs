//! `careen baseline`: writes down what is found.

use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, bail};
use careen_engine::Engine;
use careen_ledger::{Baseline, Ledger, Terms};
use careen_repo::Selection;

use crate::args::{BaselineAction, BaselineArguments};
use crate::files::replace;
use crate::plan::{Plan, options};
use crate::progress::Meter;
use crate::{FAILURE, accepted, complain, images};

/// Where a baseline is written unless told otherwise.
const DEFAULT: &str = "careen-baseline.json";

/// Creates, updates or prunes the baseline.
pub(crate) fn run(arguments: &BaselineArguments) -> Result<u8> {
    let check = &arguments.check;
    let plan = Plan::of(check)?;
    let path = accepted::path(check, &plan.loaded).unwrap_or_else(|| PathBuf::from(DEFAULT));
    let options = options(check);
    if options.selection != Selection::Tree || check.since.is_some() || check.fix || check.diff {
        bail!(
            "a baseline is of all files as they are: leave `--tracked`, `--staged`, `--since`, \
             `--changed` and fixes out"
        );
    }
    if arguments.expires.as_ref().is_some_and(|day| day.is_over(plan.now())) {
        bail!("`--expires` names a day that is over: such entries hold for nothing");
    }
    if options.roots.iter().any(|root| root.as_os_str() == "-") {
        bail!("a baseline is of files: standard input has none");
    }
    let baseline = match arguments.action {
        BaselineAction::Create if path.exists() && !arguments.force => bail!(
            "{} is there already: `careen baseline update` takes new findings in, `--force` \
             replaces it",
            path.display()
        ),
        BaselineAction::Create => {
            let salt = Baseline::random_salt().map_err(|error| anyhow!("{error}"))?;
            Baseline::new(&path.display().to_string(), salt)
        }
        BaselineAction::Update | BaselineAction::Prune => accepted::read_baseline(&path)?,
    };
    let (foreign, _) = accepted::foreign(check)?;
    let mut ledger = Ledger { foreign, baseline: Some(baseline), since: None };
    let meter = Meter::start();
    let linters = plan.linters.all();
    let knowledge = images::Knowledge::of(check, &plan.loaded, plan.now())?;
    let images = knowledge.open(check)?;
    let engine = Engine { images, ..plan.engine(check, &linters, &ledger, &meter) };
    let recorded = engine.record(&options);
    meter.finish();
    let recorded = recorded?;
    if !recorded.report.is_complete() {
        complain(
            "error: the analysis is incomplete, so the baseline would be; `careen check` tells more",
        );
        return Ok(FAILURE);
    }
    if let Some(baseline) = &mut ledger.baseline {
        let before = baseline.entries().len();
        if arguments.action == BaselineAction::Prune {
            baseline.remove(&recorded.stale);
        } else {
            let terms = Terms {
                reason: arguments.reason.clone(),
                owner: arguments.owner.clone(),
                expires: arguments.expires,
            };
            // What is known of a place is written anew with it.
            let gone = recorded.stale.union(&recorded.used).copied().collect();
            baseline.replace(&recorded.places, &gone, &terms, plan.now());
        }
        let after = baseline.entries().len();
        replace(&path, baseline.write().as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        let entries = if after == 1 { "entry" } else { "entries" };
        complain(&format!("{}: {after} {entries}, {before} before", path.display()));
    }
    Ok(0)
}
