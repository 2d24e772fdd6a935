//! `careen migrate`: configurations of other linters, said in our words.

use std::fs;

use crate::harness::{POD, check, folder, run};

const HADOLINT: &str = "\
failure-threshold: error
ignored:
- DL3008
- SC9999
- SC2086
override:
  warning: [DL3007]
trustedRegistries: [registry.example.com]
";

const KUBE_LINTER: &str = "\
checks:
  exclude:
  - unset-memory-requirements
  - no-such-check
";

#[test]
fn what_can_be_said_is_said() {
    let folder = folder(&[
        (".hadolint.yaml", HADOLINT.as_bytes()),
        (".kube-linter.yaml", KUBE_LINTER.as_bytes()),
        ("pod.yaml", POD.as_bytes()),
        ("Dockerfile", b"FROM docker.io/library/debian:13\nUSER 1000\n"),
    ]);
    let path = folder.path();
    let has = |rule: &str| check(path).findings().iter().any(|it| it.ends_with(rule));
    assert!(has(" memory-limit-missing") && !has(" image-registry-not-allowed"));
    let run = run(path, &["migrate"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for words in [
        "careen.yaml: written from .kube-linter.yaml and .hadolint.yaml\n",
        "  .kube-linter.yaml:3 unset-memory-requirements: ignored as ",
        "  .kube-linter.yaml:4 no-such-check: no rule answers to it\n",
        "  .hadolint.yaml:4 SC9999: no rule answers to it\n",
        "  .hadolint.yaml:5 SC2086: `dockerfile-shell-lint` covers 32 more checks of hadolint",
        "  .hadolint.yaml:1 failure-threshold error: `fail-on: high`",
        "careen config validate",
    ] {
        assert!(run.stderr.contains(words), "{words}\n{}", run.stderr);
    }
    let text = fs::read_to_string(path.join("careen.yaml")).unwrap();
    assert!(
        text.contains("  # .kube-linter.yaml:3 kube-linter:unset-memory-requirements\n"),
        "{text}"
    );
    assert!(text.contains("# .hadolint.yaml:4 SC9999: no rule answers to it\n"), "{text}");
    let after = check(path);
    assert_ne!(after.code, 2, "{}", after.stderr);
    assert!(!has(" memory-limit-missing") && has(" image-registry-not-allowed"), "{text}");
}

#[test]
fn every_kind_of_file_is_found_and_read() {
    let folder = folder(&[
        (".git/HEAD", b"ref: refs/heads/main\n"),
        (".kube-score.yml", b"disable: [container-image-tag]\n"),
        ("polaris.yaml", b"checks: {hostPIDSet: warning}\n"),
        (".checkov.yaml", b"skip-check: [CKV_K8S_8]\n"),
        (
            ".checkov.baseline",
            br#"{"failed_checks": [{"file": "/pod.yaml", "findings": [{"resource": "Pod.default.api", "check_ids": ["CKV_K8S_9"]}]}]}"#,
        ),
        ("trivy.yaml", b"scan: {skip-dirs: [vendor]}\n"),
        (".trivyignore", b"# needed\nAVD-KSV-0009 exp:2027-03-01\nCVE-2024-1\n"),
        (".gitleaks.toml", b"[allowlist]\npaths = ['''^docs/''']\n"),
        (".gitleaksignore", b"a.env:github-pat:3\n"),
        (".secrets.baseline", b"{\"results\": {}, \"plugins_used\": []}"),
        (".hadolint.yaml", b"ignored: [DL3007]\n"),
    ]);
    let shown = run(folder.path(), &["migrate", "--stdout"]);
    assert_eq!(shown.code, 0, "{}", shown.stderr);
    assert!(!folder.path().join("careen.yaml").exists());
    for words in [
        "    reason: needed\n    expires: 2027-03-01\n",
        "    objects: [Pod/default/api, Pod/api]\n",
        "  - vendor\n",
        "  host-pid: medium\n",
        "# .gitleaks.toml:1 allowlist: `careen check` reads the file itself",
        "# .gitleaksignore:1 1 fingerprint: `careen check` reads the file itself",
        "# .secrets.baseline:1 0 known secrets: `careen check` reads the file itself",
        "# .trivyignore:3 CVE-2024-1: no rule answers to it: Careen has no database",
    ] {
        assert!(shown.stdout.contains(words), "{words}\n{}", shown.stdout);
    }
    assert!(shown.stderr.contains("3 read by `careen check` as it is:"), "{}", shown.stderr);
    assert_eq!(run(folder.path(), &["migrate", "--stdout"]).stdout, shown.stdout, "the same again");
}

#[test]
fn files_may_be_named_whatever_they_are_called() {
    let folder = folder(&[
        ("ci/docker.yaml", HADOLINT.as_bytes()),
        ("ci/leaks.toml", b"[allowlist]\n"),
        ("ci/gitleaks.toml", b"[allowlist]\npaths = ['''^docs/''']\n"),
        ("ci/values.yaml", b"replicas: 3\n"),
        ("ci/latin.trivyignore", b"caf\xe9\n"),
    ]);
    let path = folder.path();
    let named = run(path, &["migrate", "--stdout", "ci/docker.yaml", "ci/gitleaks.toml"]);
    assert_eq!(named.code, 0, "{}", named.stderr);
    assert!(named.stdout.contains("# ci/docker.yaml:3 hadolint:DL3008\n"), "{}", named.stdout);
    assert!(named.stdout.contains("  - rule: secrets\n    paths: [docs]\n"), "{}", named.stdout);
    for (file, words) in [
        ("ci/values.yaml", "is the configuration of no linter that Careen knows"),
        ("ci/leaks.toml", "is the configuration of no linter that Careen knows"),
        ("ci/latin.trivyignore", "is not text in UTF-8"),
        ("ci/nowhere.yaml", "cannot read ci/nowhere.yaml"),
        ("ci", "cannot read ci"),
    ] {
        let wrong = run(path, &["migrate", "--stdout", file]);
        assert_eq!(wrong.code, 2, "{file}");
        assert!(wrong.stderr.contains(words), "{file}: {}", wrong.stderr);
        assert!(wrong.stdout.is_empty(), "{file}");
    }
    let none = run(path, &["migrate"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("no configuration of another linter"), "{}", none.stderr);
}

#[test]
fn what_is_there_is_kept() {
    let folder = folder(&[
        ("careen.yaml", b"profile: strict\n"),
        (".hadolint.yaml", b"ignored: [DL3008]\n"),
    ]);
    let path = folder.path();
    let refused = run(path, &["migrate"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("careen migrate --stdout"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(path.join("careen.yaml")).unwrap(), "profile: strict\n");
    assert_eq!(run(path, &["migrate", "--force"]).code, 0);
    assert!(fs::read_to_string(path.join("careen.yaml")).unwrap().contains("ignore:"));
    fs::remove_file(path.join("careen.yaml")).unwrap();
    fs::write(path.join(".hadolint.yaml"), "no-color: true\n").unwrap();
    let nothing = run(path, &["migrate"]);
    assert_eq!(nothing.code, 0);
    assert!(nothing.stderr.contains("no configuration was written"), "{}", nothing.stderr);
    assert!(!path.join("careen.yaml").exists());
}

#[test]
fn what_is_written_is_read() {
    let trivy = b"misconfigurations:\n- id: KSV-0018\n  paths: [legacy/**]\n  statement: old\n  \
                  expired_at: 2027-03-01\n";
    let polaris = b"exemptions:\n- controllerNames: [ap]\n  rules: [cpuRequestsMissing]\n";
    let folder = folder(&[
        ("pod.yaml", POD.as_bytes()),
        ("legacy/pod.yaml", POD.as_bytes()),
        (".trivyignore.yaml", trivy),
        ("polaris.yaml", polaris),
    ]);
    assert_eq!(run(folder.path(), &["migrate"]).code, 0);
    let validated = run(folder.path(), &["config", "validate"]);
    assert_eq!(validated.code, 0, "{}", validated.stderr);
    let found = check(folder.path()).findings();
    let of = |rule: &str| found.iter().filter(|it| it.ends_with(rule)).count();
    assert_eq!((of(" memory-limit-missing"), of(" cpu-request-missing")), (1, 0), "{found:?}");
}
