//! Where the time goes on certificates: reading PEM and DER, the model, every rule. `cargo xtask
//! bench certificates` runs this.
//!
//! 400 distinct certificates, half of them RSA-2048, are made anew for each run, each with its
//! chain: what is measured is one thread over all of them, so that the time is the processor's.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark: its output is the terminal, its subject the clock"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use careen_lint_tls::TlsLinter;
use careen_model::{Context, Linter, Snapshot, parse};
use careen_rule::Findings;
use careen_testkit::{NOW, make};
use careen_text::{Derived, Source, Span};

const COUNT: usize = 400;
const ROUNDS: usize = 9;
/// How many checks are shown one by one.
const DEAREST: usize = 5;
/// All of them with every rule may cost so much of one processor.
const MOST_MILLISECONDS: f64 = 20.0;

type Stage = fn(&[Arc<Source>]);

const STAGES: [(&str, Stage); 4] = [
    ("PEM, DER and facts", |sources| {
        for source in sources {
            let span = Span::of(0..source.text().len());
            black_box(careen_x509_model::scan(&Derived::verbatim(source, span)));
        }
    }),
    ("model", |sources| {
        for source in sources {
            black_box(parse(Arc::clone(source), source.path()));
        }
    }),
    ("rules of files", |sources| {
        for source in sources {
            let file = parse(Arc::clone(source), source.path());
            let mut findings = Findings::of_file();
            TlsLinter.check_file(&file, &Context::at(NOW), &mut findings);
            black_box(findings);
        }
    }),
    ("every rule", |sources| {
        let mut files = Vec::new();
        for source in sources {
            let file = parse(Arc::clone(source), source.path());
            let mut findings = Findings::of_file();
            TlsLinter.check_file(&file, &Context::at(NOW), &mut findings);
            black_box(findings);
            files.push(file);
        }
        let snapshot = Snapshot::new(files);
        for check in TlsLinter.snapshot_checks() {
            let mut findings = Findings::of_snapshot();
            (check.run)(&snapshot, &Context::at(NOW), &mut findings.across(check.rule));
            black_box(findings);
        }
    }),
];

fn main() {
    let sources = sources();
    let mut times = [const { Vec::new() }; STAGES.len()];
    // The first round warms up and is not counted.
    for round in 0..=ROUNDS {
        for ((_, stage), times) in STAGES.iter().zip(&mut times) {
            let start = Instant::now();
            stage(&sources);
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    println!("{COUNT} certificates, one thread, median of {ROUNDS}");
    for ((name, _), times) in STAGES.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let milliseconds = times.get(ROUNDS / 2).copied().unwrap_or_default();
        let verdict = match (*name == "every rule", milliseconds <= MOST_MILLISECONDS) {
            (false, _) => "",
            (true, true) => "within the budget",
            (true, false) => "OVER the budget",
        };
        println!("  {name:22} {milliseconds:7.2} ms  {verdict}");
    }
    dearest(&sources);
}

/// The checks over the whole repository that cost most.
fn dearest(sources: &[Arc<Source>]) {
    let files = sources.iter().map(|source| parse(Arc::clone(source), source.path())).collect();
    let snapshot = Snapshot::new(files);
    let mut costs: Vec<(f64, &str)> = Vec::new();
    for check in TlsLinter.snapshot_checks() {
        let mut findings = Findings::of_snapshot();
        let start = Instant::now();
        (check.run)(&snapshot, &Context::at(NOW), &mut findings.across(check.rule));
        costs.push((start.elapsed().as_secs_f64() * 1e3, check.rule.id));
    }
    costs.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (milliseconds, rule) in costs.iter().take(DEAREST) {
        println!("  {rule:40} {milliseconds:7.2} ms");
    }
}

/// One file for each certificate.
fn sources() -> Vec<Arc<Source>> {
    let mut recipe = String::from("ca: {ca: true, common_name: Bench CA, not_after: 5y}\n");
    for number in 0..COUNT {
        let key = if number % 2 == 0 { "rsa2048" } else { "p256" };
        recipe += &format!(
            "leaf{number}: {{names: [h{number}.example.com, \"*.h{number}.example.com\"], issuer: ca, \
             key: {key}, usages: [server_auth]}}\n"
        );
    }
    let blobs = make(&recipe);
    let names = (0..COUNT).map(|number| format!("leaf{number}"));
    names
        .map(|name| {
            let text = blobs.get(&format!("{name}.crt")).expect("it was made").as_str();
            Source::new(format!("tls/{name}.pem"), text)
        })
        .collect()
}
