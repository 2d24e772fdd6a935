//! The search for secrets on source text, as near to the floor as it gets.
//!
//! First the filter alone, in memory and on one thread; then whole processes on one and on two
//! processors: the floor, `careen check --select secrets`, and those other programs that are
//! installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use clap::Args;

use super::measure::{self, Cost};
use super::{FLOOR_TIMES, build, median};
use crate::workspace::{Workspace, cargo};

/// The most CPU, as a multiple of the floor's.
const MOST: f64 = 5.0;

/// What to measure.
#[derive(Args)]
pub(super) struct Options {
    /// The folder with source text, best 250 MB or more; else the sources that cargo has
    /// downloaded.
    directory: Option<PathBuf>,
    /// How often each program runs.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    rounds: u32,
    /// Measures the searchers of `aho-corasick` beside the filter, which takes minutes.
    #[arg(long)]
    others: bool,
}

/// A program and how it is asked.
struct Program {
    name: &'static str,
    path: PathBuf,
    arguments: Vec<String>,
    /// How often it does its work in one run.
    times: u32,
    /// Whether only exit codes 0 and 1 mean that it did.
    is_strict: bool,
}

/// Measures and prints; whether the budget is kept.
pub(super) fn run(workspace: &Workspace, options: &Options) -> Result<bool> {
    let folder = match &options.directory {
        Some(folder) => folder.clone(),
        None => downloaded()?,
    };
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    filter(workspace, &folder, options.others)?;
    let built = build(workspace)?;
    let programs = programs(&built, folder.to_str().context("a folder with a name in UTF-8")?);
    let mut is_kept = true;
    for processors in [1, 2] {
        println!("{processors} of the processors, {}", folder.display());
        let costs = rounds(&programs, processors, &folder, options.rounds)?;
        let floor = costs.first().copied().unwrap_or_default();
        for (program, cost) in programs.iter().zip(&costs) {
            let ratio = cost.cpu / floor.cpu.max(f64::MIN_POSITIVE);
            let wall = cost.wall / floor.wall.max(f64::MIN_POSITIVE);
            let mut note = "";
            if program.name == "careen" {
                is_kept &= ratio <= MOST;
                note = if ratio <= MOST { "ok" } else { "OVER" };
            }
            println!(
                "  {:<22}{:>8.2} s CPU {ratio:>7.1}x {:>8.2} s wall {wall:>7.1}x {:>6.0} MB  {note}",
                program.name, cost.cpu, cost.wall, cost.peak
            );
        }
    }
    println!("the budget of careen is {MOST} times the floor's CPU; medians of {}", options.rounds);
    Ok(is_kept)
}

/// The sources that cargo has downloaded.
fn downloaded() -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.map(|home| home.join("registry/src")).filter(|sources| sources.is_dir());
    sources.context("cargo has downloaded no sources: name a folder")
}

/// Runs the benchmark of the filter's own crate.
fn filter(workspace: &Workspace, folder: &Path, others: bool) -> Result<()> {
    let mut command = Command::new(cargo());
    command
        .args(["bench", "--quiet", "--package", "careen-filter", "--bench", "literals", "--"])
        .arg(folder)
        .current_dir(workspace.root());
    let bench = workspace.path("target/bench");
    fs::create_dir_all(&bench)?;
    let list = bench.join("literals.txt");
    fs::write(&list, literals(workspace)?)?;
    command.arg("--literals").arg(list);
    if others {
        command.arg("--others");
    }
    let status = command.status().context("cargo bench")?;
    if !status.success() {
        bail!("the benchmark of the filter failed");
    }
    Ok(())
}

/// What leads to a secret, a literal per line. A test of the linter lists them: what it is made of
/// is nobody else's to see.
fn literals(workspace: &Workspace) -> Result<String> {
    let output = Command::new(cargo())
        .args(["test", "--quiet", "--package", "careen-lint-secrets", "--lib", "--"])
        .args(["--exact", "anchors::tests::list", "--nocapture"])
        .current_dir(workspace.root())
        .stderr(Stdio::inherit())
        .output()
        .context("cargo test")?;
    let told = String::from_utf8(output.stdout).context("anchors")?;
    let mut lines: Vec<&str> = told.lines().filter(|it| it.starts_with(['=', '~'])).collect();
    lines.dedup();
    if !output.status.success() || lines.is_empty() {
        bail!("careen-lint-secrets lists no anchors");
    }
    Ok(lines.join("\n"))
}

/// The floor first, then careen, then the others that are installed; the rest are named.
fn programs(built: &super::Programs, folder: &str) -> Vec<Program> {
    let own = |name, path: &Path, arguments: &[&str], times| Program {
        name,
        path: path.to_owned(),
        arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
        times,
        is_strict: true,
    };
    let times = FLOOR_TIMES.to_string();
    let mut programs = vec![
        own("floor", &built.floor, &["floor", folder, "--times", &times], FLOOR_TIMES),
        own(
            "careen",
            &built.careen,
            &["check", folder, "--select", "secrets", "--format", "json"],
            1,
        ),
    ];
    let kingfisher = [
        "scan",
        folder,
        "--no-validate",
        "--git-history",
        "none",
        "--no-update-check",
        "--turbo",
        "--no-extract-archives",
        "-q",
        "-f",
        "sarif",
    ];
    // The literal is one that is nowhere.
    let one_literal = ["--hidden", "--count", concat!("zqxj", "-never-"), folder];
    let peers: [(&'static str, &'static str, &[&str]); 3] = [
        ("ripgrep, one literal", "rg", &one_literal),
        ("ripsecrets", "ripsecrets", &[folder]),
        ("kingfisher --turbo", "kingfisher", &kingfisher),
    ];
    for (name, program, arguments) in peers {
        match installed(program) {
            Some(path) => {
                let peer = own(name, &path, arguments, 1);
                programs.push(Program { is_strict: false, ..peer });
            }
            None => println!("NOT MEASURED: {name}: there is no `{program}` on the PATH"),
        }
    }
    programs
}

fn installed(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// The median cost of each program, rounds interleaved; the first one warms the file cache and is
/// not counted.
fn rounds(programs: &[Program], processors: u32, folder: &Path, rounds: u32) -> Result<Vec<Cost>> {
    let taskset = installed("taskset").context("there is no `taskset`")?;
    let list = format!("0-{}", processors - 1);
    let mut all = vec![Vec::new(); programs.len()];
    for round in 0..=rounds {
        for (program, costs) in programs.iter().zip(&mut all) {
            let path = program.path.to_str().context("a program with a name in UTF-8")?;
            let mut arguments = vec!["-c", list.as_str(), path];
            arguments.extend(program.arguments.iter().map(String::as_str));
            let (cost, code) = measure::cost_and_code(&taskset, &arguments, folder)?;
            if program.is_strict && !matches!(code, Some(0 | 1)) {
                bail!("{} failed", program.name);
            }
            if round > 0 {
                let times = f64::from(program.times);
                costs.push(Cost { cpu: cost.cpu / times, wall: cost.wall / times, ..cost });
            }
        }
    }
    Ok(all.iter().map(|costs| median(costs)).collect())
}
