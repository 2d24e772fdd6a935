use careen_rule::{Meta, Severity};
use careen_text::Source;

use super::{Because, Selection};
use crate::{Anchor, Config, Place, Profile, Requirements, SelectionError, profile, read};

static LIMIT: Meta = Meta {
    id: "memory-limit-missing",
    peers: &["checkov:CKV_K8S_13"],
    module: "careen_lint_kubernetes::rules::resources::memory_limit_missing",
    ..Meta::DEFAULT
};
static TOKEN: Meta = Meta {
    id: "github-token",
    default: false,
    module: "careen_lint_secrets::rules::providers::github_token",
    ..Meta::DEFAULT
};

static EVERYTHING: Profile = Profile {
    name: "everything",
    description: "D.",
    all: true,
    only: &[],
    enable: &[],
    disable: &[],
    severity: &[],
    public_pki: false,
    suppressions: Requirements { reason: false, owner: false, expiry: false },
    fail_on: "info",
};

fn resolve(select: &[&str], ignore: &[&str]) -> Result<Selection, SelectionError> {
    let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let config = Config {
        severity: vec![(("CKV_K8S_13".to_owned(), Place::default()), Severity::Info)],
        ..Config::default()
    };
    Selection::resolve(
        &[&LIMIT, &TOKEN],
        profile("default").unwrap(),
        &config,
        &own(select),
        &own(ignore),
    )
}

#[test]
fn names_groups_and_peers_select() {
    let selection = resolve(&[], &[]).unwrap();
    assert!(selection.is_enabled(&LIMIT) && !selection.is_enabled(&TOKEN));
    assert_eq!(selection.of_path("").severity(&LIMIT), Some(Severity::Info));
    let selection = resolve(&["secrets"], &[]).unwrap();
    assert!(!selection.is_enabled(&LIMIT) && selection.is_enabled(&TOKEN));
    let selection = resolve(&["all"], &["kubernetes/resources"]).unwrap();
    assert!(!selection.is_enabled(&LIMIT) && selection.is_enabled(&TOKEN));
}

#[test]
fn later_words_win() {
    let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let limit_and_token = |profile_name: &str, words: [&[&str]; 4]| {
        let [select, ignore, cli_select, cli_ignore] = words.map(own);
        let placed = |names: Vec<String>| -> Vec<_> {
            names.into_iter().map(|name| (name, Place::default())).collect()
        };
        let (select, ignore) = (Some(placed(select)), placed(ignore));
        let config = Config { select, ignore, ..Config::default() };
        let profile = profile(profile_name).unwrap_or(&EVERYTHING);
        let rules = [&LIMIT, &TOKEN];
        Selection::resolve(&rules, profile, &config, &cli_select, &cli_ignore)
            .map(|selection| (selection.is_enabled(&LIMIT), selection.is_enabled(&TOKEN)))
            .unwrap()
    };
    let limit: &[&str] = &["memory-limit-missing"];
    let token: &[&str] = &["github-token"];
    for (profile, words, expected) in [
        ("default", [&[][..], &[], &[], &[]], (true, false)),
        ("everything", [&[], &[], &[], &[]], (true, true)),
        ("everything", [&[], limit, &[], &[]], (false, true)),
        ("everything", [limit, &[], &[], &[]], (true, false)),
        // In one place, what is ignored goes.
        ("default", [limit, limit, &[], &[]], (false, false)),
        ("default", [&[], &[], limit, limit], (false, false)),
        // The command line selects what the configuration did not, or ignored.
        ("default", [limit, &[], token, &[]], (false, true)),
        ("default", [&[], limit, limit, &[]], (true, false)),
        ("default", [token, limit, &["all"], token], (true, false)),
        // Without a selection of its own it only takes away.
        ("everything", [&[], limit, &[], token], (false, false)),
    ] {
        assert_eq!(limit_and_token(profile, words), expected, "{profile} {words:?}");
    }
}

#[test]
fn a_profile_may_be_a_few_rules_only() {
    let only = Profile { all: false, only: &["github-token"], ..EVERYTHING };
    let with = Profile { enable: &["memory-limit-missing"], ..only };
    let without = Profile { disable: &["github-token"], ..with };
    for (profile, expected) in
        [(only, (false, true)), (with, (true, true)), (without, (true, false))]
    {
        let rules = [&LIMIT, &TOKEN];
        let found = Selection::resolve(&rules, &profile, &Config::default(), &[], &[]).unwrap();
        assert_eq!((found.is_enabled(&LIMIT), found.is_enabled(&TOKEN)), expected);
    }
}

#[test]
fn a_slip_is_named() {
    let error = resolve(&["github-tokn"], &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no rule or group is called `github-tokn` (did you mean `github-token`?); \
         `careen rules` lists them"
    );
}

/// What a configuration says of both rules at a path, after the command line.
fn at(text: &str, path: &str, select: &[&str], ignore: &[&str]) -> (bool, bool) {
    let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    let (config, problems) = read(&Source::new("careen.yaml", text));
    assert!(problems.is_empty(), "{problems:?}");
    let anchor = Anchor { folder: "/repo/shop".to_owned(), base: "/repo".to_owned() };
    let config = Config { anchor, ..config };
    let (select, ignore) = (own(select), own(ignore));
    let rules = [&LIMIT, &TOKEN];
    let profile = profile("default").unwrap();
    let selection = Selection::resolve(&rules, profile, &config, &select, &ignore).unwrap();
    let here = selection.of_path(path);
    for rule in rules {
        assert!(selection.is_enabled(rule) || !here.is_enabled(rule), "it must run");
    }
    (here.is_enabled(&LIMIT), here.is_enabled(&TOKEN))
}

#[test]
fn overrides_hold_for_their_paths() {
    let text = "overrides:\n\
                - {paths: tests/**, ignore: [kubernetes/resources]}\n\
                - {paths: [tests/keep, '**/*.env'], select: [secrets]}\n\
                - {paths: [tests/keep/on], select: [\"checkov:CKV_K8S_13\"]}\n";
    for (path, expected) in [
        ("shop/pod.yaml", (true, false)),
        ("shop/tests/pod.yaml", (false, false)),
        ("tests/pod.yaml", (true, false)),
        ("shop/tests/keep/pod.yaml", (false, true)),
        ("shop/deploy/a.env", (false, true)),
        ("shop/tests/keep/on/pod.yaml", (true, false)),
    ] {
        assert_eq!(at(text, path, &[], &[]), expected, "{path}");
    }
    // The command line is the last to speak.
    let limit: &[&str] = &["memory-limit-missing"];
    assert_eq!(at(text, "shop/tests/pod.yaml", limit, &[]), (true, false));
    assert_eq!(at(text, "shop/tests/keep/pod.yaml", &[], &["secrets"]), (false, false));
    assert_eq!(at(text, "shop/pod.yaml", &[], limit), (false, false));
}

#[test]
fn severities_hold_for_their_paths() {
    let text = "severity: {all: high}\noverrides:\n- {paths: a, severity: {all: low}}\n\
                - {paths: a/b, severity: {kubernetes: info}}\n";
    let (config, problems) = read(&Source::new("careen.yaml", text));
    assert!(problems.is_empty(), "{problems:?}");
    let rules = [&LIMIT, &TOKEN];
    let profile = profile("default").unwrap();
    let selection = Selection::resolve(&rules, profile, &config, &[], &[]).unwrap();
    for (path, limit, token) in [
        ("c", Severity::High, Severity::High),
        ("a/c", Severity::Low, Severity::Low),
        ("a/b/c", Severity::Info, Severity::Low),
    ] {
        let here = selection.of_path(path);
        assert_eq!((here.severity(&LIMIT), here.severity(&TOKEN)), (Some(limit), Some(token)));
    }
    let here = selection.of_path("a/b/c");
    let Some((_, Because::Configuration(place))) = here.level(&LIMIT) else { panic!("{here:?}") };
    assert_eq!(place.to_string(), "careen.yaml:4:27");
}

#[test]
fn every_unknown_name_is_told_with_its_place() {
    let text = "select: [secretz]\nignore: [{rule: memory-limit-mising}]\nseverity: {x-y: low}\n\
                overrides:\n- {paths: a, ignore: [github-tokn], severity: {tsl: low}}\n";
    let (config, problems) = read(&Source::new("careen.yaml", text));
    assert!(problems.is_empty(), "{problems:?}");
    let profile = profile("default").unwrap();
    let error = Selection::resolve(&[&LIMIT, &TOKEN], profile, &config, &[], &[]).unwrap_err();
    let text = error.to_string();
    for place in ["1:10: no", "2:17: no", "3:12: no", "5:23: no", "5:48: no"] {
        assert!(text.contains(&format!("careen.yaml:{place} rule or group")), "{text}");
    }
    assert!(text.contains("did you mean `secrets`?") && text.contains("`github-token`?"), "{text}");
}
