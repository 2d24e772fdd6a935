//! What a run was told, on the command line and in the configuration, made one.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use careen_detectors::Detectors;
use careen_engine::{Engine, Images};
use careen_image_model::end_of_life::EndOfLife;
use careen_ledger::Ledger;
use careen_model::{Context, Linter, Pki};
use careen_policy::{Selection, profile, profiles};
use careen_repo::{Limits, Options};
use careen_report::Format;
use careen_rule::{Severity, Tool};
use globset::GlobSet;

use crate::args::CheckArguments;
use crate::config::Loaded;
use crate::linters::Linters;
use crate::progress::Meter;
use crate::{config, detectors, exclude, moment, outputs, schemas};

/// What a run was told, resolved.
pub(crate) struct Plan {
    pub(crate) loaded: Loaded,
    pub(crate) linters: Linters,
    /// The user's own detectors of secrets.
    pub(crate) detectors: Vec<Detectors>,
    pub(crate) selection: Selection,
    pub(crate) fail_on: Severity,
    pub(crate) context: Context,
    exclude: GlobSet,
}

impl Plan {
    pub(crate) fn of(arguments: &CheckArguments) -> Result<Self> {
        let loaded = config::load(arguments.config.as_deref(), &arguments.paths)?;
        Self::with(arguments, loaded)
    }

    /// The same with a configuration that was read already, or with none.
    pub(crate) fn with(arguments: &CheckArguments, loaded: Loaded) -> Result<Self> {
        let now = moment::of(arguments.at.as_deref())?;
        let configured = loaded.config.profile.as_ref().map(|(name, _)| name.as_str());
        let name = arguments.profile.as_deref().or(configured).unwrap_or("default");
        let profile = profile(name).ok_or_else(|| {
            let known: Vec<_> = profiles().iter().map(|profile| profile.name).collect();
            anyhow!("no profile is called `{name}`: use {}", known.join(", "))
        })?;
        let detectors = detectors::load(&loaded)?;
        let linters = Linters::with(&detectors);
        let rules = careen_engine::rules(&linters.all());
        let (select, ignore) = (&arguments.select, &arguments.ignore);
        let selection = Selection::resolve(&rules, profile, &loaded.config, select, ignore)?;
        let fail_on = arguments
            .fail_on
            .or(loaded.config.fail_on.as_ref().map(|(level, _)| *level))
            .unwrap_or_else(|| profile.fail_on.parse().unwrap_or(Severity::Low));
        let context = Context {
            now,
            kubernetes: match arguments.kubernetes_version {
                Some(version) => version,
                None => loaded.kubernetes()?,
            },
            options: Arc::new(loaded.options(&rules)?),
            definitions: Arc::new(schemas::read(&arguments.schema)?),
            pki: match (profile.public_pki, &loaded.config.public_pki) {
                (true, _) | (_, Some((true, _))) => Pki::Public,
                (false, Some((false, _))) => Pki::Private,
                (false, None) => Pki::Inferred,
            },
            forecast: arguments.forecast,
            end_of_life: match &arguments.eol_data {
                Some(path) => Arc::new(end_of_life(path)?),
                None => EndOfLife::embedded(),
            },
            release: None,
        };
        let exclude = exclude::globs(&loaded)?;
        Ok(Self { loaded, linters, detectors, selection, fail_on, context, exclude })
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
        let wants_sarif = outputs::formats(arguments).any(|format| format == Format::Sarif);
        Engine {
            linters,
            selection: &self.selection,
            context: self.context.clone(),
            images: Images::default(),
            ledger,
            apart: false,
            exclude: self.exclude.clone(),
            line_hashes: wants_sarif.then_some(careen_sarif::line_hashes),
            clean: None,
            witness: None,
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
    if arguments.tracked {
        options.selection = careen_repo::Selection::Tracked;
    } else if arguments.staged {
        options.selection = careen_repo::Selection::Staged;
    } else if let Some(revision) = &arguments.changed {
        options.selection = careen_repo::Selection::Changed(revision.clone());
    }
    options
}
