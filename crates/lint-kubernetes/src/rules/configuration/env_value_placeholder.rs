use std::collections::HashSet;

use careen_kube_model::{ObjectView, PodTemplate};
use careen_model::{Context, ObjectRef, Snapshot};
use careen_rule::{Confidence, SnapshotSink, control, rule};
use careen_yaml::Node;

use crate::Check;
use crate::place::cut;
use crate::relations::{Names, Workloads};

rule! {
    /// `CHANGEME` was put there for somebody to replace, and nobody did. The program starts with it,
    /// and fails when the value is first needed, or works with a password that everybody can guess.
    ///
    /// The values of variables and of ConfigMaps are looked at. What counts: `CHANGEME`,
    /// `CHANGE_ME`, `REPLACE_ME`, `REPLACE_WITH_…`, `<your-…>`, `YOUR_…_HERE`, also inside of a URL,
    /// and `TODO`, `FIXME`, `TBD` or `xxx` as the whole value. Values that a patch or another
    /// ConfigMap of the name replaces are left out, and so are all where a Kustomization has
    /// `replacements`. Tests and examples count for less.
    ///
    /// ```yaml bad
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
    ///         - name: SMTP_HOST
    ///           value: CHANGEME
    /// #                ^^^^^^^^ variable `SMTP_HOST` of container `web` in Deployment `shop/web` still holds a placeholder: `CHANGEME`
    /// ---
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web, namespace: shop}
    /// data:
    ///   TENANT: <your-tenant-id>
    /// #         ^^^^^^^^^^^^^^^^ `TENANT` of ConfigMap `shop/web` still holds a placeholder: `<your-tenant-id>`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata: {name: web, namespace: shop}
    /// data:
    ///   BOARD: todo
    ///   HOST: ${HOST}
    ///   TITLE: Change me if you can
    /// ```
    pub(crate) static RULE: Check = {
        id: "env-value-placeholder",
        summary: "variable or setting still holds a placeholder",
        remedy: "Replace it by the value.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::High,
        controls: &[control::ENV_CONFIGURED],
        references: &["https://12factor.net/config"],
    }
}

/// Longest value that is looked at; a placeholder stands in a short one.
const LONGEST: usize = 400;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let kustomizations = || snapshot.of_kind("Kustomization").chain(snapshot.of_kind("Component"));
    if kustomizations().any(|object| object.view.root().get("replacements").is_some()) {
        return;
    }
    let workloads = Workloads::of(snapshot);
    for workload in workloads.iter() {
        let mut replaced = None;
        for container in workload.pod.containers() {
            for variable in container.env() {
                let Some((node, found)) = variable.value.and_then(find) else { continue };
                let replaced = replaced.get_or_insert_with(|| {
                    let parts = workloads.patches(*workload).into_iter();
                    let containers = parts.flat_map(PodTemplate::containers);
                    containers
                        .flat_map(|container| {
                            container.env().map(move |variable| (container.name, variable.name))
                        })
                        .collect::<HashSet<_>>()
                });
                if replaced.contains(&(container.name, variable.name)) {
                    continue;
                }
                let name = cut(variable.name);
                let who = format!("variable `{name}` of {}", container.display());
                let path = crate::place::path_of(workload.object.view, Some(container));
                report(workload.object, node, &who, found, out).object(path);
            }
        }
    }
    let maps = Names::of(snapshot, &[("", "ConfigMap")]);
    for object in snapshot.of_kind("ConfigMap").filter(|object| object.view.group().is_empty()) {
        let view = object.view;
        for entry in view.at(&["data"]).iter().flat_map(Node::entries) {
            let (Some(key), Some((node, found))) = (entry.name(), find(entry.value)) else {
                continue;
            };
            if is_replaced(&maps, view, key) {
                continue;
            }
            let who = format!("`{}` of {}", cut(key), view.display());
            report(object, node, &who, found, out)
                .object(object.path())
                .field(format!("data.{}", cut(key)));
        }
    }
}

fn report<'f>(
    object: ObjectRef<'_>,
    node: Node<'_>,
    who: &str,
    found: &str,
    out: &'f mut SnapshotSink<'_>,
) -> &'f mut careen_rule::Finding {
    let message = format!("{who} still holds a placeholder: `{found}`");
    out.report(object.source(), node.span(), message).evidence(who)
}

/// Whether another ConfigMap of the name, such as that of an overlay, has a value for the key.
fn is_replaced(maps: &Names<'_>, map: ObjectView<'_>, key: &str) -> bool {
    maps.all("ConfigMap", map.namespace(), map.name()).take(20).any(|other| {
        let value = other.view.at(&["data"]).and_then(|data| data.get(key));
        !std::ptr::eq(other.view.object, map.object)
            && value.is_some_and(|value| find(value).is_none())
    })
}

/// The placeholder that a value is or holds.
fn find(node: Node<'_>) -> Option<(Node<'_>, &str)> {
    let text = node.text().filter(|text| text.len() <= LONGEST)?;
    placeholder(text).map(|found| (node, found))
}

fn placeholder(text: &str) -> Option<&str> {
    let whole = text.trim().trim_matches(['"', '\'']);
    if whole.contains('\n') {
        return None;
    }
    let is_x =
        whole.len() >= 3 && (whole.bytes().all(|b| b == b'x') || whole.bytes().all(|b| b == b'X'));
    if is_x || matches!(whole, "TODO" | "FIXME" | "TBD") || is_bracketed(whole) {
        return Some(whole);
    }
    let part = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
    // A sentence may say these words.
    if whole.contains(char::is_whitespace) {
        return None;
    }
    whole.split(part).find(|word| is_telling(word))
}

/// `<your-tenant-id>`, `<insert token here>`: what a person is to fill in. Tools fill in `<path:a#b>`.
fn is_bracketed(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')) else {
        return false;
    };
    let lower = inner.to_ascii_lowercase();
    let first = lower.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    matches!(first, "your" | "insert" | "replace" | "change" | "enter" | "fill" | "changeme")
}

fn is_telling(word: &str) -> bool {
    let plain: String =
        word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let mut parts = word.split(['_', '-']);
    let is_loud = word.bytes().all(|byte| !byte.is_ascii_lowercase());
    matches!(&*plain, "changeme" | "replaceme" | "fixme")
        || (parts.clone().count() > 2
            && parts.clone().next().is_some_and(|first| first.eq_ignore_ascii_case("your"))
            && parts.next_back().is_some_and(|last| last.eq_ignore_ascii_case("here")))
        || (is_loud
            && ["REPLACE_WITH_", "REPLACE_THIS", "CHANGE_THIS"]
                .iter()
                .any(|start| word.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::placeholder;

    #[test]
    fn placeholders_are_told_from_values() {
        for text in [
            "CHANGEME",
            "change-me",
            "postgres://shop:CHANGE_ME@db/shop",
            "REPLACE_WITH_TOKEN",
            "YOUR_API_KEY_HERE",
            "<your-token>",
            "<insert host here>",
            "TODO",
            "xxx",
            "XXXXXX",
            "\"FIXME\"",
        ] {
            assert!(placeholder(text).is_some(), "{text}");
        }
        for text in [
            "",
            "todo",
            "x",
            "xx",
            "$(HOST)",
            "<path:secret/data/shop#key>",
            "<html>",
            "please CHANGEME now",
            "exchange-methods",
            "changeme.example.org/TODO",
            "your-shop",
            "# CHANGEME\nreal: value",
        ] {
            let expected = text == "changeme.example.org/TODO";
            assert_eq!(placeholder(text).is_some(), expected, "{text}");
        }
    }
}
