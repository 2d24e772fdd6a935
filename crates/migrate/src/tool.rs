//! Whose configuration a file is.

use careen_text::Source;
use careen_yaml::{Kind, Limits, parse};

/// A kind of configuration that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// `.kube-linter.yaml`.
    KubeLinter,
    /// `.kube-score.yml`.
    KubeScore,
    /// The configuration of Polaris.
    Polaris,
    /// `.checkov.yaml`.
    Checkov,
    /// `.checkov.baseline`.
    CheckovBaseline,
    /// `trivy.yaml`.
    Trivy,
    /// `.trivyignore`.
    TrivyIgnore,
    /// `.trivyignore.yaml`.
    TrivyIgnoreYaml,
    /// `.gitleaks.toml`.
    Gitleaks,
    /// `.gitleaksignore`.
    GitleaksIgnore,
    /// `.secrets.baseline`.
    DetectSecrets,
    /// `.hadolint.yaml`.
    Hadolint,
}

/// The names that the files usually have, at the root of a repository.
pub const NAMES: &[(&str, Tool)] = &[
    (".kube-linter.yaml", Tool::KubeLinter),
    (".kube-linter.yml", Tool::KubeLinter),
    (".kube-score.yml", Tool::KubeScore),
    (".kube-score.yaml", Tool::KubeScore),
    ("polaris.yaml", Tool::Polaris),
    ("polaris.yml", Tool::Polaris),
    (".polaris.yaml", Tool::Polaris),
    (".polaris.yml", Tool::Polaris),
    ("polaris-config.yaml", Tool::Polaris),
    (".checkov.yaml", Tool::Checkov),
    (".checkov.yml", Tool::Checkov),
    (".checkov.baseline", Tool::CheckovBaseline),
    ("trivy.yaml", Tool::Trivy),
    ("trivy.yml", Tool::Trivy),
    (".trivyignore", Tool::TrivyIgnore),
    (".trivyignore.yaml", Tool::TrivyIgnoreYaml),
    (".trivyignore.yml", Tool::TrivyIgnoreYaml),
    (".gitleaks.toml", Tool::Gitleaks),
    ("gitleaks.toml", Tool::Gitleaks),
    (".gitleaksignore", Tool::GitleaksIgnore),
    (".secrets.baseline", Tool::DetectSecrets),
    (".hadolint.yaml", Tool::Hadolint),
    (".hadolint.yml", Tool::Hadolint),
    ("hadolint.yaml", Tool::Hadolint),
    ("hadolint.yml", Tool::Hadolint),
];

impl Tool {
    /// The tool's name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KubeLinter => "kube-linter",
            Self::KubeScore => "kube-score",
            Self::Polaris => "Polaris",
            Self::Checkov | Self::CheckovBaseline => "Checkov",
            Self::Trivy | Self::TrivyIgnore | Self::TrivyIgnoreYaml => "Trivy",
            Self::Gitleaks | Self::GitleaksIgnore => "Gitleaks",
            Self::DetectSecrets => "detect-secrets",
            Self::Hadolint => "hadolint",
        }
    }

    /// The word in front of the tool's checks: `trivy` of `trivy:KSV-0001`.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::KubeLinter => "kube-linter",
            Self::KubeScore => "kube-score",
            Self::Polaris => "polaris",
            Self::Checkov | Self::CheckovBaseline => "checkov",
            Self::Trivy | Self::TrivyIgnore | Self::TrivyIgnoreYaml => "trivy",
            Self::Gitleaks | Self::GitleaksIgnore => "gitleaks",
            Self::DetectSecrets => "detect-secrets",
            Self::Hadolint => "hadolint",
        }
    }

    /// Tells by the name, and else by the keys that only one tool has.
    #[must_use]
    pub fn of(path: &str, text: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let named = NAMES.iter().find(|(known, _)| *known == name).map(|(_, tool)| *tool);
        named.or_else(|| by_ending(name)).or_else(|| by_keys(name, text))
    }
}

/// Files under names of the house, such as `ci/gitleaks.toml` and `prod.trivyignore`.
fn by_ending(name: &str) -> Option<Tool> {
    let ends = |ending: &str| name.ends_with(ending);
    if ends(".trivyignore") {
        Some(Tool::TrivyIgnore)
    } else if ends("trivyignore.yaml") || ends("trivyignore.yml") {
        Some(Tool::TrivyIgnoreYaml)
    } else if ends(".toml") && name.contains("gitleaks") {
        Some(Tool::Gitleaks)
    } else if ends("gitleaksignore") {
        Some(Tool::GitleaksIgnore)
    } else {
        None
    }
}

fn by_keys(name: &str, text: &str) -> Option<Tool> {
    let known = [".yaml", ".yml", ".json", ".baseline"].iter().any(|end| name.ends_with(end));
    if !known {
        return None;
    }
    let source = Source::new(name, text);
    let limits = Limits { max_nodes: 200_000, ..Limits::default() };
    let tree = parse(&source, &limits);
    let root = tree.documents().next()?.root()?;
    let has = |key: &str| root.get(key).is_some();
    if has("failed_checks") {
        return Some(Tool::CheckovBaseline);
    }
    if has("plugins_used") && has("results") {
        return Some(Tool::DetectSecrets);
    }
    if has("customChecks") || has("checks") {
        let checks = root.get("checks");
        let of_kube_linter =
            ["addAllBuiltIn", "doNotAutoAddDefaults", "include", "exclude", "ignorePaths"];
        if checks.is_some_and(|checks| of_kube_linter.iter().any(|key| checks.get(key).is_some())) {
            return Some(Tool::KubeLinter);
        }
        let levels = ["danger", "warning", "ignore", "error"];
        let level = |text: Option<&str>| text.is_some_and(|text| levels.contains(&text));
        if checks.is_some_and(|checks| checks.entries().any(|it| level(it.value.text()))) {
            return Some(Tool::Polaris);
        }
        let list = root.get("customChecks").is_some_and(|it| it.kind() == Kind::Sequence);
        return list.then_some(Tool::KubeLinter);
    }
    if has("trustedRegistries") || has("ignored") || has("failure-threshold") {
        return Some(Tool::Hadolint);
    }
    if has("skip-check") || has("soft-fail-on") || has("hard-fail-on") {
        return Some(Tool::Checkov);
    }
    if has("misconfigurations") || has("vulnerabilities") {
        return Some(Tool::TrivyIgnoreYaml);
    }
    (has("scan") && (has("severity") || has("db"))).then_some(Tool::Trivy)
}

#[cfg(test)]
mod tests {
    use super::Tool;

    #[test]
    fn names_come_first_then_keys() {
        for (path, text, tool) in [
            (".hadolint.yaml", "", Some(Tool::Hadolint)),
            ("ci/.trivyignore", "", Some(Tool::TrivyIgnore)),
            ("ci/our-gitleaks.toml", "", Some(Tool::Gitleaks)),
            ("config.yaml", "checks:\n  hostIPCSet: danger\n", Some(Tool::Polaris)),
            ("config.yaml", "checks: {exclude: [a]}\n", Some(Tool::KubeLinter)),
            ("lint.yaml", "ignored: [DL3008]\n", Some(Tool::Hadolint)),
            ("scan.yml", "skip-check: [CKV_K8S_8]\n", Some(Tool::Checkov)),
            ("known.json", "{\"failed_checks\": []}", Some(Tool::CheckovBaseline)),
            ("values.yaml", "checks: 3\n", None),
            ("README.md", "ignored: [DL3008]\n", None),
        ] {
            assert_eq!(Tool::of(path, text), tool, "{path} {text}");
        }
    }
}
