use careen_audit_model::Phase;
use careen_text::Source;

use crate::{Binding, Checklist, parse};

const LIST: &str = "\
# Shop
## Database
- [ ] Backup created
- [ ] Alerts configured
## Monitoring
- [ ] Alerts configured
- [ ] Load tested <!-- careen: load-tested -->
- [ ] Errors stay low <!-- careen: phase=before -->
";

fn bound(sidecar: &str) -> Checklist {
    let mut list = parse(&Source::new("list.md", LIST));
    assert_eq!(list.troubles, []);
    list.bind(&Source::new("list.careen.yaml", sidecar));
    list
}

fn names(list: &Checklist) -> Vec<String> {
    let name = |binding: &Binding| match binding {
        Binding::Named(name) => name.clone(),
        Binding::Manual => "manual".to_owned(),
        other => format!("{other:?}"),
    };
    list.items.iter().map(|it| it.bindings.iter().map(name).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn entries_bind_items_by_text_section_line_and_pattern() {
    let list = bound(
        "bindings:\n\
         - {item: Backup created, careen: 'backup-configured, b'}\n\
         - {item: Alerts configured, section: Database, careen: database-alerts}\n\
         - {item: Alerts configured, line: 6, careen: alerts-configured}\n\
         - {item: '*configured', careen: x}\n\
         - {item: Errors  stay low, careen: error-rate-budget}\n\
         - {item: Backup*, phase: after}\n",
    );
    assert_eq!(list.troubles, []);
    let expected = [
        "backup-configured b",
        "database-alerts x",
        "alerts-configured x",
        "load-tested",
        "error-rate-budget",
    ];
    assert_eq!(names(&list), expected);
    assert_eq!(list.items[0].phase, Phase::After);
    assert_eq!(list.items[1].phase, Phase::Before);
}

#[test]
fn the_checklist_wins_over_the_sidecar() {
    let list = bound(
        "bindings:\n\
         - {item: Load tested, careen: other}\n\
         - {item: Errors stay low, careen: x, phase: after}\n",
    );
    assert_eq!(names(&list)[3..], ["load-tested", "x"]);
    assert_eq!(list.items[4].phase, Phase::Before);
    assert_eq!(list.troubles.len(), 2);
    assert_eq!((list.troubles[0].path.as_ref(), list.troubles[0].line), ("list.careen.yaml", 2));
    assert!(list.troubles[0].message.contains("line 7 is bound in the checklist already"));
    assert!(list.troubles[1].message.contains("has its phase"));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (sidecar, line, part) in [
        (
            "bindings:\n- {item: Backup created, careen: a}\n- {item: Backup*, careen: a}\n",
            3,
            "twice",
        ),
        ("bindings:\n- {item: Backups created, careen: a}\n", 2, "did you mean `Backup created`"),
        ("bindings:\n- {item: Weather, careen: a}\n", 2, "no item says"),
        (
            "bindings:\n- {item: Backup created, section: X, careen: a}\n",
            2,
            "on line 3 below `Database`",
        ),
        ("bindings:\n- {item: Backup created, careem: a}\n", 2, "did you mean `careen`"),
        ("bindings:\n- {item: Backup created, careen: k6 p98<=1ms}\n", 2, "did you mean"),
        ("bindings:\n- {item: Backup created, careen: a, phase: later}\n", 2, "no phase"),
        ("bindings:\n- {item: Backup created, careen: [a]}\n", 2, "no text"),
        ("bindings:\n- {item: Backup created, line: x, careen: a}\n", 2, "no number"),
        ("bindings:\n- {careen: a}\n", 2, "names no item"),
        ("bindings:\n- word\n", 2, "is no entry"),
        ("binding:\n- {item: a}\n", 1, "no list `bindings`"),
        ("bindings: []\nother: 1\n", 2, "no key is called `other`"),
        ("bindings: [\n", 1, "no sound YAML"),
        ("", 1, "is empty"),
    ] {
        let list = bound(sidecar);
        let found = list.troubles.iter().any(|it| it.line == line && it.message.contains(part));
        assert!(found, "{sidecar}: {:?}", list.troubles);
    }
}

#[test]
fn what_cannot_be_understood_is_left_to_a_person() {
    for entry in ["careen: k6 junk", "careen: [a]", "careen: a, phase: later", "phase: later"] {
        let list = bound(&format!("bindings:\n- {{item: Backup created, {entry}}}\n"));
        assert_eq!(names(&list)[0], "manual", "{entry}");
    }
}

#[test]
fn hostile_sidecars_end() {
    let mut list =
        parse(&Source::new("list.md", format!("- [ ] {}\n", "a".repeat(900)).repeat(4_000)));
    let pattern = "*a".repeat(400);
    let sidecar = format!("bindings:\n- {{item: '{pattern}b', careen: x}}\n");
    let sidecar = sidecar.clone() + &sidecar.replace("bindings:\n", "").repeat(50);
    list.bind(&Source::new("list.careen.yaml", sidecar));
    assert!(list.troubles.iter().any(|it| it.message.contains("too many")));
    list.bind(&Source::new("b", "bindings: ".to_owned() + &"[".repeat(10_000)));
}
