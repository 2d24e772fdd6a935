//! `--fix`, `--unsafe-fixes` and `--diff`.

use std::fs;
use std::path::Path;

use crate::harness::{POD, folder, run, run_with};

/// What people write: comments everywhere, one container in braces, one in plain lines.
const MESSY: &str = "\
# The shop. Ask in #shop before you change this.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api   # aligned by hand
  namespace: shop
  labels: {app: api, canary: no}
spec:
  replicas: 3
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
      - name: web
        image: \"registry.example.com/web:1.4.0\"  # pinned
        resources:
          limits: {memory: 64Mi}
          # requests: none yet
        # securityContext: todo

      # the old one
      - {name: old, image: k8s.gcr.io/pause:3.9}
---
apiVersion: policy/v1beta1   # old cluster
kind: PodDisruptionBudget
metadata: {name: api, namespace: shop}
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: api}
";

const MESSY_FIXED: &str = "\
# The shop. Ask in #shop before you change this.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api   # aligned by hand
  namespace: shop
  labels: {app: api, canary: \"no\"}
spec:
  replicas: 3
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
      - name: web
        image: \"registry.example.com/web:1.4.0\"  # pinned
        resources:
          limits: {memory: 64Mi}
          # requests: none yet
        # securityContext: todo
        securityContext:
          allowPrivilegeEscalation: false

      # the old one
      - {name: old, image: registry.k8s.io/pause:3.9, securityContext: {allowPrivilegeEscalation: false}}
---
apiVersion: policy/v1   # old cluster
kind: PodDisruptionBudget
metadata: {name: api, namespace: shop}
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: api}
";

const JSON: &str = "{
  \"apiVersion\": \"v1\",
  \"kind\": \"Pod\",
  \"metadata\": {\"name\": \"api\"},
  \"spec\": {
    \"containers\": [
      {
        \"name\": \"web\",
        \"image\": \"registry.example.com/web:1.4.0\"
      }
    ]
  }
}
";

const ESCALATION: &[&str] = &["--select", "privilege-escalation-not-disabled"];
const SECURITY: &[&str] = &[
    "--select",
    "privilege-escalation-not-disabled,capabilities-not-dropped-all,seccomp-profile-missing,\
     read-only-root-filesystem-missing,service-account-token-automounted,run-as-non-root-missing",
];

fn text(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap()
}

fn check(folder: &Path, more: &[&str], rest: &[&str]) -> crate::harness::Run {
    run(folder, &[&["check"], more, rest].concat())
}

#[test]
fn safe_fixes_keep_everything_else() {
    let crlf = MESSY.replace('\n', "\r\n");
    let cut = POD.trim_end();
    let bad = folder(&[
        ("messy.yaml", MESSY.as_bytes()),
        ("crlf.yaml", crlf.as_bytes()),
        ("pod.json", JSON.as_bytes()),
        ("cut.yaml", cut.as_bytes()),
    ]);
    let fixed = check(bad.path(), &["--fix", "--format", "json"], &[]);
    assert_eq!(fixed.stderr, "fixed 12 findings in 4 files\n");
    assert_eq!(fixed.code, 1, "something is left");
    assert_eq!(text(bad.path(), "messy.yaml"), MESSY_FIXED);
    assert_eq!(text(bad.path(), "crlf.yaml"), MESSY_FIXED.replace('\n', "\r\n"));
    assert_eq!(
        text(bad.path(), "pod.json"),
        JSON.replace(
            ":1.4.0\"\n",
            ":1.4.0\",\n        \"securityContext\": {\n          \
             \"allowPrivilegeEscalation\": false\n        }\n"
        )
    );
    assert_eq!(
        text(bad.path(), "cut.yaml"),
        format!("{cut}\n    securityContext:\n      allowPrivilegeEscalation: false")
    );
    // The report is of what the files hold now, and nothing safe is left to do.
    let again = check(bad.path(), &["--format", "json"], &[]);
    assert_eq!(again.stdout, fixed.stdout);
    let left = again.json();
    for finding in left["findings"].as_array().unwrap() {
        assert_ne!(finding["fix"]["safety"], "safe", "{finding}");
    }
    let second = check(bad.path(), &["--fix"], &[]);
    assert_eq!(second.stderr, "fixed 0 findings in 0 files\n");
    assert_eq!(text(bad.path(), "messy.yaml"), MESSY_FIXED);
}

#[test]
fn unsafe_fixes_combine_in_one_container() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let fixed = check(bad.path(), SECURITY, &["--fix", "--unsafe-fixes"]);
    assert_eq!(fixed.code, 0, "{}{}", fixed.stdout, fixed.stderr);
    assert_eq!(fixed.stderr, "fixed 6 findings in 1 file\n");
    let after = text(bad.path(), "pod.yaml");
    assert!(after.starts_with(POD), "{after}");
    let mut lines: Vec<&str> = after.strip_prefix(POD).unwrap().lines().collect();
    lines.sort_unstable();
    let mut expected = [
        "    securityContext:",
        "      allowPrivilegeEscalation: false",
        "      capabilities:",
        "        drop:",
        "        - ALL",
        "      readOnlyRootFilesystem: true",
        "      runAsNonRoot: true",
        "  securityContext:",
        "    seccompProfile:",
        "      type: RuntimeDefault",
        "  automountServiceAccountToken: false",
    ];
    expected.sort_unstable();
    assert_eq!(lines, expected, "{after}");
}

#[test]
fn a_diff_shows_what_would_change_and_writes_nothing() {
    let bad =
        folder(&[("deploy/pod.yaml", POD.as_bytes()), ("cut.yaml", POD.trim_end().as_bytes())]);
    let expected = "\
--- a/cut.yaml
+++ b/cut.yaml
@@ -5,4 +5,6 @@
 spec:
   containers:
   - name: web
-    image: registry.example.com/web:1.4.0
\\ No newline at end of file
+    image: registry.example.com/web:1.4.0
+    securityContext:
+      allowPrivilegeEscalation: false
\\ No newline at end of file
--- a/deploy/pod.yaml
+++ b/deploy/pod.yaml
@@ -6,3 +6,5 @@
   containers:
   - name: web
     image: registry.example.com/web:1.4.0
+    securityContext:
+      allowPrivilegeEscalation: false
";
    let diff = check(bad.path(), ESCALATION, &["--diff"]);
    assert_eq!((diff.code, diff.stdout.as_str(), diff.stderr.as_str()), (1, expected, ""));
    assert_eq!(text(bad.path(), "deploy/pod.yaml"), POD);

    let more = check(bad.path(), SECURITY, &["--diff", "--unsafe-fixes"]);
    assert!(more.stdout.contains("+      runAsNonRoot: true\n"), "{}", more.stdout);
    let none = check(bad.path(), &["--select", "memory-limit-missing"], &["--diff"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
}

#[test]
fn secrets_are_masked_in_diffs() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  password: \
                tr0ub4dor\n---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: \
                {name: a}\nspec: {selector: {matchLabels: {a: b}}}\n";
    let bad = folder(&[("all.yaml", text.as_bytes())]);
    let diff = check(bad.path(), &["--select", "api-version-removed"], &["--diff"]);
    assert_eq!(diff.code, 1, "{}", diff.stderr);
    assert!(diff.stdout.contains("\n   password: ********\n ---\n"), "{}", diff.stdout);
    assert!(diff.stderr.contains("secrets are masked"), "{}", diff.stderr);
    assert!(!diff.stdout.contains("tr0ub4dor"), "{}", diff.stdout);
}

#[test]
fn suppressed_findings_and_code_of_others_are_left_alone() {
    let quiet =
        POD.replace("web\n", "web # careen: ignore[privilege-escalation-not-disabled] su\n");
    let bad = folder(&[("a.yaml", quiet.as_bytes()), ("vendor/a.yaml", POD.as_bytes())]);
    let diff = check(bad.path(), ESCALATION, &["--diff"]);
    assert_eq!((diff.code, diff.stdout.as_str()), (0, ""));
}

#[test]
fn what_is_no_file_is_refused() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    for (arguments, words) in [
        (&["--unsafe-fixes"][..], "--fix"),
        (&["--fix", "--diff"][..], "cannot be used with"),
        (&["--fix", "--staged"][..], "cannot be used with"),
        (&["--diff", "--format", "json"][..], "cannot be used with"),
        (&["--fix", "-"][..], "standard input cannot be fixed"),
    ] {
        let refused = run_with(bad.path(), &[&["check"], arguments].concat(), POD.as_bytes());
        assert_eq!(refused.code, 2, "{arguments:?}");
        assert!(refused.stderr.contains(words), "{arguments:?}: {}", refused.stderr);
    }
    assert_eq!(text(bad.path(), "pod.yaml"), POD);
}

#[test]
fn fixes_are_told_in_every_format() {
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let shown = check(bad.path(), ESCALATION, &[]).stdout;
    let line = "= fix: set `securityContext.allowPrivilegeEscalation: false` (--fix)\n";
    assert!(shown.contains(line), "{shown}");
    let json = check(bad.path(), ESCALATION, &["--format", "json"]).json();
    let edit = &json["findings"][0]["fix"]["edits"][0];
    assert_eq!((edit["line"].as_u64(), edit["column"].as_u64()), (Some(9), Some(1)));
    let sarif = check(bad.path(), ESCALATION, &["--format", "sarif"]).json();
    let change = &sarif["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0];
    let text = &change["replacements"][0]["insertedContent"]["text"];
    assert_eq!(text, "    securityContext:\n      allowPrivilegeEscalation: false\n");
}

#[cfg(unix)]
#[test]
fn modes_stay_and_what_cannot_be_written_is_told() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let bad = folder(&[("pod.yaml", POD.as_bytes())]);
    let elsewhere = folder(&[("other.yaml", POD.as_bytes())]);
    let path = bad.path().join("pod.yaml");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    symlink(elsewhere.path().join("other.yaml"), bad.path().join("out.yaml")).unwrap();
    let fixed = check(bad.path(), ESCALATION, &["--fix", "pod.yaml", "out.yaml"]);
    assert_eq!(fixed.code, 2, "{}", fixed.stderr);
    assert!(fixed.stderr.contains("fixed 1 finding in 1 file\n"), "{}", fixed.stderr);
    assert!(fixed.stderr.contains("out.yaml is a link to a file outside"), "{}", fixed.stderr);
    assert_ne!(text(bad.path(), "pod.yaml"), POD);
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(text(elsewhere.path(), "other.yaml"), POD);
}

#[test]
fn the_fixtures_can_be_fixed_and_stay_sound() {
    let root = crate::harness::root();
    let copy = tempfile::tempdir().unwrap();
    let mut queue = vec![(root.join("fixtures/repos"), copy.path().to_path_buf())];
    while let Some((from, to)) = queue.pop() {
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let to = to.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                queue.push((entry.path(), to));
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let notes = |run: crate::harness::Run| run.notes();
    let before = notes(check(copy.path(), &["--format", "json"], &[]));
    let fix = ["--fix", "--unsafe-fixes", "--format", "json"];
    let fixed = check(copy.path(), &fix, &[]);
    assert!(!fixed.stderr.starts_with("fixed 0 findings"), "{}", fixed.stderr);
    assert_eq!(notes(fixed), before, "nothing became unreadable");
    let again = check(copy.path(), &fix, &[]);
    assert_eq!(again.stderr, "fixed 0 findings in 0 files\n");
}
