use serde_json::Value;

use crate::oci::json::{at, entries, items, owned, text};
use crate::oci::{Attestation, Digest};

use super::PredicateKind;

/// Arguments and materials of one build that are taken.
const PARTS_MAX: usize = 10_000;

/// How an image was built: SLSA provenance 0.2 or 1, of `BuildKit` or anybody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Who built it: a URI.
    pub builder: Option<String>,
    /// Source repositories that it names, without `git+` in front and the revision behind, each
    /// once.
    pub sources: Vec<String>,
    /// What the build was told, by name: build arguments, inputs of a workflow.
    pub arguments: Vec<(String, String)>,
    /// What went into the build.
    pub materials: Vec<Material>,
}

/// Something that went into a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// What it is: `pkg:docker/alpine@3.22?platform=linux%2Famd64`.
    pub uri: String,
    /// Its SHA-256 digest.
    pub digest: Option<Digest>,
}

impl Provenance {
    /// What an attestation says; none where it is no provenance.
    #[must_use]
    pub fn of(attestation: &Attestation) -> Option<Self> {
        let is_one = PredicateKind::of(&attestation.predicate_type) == PredicateKind::Provenance;
        is_one.then(|| Self::parse(&attestation.predicate))
    }

    /// Reads a predicate of either version.
    #[must_use]
    pub fn parse(predicate: &Value) -> Self {
        const METADATA: &str = "https://mobyproject.org/buildkit@v1#metadata";
        let builder = owned(predicate, &["runDetails", "builder", "id"])
            .or_else(|| owned(predicate, &["builder", "id"]));
        let mut found = Self { builder, ..Self::default() };
        for path in [
            &["invocation", "configSource", "uri"] as &[_],
            &["metadata", METADATA, "vcs", "source"],
            &["buildDefinition", "externalParameters", "configSource", "uri"],
            &["buildDefinition", "externalParameters", "source", "uri"],
            &["buildDefinition", "externalParameters", "source"],
            &["buildDefinition", "externalParameters", "workflow", "repository"],
            &["runDetails", "metadata", "buildkit_metadata", "vcs", "source"],
        ] {
            found.sources.extend(text(predicate, path).and_then(repository));
        }
        for path in [
            &["invocation", "parameters", "args"] as &[_],
            &["invocation", "parameters", "inputs"],
            &["buildDefinition", "externalParameters", "request", "args"],
            &["buildDefinition", "externalParameters", "inputs"],
        ] {
            let given = entries(predicate, path).filter_map(|(name, value)| {
                let name = name.strip_prefix("build-arg:").unwrap_or(name);
                Some((name.to_owned(), value.as_str()?.to_owned()))
            });
            found.arguments.extend(given.take(PARTS_MAX));
        }
        for path in [&["materials"] as &[_], &["buildDefinition", "resolvedDependencies"]] {
            found.materials.extend(items(predicate, path).iter().take(PARTS_MAX).filter_map(
                |one| {
                    let hex = at(one, &["digest", "sha256"]).and_then(Value::as_str);
                    let digest = hex.and_then(|hex| Digest::parse(&format!("sha256:{hex}")));
                    Some(Material { uri: owned(one, &["uri"])?, digest })
                },
            ));
        }
        // GitHub names the repository among the materials only.
        let materials = found.materials.iter().filter(|one| one.uri.starts_with("git+"));
        let named: Vec<_> = materials.filter_map(|one| repository(&one.uri)).collect();
        if found.sources.is_empty() {
            found.sources = named;
        }
        found.sources.sort();
        found.sources.dedup();
        found
    }
}

/// The repository of a URI, if it is one: `git+https://github.com/o/r@refs/heads/main` and
/// `https://github.com/o/r.git#main` are both `https://github.com/o/r`.
fn repository(uri: &str) -> Option<String> {
    let uri = uri.strip_prefix("git+").unwrap_or(uri);
    let uri = uri.split('#').next().unwrap_or_default();
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    // What stands in front of a host belongs to somebody's account.
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next().unwrap_or(host);
    let path = path.split('@').next().unwrap_or_default().trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let scheme = if scheme.is_empty() { "https" } else { scheme };
    (host.contains('.') && !host.starts_with('.') && !path.is_empty())
        .then(|| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Provenance, repository};

    #[test]
    fn both_versions_are_read() {
        let old = Provenance::parse(&json!({
            "builder": {"id": "https://b"},
            "invocation": {
                "configSource": {"uri": "https://github.com/o/r.git#main"},
                "parameters": {"args": {"build-arg:TOKEN": "x", "label:a": "b"}},
            },
            "materials": [
                {"uri": "pkg:docker/alpine@3.22", "digest": {"sha256": "a".repeat(64)}},
                {"uri": 7},
            ],
        }));
        assert_eq!(old.builder.as_deref(), Some("https://b"));
        assert_eq!(old.sources, ["https://github.com/o/r"]);
        assert_eq!(old.arguments[0], ("TOKEN".to_owned(), "x".to_owned()));
        assert!(old.materials.len() == 1 && old.materials[0].digest.is_some());
        let new = Provenance::parse(&json!({
            "buildDefinition": {
                "externalParameters": {"workflow": {"repository": "https://github.com/o/r"}},
                "resolvedDependencies": [{"uri": "git+https://github.com/o/r@refs/heads/main"}],
            },
            "runDetails": {"builder": {"id": "https://b"}},
        }));
        assert_eq!((new.builder, new.sources), (old.builder, old.sources));
        assert_eq!(Provenance::parse(&json!([{}])), Provenance::default());
    }

    #[test]
    fn repositories() {
        for (uri, name) in [
            ("git+https://github.com/o/r@refs/heads/main", Some("https://github.com/o/r")),
            ("https://me@github.com/o/r.git#main:sub", Some("https://github.com/o/r")),
            ("ssh://git@example.com/o/r.git", Some("ssh://example.com/o/r")),
            ("github.com/o/r", Some("https://github.com/o/r")),
            ("Dockerfile", None),
            ("./folder", None),
            ("", None),
        ] {
            assert_eq!(repository(uri).as_deref(), name, "{uri}");
        }
    }
}
