//! Reports of the real tools, each read to the last number. Which are real says `samples/README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

mod common;

use careen_evidence::{Evidence, Measure, Record, Scale, Trouble, read, read_recorded, sniff};

use crate::common::{OURS, samples};

const PYTEST: i64 = 1_795_716_557;

fn sample(name: &str) -> Result<Evidence, Trouble> {
    recorded(name, None, None)
}

fn recorded(
    name: &str,
    measure: Option<Measure>,
    unit: Option<Scale>,
) -> Result<Evidence, Trouble> {
    let (kind, bytes) = samples().remove(name).unwrap_or_else(|| panic!("no sample {name}"));
    read_recorded(kind, &bytes, &Record { measure, unit, ..Record::default() })
}

/// What a report must measure: exactly these, nothing besides.
fn assert_measures(evidence: &Evidence, expected: &[(Measure, f64)]) {
    let found: Vec<_> = evidence.measures.iter().collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((measure, value), (expected, bound)) in found.iter().zip(expected) {
        assert_eq!(measure, expected);
        assert!((value - bound).abs() < 1e-9, "{measure}: {value}, not {bound}");
    }
}

fn assert_tests(evidence: &Evidence, [tests, failures, errors, skipped]: [f64; 4]) {
    assert_measures(
        evidence,
        &[
            (Measure::Tests, tests),
            (Measure::Failures, failures),
            (Measure::Errors, errors),
            (Measure::Skipped, skipped),
        ],
    );
}

fn issues(evidence: &Evidence) -> Vec<(&str, &str)> {
    let issues = evidence.issues.iter();
    issues.map(|issue| (issue.name.as_str(), issue.message.as_str())).collect()
}

#[test]
fn each_sample_is_taken_for_what_it_is_and_for_nothing_else() {
    let samples = samples();
    assert!(samples.len() >= 27, "{}", samples.len());
    let mut wrong = Vec::new();
    for (name, (kind, bytes)) in &samples {
        let text = std::str::from_utf8(bytes).unwrap();
        let marked = format!("\u{feff}{text}");
        for found in [sniff(text), sniff(&marked)].into_iter().filter(|it| *it != Some(*kind)) {
            wrong.push(format!("{name} is taken for {found:?}"));
        }
        for other in OURS.into_iter().filter(|other| other != kind) {
            if read(other, bytes).is_ok() {
                wrong.push(format!("{name} is read as {other}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn samples_hold_no_path_of_the_machine_they_were_made_on() {
    for (name, (_, bytes)) in samples() {
        let text = String::from_utf8(bytes).unwrap();
        for part in ["/tmp/", "/home/", "/root/", "/work/"] {
            assert!(!text.contains(part), "{name} has {part}");
        }
    }
}

#[test]
fn junit_of_pytest() {
    let evidence = sample("junit/pytest-9.2.0.xml").unwrap();
    assert_tests(&evidence, [7.0, 1.0, 1.0, 1.0]);
    assert_eq!(evidence.tool.as_deref(), Some("pytest"));
    assert_eq!(evidence.produced_at, Some(PYTEST));
    assert_eq!(evidence.about, ["pytest"]);
    assert_eq!(
        issues(&evidence),
        [
            ("test_hull.test_sinks", "AssertionError: too <deep> & wet"),
            ("test_hull.test_moors", "failed on setup with \"RuntimeError: no harbour\""),
        ]
    );
}

#[test]
fn junit_of_vitest() {
    let evidence = sample("junit/vitest-4.1.12.xml").unwrap();
    assert_tests(&evidence, [4.0, 1.0, 0.0, 1.0]);
    assert_eq!(evidence.produced_at, Some(1_795_716_560));
    let message = "expected 12 to be 13 // Object.is equality";
    assert_eq!(issues(&evidence), [("hull.test.mjs.hull > sinks", message)]);
}

#[test]
fn junit_of_jest() {
    let evidence = sample("junit/jest-junit-17.0.0.xml").unwrap();
    // `test.todo` is a case without a mark.
    assert_tests(&evidence, [4.0, 1.0, 0.0, 1.0]);
    assert_eq!(evidence.produced_at, Some(1_795_716_561));
    // The message stands in the text only, which may hold anything.
    assert_eq!(issues(&evidence), [("hull sinks", "failed")]);
}

#[test]
fn junit_of_mocha() {
    let evidence = sample("junit/mocha-junit-reporter-2.2.1.xml").unwrap();
    assert_tests(&evidence, [3.0, 1.0, 0.0, 1.0]);
    assert_eq!(evidence.about, ["Root Suite", "hull", "keel"]);
    assert_eq!(issues(&evidence), [("sinks.hull sinks", "12 == 13")]);
}

#[test]
fn junit_of_nextest() {
    let evidence = sample("junit/cargo-nextest-0.9.148.xml").unwrap();
    // The test that passed when it was tried again passed.
    assert_tests(&evidence, [3.0, 1.0, 0.0, 0.0]);
    assert_eq!(evidence.tool.as_deref(), Some("cargo-nextest"));
    assert_eq!(evidence.produced_at, Some(1_795_716_562));
    let message = "thread 'tests::sinks' (13961) panicked at src/lib.rs:16:18";
    assert_eq!(issues(&evidence), [("hull.tests::sinks", message)]);
}

#[test]
fn junit_of_surefire() {
    let evidence = sample("junit/surefire.xml").unwrap();
    assert_tests(&evidence, [5.0, 1.0, 1.0, 1.0]);
    assert_eq!(evidence.commit.as_deref(), Some("9fceb02d0ae598e95dc970b74767f19372d61af8"));
    assert_eq!(issues(&evidence)[1].1, "no <hull> & no keel");
}

#[test]
fn coverage_of_cobertura() {
    let evidence = sample("cobertura/coverage.py-7.17.5.xml").unwrap();
    // 25 of 37, which the rate says a little higher.
    assert_measures(
        &evidence,
        &[(Measure::LineCoverage, 25.0 / 37.0), (Measure::BranchCoverage, 0.2857)],
    );
    assert_eq!(evidence.tool.as_deref(), Some("coverage.py 7.17.5"));
    assert_eq!(evidence.produced_at, Some(PYTEST));
    let evidence = sample("cobertura/vitest-4.1.12.xml").unwrap();
    assert_measures(&evidence, &[(Measure::LineCoverage, 0.75), (Measure::BranchCoverage, 0.5)]);
    assert_eq!(evidence.produced_at, Some(1_795_716_560));
}

#[test]
fn coverage_of_lcov() {
    let evidence = sample("lcov/coverage.py-7.17.5.info").unwrap();
    assert_measures(
        &evidence,
        &[(Measure::LineCoverage, 25.0 / 37.0), (Measure::BranchCoverage, 4.0 / 14.0)],
    );
    let evidence = sample("lcov/vitest-4.1.12.info").unwrap();
    assert_measures(&evidence, &[(Measure::LineCoverage, 0.75), (Measure::BranchCoverage, 0.5)]);
    assert_eq!(evidence.produced_at, None);
}

#[test]
fn coverage_of_jacoco_and_llvm_cov() {
    let evidence = sample("jacoco/jacoco-0.8.6.xml").unwrap();
    let shares = [(Measure::LineCoverage, 4.0 / 6.0), (Measure::BranchCoverage, 0.5)];
    assert_measures(&evidence, &shares);
    assert_eq!(evidence.produced_at, Some(1_795_717_448));
    assert_eq!(evidence.about, ["ship"]);
    let evidence = sample("llvm-cov/llvm-cov-14.0.6.json").unwrap();
    let shares = [(Measure::LineCoverage, 5.0 / 7.0), (Measure::BranchCoverage, 0.25)];
    assert_measures(&evidence, &shares);
}

#[test]
fn load_of_k6() {
    for name in ["k6/summary-export.json", "k6/handle-summary.json"] {
        let evidence = sample(name).unwrap();
        assert_measures(
            &evidence,
            &[
                (Measure::Requests, 2000.0),
                (Measure::ErrorRate, 0.001),
                (Measure::Mean, 84.25),
                (Measure::P50, 71.5),
                (Measure::P90, 140.2),
                (Measure::P95, 180.75),
                (Measure::P99, 412.5),
                (Measure::Max, 912.4),
                (Measure::Thresholds, 1.0),
            ],
        );
        let failed = [("http_req_duration", "does not hold `p(99)<400`")];
        assert_eq!(issues(&evidence), failed, "{name}");
    }
}

#[test]
fn load_of_jmeter() {
    let evidence = sample("jmeter/jmeter-2.13.jtl").unwrap();
    let zero = |measure| (measure, 0.0);
    assert_measures(
        &evidence,
        &[
            (Measure::Requests, 40.0),
            (Measure::ErrorRate, 0.5),
            zero(Measure::Mean),
            zero(Measure::P50),
            zero(Measure::P90),
            zero(Measure::P95),
            zero(Measure::P99),
            zero(Measure::Max),
        ],
    );
    assert_eq!(evidence.produced_at, Some(1_795_717_539));
    assert_eq!(issues(&evidence), [("order, by name", "failed 20 of 20 times")]);
    let evidence = sample("jmeter/statistics.json").unwrap();
    assert_measures(
        &evidence,
        &[
            (Measure::Requests, 2000.0),
            (Measure::ErrorRate, 0.002),
            (Measure::Mean, 92.125),
            (Measure::P50, 71.0),
            (Measure::P90, 190.0),
            (Measure::P95, 281.0),
            (Measure::P99, 452.0),
            (Measure::Max, 960.0),
        ],
    );
    assert_eq!(issues(&evidence), [("order", "failed 4 of 500 times")]);
}

#[test]
fn load_of_gatling() {
    for name in ["gatling/stats.json", "gatling/global_stats.json"] {
        assert_measures(
            &sample(name).unwrap(),
            &[
                (Measure::Requests, 2000.0),
                (Measure::ErrorRate, 0.002),
                (Measure::Mean, 84.0),
                (Measure::P50, 71.0),
                (Measure::P95, 181.0),
                (Measure::P99, 412.0),
                (Measure::Max, 912.0),
            ],
        );
    }
    let evidence = sample("gatling/stats.json").unwrap();
    assert_eq!(issues(&evidence), [("order", "failed 4 of 500 times")]);
}

#[test]
fn numbers_of_prometheus() {
    let name = |form| format!("prometheus/prometheus-2.42.0-{form}.json");
    let seconds = (Some(Measure::P99), Some(Scale::Seconds));
    let evidence = recorded(&name("vector"), seconds.0, seconds.1).unwrap();
    assert_measures(&evidence, &[(Measure::P99, 99.0)]);
    assert_eq!(evidence.about, ["job=web"]);
    assert_eq!(evidence.produced_at, Some(1_795_717_584));
    let evidence = recorded(&name("scalar"), Some(Measure::ErrorRate), None).unwrap();
    assert_measures(&evidence, &[(Measure::ErrorRate, 0.0005)]);
    let evidence = recorded(&name("matrix"), Some(Measure::Objects), None).unwrap();
    assert_measures(&evidence, &[(Measure::Objects, 336.0)]);
    for (form, part) in
        [("empty", "found no series"), ("nan", "`NaN`"), ("error", "query that failed (bad_data)")]
    {
        let trouble = recorded(&name(form), seconds.0, seconds.1).unwrap_err();
        assert!(trouble.message.contains(part), "{form}: {trouble}");
    }
    let silent = sample(&name("vector")).unwrap_err();
    assert!(silent.message.contains("--measure p99"), "{silent}");
    let told = recorded("k6/summary-export.json", Some(Measure::P99), None).unwrap_err();
    assert!(told.message.contains("says itself"), "{told}");
}

#[test]
fn complexity_of_lizard() {
    for name in ["lizard-1.24.3.csv", "lizard-1.24.3-header.csv", "lizard-1.24.3.xml"] {
        let evidence = sample(&format!("complexity/{name}")).unwrap();
        assert_measures(&evidence, &[(Measure::Complexity, 8.0)]);
        assert!(evidence.issues.is_empty());
    }
}
