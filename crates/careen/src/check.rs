use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use careen_engine::{Engine, Images};
use careen_image_model::end_of_life::EndOfLife;
use careen_ledger::Ledger;
use careen_model::{Context, Linter, Pki};
use careen_policy::{Selection, profile, profiles};
use careen_repo::{Limits, Options};
use careen_report::Format;
use careen_rule::{Note, Report, Severity, Tool};
use globset::GlobSet;

use crate::args::CheckArguments;
use crate::config::Loaded;
use crate::linters::Linters;
use crate::progress::Meter;
use crate::{accepted, config, detectors, exclude, images, mend, moment, outputs, schemas};

/// Checks and reports; the exit code says what was found.
pub(crate) fn run(arguments: &CheckArguments) -> Result<u8> {
    outputs::verify(arguments)?;
    mend::verify(arguments)?;
    verify_history(arguments)?;
    let plan = Plan::of(arguments)?;
    let (ledger, notes) = accepted::load(arguments, &plan.loaded)?;
    let meter = Meter::start();
    let linters = plan.linters.all();
    let knowledge = images::Knowledge::of(arguments, &plan.loaded, plan.now())?;
    let images = knowledge.open(arguments)?;
    let engine = Engine { images, ..plan.engine(arguments, &linters, &ledger, &meter) };
    let options = options(arguments);
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
    tell(&mut report, notes);

    outputs::write(&report, arguments, fail_on)?;
    Ok(code(&report, fail_on, arguments.exit_zero))
}

fn tell(report: &mut Report, notes: Vec<Note>) {
    report.notes.extend(notes);
    report.notes.sort();
}

/// What a run was told, resolved.
pub(crate) struct Plan {
    pub(crate) loaded: Loaded,
    pub(crate) linters: Linters,
    selection: Selection,
    fail_on: Severity,
    context: Context,
    exclude: GlobSet,
}

impl Plan {
    pub(crate) fn of(arguments: &CheckArguments) -> Result<Self> {
        let now = moment::of(arguments.at.as_deref())?;
        let loaded = config::load(arguments.config.as_deref(), &arguments.paths)?;
        let name =
            arguments.profile.as_deref().or(loaded.config.profile.as_deref()).unwrap_or("default");
        let profile = profile(name).ok_or_else(|| {
            let known: Vec<_> = profiles().iter().map(|profile| profile.name).collect();
            anyhow!("no profile is called `{name}`: use {}", known.join(", "))
        })?;
        let linters = Linters::with(&detectors::load(&loaded)?);
        let rules = careen_engine::rules(&linters.all());
        let (select, ignore) = (&arguments.select, &arguments.ignore);
        let selection = Selection::resolve(&rules, profile, &loaded.config, select, ignore)?;
        let fail_on = arguments
            .fail_on
            .or(loaded.config.fail_on)
            .unwrap_or_else(|| profile.fail_on.parse().unwrap_or(Severity::Low));
        let context = Context {
            now,
            kubernetes: match arguments.kubernetes_version {
                Some(version) => version,
                None => loaded.kubernetes()?,
            },
            options: Arc::new(loaded.options(&rules)?),
            definitions: Arc::new(schemas::read(&arguments.schema)?),
            pki: match (profile.public_pki, loaded.config.public_pki) {
                (true, _) | (_, Some(true)) => Pki::Public,
                (false, Some(false)) => Pki::Private,
                (false, None) => Pki::Inferred,
            },
            forecast: arguments.forecast,
            end_of_life: match &arguments.eol_data {
                Some(path) => Arc::new(end_of_life(path)?),
                None => EndOfLife::embedded(),
            },
        };
        let exclude = exclude::globs(&loaded, &arguments.paths)?;
        Ok(Self { loaded, linters, selection, fail_on, context, exclude })
    }

    /// The moment of judgement.
    pub(crate) const fn now(&self) -> i64 {
        self.context.now
    }

    pub(crate) fn engine<'a>(
        &'a self,
        arguments: &CheckArguments,
        linters: &'a [&'a dyn Linter],
        ledger: &'a Ledger,
        meter: &'a Meter,
    ) -> Engine<'a> {
        let wants_sarif = arguments.format == Format::Sarif
            || arguments.output.iter().any(|output| output.format == Format::Sarif);
        Engine {
            linters,
            selection: &self.selection,
            context: self.context.clone(),
            images: Images::default(),
            ledger,
            apart: false,
            exclude: self.exclude.clone(),
            line_hashes: wants_sarif.then_some(careen_sarif::line_hashes),
            threads: arguments.threads.into(),
            progress: meter,
            tool: Tool { name: "careen".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        }
    }
}

/// Bytes of the ends of life that a user brings.
const MOST_EOL_BYTES: u64 = 64 << 20;

fn end_of_life(path: &Path) -> Result<EndOfLife> {
    let shown = path.display();
    let mut text = String::new();
    let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
    let read = file.take(MOST_EOL_BYTES).read_to_string(&mut text);
    read.with_context(|| format!("cannot read {shown}"))?;
    EndOfLife::read(&text).map_err(|error| anyhow!("{shown} holds no ends of life: {error}"))
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

/// Which files are looked at.
pub(crate) fn options(arguments: &CheckArguments) -> Options {
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
