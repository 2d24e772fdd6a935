use careen_kube_model::schema::{Served, is_builtin_group, kinds_of, lifetime, versions_of};
use careen_kube_model::{KubernetesVersion, ObjectView};
use careen_model::Context;
use careen_rule::{Confidence, Edit, Safety, Sink, control, rule};
use careen_text::closest;

use crate::Check;
use crate::lifecycle::{best, is_known};
use crate::place::cut;

rule! {
    /// The API group belongs to Kubernetes, but no version of Kubernetes has this kind in it: a
    /// slip of the keyboard, a wrong group, or a version that never existed. The cluster refuses
    /// the object.
    ///
    /// Groups of custom resources are not looked at, nor kinds that programs other than
    /// Kubernetes put into the core group, unless they look like a misspelt one.
    ///
    /// ```yaml bad
    /// apiVersion: apps/v1
    /// kind: Deploymnet
    /// #     ^^^^^^^^^^ Deploymnet `shop/api` is of a kind that `apps/v1` does not have: did you mean `Deployment`?
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// ```
    /// ```yaml good
    /// apiVersion: apps/v1
    /// kind: Deployment
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// ```
    pub(crate) static RULE: Check = {
        id: "kind-unknown",
        summary: "kind does not exist in its API group",
        remedy: "Correct `kind` or `apiVersion`.",
        severity: High,
        check: Check::Object(check),
        confidence: Confidence::High,
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/kubernetes-api/"],
        fragments: true,
    }
}

const OLDEST: KubernetesVersion = KubernetesVersion::OLDEST;

fn check(view: ObjectView<'_>, context: &Context, out: &mut Sink<'_>) {
    let (api_version, kind, group) = (view.api_version(), view.kind(), view.group());
    if lifetime(api_version, kind).is_some()
        || !is_builtin_group(group)
        || is_known(api_version, kind)
        || kind.ends_with("List")
        || is_parameter(kind)
    {
        return;
    }
    let span = view.kind_span();
    let is_plain = out.source().slice(span) == kind;
    let mut say = |text: String| {
        out.report(span, format!("{} is of a kind that {text}", view.display())).field("kind");
    };
    let api_version = cut(api_version);
    let other =
        || versions_of(kind).max_by_key(|served| (served.lifetime.until, served.api_version));
    if let Some(version) = best(group, kind, context.kubernetes) {
        say(format!("no Kubernetes from {OLDEST} on has in `{api_version}`: use `{version}`"));
    } else if let Some(other) = other() {
        say(format!("`{api_version}` does not have: it is in `{}`", other.api_version));
    } else if let Some(meant) = misspelt(view) {
        let message = format!(
            "{} is of a kind that `{api_version}` does not have: did you mean `{meant}`?",
            view.display()
        );
        let finding = out.report(span, message);
        finding.field("kind");
        if is_plain {
            let edit = Edit { span, text: meant.to_owned() };
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    } else if !group.is_empty() {
        say(format!("no Kubernetes from {OLDEST} on has in `{api_version}`"));
    }
}

/// The kind of the same version, else of any version of the group, that is spelt much like it.
fn misspelt(view: ObjectView<'_>) -> Option<&'static str> {
    let name = |served: Served| served.kind;
    let same = kinds_of(view.group()).filter(|served| served.api_version == view.api_version());
    closest(view.kind(), same.map(name))
        .or_else(|| closest(view.kind(), kinds_of(view.group()).map(name)))
}

/// Types of requests and answers, which are objects to `kubectl` but to no cluster.
fn is_parameter(kind: &str) -> bool {
    matches!(kind, "Status" | "Config" | "Template") || kind.ends_with("Options")
}
