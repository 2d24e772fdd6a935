use careen_audit_model::Phase;
use careen_evidence::{Claim, Class, Kind};

use super::{Said, read};
use crate::{Binding, Demand};

fn demand(kind: Option<Kind>, class: Option<Class>) -> Demand {
    Demand {
        kind,
        class,
        files: Vec::new(),
        suite: None,
        environment: None,
        claims: Vec::new(),
        max_age: None,
    }
}

fn sound(text: &str) -> Said {
    let said = read(text);
    assert_eq!(said.problems, [], "{text}");
    said
}

fn problem(text: &str) -> String {
    let said = read(text);
    assert!(!said.problems.is_empty(), "{text}: {said:?}");
    said.problems[0].message.clone()
}

fn named(names: &[&str]) -> Vec<Binding> {
    names.iter().map(|name| Binding::Named((*name).to_owned())).collect()
}

#[test]
fn names_are_a_list() {
    assert_eq!(sound("tls-valid").bindings, named(&["tls-valid"]));
    assert_eq!(
        sound(" a-rule,b , checkov:CKV_1 ").bindings,
        named(&["a-rule", "b", "checkov:CKV_1"])
    );
    assert_eq!(sound("sign-off").bindings, named(&["sign-off"]));
    assert_eq!(sound("sign-off, tls-valid").bindings, named(&["sign-off", "tls-valid"]));
    assert!(problem("a b").contains("comma is missing in front of `b`"));
    assert!(problem("a,,b").contains("name is missing"));
    assert!(problem("Größe").contains("no name"));
}

#[test]
fn reports_are_asked_for_by_kind_or_class() {
    let mut expected = demand(Some(Kind::K6), None);
    expected.files = vec!["perf/*.json".to_owned(), "old.json".to_owned()];
    expected.claims =
        vec![Claim::parse("p99<=500ms").unwrap(), Claim::parse("error-rate<=0.1%").unwrap()];
    expected.max_age = Some(14 * 86_400);
    let text = "k6 file=perf/*.json,old.json p99<=500ms error-rate <= 0.1% max-age=14d";
    assert_eq!(sound(text).bindings, [Binding::Evidence(expected.clone())]);
    assert_eq!(sound(&format!("evidence {text}")).bindings, [Binding::Evidence(expected)]);

    let mut expected = demand(None, Some(Class::Tests));
    expected.suite = Some("end to end".to_owned());
    expected.environment = Some("staging".to_owned());
    let said = sound("evidence tests suite=\"end to end\" environment=staging phase=after");
    assert_eq!(said.bindings, [Binding::Evidence(expected)]);
    assert_eq!(said.phase, Some(Phase::After));
}

#[test]
fn sign_offs_have_a_role_and_an_age() {
    let expected = Binding::SignOff { role: "dba".to_owned(), max_age: Some(90 * 86_400) };
    for word in ["sign-off", "attest"] {
        assert_eq!(
            sound(&format!("{word} role=dba max-age=90d")).bindings,
            std::slice::from_ref(&expected)
        );
    }
    let anybody = Binding::SignOff { role: "any".to_owned(), max_age: None };
    assert_eq!(sound("attest").bindings, [anybody]);
    assert!(problem("sign-off roll=dba").contains("did you mean `role=…`"));
    assert!(problem("sign-off role=dba role=qa").contains("twice"));
    assert!(problem("sign-off role=dba max-age=long").contains("no length of time"));
}

#[test]
fn a_phase_stands_anywhere() {
    assert_eq!(sound("phase=after"), Said { phase: Some(Phase::After), ..Said::default() });
    assert_eq!(sound("a, phase=before").phase, Some(Phase::Before));
    assert_eq!(sound("phase=after a").bindings, named(&["a"]));
    assert!(problem("phase=later").contains("`before` or `after`"));
    assert!(problem("phase=after phase=after").contains("twice"));
}

#[test]
fn what_is_not_understood_says_why() {
    for (text, part) in [
        ("", "says nothing"),
        ("manual tls-valid", "stands alone"),
        ("evidence", "names no report"),
        ("evidence p99<=1ms", "names no report"),
        ("evidence k7 p99<=1ms", "did you mean `k6`"),
        ("k6 p98<=1ms", "did you mean"),
        ("k6 fil=a", "did you mean `file=`"),
        ("k6 quickly", "means nothing"),
        ("k6 file=", "no measure"),
        ("k6 file=/etc/passwd", "leads out"),
        ("k6 file=a/../../b", "leads out"),
        ("k6 p99<=1ms p99<=1ms", "twice"),
        ("suite=unit", "no name"),
        ("k6 suite=\"unit", "never closed"),
    ] {
        let message = problem(text);
        assert!(message.contains(part), "{text}: {message}");
    }
    assert!(problem(&"a,".repeat(3_000)).contains("longer"));
}

#[test]
fn a_problem_points_at_its_word() {
    assert_eq!(read("k6 p99<=1ms quickly").problems[0].at, 12);
    assert_eq!(read("tls-valid, a=b").problems[0].at, 11);
}

proptest::proptest! {
    #[test]
    fn anything_is_read(text in "(evidence|k6|sign-off|manual|phase=|[a-c<>=,\" \\n%0-9ü-]){0,12}") {
        for problem in read(&text).problems {
            proptest::prop_assert!(problem.at <= text.len());
        }
    }
}
