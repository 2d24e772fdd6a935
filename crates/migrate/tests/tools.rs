//! Configurations of other linters, small and of the house, and what becomes of each word.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests: a panic is how they fail"
)]

use careen_migrate::{Input, Migration, Tool, migrate};
use careen_rule::Meta;

const fn rule(id: &'static str, peers: &'static [&'static str], default: bool) -> Meta {
    Meta { id, peers, default, ..Meta::DEFAULT }
}

static PORT: Meta =
    rule("host-port", &["polaris:hostPortSet", "trivy:KSV-0024", "checkov:CKV_K8S_26"], true);
static LATEST: Meta = rule(
    "image-tag-latest",
    &["kube-linter:latest-tag", "polaris:tagNotSpecified", "checkov:CKV_K8S_14", "hadolint:DL3007"],
    true,
);
static ROOT: Meta = rule(
    "run-as-root",
    &[
        "kube-linter:run-as-non-root",
        "polaris:runAsRootAllowed",
        "polaris:runAsRoot",
        "kube-score:user",
    ],
    true,
);
static SORTED: Meta =
    rule("yaml-keys-unsorted", &["kube-linter:sorted-keys", "polaris:sorted"], false);
static APT: Meta = rule("package-unpinned", &["hadolint:DL3008", "hadolint:DL3018"], true);
static SHELL: Meta = rule(
    "shell-lint",
    &[
        "hadolint:SC2086",
        "hadolint:SC1000",
        "hadolint:SC1001",
        "hadolint:SC1007",
        "hadolint:SC1010",
    ],
    true,
);
static TOKEN: Meta = rule("github-token", &["gitleaks:github-pat"], true);
static LABEL: Meta = Meta {
    options: &[careen_rule::RuleOption {
        name: "labels",
        kind: careen_rule::OptionKind::Map,
        summary: "Labels.",
    }],
    ..rule("required-label-missing", &["kube-linter:template:required-label"], true)
};

fn read(files: &[(&str, Tool, &str)]) -> Migration {
    let inputs: Vec<Input> = files
        .iter()
        .map(|(path, tool, text)| Input {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
            tool: *tool,
            at_root: !path.contains('/'),
        })
        .collect();
    migrate(&inputs, &[&PORT, &LATEST, &ROOT, &SORTED, &APT, &SHELL, &TOKEN, &LABEL])
}

/// The draft without its comments.
fn bare(migration: &Migration) -> String {
    let text = migration.to_yaml(&[]);
    let lines = text.lines().filter(|line| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('#')
    });
    lines.map(|line| format!("{line}\n")).collect()
}

/// `place what: why` of what was left.
fn left(migration: &Migration) -> Vec<String> {
    let items = migration.with(careen_migrate::Fate::is_left);
    items.map(|it| format!("{} {}: {}", it.origin, it.what, it.fate.text())).collect()
}

fn has(lines: &[String], words: &str) -> bool {
    lines.iter().any(|line| line.contains(words))
}

#[test]
fn kube_linter() {
    let migration = read(&[(
        ".kube-linter.yaml",
        Tool::KubeLinter,
        "checks:\n  include: [sorted-keys, run-as-non-root]\n  exclude:\n  - latest-tag\n  - no-such\n  \
         - template:cel-expression\n  ignorePaths:\n  - vendor/**\n  - ~/elsewhere\ncustomChecks:\n\
         - name: our-label\n  template: required-label\n",
    )]);
    assert_eq!(
        bare(&migration),
        "ignore:\n  - image-tag-latest\n  - rule: kubernetes\n    paths: [\"vendor/**\"]\n    reason: \
         \"kube-linter did not look at these paths\"\n"
    );
    let left = left(&migration);
    assert!(
        has(&left, ".kube-linter.yaml:2 sorted-keys: `yaml-keys-unsorted` is off by default"),
        "{left:?}"
    );
    assert!(has(&left, ".kube-linter.yaml:5 no-such: no rule answers to it"), "{left:?}");
    assert!(has(&left, ".kube-linter.yaml:6 template:cel-expression: no rule answers to it: Expr"));
    assert!(has(&left, ".kube-linter.yaml:9 ~/elsewhere: the path is absolute"), "{left:?}");
    assert!(
        has(
            &left,
            "our-label: checks of your own are not taken over; the nearest is `required-label-missing`: say what you need as `rules: {required-label-missing: {labels: …}}`"
        ),
        "{left:?}"
    );
    assert_eq!(left.len(), 5, "{left:?}");
}

#[test]
fn a_list_that_replaces_the_defaults_selects() {
    let migration = read(&[(
        ".kube-linter.yaml",
        Tool::KubeLinter,
        "checks:\n  doNotAutoAddDefaults: true\n  include: [sorted-keys, latest-tag]\n  exclude: [latest-tag]\n",
    )]);
    assert_eq!(
        bare(&migration),
        "select:\n  - yaml-keys-unsorted\n  - images\n  - secrets\n  - tls\nignore:\n  - image-tag-latest\n"
    );
    let all = read(&[(
        ".kube-linter.yml",
        Tool::KubeLinter,
        "checks: {addAllBuiltIn: true, exclude: [latest-tag]}\n",
    )]);
    assert_eq!(bare(&all), "ignore:\n  - image-tag-latest\n");
    assert!(all.to_yaml(&[]).contains("# profile: strict  # .kube-linter.yml:1 addAllBuiltIn"));
}

/// What another tool runs must not be lost to a list.
#[test]
fn a_list_selects_only_where_nobody_else_chooses() {
    let list = "checks: {doNotAutoAddDefaults: true, include: [latest-tag]}\n";
    let read = |tool, text: &str| {
        bare(&read(&[(".kube-linter.yaml", Tool::KubeLinter, list), ("b.yaml", tool, text)]))
    };
    assert_eq!(read(Tool::TrivyIgnore, "KSV024\n"), "ignore:\n  - host-port\n");
    assert_eq!(
        read(Tool::Polaris, "checks: {hostPortSet: warning}\n"),
        "select:\n  - image-tag-latest\n  - host-port\n  - images\n  - secrets\n  - tls\n"
    );
    assert_eq!(
        read(Tool::KubeScore, "enable: [user]\n"),
        "select:\n  - image-tag-latest\n  - run-as-root\n  - images\n  - secrets\n  - tls\n"
    );
    assert_eq!(read(Tool::KubeScore, "disable: [user]\n"), "ignore:\n  - run-as-root\n");
}

#[test]
fn kube_score() {
    let migration = read(&[(
        ".kube-score.yml",
        Tool::KubeScore,
        "disable-all: false\nenable: []\nenable-all: true\ndisable:\n- user\n- pod-networkpolicy\nother: 1\n",
    )]);
    assert_eq!(bare(&migration), "ignore:\n  - run-as-root\n");
    let left = left(&migration);
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(has(&left, ".kube-score.yml:6 pod-networkpolicy"), "{left:?}");
}

#[test]
fn polaris() {
    let migration = read(&[(
        "polaris.yaml",
        Tool::Polaris,
        "checks:\n  hostPortSet: danger\n  tagNotSpecified: ignore\n  runAsRootAllowed: ignore\n  runAsRoot: \
         warning\n  sorted: warning\n  livenessProbeMissing: loud\nexemptions:\n- namespace: kube-system\n  \
         controllerNames: [dns-controller]\n  rules: [hostPortSet]\n- controllerNames: [tiller]\n- \
         namespace: shop\n  containerNames: [web]\n- rules: [hostPortSet]\ncustomChecks:\n  ours: {}\n",
    )]);
    assert_eq!(
        bare(&migration),
        "ignore:\n  - image-tag-latest\n  - rule: host-port\n    objects: \
         [\"*/kube-system/dns-controller*\"]\n    reason: \"exempt in the configuration of Polaris\"\n  \
         - rule: \"polaris:*\"\n    objects: [\"*/tiller*\"]\n    reason: \"exempt in the configuration of \
         Polaris\"\nseverity:\n  host-port: high\n"
    );
    let left = left(&migration);
    assert!(has(&left, "runAsRootAllowed: `run-as-root` is kept"), "{left:?}");
    assert!(has(&left, "sorted: `yaml-keys-unsorted` is off by default"), "{left:?}");
    assert!(has(&left, "livenessProbeMissing: its severity is none of"), "{left:?}");
    assert!(has(&left, "exemption: it is for single containers"), "{left:?}");
    assert!(has(&left, "exemption: it names neither"), "{left:?}");
    assert!(has(&left, "customChecks ours"), "{left:?}");
    assert_eq!(left.len(), 6, "{left:?}");
}

#[test]
fn checkov() {
    let migration = read(&[
        (
            ".checkov.yaml",
            Tool::Checkov,
            "framework: [kubernetes, terraform]\nskip-check: CKV_K8S_14,CKV_AWS_20\nskip-path:\n- vendor\n\
             - ^a(b|c)$\nsoft-fail-on: [CKV_K8S_26, MEDIUM]\nbc-api-key: hunter2-hunter2\nquiet: true\n\
             skip-framework: [secrets]\n",
        ),
        (
            ".checkov.baseline",
            Tool::CheckovBaseline,
            "{\n \"failed_checks\": [\n  {\"file\": \"/deploy/web.yaml\", \"findings\": [\n   {\"resource\": \
             \"Deployment.default.web\",\n    \"check_ids\": [\"CKV_K8S_26\", \"CKV_K8S_999\"]}]},\n  \
             {\"file\": \"/Dockerfile\", \"findings\": [{\"resource\": \"/Dockerfile.RUN\", \"check_ids\": \
             [\"CKV_K8S_14\"]}]}\n ]\n}\n",
        ),
    ]);
    assert_eq!(
        bare(&migration),
        "fail-on: high\nignore:\n  - image-tag-latest\n  - rule: host-port\n    paths: [deploy/web.yaml]\n    \
         objects: [Deployment/default/web, Deployment/web]\n    reason: \"known to the baseline of \
         Checkov\"\n  - rule: image-tag-latest\n    paths: [Dockerfile]\n    reason: \"known to the \
         baseline of Checkov\"\nseverity:\n  host-port: info\nexclude:\n  - \"**/vendor\"\n"
    );
    let left = left(&migration);
    assert!(
        has(&left, ".checkov.yaml:2 CKV_AWS_20: no rule answers to it: Careen looks at"),
        "{left:?}"
    );
    assert!(has(&left, "framework terraform: Careen does not look at it"), "{left:?}");
    assert!(has(&left, ".checkov.yaml:5 ^a(b|c)$"), "{left:?}");
    assert!(has(&left, ".checkov.baseline:5 CKV_K8S_999"), "{left:?}");
    let text = migration.to_yaml(&[".checkov.yaml"]);
    assert!(
        text.contains("# ignore: [secrets]  # .checkov.yaml:9 skip-framework secrets"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn checkov_checks_select() {
    let migration =
        read(&[(".checkov.yml", Tool::Checkov, "check:\n- CKV_K8S_26\n- HIGH\n- CKV_K8S_*\n")]);
    assert_eq!(bare(&migration), "select:\n  - host-port\n  - image-tag-latest\n  - tls\n");
}

#[test]
fn trivy() {
    let migration = read(&[
        (
            "trivy.yaml",
            Tool::Trivy,
            "severity: [HIGH, CRITICAL]\nscan:\n  skip-dirs: [vendor/, /usr/lib]\n  scanners: [vuln, \
             misconfig]\nserver:\n  token: hunter2-hunter2\n",
        ),
        (
            ".trivyignore",
            Tool::TrivyIgnore,
            "# The node's port is needed\n# until the gateway is in.\nAVD-KSV-0024 exp:2027-03-01\n\n\
             CVE-2024-1234\ngithub-pat\nKSV024 exp:soon\n",
        ),
        (
            ".trivyignore.yaml",
            Tool::TrivyIgnoreYaml,
            "misconfigurations:\n- id: AVD-KSV-0024\n  paths: [legacy/*.yaml, /abs]\n  statement: \"old: \
             #1\"\n  expired_at: 2027-01-01\n- id: KSV024\n  paths: [/abs]\nlicenses:\n- id: GPL-3.0\n",
        ),
    ]);
    assert_eq!(
        bare(&migration),
        "ignore:\n  - rule: host-port\n    reason: \"The node's port is needed until the gateway is in.\"\n    \
         expires: 2027-03-01\n  - github-token\n  - rule: host-port\n    paths: [\"legacy/*.yaml\"]\n    \
         reason: \"old: #1\"\n    expires: 2027-01-01\nexclude:\n  - vendor\n"
    );
    let text = migration.to_yaml(&[]);
    assert!(text.contains("# fail-on: high  # trivy.yaml:1 severity"), "{text}");
    assert!(text.contains("# ignore: [secrets]  # trivy.yaml:4 scanners"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let left = left(&migration);
    assert!(has(
        &left,
        ".trivyignore:5 CVE-2024-1234: no rule answers to it: Careen has no database"
    ));
    assert!(has(&left, ".trivyignore:7 KSV024: what follows the id is no `exp:`"), "{left:?}");
    assert!(has(&left, ".trivyignore.yaml:6 KSV024: none of its paths"), "{left:?}");
    assert!(has(&left, "GPL-3.0: what licences are refused"), "{left:?}");
    assert!(has(&left, "trivy.yaml:3 /usr/lib: the path is absolute"), "{left:?}");
}

const GITLEAKS: &str = "\
title = 'ours'
[extend]
useDefault = true
disabledRules = ['github-pat']
[[allowlists]]
description = 'fixtures'
paths = ['''^testdata/''', '''(a|b)''']
[[allowlists]]
stopwords = ['hunter2']
[[rules]]
id = 'ours'
regex = '''hunter2-[a-z]+'''
";

#[test]
fn gitleaks() {
    let at_root = read(&[(".gitleaks.toml", Tool::Gitleaks, GITLEAKS)]);
    assert_eq!(bare(&at_root), "ignore:\n  - github-token\n");
    assert_eq!(at_root.with(careen_migrate::Fate::is_honoured).count(), 2);
    assert!(has(&left(&at_root), ".gitleaks.toml:10 rule ours: regular expressions"));
    let elsewhere = read(&[("ci/gitleaks.toml", Tool::Gitleaks, GITLEAKS)]);
    assert_eq!(
        bare(&elsewhere),
        "ignore:\n  - rule: secrets\n    paths: [testdata]\n    reason: fixtures\n  - github-token\n"
    );
    let left = left(&elsewhere);
    assert!(has(&left, "ci/gitleaks.toml:5 (a|b): it is a regular expression"), "{left:?}");
    assert!(has(&left, "ci/gitleaks.toml:8 allowlist: what it allows by content"), "{left:?}");
    for migration in [&at_root, &elsewhere] {
        assert!(!migration.to_yaml(&[]).contains("hunter2"));
    }
    let broken = read(&[(".gitleaks.toml", Tool::Gitleaks, "a = 1\nb = hunter2\n")]);
    let text = broken.to_yaml(&[]);
    assert!(text.contains(".gitleaks.toml:2 the file: it is no TOML"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn files_that_are_read_as_they_are() {
    let migration = read(&[
        (
            ".gitleaksignore",
            Tool::GitleaksIgnore,
            "# known\na.env:github-pat:3\n\nb.env:github-pat:4\n",
        ),
        (
            ".secrets.baseline",
            Tool::DetectSecrets,
            "{\"results\": {\"a\": [{\"hashed_secret\": \"x\"}]},\n\"filters_used\": []}",
        ),
    ]);
    assert_eq!(bare(&migration), "");
    let honoured: Vec<_> = migration.with(careen_migrate::Fate::is_honoured).collect();
    assert_eq!(honoured[0].what, "2 fingerprints");
    assert_eq!(honoured[1].what, "1 known secret");
    let moved = read(&[
        ("ci/.gitleaksignore", Tool::GitleaksIgnore, "a.env:github-pat:3\n"),
        (
            "ci/.secrets.baseline",
            Tool::DetectSecrets,
            "{\"results\": {}, \"filters_used\": [{\"path\": \"detect_secrets.filters.regex.should_exclude_file\", \
             \"pattern\": [\"^docs/.*\\\\.md$\", \"(a|b)\"]}]}",
        ),
    ]);
    assert!(
        bare(&moved).contains("  - rule: secrets\n    paths: [\"docs/**/*.md\"]\n"),
        "{}",
        bare(&moved)
    );
    assert_eq!(left(&moved).len(), 3, "{:?}", left(&moved));
}

#[test]
fn hadolint() {
    let migration = read(&[(
        ".hadolint.yaml",
        Tool::Hadolint,
        "failure-threshold: warning\nignored:\n- DL3008\n- SC2086\noverride:\n  error: [DL3007]\n  style: \
         [DL3008]\ntrustedRegistries:\n- docker.io\n- \"*.gcr.io\"\nlabel-schema:\n  author: text\n  version: \
         semver\nstrict-labels: true\nno-fail: true\n",
    )]);
    assert_eq!(
        bare(&migration),
        "fail-on: medium\nignore:\n  - package-unpinned\nseverity:\n  image-tag-latest: high\nrules:\n  \
         dockerfile-label-missing:\n    labels:\n      author: text\n      version: semver\n  \
         dockerfile-label-superfluous:\n    labels:\n      author: text\n      version: semver\n  \
         image-registry-not-allowed:\n    registries: [docker.io, \"*.gcr.io\"]\n"
    );
    let text = migration.to_yaml(&[".hadolint.yaml"]);
    assert!(
        text.contains("  # .hadolint.yaml:3 hadolint:DL3008\n  - package-unpinned\n"),
        "{text}"
    );
    let taken = migration.with(careen_migrate::Fate::is_taken);
    let also =
        taken.filter(|it| it.fate.text().contains("what `DL3018` finds goes with it")).count();
    assert_eq!(also, 1);
    let left = left(&migration);
    assert!(has(&left, ".hadolint.yaml:4 SC2086: `shell-lint` covers 4 more checks"), "{left:?}");
    assert!(has(&left, ".hadolint.yaml:7 DL3008: the same file ignores it"), "{left:?}");
    assert!(has(&left, "no-fail"), "{left:?}");
}

#[test]
fn of_two_thresholds_the_milder_counts() {
    let migration = read(&[
        (".hadolint.yaml", Tool::Hadolint, "failure-threshold: error\n"),
        (".checkov.yaml", Tool::Checkov, "soft-fail-on: [LOW]\n"),
        (".hadolint.yml", Tool::Hadolint, "failure-threshold: error\n"),
    ]);
    assert_eq!(bare(&migration), "fail-on: medium\n");
    assert_eq!(left(&migration).len(), 1);
}

#[test]
fn hostile_files_end_in_a_few_words() {
    let many: String = (0..30_000).map(|at| format!("- X{at}\n")).collect();
    let deep = "[".repeat(100_000);
    let nested = format!("a = {deep}");
    let dotted = format!("{}a = 1\n", "a.".repeat(100_000));
    let escape = "ignored: [\"DL\\u001b[31m\\nfoo: bar\"]\n";
    for tool in [
        Tool::KubeLinter,
        Tool::KubeScore,
        Tool::Polaris,
        Tool::Checkov,
        Tool::CheckovBaseline,
        Tool::Trivy,
        Tool::TrivyIgnore,
        Tool::TrivyIgnoreYaml,
        Tool::Gitleaks,
        Tool::GitleaksIgnore,
        Tool::DetectSecrets,
        Tool::Hadolint,
    ] {
        for text in [
            "",
            "- 1\n",
            "a: b: c\n",
            "\u{0}",
            &deep,
            &nested,
            &dotted,
            escape,
            "checks: 1\nscan: 2\n",
            "---\n---\n",
        ] {
            let _ = read(&[("a.yaml", tool, text)]).to_yaml(&["a\nb"]);
        }
    }
    let migration = read(&[("a.yaml", Tool::Hadolint, &format!("ignored:\n{many}"))]);
    assert!(migration.items.len() <= 10_000);
    let text = read(&[("a\n.yaml", Tool::Hadolint, escape)]).to_yaml(&["a\n.yaml"]);
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
}
