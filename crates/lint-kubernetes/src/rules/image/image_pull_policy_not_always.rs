use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;
use crate::usage::is_whole;

rule! {
    /// A node that has a copy of an image starts it for every pod, also for those whose pull
    /// secret would not get it. On a cluster that several parties share, `Always` makes the
    /// registry check the rights each time; layers that are there are not loaded again.
    ///
    /// Without shared nodes it only makes each start depend on the registry. Off unless it is
    /// asked for. An image without a tag, or with `latest`, is pulled always where no policy is
    /// written.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     imagePullPolicy: IfNotPresent
    /// #                    ^^^^^^^^^^^^ container `web` in Pod `shop/api` has the pull policy `IfNotPresent`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     imagePullPolicy: Always
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-pull-policy-not-always",
        summary: "image is not pulled at every start",
        remedy: "Set `imagePullPolicy: Always`.",
        severity: Info,
        check: Check::Container(check),
        peers: &[
            "kube-score:container-image-pull-policy",
            "polaris:pullPolicyNotAlways",
            "checkov:CKV_K8S_15",
            "kics:image_pull_policy_of_container_is_not_always",
        ],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &[
            "https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#alwayspullimages",
        ],
        default: false,
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let policy = container.effective_pull_policy();
    if policy == "Always" || is_placeholder(policy) || !is_whole(container) {
        return;
    }
    let span = container.field("imagePullPolicy").map(|node| node.span());
    let message = format!("{} has the pull policy `{policy}`", container.display());
    out.report(span.unwrap_or(container.name_span), message).field("imagePullPolicy");
}
