use std::sync::Arc;

use anyhow::{Result, anyhow};
use careen_engine::Engine;
use careen_model::Context;
use careen_policy::{Selection, profile, profiles};
use careen_repo::{Limits, Options};
use careen_report::Format;
use careen_rule::{Report, Severity, Tool};

use crate::args::CheckArguments;
use crate::linters::Linters;
use crate::progress::Meter;
use crate::{config, detectors, exclude, mend, moment, outputs, schemas};

/// Checks and reports; the exit code says what was found.
pub(crate) fn run(arguments: &CheckArguments) -> Result<u8> {
    let now = moment::of(arguments.at.as_deref())?;
    outputs::verify(arguments)?;
    mend::verify(arguments)?;
    let loaded = config::load(arguments.config.as_deref(), &arguments.paths)?;
    let name =
        arguments.profile.as_deref().or(loaded.config.profile.as_deref()).unwrap_or("default");
    let profile = profile(name).ok_or_else(|| {
        let known: Vec<_> = profiles().iter().map(|profile| profile.name).collect();
        anyhow!("no profile is called `{name}`: use {}", known.join(", "))
    })?;
    let linters = Linters::with(&detectors::load(&loaded)?);
    let linters = linters.all();
    let rules = careen_engine::rules(&linters);
    let selection =
        Selection::resolve(&rules, profile, &loaded.config, &arguments.select, &arguments.ignore)?;
    let fail_on = arguments
        .fail_on
        .or(loaded.config.fail_on)
        .unwrap_or_else(|| profile.fail_on.parse().unwrap_or(Severity::Low));

    let wants_sarif = arguments.format == Format::Sarif
        || arguments.output.iter().any(|output| output.format == Format::Sarif);
    let meter = Meter::start();
    let engine = Engine {
        linters: &linters,
        selection: &selection,
        context: Context {
            now,
            kubernetes: match arguments.kubernetes_version {
                Some(version) => version,
                None => loaded.kubernetes()?,
            },
            options: Arc::new(loaded.options(&rules)?),
            definitions: Arc::new(schemas::read(&arguments.schema)?),
        },
        exclude: exclude::globs(&loaded, &arguments.paths)?,
        line_hashes: wants_sarif.then_some(careen_sarif::line_hashes),
        threads: arguments.threads.into(),
        progress: &meter,
        tool: Tool { name: "careen".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
    };
    let options = options(arguments);
    if let Some(up_to) = mend::wanted(arguments) {
        let mended = engine.mend(&options, up_to);
        meter.finish();
        return mend::finish(&mended?, arguments, fail_on);
    }
    let report = engine.check(&options);
    meter.finish();
    let report = report?;

    outputs::write(&report, arguments, fail_on)?;
    Ok(code(&report, fail_on, arguments.exit_zero))
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

fn options(arguments: &CheckArguments) -> Options {
    let mut options = Options {
        roots: arguments.paths.clone(),
        stdin_name: arguments.stdin_name.clone(),
        no_ignore: arguments.no_gitignore,
        threads: arguments.threads.into(),
        // `git commit -a` and `git commit PATH` hand hooks an index of their own.
        index_file: crate::environment("GIT_INDEX_FILE"),
        limits: Limits { max_file_bytes: arguments.max_file_mib << 20, ..Limits::default() },
        ..Options::default()
    };
    if arguments.staged {
        options.selection = careen_repo::Selection::Staged;
    } else if let Some(revision) = &arguments.since {
        options.selection = careen_repo::Selection::Since(revision.clone());
    }
    options
}
