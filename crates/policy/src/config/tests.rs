use careen_rule::Severity;
use careen_text::Source;

use super::{Config, read};

#[test]
fn every_key_is_read() {
    let source = Source::new(
        "careen.yaml",
        "profile: strict\nselect: [kubernetes]\nignore: [host-port]\n\
         severity: {host-port: info}\nfail-on: high\nexclude: ['vendor/**']\n\
         baseline: known.json\n",
    );
    let (config, problems) = read(&source);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(config.profile.as_ref().unwrap().0, "strict");
    let ((rule, _), level) = &config.severity[0];
    assert_eq!((rule.as_str(), *level), ("host-port", Severity::Info));
    assert_eq!(config.fail_on.as_ref().unwrap().0, Severity::High);
    assert_eq!(config.exclude[0].0, "vendor/**");
    assert_eq!(config.baseline.as_ref().unwrap().0, "known.json");
}

#[test]
fn mistakes_show_their_place() {
    let source = Source::new("careen.yaml", "profil: strict\nfail-on: loud\nselect: all\n");
    let (_, problems) = read(&source);
    let shown: Vec<_> = problems
        .iter()
        .map(|problem| (problem.place.position().line, problem.message.as_str()))
        .collect();
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert_eq!(shown[0].0, 1);
    assert!(shown[0].1.contains("did you mean `profile`?"));
    assert_eq!(shown[1].0, 2);
    assert_eq!(shown[2], (3, "`select` is a list of names"));
}

#[test]
fn hostile_files_end_in_a_few_words() {
    let deep = format!("profile: {}", "[".repeat(500_000));
    let keys: String = (0..100_000).map(|key| format!("k{key}: 1\n")).collect();
    let globs = format!("exclude: [{}]\n", "a,".repeat(100_000));
    let mut anchors = "a0: &a0 {x: 1}\n".to_owned();
    for at in 1..20_000 {
        anchors.push_str(&format!("a{at}: &a{at} {{<<: *a{}, b: *a0}}\n", at - 1));
    }
    let levels: String = (0..50_000).map(|at| format!("  r{at}: loud\n")).collect();
    let long = format!("{}: 1\nprofile: {}\n", "k".repeat(100_000), "p".repeat(100_000));
    for text in [deep, keys, globs, anchors, format!("severity:\n{levels}"), long] {
        let (_, problems) = read(&Source::new("careen.yaml", text));
        assert!(!problems.is_empty() && problems.len() <= 21, "{}", problems.len());
        assert!(problems.iter().all(|problem| problem.message.len() < 600), "{problems:?}");
    }
}

#[test]
fn an_empty_file_is_no_mistake() {
    assert!(read(&Source::new("careen.yaml", "")).1.is_empty());
}

fn problems(text: &str) -> Vec<String> {
    let (_, problems) = read(&Source::new("careen.yaml", text));
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn the_list_of_what_does_not_count_is_read() {
    let text = "ignore:\n- secrets\n- rule: host-port\n  paths: [\"legacy/**\"]\n  \
                objects: \"Deployment/shop/*\"\n  reason: needs it\n  owner: team-payments\n  \
                expires: 2027-03-01\n- {rules: [a, b]}\n";
    let (config, problems) = read(&Source::new("careen.yaml", text));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(config.ignore[0].0, "secrets");
    let [first, second] = config.ignored.as_slice() else { panic!("{config:?}") };
    assert_eq!((first.rules[0].0.as_str(), first.place.position().line), ("host-port", 3));
    assert_eq!(first.paths[0].0, "legacy/**");
    assert_eq!(first.objects[0].0, "Deployment/shop/*");
    assert_eq!(first.reason.as_ref().unwrap().0, "needs it");
    assert_eq!(first.owner.as_ref().unwrap().0, "team-payments");
    assert_eq!(first.expires.as_ref().unwrap().1.0, "2027-03-01");
    assert_eq!(second.rules.len(), 2);
}

#[test]
fn every_slip_of_the_new_keys_is_told() {
    for (text, expected) in [
        ("ignore: [{rul: a}]", "1:11: an item of `ignore` has no key `rul` (did you mean `rule`?)"),
        ("ignore: [{paths: [a]}]", "1:10: an item of `ignore` says nothing: add `rule` or `rules`"),
        ("ignore: [{rule: a, rules: [b]}]", "1:20: an item of `ignore` has `rule` or `rules`"),
        ("ignore: [{rule: [a]}]", "1:17: `rule` is a name"),
        ("ignore: [{rule: a, paths: []}]", "1:27: `paths` is empty"),
        ("ignore: [{rule: a, paths: ['a[']}]", "an item of `paths` is `a[`, which is no glob"),
        ("ignore: [{rule: a, objects: [api]}]", "`Kind/namespace/name` or `Kind/name`"),
        ("ignore: [{rule: a, objects: [a/b/c/d]}]", "`Kind/namespace/name` or `Kind/name`"),
        ("ignore: [{rule: a, reason: 7}]", "`reason` is a text: put it in quotes"),
        ("ignore: [{rule: a, expires: soon}]", "1:29: `expires` is a day, written 2027-03-01"),
        ("ignore: [{rule: a, expires: 2027-02-30}]", "`expires` is a day"),
        ("ignore: [[a]]", "an item of `ignore` is a mapping with the keys rule, rules"),
        ("ignore: a", "`ignore` is a list of names and mappings with the keys"),
        ("overrides: {paths: a}", "`overrides` is a list of mappings with the keys paths"),
        ("overrides: [{ignore: [a]}]", "1:13: an override has no `paths`: add a glob"),
        ("overrides: [{paths: a}]", "an override says nothing: add `select` or `ignore` or"),
        ("overrides: [{paths: a, fail-on: low}]", "an override has no key `fail-on`"),
        ("overrides: [{paths: a, severity: {b: loud}}]", "`loud` is no severity"),
        ("overrides: [{paths: '!a', ignore: [b]}]", "cannot be taken back in"),
        ("suppressions: {reason: yes}", "`reason` is `required` or `optional`"),
        ("suppressions: {reasons: required}", "`suppressions` has no key `reasons` (did you mean"),
        ("suppressions: required", "`suppressions` is a mapping with the keys reason"),
        ("extend: {a: b}", "`extend` is the path of a file, or a list of paths"),
        ("extend: [https://example.com/a.yaml]", "nothing is fetched from an address"),
        ("select: a\nselect: b", "2:1: "),
        ("profile: strickt", "did you mean `strict`?"),
        ("images: {signatures: {}}", "a list of rules"),
        ("exclude: [7]", "an item of `exclude` is a glob: put it in quotes"),
    ] {
        let found = problems(text);
        assert!(found.iter().any(|it| it.contains(expected)), "{text}: {found:?}");
    }
}

#[test]
fn what_stands_here_wins() {
    let parse = |text: &str| {
        let (config, problems) = read(&Source::new("careen.yaml", text));
        assert!(problems.is_empty(), "{problems:?}");
        config
    };
    let base = "profile: strict\nselect: [a]\nignore: [b, {rule: b}]\nfail-on: high\n\
                severity: {x: low, z: low}\nexclude: [c]\nbaseline: b.json\n\
                kubernetes-version: 1.30\npki: public\nrules: {r: {one: a, two: b}}\n\
                suppressions: {reason: required, owner: required}\n\
                overrides: [{paths: a, ignore: [b]}]\ndetectors: [d]\n\
                images: {signatures: [{images: a, keys: k}]}\n";
    let own = "profile: relaxed\nselect: []\nignore: [d, {rule: d}]\nfail-on: low\n\
               severity: {x: high}\nexclude: [e]\nbaseline: o.json\nkubernetes-version: 1.31\n\
               pki: private\nrules: {r: {one: c}}\nsuppressions: {reason: optional}\n\
               overrides: [{paths: b, ignore: [b]}]\ndetectors: [e]\n\
               images: {signatures: [{images: b, keys: k}]}\n";
    let names = |words: &[crate::Word]| -> Vec<String> {
        words.iter().map(|(word, _)| word.clone()).collect()
    };
    let both = parse(own).over(parse(base));
    assert_eq!(both.profile.as_ref().unwrap().0, "relaxed");
    assert_eq!(both.select.as_deref(), Some(&[][..]));
    assert_eq!((names(&both.ignore), both.ignored.len()), (vec!["b".into(), "d".into()], 2));
    let levels: Vec<_> =
        both.severity.iter().map(|((it, _), level)| (it.as_str(), *level)).collect();
    assert_eq!(levels, [("z", Severity::Low), ("x", Severity::High)]);
    assert_eq!(names(&both.exclude), ["c", "e"]);
    assert_eq!(both.overrides[1].paths[0].0, "b");
    assert_eq!(names(&both.detector_files), ["d", "e"]);
    assert_eq!(both.signatures[0].images[0].0, "b");
    assert_eq!(both.rules.len(), 2);
    assert!(!both.demands.reason.as_ref().unwrap().0 && both.demands.owner.as_ref().unwrap().0);
    // Nothing of one's own leaves all as it was.
    assert_eq!(Config::default().over(parse(base)), parse(base));
    assert_eq!(parse(own).over(Config::default()), parse(own));
}

#[test]
fn anchors_cannot_make_a_short_file_a_long_one() {
    let globs = "a,".repeat(1_000);
    let list = "- {paths: *a, ignore: *a}\n".repeat(200);
    let text = format!("exclude: &a [{globs}]\noverrides:\n{list}");
    let found = problems(&text);
    assert!(found.iter().any(|it| it.contains("more than 50000 words")), "{found:?}");
    assert_eq!(problems("ignore: &a [*a]\nselect: *a\nextend: &b {<<: *b}").len(), 3);
}
