use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::control_plane::{Component, Program};

rule! {
    /// A workload that fails in a loop can write events without end, and they are stored in etcd
    /// beside everything else. The admission plugin `EventRateLimit` bounds them per server,
    /// namespace or user.
    ///
    /// It needs a configuration with its limits, and the plugin has stayed in alpha, which is why
    /// the rule is off unless it is asked for.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --enable-admission-plugins=NodeRestriction
    /// #                                ^^^^^^^^^^^^^^^ kube-apiserver of Pod `kube-system/kube-apiserver` takes any number of events
    /// ```
    /// ```yaml bad
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AdmissionConfiguration
    /// plugins:
    /// - name: EventRateLimit
    /// #       ^^^^^^^^^^^^^^ AdmissionConfiguration names `EventRateLimit` without a configuration
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: kube-apiserver
    ///   namespace: kube-system
    /// spec:
    ///   containers:
    ///   - name: kube-apiserver
    ///     image: registry.k8s.io/kube-apiserver:v1.34.0
    ///     command:
    ///     - kube-apiserver
    ///     - --enable-admission-plugins=NodeRestriction,EventRateLimit
    ///     - --admission-control-config-file=/etc/kubernetes/admission.yaml
    /// ```
    /// ```yaml good
    /// apiVersion: apiserver.config.k8s.io/v1
    /// kind: AdmissionConfiguration
    /// plugins:
    /// - name: EventRateLimit
    ///   path: eventratelimit.yaml
    /// ```
    pub(crate) static RULE: Check = {
        id: "apiserver-event-rate-limit",
        summary: "API server does not limit the rate of events",
        remedy: "Add `EventRateLimit` to `--enable-admission-plugins` and configure it in the file of `--admission-control-config-file`.",
        severity: Info,
        check: Check::Component(check),
        peers: &[
            "checkov:CKV_K8S_78",
            "trivy:KCV-0010",
            "kubescape:C-0121",
            "kics:event_rate_limit_admission_control_plugin_not_set",
        ],
        security: true,
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &[
            "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/",
        ],
        default: false,
    }
}

fn check(component: &Component<'_>, _: &Context, out: &mut Sink<'_>) {
    if !component.is(Program::ApiServer) && !component.is(Program::Admission) {
        return;
    }
    let plugin = "EventRateLimit";
    let flag = "enable-admission-plugins";
    if component.is(Program::Admission) {
        let own = component.flag(plugin).filter(|flag| flag.text() == Some(""));
        if let Some(own) = own {
            component.report(out, own.span, flag, "names `EventRateLimit` without a configuration");
        }
    } else if let Some(span) = component.lacks_plugin(plugin) {
        component.report(out, span, flag, "takes any number of events");
    }
}
