use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::program::runs;

rule! {
    /// The Kubernetes project retired ingress-nginx in March 2026: there are no releases and no
    /// fixes any more, not for vulnerabilities either. It faces the internet and can read every
    /// TLS Secret of the cluster. Move to an implementation of the Gateway API or to another Ingress
    /// controller. The controller that F5 maintains under a similar name is another program.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: ingress
    ///   namespace: edge
    /// spec:
    ///   containers:
    ///   - name: controller
    ///     image: registry.k8s.io/ingress-nginx/controller:v1.13.3
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `controller` in Pod `edge/ingress` runs the retired ingress-nginx
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: ingress
    ///   namespace: edge
    /// spec:
    ///   containers:
    ///   - name: controller
    ///     image: docker.io/nginx/nginx-ingress:5.2.1
    /// ```
    pub(crate) static RULE: Check = {
        id: "ingress-nginx-end-of-life",
        summary: "container runs the retired ingress-nginx",
        remedy: "Move to a maintained Ingress controller or Gateway.",
        severity: Medium,
        check: Check::Container(check),
        security: true,
        cwe: &[1104],
        peers: &["kubescape:C-0292"],
        controls: &[control::DEPENDENCIES_SCANNED],
        references: &["https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/"],
        fragments: true,
    }
}

const NAMES: [&str; 3] =
    ["ingress-nginx/controller", "ingress-nginx/controller-chroot", "nginx-ingress-controller"];

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some((image, span)) = runs(container, &NAMES) else { return };
    // Bitnami and others package the same program; F5's lives under `nginx/`.
    let message =
        format!("{} runs the retired ingress-nginx: `{}`", container.display(), cut(image));
    out.report(span, message).field("image");
}
