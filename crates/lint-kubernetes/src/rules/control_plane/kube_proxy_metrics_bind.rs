use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program, is_loopback};

rule! {
    /// The metrics port of kube-proxy asks for nothing: whoever reaches it reads metrics, the
    /// configuration and, where profiling is on, profiles. By default it is bound to the loopback
    /// address.
    ///
    /// It is fine where Prometheus reads it and the network keeps others away. A
    /// `KubeProxyConfiguration` inside a ConfigMap is judged too.
    ///
    /// ```yaml bad
    /// apiVersion: kubeproxy.config.k8s.io/v1alpha1
    /// kind: KubeProxyConfiguration
    /// metricsBindAddress: 0.0.0.0:10249
    /// #                   ^^^^^^^^^^^^^ kube-proxy of KubeProxyConfiguration shows its metrics to everybody
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: kube-proxy
    ///   namespace: kube-system
    /// data:
    ///   config.conf: |-
    ///     apiVersion: kubeproxy.config.k8s.io/v1alpha1
    ///     kind: KubeProxyConfiguration
    ///     metricsBindAddress: 0.0.0.0:10249
    /// #                       ^^^^^^^^^^^^^ kube-proxy of ConfigMap `kube-system/kube-proxy` shows its metrics to everybody
    /// ```
    /// ```yaml good
    /// apiVersion: kubeproxy.config.k8s.io/v1alpha1
    /// kind: KubeProxyConfiguration
    /// metricsBindAddress: 127.0.0.1:10249
    /// ```
    pub(crate) static RULE: Check = {
        id: "kube-proxy-metrics-bind",
        summary: "kube-proxy shows its metrics to everybody",
        remedy: "Remove `metricsBindAddress`, or set it to `127.0.0.1:10249`.",
        severity: Low,
        check: Check::Component(check),
        peers: &["kubescape:C-0291"],
        security: true,
        cwe: &[668],
        controls: &[control::NETWORK_REACHABLE],
        references: &[
            "https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/",
        ],
        fragments: true,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::Proxy) {
        return;
    }
    let address =
        component.flag("metrics-bind-address").and_then(|flag| Some((flag.text()?, flag)));
    if let Some((address, flag)) = address
        && !address.is_empty()
        && !is_loopback(address)
    {
        component.report(out, flag.span, "metrics-bind-address", "shows its metrics to everybody");
    }
}
