//! Who may depend on whom.
//!
//! The table says what is so; the invariants say what must stay so however the table changes. A
//! new dependency is a row here, seen in review.

use super::Violation;
use crate::workspace::Package;

/// Every package and the packages it may use in `[dependencies]`, without their common prefix.
/// What stands only in `[dev-dependencies]` is free.
const ALLOWED: &[(&str, &[&str])] = &[
    ("attest", &["audit-model", "text", "yaml"]),
    (
        "audit",
        &[
            "attest",
            "audit-model",
            "checklist",
            "evidence",
            "image-model",
            "kube-model",
            "model",
            "probes",
            "rule",
            "text",
            "yaml",
        ],
    ),
    ("audit-model", &[]),
    (
        "careen",
        &[
            "attest",
            "audit",
            "audit-model",
            "checklist",
            "detectors",
            "engine",
            "evidence",
            "image-model",
            "image-source",
            "ledger",
            "lint-images",
            "lint-kubernetes",
            "lint-observability",
            "lint-release",
            "lint-secrets",
            "lint-tls",
            "lsp",
            "migrate",
            "model",
            "policy",
            "probes",
            "registry",
            "repo",
            "report",
            "rule",
            "sarif",
            "signatures",
            "text",
        ],
    ),
    ("checklist", &["audit-model", "evidence", "text", "yaml"]),
    ("detectors", &["rule", "text", "yaml"]),
    (
        "engine",
        &[
            "image-model",
            "image-source",
            "kube-model",
            "ledger",
            "model",
            "policy",
            "repo",
            "rule",
            "text",
            "yaml",
        ],
    ),
    ("evidence", &["sarif", "text", "yaml"]),
    ("filter", &[]),
    ("image-model", &["text", "yaml"]),
    ("image-source", &["image-model", "text"]),
    ("kube-model", &["text", "yaml"]),
    ("ledger", &["rule"]),
    ("lint-images", &["image-model", "kube-model", "model", "rule", "text", "yaml"]),
    ("lint-kubernetes", &["image-model", "kube-model", "model", "rule", "text", "yaml"]),
    ("lint-observability", &["image-model", "kube-model", "model", "rule", "text", "yaml"]),
    ("lint-release", &["model", "rule", "text", "yaml"]),
    (
        "lint-secrets",
        &[
            "detectors",
            "filter",
            "image-model",
            "kube-model",
            "model",
            "rule",
            "text",
            "x509-model",
            "yaml",
        ],
    ),
    (
        "lint-tls",
        &["filter", "image-model", "kube-model", "model", "rule", "text", "x509-model", "yaml"],
    ),
    ("lsp", &["rule", "text"]),
    ("migrate", &["rule", "text", "yaml"]),
    ("model", &["image-model", "kube-model", "rule", "text", "x509-model", "yaml"]),
    ("policy", &["detectors", "rule", "text", "yaml"]),
    ("probes", &["text"]),
    ("registry", &["image-model", "image-source"]),
    ("repo", &["model", "rule", "text"]),
    ("report", &["audit-model", "rule", "sarif", "text"]),
    ("rule", &["text"]),
    ("sarif", &[]),
    ("signatures", &["image-model", "image-source"]),
    (
        "testkit",
        &[
            "engine",
            "image-model",
            "image-source",
            "ledger",
            "model",
            "policy",
            "rule",
            "text",
            "x509-model",
            "yaml",
        ],
    ),
    ("tests", &[]),
    ("text", &[]),
    ("x509-model", &["text"]),
    ("xtask", &[]),
    ("yaml", &["text"]),
];

/// What no table row may allow: packages (a trailing `*` stands for any ending) and what they
/// never use, with the reason.
const NEVER: &[(&str, &[&str], &str)] = &[
    ("text", &["*"], "`text` knows no domain"),
    (
        "rule",
        &["*-model", "engine", "lint-*", "model", "policy", "repo", "report", "sarif", "yaml"],
        "`rule` knows no domain",
    ),
    ("lint-*", &["lint-*"], "a linter knows no other linter: relations live in `model`"),
    ("lint-*", &["engine", "policy", "repo", "report"], "a linter only looks and tells"),
    (
        "model",
        &["engine", "lint-*", "policy", "repo", "report"],
        "the model does not know who builds, lints or shows it",
    ),
    (
        "report",
        &["engine", "image-model", "kube-model", "lint-*", "model", "repo", "x509-model", "yaml"],
        "a writer sees judged data only",
    ),
    ("engine", &["lint-*", "report"], "the engine is handed its linters"),
    ("*", &["careen", "tests", "xtask"], "nothing builds on a leaf"),
    ("*", &["testkit"], "`testkit` is for development only"),
];

/// What is wrong with the dependencies.
pub(super) fn check(packages: &[Package]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in packages {
        let mut say = |message: String| {
            violations.push(Violation { path: package.manifest.clone(), line: 1, message });
        };
        let name = short(&package.name);
        let row = ALLOWED.iter().find(|(listed, _)| *listed == name);
        if row.is_none() {
            say(format!("`{name}` has no row in the table of xtask/src/tidy/layering.rs"));
        }
        for dependency in &package.dependencies {
            let dependency = short(dependency);
            let broken = NEVER.iter().find(|(who, whom, _)| {
                fits(name, who) && whom.iter().any(|pattern| fits(dependency, pattern))
            });
            if let Some((_, _, reason)) = broken {
                say(format!("`{name}` uses `{dependency}`: {reason}"));
            } else if row.is_some_and(|(_, allowed)| !allowed.contains(&dependency)) {
                say(format!(
                    "`{name}` uses `{dependency}`, which the table of \
                     xtask/src/tidy/layering.rs does not allow"
                ));
            }
        }
    }
    violations
}

/// What is wrong with a manifest's text: every package keeps to the workspace's lints.
pub(super) fn manifest(path: &str, text: &str) -> Option<Violation> {
    let mut lines = text.lines().map(str::trim);
    let inherits = lines.any(|line| line == "[lints]")
        && lines.take_while(|line| !line.starts_with('[')).any(|line| line == "workspace = true");
    (!inherits).then(|| Violation {
        path: path.to_owned(),
        line: 1,
        message: "does not inherit the workspace's lints: `[lints]` with `workspace = true`".into(),
    })
}

fn short(name: &str) -> &str {
    name.strip_prefix("careen-").unwrap_or(name)
}

/// Whether the name fits a pattern with at most one `*`, at either end.
fn fits(name: &str, pattern: &str) -> bool {
    if let Some(start) = pattern.strip_suffix('*') {
        name.starts_with(start)
    } else if let Some(end) = pattern.strip_prefix('*') {
        name.ends_with(end)
    } else {
        name == pattern
    }
}

#[cfg(test)]
mod tests {
    use super::{ALLOWED, NEVER, check, fits, manifest};
    use crate::workspace::Package;

    fn messages(name: &str, dependencies: &[&str]) -> Vec<String> {
        let package = Package {
            name: name.to_owned(),
            manifest: "Cargo.toml".to_owned(),
            dependencies: dependencies.iter().map(|&each| each.to_owned()).collect(),
        };
        check(&[package]).into_iter().map(|each| each.message).collect()
    }

    #[test]
    fn the_table_keeps_the_invariants_and_its_order() {
        for (name, allowed) in ALLOWED {
            assert!(allowed.is_sorted(), "{name}");
            for dependency in *allowed {
                for (who, whom, reason) in NEVER {
                    let broken = fits(name, who) && whom.iter().any(|each| fits(dependency, each));
                    assert!(!broken, "{name} -> {dependency}: {reason}");
                }
            }
        }
        assert!(ALLOWED.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn a_wrong_dependency_is_named_with_its_reason() {
        assert_eq!(messages("careen-lint-tls", &["careen-model", "careen-rule"]), [""; 0]);
        assert!(messages("careen-lint-tls", &["careen-lint-secrets"])[0].contains("no other"));
        assert!(messages("careen-text", &["careen-yaml"])[0].contains("no domain"));
        assert!(messages("careen-repo", &["careen-yaml"])[0].contains("does not allow"));
        assert!(messages("careen-new", &[])[0].contains("no row"));
    }

    #[test]
    fn manifests_inherit_the_lints() {
        assert!(manifest("a", "[package]\n[lints]\nworkspace = true\n").is_none());
        assert!(manifest("a", "[package]\n[lints]\n[x]\nworkspace = true\n").is_some());
        assert!(manifest("a", "[package]\n").is_some());
    }
}
