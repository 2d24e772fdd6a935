use careen_image_model::reference::parse;

use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// An image without a tag, or with the tag `latest`, changes under its name. A node that has
    /// an older copy and does not pull again runs that one, so that two pods of one Deployment
    /// run different programs.
    ///
    /// It is fine on a developer's cluster, where the image is put on the node by hand.
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
    ///     image: registry.example.com/web:latest
    ///     imagePullPolicy: IfNotPresent
    /// #                    ^^^^^^^^^^^^ container `web` in Pod `shop/api` may run an old copy of its image: the tag is mutable and the pull policy `IfNotPresent`
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
    ///     imagePullPolicy: IfNotPresent
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-pull-policy-latest-not-always",
        summary: "mutable image is not pulled anew",
        remedy: "Name a version or a digest; else set `imagePullPolicy: Always`.",
        severity: Low,
        check: Check::Container(check),
        fragments: true,
        peers: &["kubescape:C-0075"],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(policy) = container.field("imagePullPolicy") else { return };
    let Some(word) = policy.text().filter(|word| matches!(*word, "IfNotPresent" | "Never")) else {
        return;
    };
    let image = container.image().and_then(|node| parse(node.text()?).ok());
    if image.is_some_and(|image| image.is_latest_or_untagged()) {
        let message = format!(
            "{} may run an old copy of its image: the tag is mutable and the pull policy `{word}`",
            container.display()
        );
        out.report(policy.span(), message).field("imagePullPolicy");
    }
}
