//! `careen audit`: reads what an audit rests on, has it decided, and writes it.

pub(crate) mod content;
mod controls;
mod evidence;
mod folder;
mod list;
mod outputs;
pub(crate) mod settings;
mod since;
mod state;
mod words;

use std::collections::BTreeSet;
use std::sync::Mutex;

use anyhow::{Context as _, Result, bail};
use careen_audit::{Earlier, Inputs, Survey, compare, definitions, named_rules};
use careen_audit_model::{Audit, Outcome, Phase, Tool, Unseen};
use careen_engine::Engine;
use careen_ledger::Ledger;
use careen_rule::Report;

use self::folder::Folder;
use self::settings::Settings;
use crate::args::{AuditAction, AuditArguments, CheckArguments, PhaseArgument};
use crate::plan::{Plan, options};
use crate::progress::Meter;
use crate::{config, files, images, look};

/// Bytes of another audit that is compared with.
const MOST_EARLIER: u64 = 64 << 20;

/// Audits and reports; the exit code says whether to sail.
pub(crate) fn run(arguments: &AuditArguments) -> Result<u8> {
    match &arguments.action {
        Some(AuditAction::Bind { file, write, at_least }) => {
            return super::bind::run(file, *write, *at_least);
        }
        Some(AuditAction::Controls { format }) => return controls::run(*format),
        None => {}
    }
    outputs::verify(arguments)?;
    let folder = Folder::open(&arguments.path)?;
    let mut check = look::arguments(Some(&folder.path))?;
    check.config.clone_from(&arguments.config);
    check.at.clone_from(&arguments.at);
    let mut loaded = config::load(check.config.as_deref(), &check.paths)?;
    settings::keep_to_reasons(&mut loaded);
    let mut plan = Plan::with(&check, loaded)?;
    let settings = Settings::of(arguments, &plan.loaded, &folder)?;
    let list = list::read(&settings, &folder)?;
    let definitions = definitions();
    let rules = careen_engine::rules(&plan.linters.all());
    // What a control asks for runs, though nobody asked for it in a check.
    // So does what a check runs without being asked: a release is not judged by a selection that was made
    // for something else.
    let mut asked: BTreeSet<&str> =
        rules.iter().filter(|rule| rule.default).map(|rule| rule.id).collect();
    for definition in &definitions {
        asked.extend(definition.decider.rules());
    }
    for item in &list.checklist.items {
        asked.extend(named_rules(item, &rules));
    }
    plan.selection = plan.selection.with(&rules, &asked);
    let standing = careen_repo::standing(&folder.path)?;
    let version = state::version(arguments, standing.as_ref(), &folder);
    plan.context.release = version.as_deref().map(Into::into);

    let (report, survey) = look_around(&check, &plan)?;
    let mut unseen: Vec<Unseen> = settings.unseen.clone();
    let pieces = evidence::read(&settings, &folder, &mut unseen)?;
    let (attestations, somebody_may_sign) =
        words::read(&settings, &folder, plan.now(), &mut unseen)?;
    let judged = state::judged(&state::Asked {
        arguments,
        folder: &folder,
        settings: &settings,
        list: &list,
        standing: standing.as_ref(),
        pieces: &pieces,
        attestations: &attestations,
        version,
        definitions: &definitions,
        now: plan.now(),
    })?;
    let ran = rules.iter().filter(|rule| plan.selection.is_enabled(rule)).map(|rule| rule.id);
    let mut audit = careen_audit::audit(Inputs {
        checklist: &list.checklist,
        definitions: &definitions,
        adjustments: &settings.adjustments,
        report: &report,
        ran: &ran.collect(),
        survey: &survey,
        standing: &judged.standing,
        pieces: &pieces,
        attestations: &attestations,
        somebody_may_sign,
        subject: judged.subject,
        unseen,
        now: plan.now(),
        phase: match arguments.phase {
            PhaseArgument::Before => Phase::Before,
            PhaseArgument::After => Phase::After,
        },
        tool: Tool { name: "careen".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
    });
    if let Some(revision) = &arguments.since {
        audit.changes = Some(since::changes(revision, &folder, &check, &plan)?);
    }
    if let Some(path) = &arguments.compare {
        let shown = path.display().to_string();
        let bytes = files::read_at_most(path, MOST_EARLIER)
            .with_context(|| format!("cannot read {shown}"))?;
        let earlier = Earlier::read(&shown, &String::from_utf8_lossy(&bytes));
        let earlier = earlier.map_err(|message| anyhow::anyhow!(message))?;
        audit.comparison = Some(compare(&audit, earlier));
    }
    let written = list::write_back(arguments, &list, &audit)?;
    outputs::write(&audit, arguments)?;
    Ok(if written { code(&audit) } else { 1 })
}

/// The exit code that an audit stands for.
fn code(audit: &Audit) -> u8 {
    if audit.verdict.outcome == Outcome::NoGo {
        1
    } else if audit.unseen.iter().any(|unseen| unseen.incomplete) {
        crate::FAILURE
    } else {
        0
    }
}

/// Checks the folder and counts what there is. What was accepted before counts here: a baseline is no
/// reason to sail.
fn look_around(check: &CheckArguments, plan: &Plan) -> Result<(Report, Survey)> {
    let meter = Meter::start();
    let linters = plan.linters.all();
    let ledger = Ledger::default();
    let surveyed = Mutex::new(Survey::default());
    let witness = |snapshot: &careen_model::Snapshot| {
        if let Ok(mut survey) = surveyed.lock() {
            *survey = Survey::of(snapshot);
        }
    };
    let knowledge = images::Knowledge::of(check, &plan.loaded, plan.now())?;
    let images = knowledge.open(check)?;
    let engine =
        Engine { images, witness: Some(&witness), ..plan.engine(check, &linters, &ledger, &meter) };
    let report = engine.check(&options(check));
    drop(engine);
    meter.finish();
    let report = report?;
    let Ok(mut survey) = surveyed.into_inner() else { bail!("the survey failed") };
    survey.see_files(report.summary.files + report.summary.binary);
    Ok((report, survey))
}
