//! What the repository says of the installation of cert-manager itself.

use std::collections::BTreeSet;

use careen_kube_model::strings;
use careen_model::Snapshot;

use super::Text;
use crate::endpoints::{items, named};

/// The namespace that charts and manifests of cert-manager use.
const NAMESPACE: &str = "cert-manager";
/// What sets the namespace in which a ClusterIssuer looks for Secrets.
const FLAG: &str = "--cluster-resource-namespace=";

/// The versions that are pinned, as written, with the object's path: charts of Flux and Argo CD,
/// and images.
pub(crate) fn versions(snapshot: &Snapshot) -> Vec<(u32, u32)> {
    let mut found = Vec::new();
    let mut add = |version: Option<Text<'_>>| {
        found.extend(version.and_then(|(text, _)| version_of(text)));
    };
    for release in snapshot.of_kind("HelmRelease") {
        let root = release.view.root();
        let chart = named(root, &["spec", "chart", "spec", "chart"]);
        if chart.is_some_and(|(chart, _)| chart == "cert-manager") {
            add(named(root, &["spec", "chart", "spec", "version"]));
        }
    }
    for application in snapshot.of_kind("Application") {
        let source = application.view.at(&["spec", "source"]).into_iter();
        for source in source.chain(items(application.view, &["spec", "sources"])) {
            if named(source, &["chart"]).is_some_and(|(chart, _)| chart == "cert-manager") {
                add(named(source, &["targetRevision"]));
            }
        }
    }
    for deployment in snapshot.of_kind("Deployment") {
        for container in items(deployment.view, &["spec", "template", "spec", "containers"]) {
            let Some((image, node)) = named(container, &["image"]) else { continue };
            let tag = image.split('@').next().unwrap_or_default().rsplit_once(':');
            if let Some((_, tag)) =
                tag.filter(|(name, _)| name.ends_with("cert-manager-controller"))
            {
                add(Some((tag, node)));
            }
        }
    }
    found
}

/// Major and minor: `v1.17.2`, `1.17.x`.
fn version_of(text: &str) -> Option<(u32, u32)> {
    let text = text.trim_start_matches(['v', '=', ' ']);
    let mut parts = text.split('.');
    let mut number = || parts.next()?.parse().ok();
    Some((number()?, number()?))
}

/// The namespaces in which ClusterIssuers may look for Secrets: those that the flag names or the
/// controller runs in, else the usual one.
pub(crate) fn cluster_namespaces(snapshot: &Snapshot) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for deployment in snapshot.of_kind("Deployment") {
        for container in items(deployment.view, &["spec", "template", "spec", "containers"]) {
            let image = named(container, &["image"]).map_or("", |(image, _)| image);
            if !image.contains("cert-manager-controller") {
                continue;
            }
            let arguments = container.get("args").into_iter().flat_map(strings);
            let flag = arguments.filter_map(|(argument, _)| argument.strip_prefix(FLAG)).next();
            let set = flag.filter(|flag| crate::ingress::is_plain(flag));
            found.extend(set.or(deployment.view.namespace()));
        }
    }
    for release in snapshot.of_kind("HelmRelease") {
        let root = release.view.root();
        let chart = named(root, &["spec", "chart", "spec", "chart"]);
        if chart.is_some_and(|(chart, _)| chart == "cert-manager") {
            let target = named(root, &["spec", "targetNamespace"]).map(|(name, _)| name);
            found.extend(target.or(release.view.namespace()));
            let flag = named(root, &["spec", "values", "clusterResourceNamespace"]);
            found.extend(flag.map(|(name, _)| name));
        }
    }
    for application in snapshot.of_kind("Application") {
        let root = application.view.root();
        let chart = named(root, &["spec", "source", "chart"]);
        if chart.is_some_and(|(chart, _)| chart == "cert-manager") {
            found.extend(named(root, &["spec", "destination", "namespace"]).map(|(name, _)| name));
        }
    }
    if found.is_empty() {
        found.insert(NAMESPACE);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn versions_are_read() {
        assert_eq!(version_of("v1.17.2"), Some((1, 17)));
        assert_eq!(version_of("1.18.x"), Some((1, 18)));
        assert_eq!(version_of("latest"), None);
        assert_eq!(version_of("1"), None);
    }
}
