//! `careen check` against the floor, on made corpora that are the same everywhere.
//!
//! Rounds are interleaved (floor, careen, floor, …), so that what else the machine does hits both
//! alike; medians are shown. See [`measure`] for how exact the numbers are.

mod code;
mod corpus;
pub(crate) mod floor;
mod manifests;
mod measure;
mod rng;
mod secrets;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand, ValueEnum};

use self::corpus::Corpus;
use self::measure::Cost;
use self::table::Row;
use crate::workspace::{Workspace, cargo};

/// Runs that a mean wall time is taken over.
const SHORT_RUNS: u32 = 50;
/// How often one process reads everything for the floor, so that ticks are fine enough.
const FLOOR_TIMES: u32 = 10;

/// What to measure.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    part: Option<Part>,
    /// Folders of your own to measure besides the corpora.
    directories: Vec<PathBuf>,
    /// How often each pair of runs is measured.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// Which made corpus; none by default if folders are given, else all.
    #[arg(long)]
    corpus: Option<Choice>,
}

#[derive(Subcommand)]
enum Part {
    /// Where the time goes on manifests, in one process: 5,000 of them, and large custom resource
    /// definitions.
    Manifests,
    /// Where the time goes on 400 distinct certificates, in one process and on one thread.
    Certificates,
    /// Where the time goes on 350 Dockerfiles, those of a folder or made ones, in one process and on
    /// one thread.
    Dockerfiles {
        /// The folder.
        folder: Option<PathBuf>,
    },
    /// How fast the layers of images are walked, beside decompressing them alone.
    Layers,
    /// The search for secrets on source text: the filter alone, and `careen check` beside the
    /// floor and other programs.
    Secrets(secrets::Options),
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    /// 20,000 small files of all kinds.
    Mixed,
    /// 6,000 files of program text.
    Source,
    /// 3,000 files of Kubernetes YAML.
    Manifests,
    /// All of them, and the two short runs.
    All,
}

/// Measures, prints the table; whether every budget was kept.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<bool> {
    match &options.part {
        Some(Part::Manifests) => return manifests(workspace),
        Some(Part::Certificates) => return stages(workspace, "certificates", &[]),
        Some(Part::Dockerfiles { folder }) => {
            return stages(workspace, "dockerfiles", folder.as_slice());
        }
        Some(Part::Layers) => return stages(workspace, "layers", &[]),
        Some(Part::Secrets(options)) => return secrets::run(workspace, options),
        None => {}
    }
    let programs = build(workspace)?;
    let bench = workspace.path("target/bench");
    fs::create_dir_all(&bench)?;
    let everything = match options.corpus {
        Some(Choice::All) => true,
        Some(_) => false,
        None => options.directories.is_empty(),
    };
    let mut rows = Vec::new();
    for corpus in corpora(options.corpus, everything) {
        let folder = corpus.make(&bench)?;
        rows.push(compare(corpus.name(), &programs, &folder, options.rounds, Some(corpus))?);
    }
    for directory in &options.directories {
        let directory =
            directory.canonicalize().with_context(|| directory.display().to_string())?;
        let name = directory.display().to_string();
        rows.push(compare(&name, &programs, &directory, options.rounds, None)?);
    }
    print!("{}", table::render(&rows));
    let mut all_kept = rows.iter().all(Row::is_kept);
    if everything {
        all_kept &= short_runs(&programs.careen, &bench)?;
    }
    println!(
        "CPU in ticks of 10 ms; peak memory polled every 2 ms; medians of {} rounds",
        options.rounds
    );
    Ok(all_kept)
}

/// Runs the benchmark of the binary's own crate over two corpora.
fn manifests(workspace: &Workspace) -> Result<bool> {
    let bench = workspace.path("target/bench");
    fs::create_dir_all(&bench)?;
    let folders = [Corpus::FiveThousand.make(&bench)?, Corpus::Definitions.make(&bench)?];
    stages(workspace, "manifests", &folders)
}

/// Runs one of the benchmarks that measure stages in one process.
fn stages(workspace: &Workspace, name: &str, folders: &[PathBuf]) -> Result<bool> {
    let status = Command::new(cargo())
        .args(["bench", "--quiet", "--package", "careen", "--bench", name, "--"])
        .args(folders)
        .current_dir(workspace.root())
        .status()
        .context("cargo bench")?;
    Ok(status.success())
}

fn corpora(choice: Option<Choice>, everything: bool) -> Vec<Corpus> {
    match choice {
        Some(Choice::Mixed) => vec![Corpus::Mixed],
        Some(Choice::Source) => vec![Corpus::Source],
        Some(Choice::Manifests) => vec![Corpus::Manifests],
        Some(Choice::All) => vec![Corpus::Source, Corpus::Manifests, Corpus::Mixed],
        None if everything => vec![Corpus::Source, Corpus::Manifests, Corpus::Mixed],
        None => Vec::new(),
    }
}

/// The two programs that are compared, both built for release: a floor without optimisation would
/// flatter.
struct Programs {
    floor: PathBuf,
    careen: PathBuf,
}

fn build(workspace: &Workspace) -> Result<Programs> {
    let status = Command::new(cargo())
        .args(["build", "--release", "--package", "careen", "--package", "xtask"])
        .current_dir(workspace.root())
        .status()
        .context("cargo build")?;
    if !status.success() {
        bail!("careen does not build");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let release = workspace.root().join(target).join("release");
    Ok(Programs { floor: release.join("xtask"), careen: release.join("careen") })
}

fn compare(
    name: &str,
    programs: &Programs,
    folder: &Path,
    rounds: u32,
    corpus: Option<Corpus>,
) -> Result<Row> {
    let target = folder.to_str().context("a folder with a name in UTF-8")?;
    let times = FLOOR_TIMES.to_string();
    let floor_arguments = ["floor", target, "--times", &times];
    let careen_arguments = ["check", target, "--format", "json"];
    let (mut floors, mut careens) = (Vec::new(), Vec::new());
    // The first round warms the file cache and is not counted.
    for round in 0..=rounds {
        let floor = measure::cost(&programs.floor, &floor_arguments, folder)?;
        let careen = measure::cost(&programs.careen, &careen_arguments, folder)?;
        if round > 0 {
            let (cpu, wall) =
                (floor.cpu / f64::from(FLOOR_TIMES), floor.wall / f64::from(FLOOR_TIMES));
            floors.push(Cost { cpu, wall, ..floor });
            careens.push(careen);
        }
    }
    Ok(Row {
        name: name.to_owned(),
        floor: median(&floors),
        careen: median(&careens),
        most_ratio: match corpus {
            Some(Corpus::Source) => Some(8.0),
            Some(Corpus::Manifests) => Some(14.0),
            _ => None,
        },
        most_peak: matches!(corpus, Some(Corpus::Mixed)).then_some(100.0),
    })
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |value: fn(&Cost) -> f64| {
        let mut values: Vec<_> = costs.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Cost {
        cpu: middle(|cost| cost.cpu),
        wall: middle(|cost| cost.wall),
        peak: middle(|cost| cost.peak),
    }
}

/// One staged file and an empty folder: mean wall time of many runs; whether both budgets hold.
fn short_runs(careen: &Path, bench: &Path) -> Result<bool> {
    let empty = bench.join("empty");
    fs::create_dir_all(&empty)?;
    let seconds = measure::wall(careen, &["check", "--format", "json"], &empty, SHORT_RUNS)?;
    let mut kept = short_run("an empty folder", seconds, 5.0);
    if corpus::has_git() {
        let folder = stage_one_file(bench)?;
        let arguments = ["check", "--staged", "--format", "json"];
        let seconds = measure::wall(careen, &arguments, &folder, SHORT_RUNS)?;
        kept &= short_run("one staged file of 400", seconds, 15.0);
    } else {
        println!("one staged file: not measured, there is no git");
    }
    Ok(kept)
}

fn short_run(name: &str, seconds: f64, most: f64) -> bool {
    let milliseconds = seconds * 1e3;
    let verdict = if milliseconds <= most { "ok" } else { "OVER" };
    println!(
        "{name}: {milliseconds:.1} ms of {most} ms wall, mean of {SHORT_RUNS} runs: {verdict}"
    );
    milliseconds <= most
}

/// A repository with one commit and one manifest staged on top.
fn stage_one_file(bench: &Path) -> Result<PathBuf> {
    let folder = Corpus::Small.make(bench)?;
    corpus::git(&folder, &["add", "--all"])?;
    corpus::git(&folder, &["commit", "--quiet", "--allow-empty", "--message", "bench"])?;
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: staged\nspec:\n  containers:\n    \
                - name: web\n      image: nginx\n";
    // Different from what is committed, however often this has run before.
    let staged = folder.join("staged.yaml");
    let before = fs::read_to_string(&staged).unwrap_or_default();
    let mark = if before.ends_with("# one\n") { "# two\n" } else { "# one\n" };
    fs::write(&staged, format!("{text}{mark}"))?;
    corpus::git(&folder, &["add", "staged.yaml"])?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::measure::Cost;
    use super::median;

    #[test]
    fn the_median_is_per_value() {
        let cost = |cpu, wall| Cost { cpu, wall, peak: 1.0 };
        let costs = [cost(1.0, 9.0), cost(3.0, 7.0), cost(2.0, 8.0)];
        assert_eq!(median(&costs), cost(2.0, 8.0));
        assert_eq!(median(&[]), Cost::default());
    }
}
