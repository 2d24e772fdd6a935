use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Sink, control, rule};
use careen_yaml::Kind;

use crate::Check;
use crate::place::cut;

rule! {
    /// Some teams keep the keys of every mapping in alphabetical order, so that two people who add
    /// a key add it at one place. A matter of taste (`apiVersion`, `kind`, `metadata`, `spec` is
    /// sorted, `name` before `image` is not), so it must be asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   namespace: shop
    ///   name: limits
    /// # ^^^^ key `name` of ConfigMap `shop/limits` stands behind `namespace`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// data: {rate: "10"}
    /// kind: ConfigMap
    /// metadata:
    ///   name: limits
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "yaml-keys-unsorted",
        summary: "keys of a mapping are not in alphabetical order",
        remedy: "Sort the keys, or leave the rule off.",
        severity: Info,
        check: Check::Object(check),
        peers: &["kube-linter:sorted-keys", "kube-linter:template:sorted-keys"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://yaml.org/spec/1.2.2/#mapping"],
        default: false,
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for node in view.root().walk().map(|visit| visit.node) {
        if node.kind() != Kind::Mapping || node.is_alias() {
            continue;
        }
        let mut last: Option<&str> = None;
        for entry in node.entries() {
            let Some(key) = entry.key.text() else { continue };
            if let Some(last) = last.filter(|last| *last > key) {
                // In a broken Secret a value may stand where a key belongs.
                let message = if view.kind() == "Secret" {
                    format!("keys of {} are not in order", view.display())
                } else {
                    let (key, last) = (cut(key), cut(last));
                    format!("key `{key}` of {} stands behind `{last}`", view.display())
                };
                out.report(entry.key.span(), message);
                // One finding says it for the whole mapping.
                break;
            }
            last = Some(key);
        }
    }
}
