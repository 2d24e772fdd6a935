//! Reports that somebody made to be read wrong.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

mod common;

use careen_evidence::{Kind, MOST_BYTES, Record, Scale, read, read_recorded, sniff};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::{OURS, folder, samples};

const XML: [(Kind, &str); 4] = [
    (Kind::Junit, "testsuite"),
    (Kind::Cobertura, "coverage"),
    (Kind::Jacoco, "report"),
    (Kind::Complexity, "cppncss"),
];

fn refusal(kind: Kind, text: &str) -> (Option<u32>, String) {
    let trouble = read(kind, text.as_bytes()).unwrap_err();
    (trouble.line, trouble.message)
}

#[test]
fn billion_laughs_are_not_told() {
    for (kind, root) in XML {
        let mut text =
            format!("<?xml version=\"1.0\"?>\n<!DOCTYPE {root} [\n<!ENTITY a0 \"ha\">\n");
        for at in 1..10 {
            let ten = format!("&a{};", at - 1).repeat(10);
            text.push_str(&format!("<!ENTITY a{at} \"{ten}\">\n"));
        }
        text.push_str(&format!("]>\n<{root} name=\"&a9;\" line-rate=\"1\">&a9;</{root}>"));
        let (line, message) = refusal(kind, &text);
        assert_eq!(line, Some(2), "{kind}");
        assert!(message.contains("declares entities"), "{kind}: {message}");
    }
}

#[test]
fn no_file_of_the_machine_is_read() {
    for (kind, root) in XML {
        let text = format!(
            "<!DOCTYPE {root} [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><{root} name=\"&x;\">&x;</{root}>"
        );
        assert!(refusal(kind, &text).1.contains("declares entities"), "{kind}");
        let undeclared =
            format!("<{root} name=\"x\" line-rate=\"1\" lines-valid=\"1\">&x;</{root}>");
        assert!(refusal(kind, &undeclared).1.contains("entity `x`"), "{kind}");
    }
}

#[test]
fn depth_and_length_have_limits() {
    for (kind, root) in XML {
        let deep = format!("<{root}>").repeat(100_000);
        assert!(refusal(kind, &deep).1.contains("levels"), "{kind}");
        let long = format!("<{root} name=\"{}\"/>", "x".repeat(5 << 20));
        assert!(refusal(kind, &long).1.contains("MiB of attributes"), "{kind}");
    }
    for kind in [Kind::LlvmCov, Kind::K6, Kind::Gatling, Kind::Jmeter, Kind::Prometheus] {
        let deep = format!("{{\"metrics\": {}", "[".repeat(1_000_000));
        let (line, message) = refusal(kind, &deep);
        assert_eq!(line, Some(1), "{kind}: {message}");
    }
}

#[test]
fn what_is_too_large_or_no_text_is_refused() {
    let most = usize::try_from(MOST_BYTES).unwrap();
    let large = vec![b' '; most + 1];
    for kind in Kind::ALL {
        assert!(read(kind, &large).unwrap_err().message.contains("larger than 64 MiB"), "{kind}");
        assert!(read(kind, b"\xff\xfe<\0").unwrap_err().message.contains("UTF-8"), "{kind}");
    }
}

#[test]
fn nothing_and_pages_of_errors_are_no_report() {
    let page =
        "<!DOCTYPE html>\n<html><head><title>502</title></head><body>Bad Gateway</body></html>";
    let other = "{\"message\": \"Not Found\", \"status\": \"404\"}";
    for text in ["", " \n", page, other, "[]", "{}", "null", "<a/>", "a,b\n1,2\n"] {
        assert_eq!(sniff(text), None, "{text}");
        for kind in OURS {
            let (_, message) = refusal(kind, text);
            assert!(message.len() > 15, "{kind}: {message}");
        }
    }
}

#[test]
fn a_sample_without_its_end_is_refused() {
    for (kind, name) in [
        (Kind::Junit, "pytest-9.2.0.xml"),
        (Kind::Cobertura, "vitest-4.1.12.xml"),
        (Kind::Jacoco, "jacoco-0.8.6.xml"),
        (Kind::Lcov, "vitest-4.1.12.info"),
        (Kind::LlvmCov, "llvm-cov-14.0.6.json"),
        (Kind::K6, "handle-summary.json"),
        (Kind::Gatling, "stats.json"),
        (Kind::Complexity, "lizard-1.24.3.xml"),
        (Kind::Jmeter, "statistics.json"),
    ] {
        let text = std::fs::read_to_string(folder().join(kind.as_str()).join(name)).unwrap();
        let text = text.trim_end();
        for part in [2, 3, 5, 10] {
            let cut = &text[..text.floor_char_boundary(text.len() - text.len() / part)];
            assert!(read(kind, cut.as_bytes()).is_err(), "{name} without 1/{part}");
        }
        assert!(read(kind, &text.as_bytes()[..text.len() - 1]).is_err(), "{name}");
    }
}

#[test]
fn names_are_neutral_when_they_come_out() {
    let text = "<testsuite name=\"a&#27;[31m\"><testcase name=\"b&#10;c\u{202e}\">\
                <failure message=\"d&#7;\"/></testcase></testsuite>";
    let evidence = read(Kind::Junit, text.as_bytes()).unwrap();
    let words = [&evidence.about[0], &evidence.issues[0].name, &evidence.issues[0].message];
    for word in words {
        let is_plain = |c: char| !c.is_control() && c != '\u{202e}';
        assert!(word.chars().all(is_plain), "{word:?}");
    }
}

#[test]
fn thousands_of_failures_are_counted_and_few_are_kept() {
    let case = "<testcase name=\"a\"><failure message=\"m\"/></testcase>";
    let text = format!("<testsuite>{}</testsuite>", case.repeat(20_000));
    let evidence = read(Kind::Junit, text.as_bytes()).unwrap();
    assert_eq!(evidence.issues.len(), 100);
    assert_eq!(evidence.more_issues, 19_900);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for kind in Kind::ALL {
            let _ = read(kind, &bytes);
        }
        let _ = sniff(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_change_of_a_sample_makes_a_reader_panic(
        sample in any::<Index>(),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>(), 0_u8..4), 1..8),
    ) {
        let samples: Vec<_> = samples().into_values().map(|(_, bytes)| bytes).collect();
        let mut bytes = sample.get(&samples).clone();
        for (place, byte, what) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match what {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => drop(bytes.drain(at..(at + usize::from(byte)).min(bytes.len()))),
                _ => {
                    let part = bytes[at..(at + usize::from(byte)).min(bytes.len())].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let record = Record {
            measure: Some(careen_evidence::Measure::P99),
            unit: Some(Scale::Seconds),
            ..Record::default()
        };
        let _ = read_recorded(Kind::Prometheus, &bytes, &record);
        for kind in Kind::ALL {
            if let Ok(evidence) = read(kind, text.as_bytes()) {
                for (_, value) in evidence.measures.iter() {
                    prop_assert!(value.is_finite() && value >= 0.0);
                }
            }
        }
        let _ = sniff(&text);
    }

    #[test]
    fn no_record_makes_the_reader_panic(text in "(evidence:\n)?(- |  |file|kind|sha256|: |\n|\\[|\\]|\\{|a|&b|\\*b|\"){0,60}") {
        let source = careen_text::Source::new("evidence.yaml", text.as_str());
        let found = careen_evidence::records(&source);
        for record in &found.records {
            prop_assert!(!record.file.contains(".."));
        }
        if let Ok(new) = careen_evidence::record_into(&text, &Record { file: "a.xml".to_owned(), ..Record::default() }) {
            let again = careen_evidence::records(&careen_text::Source::new("evidence.yaml", new));
            prop_assert!(again.troubles.is_empty());
        }
    }
}
