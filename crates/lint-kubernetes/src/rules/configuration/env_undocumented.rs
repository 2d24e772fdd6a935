use std::collections::HashSet;

use careen_model::{Context, Document, Snapshot, store_of_image};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::relations::Workloads;
use crate::usage::does_work;
use crate::variables::{Origin, Variables};

rule! {
    /// Whoever runs the program at night has to know what its variables mean, and whoever sets up a
    /// new environment has to know which there are. The rule compares the variables of containers,
    /// and the keys of ConfigMaps that become variables, with the words of an example such as
    /// `.env.example` and of all documents of the repository (Markdown, AsciiDoc,
    /// reStructuredText). It tells one finding a container, at the first variable that none of them
    /// names.
    ///
    /// What the pod knows of itself, such as its address, needs no explanation, and the images of
    /// databases and their kin bring their own. Must be asked for: the documents may be elsewhere.
    ///
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - {name: LOG_LEVEL, value: info}
    ///         - {name: RETRY_BUDGET, value: "3"}
    /// #                ^^^^^^^^^^^^ no document names variable `RETRY_BUDGET` of container `web` in Deployment `shop/web`
    /// ```
    /// ```text bad file=.env.example
    /// LOG_LEVEL=info
    /// ```
    /// ```yaml good file=deploy/web.yaml
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   selector: {matchLabels: {app: web}}
    ///   template:
    ///     metadata: {labels: {app: web}}
    ///     spec:
    ///       containers:
    ///       - name: web
    ///         image: registry.example.com/web:1.4.0
    ///         env:
    ///         - {name: LOG_LEVEL, value: info}
    /// ```
    /// ```text good file=README.md
    /// `LOG_LEVEL` is one of debug, info, warn.
    /// ```
    pub(crate) static RULE: Check = {
        id: "env-undocumented",
        summary: "variable of a container is in no document",
        remedy: "Explain the variable in `.env.example` or in the README.",
        severity: Info,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::ENV_CONFIGURED],
        references: &["https://12factor.net/config"],
    }
}

/// Variables that one message names.
const NAMED: usize = 5;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let workloads = Workloads::of(snapshot);
    let variables = Variables::of(snapshot);
    let mut known = None;
    for workload in workloads.iter() {
        for container in workload.pod.containers().filter(|container| does_work(*container)) {
            let image = container.image().and_then(|image| image.text());
            if image.and_then(store_of_image).is_some() {
                continue;
            }
            let known = known.get_or_insert_with(|| words(snapshot));
            let all = variables.of_container(container);
            let mut seen = HashSet::new();
            let unknown: Vec<_> = all
                .iter()
                .filter(|variable| variable.origin != Origin::Pod)
                .filter(|variable| !known.contains(&*variable.name) && seen.insert(&*variable.name))
                .collect();
            let Some(first) = unknown.first() else { continue };
            let mut names: Vec<String> = unknown
                .iter()
                .take(NAMED)
                .map(|variable| format!("`{}`", crate::place::cut(&variable.name)))
                .collect();
            if unknown.len() > NAMED {
                names.push(format!("{} more", unknown.len() - NAMED));
            }
            let noun = if unknown.len() == 1 { "variable" } else { "variables" };
            let message =
                format!("no document names {noun} {} of {}", names.join(", "), container.display());
            let path = crate::place::path_of(workload.object.view, Some(container));
            out.report(workload.object.source(), first.at, message).object(path);
        }
    }
}

/// The words of examples and documents that may be names of variables.
fn words(snapshot: &Snapshot) -> HashSet<&str> {
    let documents = snapshot.files().iter().filter(|file| {
        matches!(
            file.document,
            Some(Document::EnvironmentExample | Document::Readme | Document::Prose)
        )
    });
    let part = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    documents
        .flat_map(|file| file.source.text().split(part))
        // A full stop ends a sentence, too.
        .map(|word| word.trim_end_matches(['.', '-']))
        .filter(|word| !word.is_empty())
        .collect()
}
