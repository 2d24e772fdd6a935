use std::collections::BTreeSet;

use careen_kube_model::PodTemplate;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;
use crate::placeholder::is_placeholder;
use crate::pss::allowed::APPARMOR_ANNOTATION;
use crate::relations::is_complete;

rule! {
    /// The annotation that sets an AppArmor profile ends with the name of a container. If the pod
    /// has no container of that name, usually because it was renamed, the API server refuses the
    /// pod, or the container it was meant for runs without the profile.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     container.apparmor.security.beta.kubernetes.io/wbe: localhost/shop
    /// #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Pod `shop/api` has an AppArmor profile for container `wbe`, which it does not have
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    ///   annotations:
    ///     container.apparmor.security.beta.kubernetes.io/web: localhost/shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "apparmor-annotation-unknown-container",
        summary: "AppArmor annotation names a container that does not exist",
        remedy: "Name the container, or set `securityContext.appArmorProfile` in it.",
        severity: Medium,
        check: Check::Pod(check),
        peers: &["kubeaudit:AppArmorInvalidAnnotation"],
        security: true,
        cwe: &[693],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tutorials/security/apparmor/"],
    }
}

fn check(pod: PodTemplate<'_>, _: &Context, out: &mut Sink<'_>) {
    let mut containers = None;
    for annotation in pod.annotations().iter() {
        let Some(name) = annotation.key.strip_prefix(APPARMOR_ANNOTATION) else { continue };
        if !is_complete(pod) || is_placeholder(name) {
            continue;
        }
        let containers = containers.get_or_insert_with(|| {
            pod.containers().map(|container| container.name).collect::<BTreeSet<_>>()
        });
        if !containers.contains(name) {
            let message = format!(
                "{} has an AppArmor profile for container `{}`, which it does not have",
                pod.object.display(),
                cut(name)
            );
            out.report(annotation.key_node.span(), message).evidence(cut(name));
        }
    }
}
