//! What brings objects into the cluster that the repository does not show.

use careen_kube_model::{ObjectView, field, strings};
use careen_model::Snapshot;
use careen_yaml::Node;

/// Whether the repository installs charts or manifests of others, which bring Services and pods
/// that it does not show: Helm releases of Flux, k3s and Argo CD, charts and remote bases of
/// Kustomizations.
pub(crate) fn has_charts(snapshot: &Snapshot) -> bool {
    let is_of = |kind: &str, is_chart: fn(ObjectView<'_>) -> bool| {
        snapshot.of_kind(kind).any(|object| is_chart(object.view))
    };
    is_of("HelmRelease", |view| view.group().contains("helm"))
        || is_of("HelmChart", |view| view.group() == "helm.cattle.io")
        || is_of("Application", |view| has_chart(view.spec()))
        || is_of("ApplicationSet", |view| has_chart(view.at(&["spec", "template", "spec"])))
        || is_of("Kustomization", |view| view.object.is_kustomize() && is_remote(view.root()))
}

/// Whether an application of Argo CD is a chart.
fn has_chart(spec: Option<Node<'_>>) -> bool {
    let Some(spec) = spec else { return false };
    let more = field(spec, "sources");
    let mut sources = field(spec, "source").into_iter().chain(more.iter().flat_map(Node::items));
    sources.any(|source| field(source, "chart").is_some())
}

fn is_remote(kustomization: Node<'_>) -> bool {
    let lists = ["resources", "bases", "components"];
    field(kustomization, "helmCharts").is_some()
        || lists.iter().filter_map(|key| field(kustomization, key)).flat_map(strings).any(
            |(place, _)| {
                place.contains("://")
                    || place.starts_with("git@")
                    || place.starts_with("github.com")
            },
        )
}
