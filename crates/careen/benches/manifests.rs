//! Where the time goes on manifests: the bare event pass of the YAML parser, the tree, the model,
//! the linter, the report. `cargo xtask bench manifests` makes the files and runs this.
//!
//! Everything is in memory and in one process; rounds are interleaved and medians are shown, so
//! that what else the machine does hits all stages alike.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark: its output is the terminal, its subject the clock"
)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use std::{env, fs};

use careen_engine::{Engine, Silent, rules};
use careen_ledger::Ledger;
use careen_model::{Context, File, Linter, parse};
use careen_policy::{Config, Selection, profile};
use careen_rule::{Findings, Meta, Tool};
use careen_text::Source;
use careen_yaml::Limits;
use globset::GlobSet;
use rayon::prelude::*;

/// 2026-12-01T00:00:00Z.
const NOW: i64 = 1_796_083_200;
const ROUNDS: usize = 5;
/// Parse plus all rules may cost so many times the bare event pass.
const MOST: f64 = 4.0;

type Sources = Vec<Arc<Source>>;
type Stage = fn(&Sources, &Linters<'_>);

/// What is measured. Each stage does all that those above it do, and more.
const STAGES: [(&str, Stage); 5] = [
    ("YAML events", |sources, _| sources.par_iter().for_each(events)),
    ("spanned tree", |sources, _| {
        sources.par_iter().for_each(|source| {
            black_box(careen_yaml::parse(source, &Limits::default()));
        });
    }),
    ("model", |sources, _| {
        sources.par_iter().for_each(|source| {
            black_box(model(source));
        });
    }),
    ("model and rules of files", |sources, linters| {
        sources.par_iter().for_each(|source| {
            let file = model(source);
            let mut findings = Findings::of_file();
            linters.kubernetes.check_file(&file, &linters.context, &mut findings);
            black_box(findings);
        });
    }),
    ("all rules and judgement", |sources, linters| {
        let engine = Engine {
            linters: &[&careen_lint_kubernetes::KubernetesLinter],
            selection: &linters.selection,
            context: linters.context.clone(),
            images: careen_engine::Images::default(),
            ledger: &Ledger::default(),
            apart: false,
            exclude: GlobSet::empty(),
            line_hashes: None,
            clean: None,
            witness: None,
            threads: rayon::current_num_threads(),
            progress: &Silent,
            tool: Tool { name: "careen".to_owned(), version: "bench".to_owned() },
        };
        black_box(engine.check_sources(sources.clone()));
    }),
];

struct Linters<'a> {
    kubernetes: &'a dyn Linter,
    selection: Selection,
    context: Context,
}

fn main() {
    let folders: Vec<PathBuf> =
        env::args_os().skip(1).filter(|word| word != "--bench").map(PathBuf::from).collect();
    if folders.is_empty() {
        println!("usage: cargo xtask bench manifests");
        return;
    }
    let all: &[&dyn Linter] = &[&careen_lint_kubernetes::KubernetesLinter];
    let profile = profile("default").expect("the profile is built in");
    let selection = Selection::resolve(&rules(all), profile, &Config::default(), &[], &[])
        .expect("nothing is named");
    let wanted = |rule: &Meta| selection.is_enabled(rule);
    let narrowed = careen_lint_kubernetes::KubernetesLinter.only(&wanted);
    let kubernetes =
        narrowed.as_deref().unwrap_or(&careen_lint_kubernetes::KubernetesLinter as &dyn Linter);
    let linters = Linters { kubernetes, selection: selection.clone(), context: Context::at(NOW) };
    for folder in folders {
        let sources = sources(&folder);
        for threads in [1, 2] {
            measure(&folder, &sources, &linters, threads);
        }
    }
}

fn measure(folder: &Path, sources: &Sources, linters: &Linters<'_>, threads: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
    let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
    let megabytes = bytes as f64 / 1e6;
    let mut times = [const { Vec::new() }; STAGES.len()];
    // The first round warms up and is not counted.
    for round in 0..=ROUNDS {
        for ((_, stage), times) in STAGES.iter().zip(&mut times) {
            let start = Instant::now();
            pool.install(|| stage(sources, linters));
            if round > 0 {
                times.push(start.elapsed().as_secs_f64());
            }
        }
    }
    println!(
        "{}: {} files, {megabytes:.1} MB, {threads} thread(s), median of {ROUNDS}",
        folder.display(),
        sources.len()
    );
    let mut floor = 0.0;
    for ((name, _), times) in STAGES.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let seconds = times.get(ROUNDS / 2).copied().unwrap_or_default();
        if floor == 0.0 {
            floor = seconds;
        }
        let (milliseconds, speed, ratio) = (seconds * 1e3, megabytes / seconds, seconds / floor);
        println!("  {name:26} {milliseconds:8.1} ms {speed:8.1} MB/s {ratio:6.2} x");
        if *name == "model and rules of files" {
            let verdict = if ratio <= MOST { "ok" } else { "OVER" };
            println!("  {:26} budget {MOST} x: {verdict}", "");
        }
    }
}

fn events(source: &Arc<Source>) {
    let mut parser = granit_parser::Parser::new_from_str(source.text());
    while let Some(Ok((event, _))) = parser.next_event() {
        if matches!(event, granit_parser::Event::StreamEnd) {
            break;
        }
        black_box(&event);
    }
}

fn model(source: &Arc<Source>) -> File {
    parse(Arc::clone(source), source.path())
}

fn sources(folder: &Path) -> Sources {
    let mut sources = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("a folder that can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yaml" || end == "yml") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                sources.push(Source::new(path.to_string_lossy().as_ref(), text));
            }
        }
    }
    sources.sort_by(|a, b| a.path().cmp(b.path()));
    sources
}
