use careen_kube_model::{Container, Role, present};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::usage::is_whole;

rule! {
    /// An init container runs to its end, so nothing can be probed in it and the API server refuses
    /// probes and lifecycle hooks there. An ephemeral container joins a running pod, so it can have
    /// neither ports nor resources of its own. A native sidecar, an init container with
    /// `restartPolicy: Always`, may have all of them. There is no case in which this is right.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   initContainers:
    ///   - name: migrate
    ///     image: registry.example.com/migrate:1.4.0
    ///     readinessProbe:
    /// #   ^^^^^^^^^^^^^^ init container `migrate` in Pod `shop/api` may not have `readinessProbe`
    ///       exec: {command: [check]}
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
    /// spec:
    ///   initContainers:
    ///   - name: proxy
    ///     image: registry.example.com/proxy:1.4.0
    ///     restartPolicy: Always
    ///     readinessProbe:
    ///       httpGet: {path: /ready, port: 8080}
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "container-field-not-allowed",
        summary: "init or ephemeral container has a field that is not allowed there",
        remedy: "Remove the field, or make the init container a sidecar with `restartPolicy: Always`.",
        severity: High,
        check: Check::Container(check),
        fragments: true,
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/concepts/workloads/pods/init-containers/", "https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    let refused: &[&str] = match container.role {
        // The patch of a sidecar may leave out what makes it one.
        Role::Init if is_whole(container) => {
            &["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]
        }
        Role::Ephemeral => {
            &["ports", "resources", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]
        }
        _ => return,
    };
    for key in refused {
        let Some(entry) = container.node.entry(key).filter(|entry| present(entry.value).is_some())
        else {
            continue;
        };
        let is_empty =
            entry.value.entries().next().is_none() && entry.value.items().next().is_none();
        // An empty value is as good as none, and tools that write out objects write it.
        if !is_empty {
            let message = format!("{} may not have `{key}`", container.display());
            out.report(entry.key.span(), message).field(*key);
        }
    }
}
