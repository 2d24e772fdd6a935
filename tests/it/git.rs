//! What is staged, what changed since a revision.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{POD, folder, run};

/// Runs git; `None` if this machine has none.
pub(crate) fn git(directory: &Path, arguments: &[&str]) -> Option<()> {
    let output = Command::new("git")
        .current_dir(directory)
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_DIR")
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(())
}

#[test]
fn staged_content_is_checked_not_the_working_tree() {
    let repository = folder(&[("old.yaml", POD.as_bytes())]);
    let path = repository.path();
    if git(path, &["init", "-q"]).is_none() {
        eprintln!("SKIPPED: no git on this machine");
        return;
    }
    git(path, &["add", "."]).unwrap();
    git(path, &["commit", "-qm", "first"]).unwrap();
    fs::write(path.join("new.yaml"), POD).unwrap();
    git(path, &["add", "new.yaml"]).unwrap();
    fs::write(path.join("new.yaml"), "nothing: here\n").unwrap();
    fs::write(path.join("untracked.yaml"), POD).unwrap();

    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let staged = run(path, &[&arguments[..], &["--staged"]].concat());
    assert_eq!(staged.findings(), ["new.yaml:7:11 memory-limit-missing"], "{}", staged.stderr);
    let changed = run(path, &[&arguments[..], &["--changed", "HEAD"]].concat());
    assert_eq!(changed.findings(), ["untracked.yaml:7:11 memory-limit-missing"]);
    fs::create_dir(path.join("deploy")).unwrap();
    fs::write(path.join("deploy/pod.yaml"), POD).unwrap();
    let below = run(path, &[&arguments[..], &["--changed", "HEAD", "deploy", "old.yaml"]].concat());
    assert_eq!(below.findings(), ["deploy/pod.yaml:7:11 memory-limit-missing"]);
    let unknown = run(path, &[&arguments[..], &["--since", "v9"]].concat());
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("v9"), "{}", unknown.stderr);
}

#[test]
fn paths_are_relative_to_the_repository_from_anywhere() {
    let repository = folder(&[("deploy/pod.yaml", POD.as_bytes())]);
    let path = repository.path();
    if git(path, &["init", "-q"]).is_none() {
        eprintln!("SKIPPED: no git on this machine");
        return;
    }
    let arguments = ["check", "--format", "json", "--select", "memory-limit-missing"];
    let inside = run(&path.join("deploy"), &arguments);
    assert_eq!(inside.findings(), ["deploy/pod.yaml:7:11 memory-limit-missing"]);
}

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4.0
";

const SERVICE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{port: 80}]
";

const INGRESS: &str = "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api, namespace: shop}
spec:
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: api, port: {number: 80}}}
";

/// `path rule` of what is told.
fn told(path: &Path, more: &[&str]) -> Vec<String> {
    let run = run(path, &[&["check", "--format", "json"], more].concat());
    assert!(run.code < 2, "{}{}", run.stdout, run.stderr);
    let short = |line: String| {
        let (place, rule) = line.rsplit_once(' ').unwrap();
        format!("{} {rule}", place.split(':').next().unwrap())
    };
    run.findings().into_iter().map(short).collect()
}

/// A repository with a commit, `main`; none if this machine has no git.
fn repository() -> Option<tempfile::TempDir> {
    let repository = folder(&[
        ("deploy/api.yaml", DEPLOYMENT.as_bytes()),
        ("deploy/service.yaml", SERVICE.as_bytes()),
        ("deploy/ingress.yaml", INGRESS.as_bytes()),
        ("deploy/other.yaml", SERVICE.replace("name: api", "name: other").as_bytes()),
        ("app.env", b"SESSION_SECRET=u7Rk2pVx9QwLz4TnB6yD\n"),
    ]);
    let path = repository.path();
    if git(path, &["init", "-q"]).is_none() {
        eprintln!("SKIPPED: no git on this machine");
        return None;
    }
    git(path, &["add", "."]).unwrap();
    git(path, &["commit", "-qm", "first"]).unwrap();
    Some(repository)
}

#[test]
fn since_tells_what_was_introduced_and_nothing_else() {
    let Some(repository) = repository() else { return };
    let path = repository.path();
    let none = Vec::<String>::new();
    assert!(told(path, &[]).len() > 5, "there is something to tell");
    assert_eq!(told(path, &["--since", "HEAD"]), none);

    // A new defect in an old file, and lines that moved.
    let worse =
        DEPLOYMENT.replace("    spec:\n", "    spec:\n      # why not\n      hostPID: true\n");
    fs::write(path.join("deploy/api.yaml"), worse).unwrap();
    assert_eq!(told(path, &["--since", "HEAD"]), ["deploy/api.yaml host-pid"]);
    // It is the same after a commit, seen from before it.
    git(path, &["commit", "-qam", "second"]).unwrap();
    assert_eq!(told(path, &["--since", "HEAD"]), none);
    assert_eq!(told(path, &["--since", "HEAD~1"]), ["deploy/api.yaml host-pid"]);

    // Nothing is new in files that moved, staged or not.
    fs::create_dir(path.join("k8s")).unwrap();
    fs::rename(path.join("deploy/api.yaml"), path.join("k8s/web.yaml")).unwrap();
    fs::rename(path.join("app.env"), path.join("k8s/app.env")).unwrap();
    assert_eq!(told(path, &["--since", "HEAD"]), none);
    git(path, &["add", "-A"]).unwrap();
    assert_eq!(told(path, &["--since", "HEAD"]), none);
    assert_eq!(told(path, &["--since", "HEAD~1"]), ["k8s/web.yaml host-pid"]);
    git(path, &["commit", "-qm", "third"]).unwrap();

    // What goes makes another file wrong.
    fs::remove_file(path.join("deploy/service.yaml")).unwrap();
    let new = told(path, &["--since", "HEAD"]);
    assert_eq!(new, ["deploy/ingress.yaml ingress-backend-not-found"]);
    assert_eq!(told(path, &["--changed", "HEAD"]), none, "it looks at changed files only");

    // Suppressed ones say by what.
    let arguments = ["check", "--format", "json", "--since", "HEAD", "--show-suppressed"];
    let report = run(path, &arguments).json();
    let by = &report["summary"]["suppressed_by"]["since HEAD"];
    assert!(by.as_u64() > Some(5), "{by}");
    assert_eq!(report["findings"][0]["suppressed"]["kind"], "baseline");
}

#[test]
fn since_compares_with_where_branches_parted() {
    let Some(repository) = repository() else { return };
    let path = repository.path();
    git(path, &["checkout", "-qb", "topic"]).unwrap();
    fs::write(path.join("new.yaml"), POD).unwrap();
    git(path, &["add", "."]).unwrap();
    git(path, &["commit", "-qm", "topic"]).unwrap();
    git(path, &["checkout", "-q", "main"]).unwrap();
    fs::remove_file(path.join("app.env")).unwrap();
    git(path, &["commit", "-qam", "main mends"]).unwrap();
    git(path, &["checkout", "-q", "topic"]).unwrap();
    let select = ["--select", "memory-limit-missing,secret-assigned"];
    let since = told(path, &[&["--since", "main"], &select[..]].concat());
    assert_eq!(since, ["new.yaml memory-limit-missing"], "what main mended is not ours");
    let changed = told(path, &[&["--changed", "main"], &select[..]].concat());
    assert_eq!(changed, since);
}

#[test]
fn since_needs_a_revision_with_something_in_common() {
    let Some(repository) = repository() else { return };
    let path = repository.path();
    for option in ["--since", "--changed"] {
        let unknown = run(path, &["check", option, "v9"]);
        assert_eq!(unknown.code, 2);
        assert!(unknown.stderr.contains("`v9` is not in this repository"), "{}", unknown.stderr);
        assert!(unknown.stderr.contains("shallow clone"), "{}", unknown.stderr);
    }
    git(path, &["checkout", "-q", "--orphan", "other"]).unwrap();
    git(path, &["commit", "-qm", "other"]).unwrap();
    let apart = run(path, &["check", "--since", "main"]);
    assert_eq!(apart.code, 2);
    assert!(apart.stderr.contains("no commit in common"), "{}", apart.stderr);
    let outside = folder(&[("a.yaml", POD.as_bytes())]);
    let none = run(outside.path(), &["check", "--since", "main"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("in no Git repository"), "{}", none.stderr);
    let both = run(path, &["check", "--since", "main", "--changed", "main"]);
    assert_eq!(both.code, 2);
    let image = run(path, &["check", "--since", "main", "oci:image"]);
    assert!(image.stderr.contains("leave the images out"), "{}", image.stderr);
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let Some(repository) = repository() else { return };
    let path = repository.path();
    git(path, &["checkout", "-qb", "topic"]).unwrap();
    for number in 0..3 {
        fs::write(path.join("a.txt"), format!("{number}")).unwrap();
        git(path, &["add", "."]).unwrap();
        git(path, &["commit", "-qm", "more"]).unwrap();
    }
    git(path, &["checkout", "-q", "main"]).unwrap();
    fs::write(path.join("b.txt"), "b").unwrap();
    git(path, &["add", "."]).unwrap();
    git(path, &["commit", "-qm", "main"]).unwrap();
    let clone = tempfile::TempDir::new().unwrap();
    let from = format!("file://{}", path.display());
    let to = clone.path().join("clone");
    let arguments = ["clone", "-q", "--depth=1", "--no-single-branch", &from, to.to_str().unwrap()];
    git(path, &arguments).unwrap();
    let shallow = run(&to, &["check", "--since", "origin/topic"]);
    assert_eq!(shallow.code, 2, "{}", shallow.stdout);
    assert!(shallow.stderr.contains("git fetch --unshallow"), "{}", shallow.stderr);
    assert!(told(&to, &["--since", "HEAD"]).is_empty());
}
