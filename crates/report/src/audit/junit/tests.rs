use careen_audit_model::{Audit, Phase};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::audit::sample::{go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

fn xml(audit: &Audit) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Junit, &Options::default(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn what_holds_the_release_up_fails() {
    let xml = xml(&sample());
    let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"careen.audit\" tests=\"16\" failures=\"5\" errors=\"1\" skipped=\"3\" time=\"0\">
  <testsuite name=\"Production checklist / Security\" tests=\"3\" failures=\"3\" errors=\"0\" skipped=\"0\" \
time=\"0\" timestamp=\"2026-11-26T12:00:00\">
    <testcase name=\"secrets-in-vault: Credentials come from a vault\" classname=\"careen.audit\" \
file=\"docs/production.md\" line=\"13\" time=\"0\">
      <failure message=\"fail: 2 credentials stand in files\" type=\"fail\">2 credentials stand in files
deploy/api.yaml:24:18: secret-in-env: variable `DB_PASSWORD` in Deployment `shop/api` holds a password
";
    assert!(xml.starts_with(expected), "{xml}");
    for part in [
        "type=\"stale\">",
        "<failure message=\"not-run: no load test was given\" type=\"not-run\">",
        "<failure message=\"manual: nothing decides it\" type=\"manual\">",
        "and 4 more\nwhy: A lost volume",
        "\nfix: Revoke them, then name them in an `ExternalSecret`.\nwho: security\n</failure>",
        "<skipped message=\"waived: waived until 2026-12-09\"/>",
        "<skipped message=\"not-applicable: no replicated database is in sight\"/>",
        "<skipped message=\"not-run, known after the deployment: can be known after the deployment\"/>",
        "<error message=\"the analysis is incomplete\" type=\"incomplete\"/>",
        "\nNO-GO: 5 blockers\nnote: deploy/chart/templates: 7 templates",
        "\nwarning: deploy/broken.yaml:12: no mapping here",
    ] {
        assert!(xml.contains(part), "{part}\n{xml}");
    }
    assert!(!xml.contains("classname=\"careen.audit.") && xml.ends_with("</testsuites>\n"));
}

#[test]
fn what_is_due_depends_on_the_phase() {
    let mut audit = sample();
    audit.phase = Phase::After;
    assert!(xml(&audit).contains("failures=\"6\" errors=\"1\" skipped=\"2\""));
}

#[test]
fn what_may_go_is_green() {
    for audit in [waived(), go()] {
        let xml = xml(&audit);
        assert!(xml.contains(" failures=\"0\" errors=\"0\"") && !xml.contains("<failure"), "{xml}");
    }
}

#[test]
fn numbers_agree_with_the_cases() {
    for audit in [sample(), waived(), go(), hostile()] {
        let xml = xml(&audit);
        let number = |name: &str| -> usize {
            let rest = xml.split(&format!(" {name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        assert_eq!(number("tests"), xml.matches("<testcase ").count());
        assert_eq!(number("failures"), xml.matches("<failure ").count());
        assert_eq!(number("skipped"), xml.matches("<skipped ").count());
    }
}

#[test]
fn hostile_text_is_text() {
    let xml = xml(&hostile());
    let mut reader = Reader::from_str(&xml);
    let known =
        ["testsuites", "testsuite", "testcase", "failure", "skipped", "error", "system-out"];
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => {
                let name: &str = element.name().into_inner();
                assert!(known.contains(&name), "{name}");
            }
            _ => {}
        }
    }
    assert!(!xml.contains(|c: char| c.is_control() && c != '\n'), "{xml}");
    assert!(!xml.contains("##vso[") && !xml.contains("<script"));
}
