//! What the files of a repository are, seen in the pass that lints them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use careen_model::{
    Context, File, ImageFile, KubernetesVersion, Linter, PathClass, named_images, path_class,
};
use careen_rule::{Findings, Meta};

/// Of each kind of thing no more than this are kept; a configuration shows a few.
const MOST: usize = 10_000;
/// Lines of a file in which a version of Kubernetes is looked for.
const MOST_LINES: usize = 2_000;

/// A linter without rules that takes notes.
#[derive(Debug, Default)]
pub(super) struct Survey {
    seen: Mutex<Seen>,
}

/// What was seen. Everything is sorted, so that the order of the threads changes nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Folders of files that are no production, with the number of files in them.
    pub(super) folders: BTreeMap<(PathClass, String), usize>,
    /// Folders of Helm charts.
    pub(super) charts: BTreeSet<String>,
    /// Kustomizations.
    pub(super) kustomizations: BTreeSet<String>,
    /// Compose files.
    pub(super) compose: BTreeSet<String>,
    /// Registries that images come from, with the number of times each is named.
    pub(super) registries: BTreeMap<String, usize>,
    /// Versions of Kubernetes that files name, with the place.
    pub(super) versions: BTreeSet<(KubernetesVersion, String, usize)>,
}

impl Survey {
    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Linter for Survey {
    fn name(&self) -> &'static str {
        "survey"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        Vec::new()
    }

    fn check_file(&self, file: &File, _: &Context, _: &mut Findings) {
        let path = file.source.path();
        let name = path.rsplit('/').next().unwrap_or(path);
        let folder = folder(path, file.class);
        let images: Vec<String> = named_images(file)
            .iter()
            .filter_map(|image| Some(image.reference.as_ref().ok()?.registry().to_owned()))
            .collect();
        let version = version(file, name);
        // One lock a file, after all work is done.
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folder
            && seen.folders.len() < MOST
        {
            *seen.folders.entry((file.class, folder)).or_insert(0) += 1;
        }
        if name == "Chart.yaml" && seen.charts.len() < MOST {
            seen.charts.insert(path.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned());
        }
        if file.views().any(|view| view.object.is_kustomize()) && seen.kustomizations.len() < MOST {
            seen.kustomizations.insert(path.to_owned());
        }
        if file.images == Some(ImageFile::Compose) && seen.compose.len() < MOST {
            seen.compose.insert(path.to_owned());
        }
        for registry in images {
            if seen.registries.len() < MOST || seen.registries.contains_key(&registry) {
                *seen.registries.entry(registry).or_insert(0) += 1;
            }
        }
        if let Some((version, line)) = version
            && seen.versions.len() < MOST
        {
            seen.versions.insert((version, path.to_owned(), line));
        }
    }
}

/// The shortest folder that makes the files below it what they are.
fn folder(path: &str, class: PathClass) -> Option<String> {
    if class == PathClass::Production {
        return None;
    }
    let ends = path.match_indices('/').map(|(at, _)| at);
    let mut folders = ends.filter_map(|at| path.get(..at));
    folders.find(|folder| path_class(&format!("{folder}/x")) == class).map(str::to_owned)
}

/// The version of Kubernetes that a file names, and its line: of a chart, a cluster for tests, or a
/// pipeline.
fn version(file: &File, name: &str) -> Option<(KubernetesVersion, usize)> {
    const KEYS: [&str; 6] = [
        "kubeVersion",
        "kubernetesVersion",
        "kubernetes_version",
        "kubernetes-version",
        "KUBERNETES_VERSION",
        "K8S_VERSION",
    ];
    let known = [".yaml", ".yml", ".tf", ".tfvars", ".env"].iter().any(|end| name.ends_with(end));
    // A configuration of ours would name itself.
    if !known || name.ends_with("careen.yaml") || file.class != PathClass::Production {
        return None;
    }
    let lines = file.source.text().lines().take(MOST_LINES).enumerate();
    let mut found = lines.filter_map(|(at, line)| {
        let line = line.trim_start();
        let after = line.strip_prefix("- ").unwrap_or(line);
        let value = KEYS.iter().find_map(|key| {
            let rest = after.strip_prefix(key)?.trim_start();
            rest.strip_prefix([':', '='])
        });
        let value = value.or_else(|| line.split_once("kindest/node:").map(|(_, tag)| tag))?;
        Some((number(value)?, at + 1))
    });
    found.next()
}

/// The first version in a value such as `">=1.29.0-0"` or `v1.31.2`.
fn number(value: &str) -> Option<KubernetesVersion> {
    let start = value.find("1.")?;
    let before = value.get(..start)?;
    // Not the end of `11.3`.
    if before.ends_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let digits: String =
        value.get(start + 2..)?.chars().take_while(char::is_ascii_digit).take(3).collect();
    format!("1.{digits}").parse().ok()
}

#[cfg(test)]
mod tests {
    use careen_model::{PathClass, parse};
    use careen_text::Source;

    use super::{folder, number, version};

    #[test]
    fn folders_are_the_shortest_that_tell() {
        for (path, class, expected) in [
            ("third_party/a/b.go", PathClass::Vendored, Some("third_party")),
            ("pkg/a/testdata/x/y.yaml", PathClass::Test, Some("pkg/a/testdata")),
            ("src/a_test.go", PathClass::Test, None),
            ("deploy/a.yaml", PathClass::Production, None),
            ("Cargo.lock", PathClass::Generated, None),
        ] {
            assert_eq!(folder(path, class).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn versions_are_found_where_they_are_meant() {
        for (value, expected) in [
            (" \">=1.29.0-0\"", Some("1.29")),
            (" v1.31.2", Some("1.31")),
            ("v1.33", Some("1.33")),
            (" 11.30", None),
            (" 2.0", None),
            (" 1.4", None),
            (" ${VERSION}", None),
        ] {
            let found = number(value).map(|version| version.to_string());
            assert_eq!(found.as_deref(), expected, "{value}");
        }
        for (path, text, expected) in [
            ("charts/a/Chart.yaml", "name: a\nkubeVersion: '>= 1.30'\n", Some(("1.30", 2))),
            ("kind.yaml", "nodes:\n- image: kindest/node:v1.32.0@sha256:ab\n", Some(("1.32", 2))),
            ("main.tf", "  kubernetes_version = \"1.31\"\n", Some(("1.31", 1))),
            ("careen.yaml", "kubernetes-version: 1.31\n", None),
            ("README.md", "kubeVersion: 1.31\n", None),
        ] {
            let file = parse(Source::new(path, text), path);
            let name = path.rsplit('/').next().unwrap_or(path);
            let found = version(&file, name).map(|(version, line)| (version.to_string(), line));
            let found = found.as_ref().map(|(version, line)| (version.as_str(), *line));
            assert_eq!(found, expected, "{path}");
        }
    }
}
