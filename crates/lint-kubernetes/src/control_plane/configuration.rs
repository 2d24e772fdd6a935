//! Settings in configuration objects, and in the texts of ConfigMaps that hold such objects.

use std::borrow::Cow;
use std::fmt;

use careen_kube_model::{Labels, ObjectView, field, objects, path};
use careen_model::File;
use careen_text::{Source, Span};
use careen_yaml::{Kind, Limits, Node, is_templated};

use super::command::is_patch;
use super::{Component, Flag, Program, Written, kubeadm};

/// A text in a ConfigMap is looked at up to this many bytes.
const TEXT: usize = 16 * 1024;
/// Texts of one ConfigMap that are parsed.
const TEXTS: usize = 4;
/// ConfigMaps of larger files are passed over: aliases could make many out of few.
const OBJECTS: usize = 2_000;

/// Flags and the fields that say the same.
type Fields = &'static [(&'static str, &'static [&'static str])];

const KUBELET: Fields = &[
    ("anonymous-auth", &["authentication", "anonymous", "enabled"]),
    ("authorization-mode", &["authorization", "mode"]),
    ("client-ca-file", &["authentication", "x509", "clientCAFile"]),
    ("event-qps", &["eventRecordQPS"]),
    ("feature-gates", &["featureGates"]),
    ("make-iptables-util-chains", &["makeIPTablesUtilChains"]),
    ("pod-max-pids", &["podPidsLimit"]),
    ("protect-kernel-defaults", &["protectKernelDefaults"]),
    ("read-only-port", &["readOnlyPort"]),
    ("rotate-certificates", &["rotateCertificates"]),
    ("rotate-server-certificates", &["serverTLSBootstrap"]),
    ("streaming-connection-idle-timeout", &["streamingConnectionIdleTimeout"]),
    ("tls-cert-file", &["tlsCertFile"]),
    ("tls-cipher-suites", &["tlsCipherSuites"]),
    ("tls-min-version", &["tlsMinVersion"]),
    ("tls-private-key-file", &["tlsPrivateKeyFile"]),
];
/// Of an `AuthenticationConfiguration` and an `AuthorizationConfiguration`.
const API_SERVER: Fields = &[
    ("anonymous-auth", &["anonymous", "enabled"]),
    ("authorization-mode", &["authorizers", "type"]),
];
const PROXY: Fields = &[("metrics-bind-address", &["metricsBindAddress"])];
const SCHEDULER: Fields = &[("profiling", &["enableProfiling"])];

const fn fields(program: Program) -> Fields {
    match program {
        Program::ApiServer => API_SERVER,
        Program::Kubelet => KUBELET,
        Program::Proxy => PROXY,
        Program::Scheduler => SCHEDULER,
        _ => &[],
    }
}

/// The program that objects of a kind configure.
fn program(group: &str, kind: &str) -> Option<Program> {
    Some(match (group, kind) {
        ("kubelet.config.k8s.io", "KubeletConfiguration") => Program::Kubelet,
        ("kubeproxy.config.k8s.io", "KubeProxyConfiguration") => Program::Proxy,
        ("kubescheduler.config.k8s.io", "KubeSchedulerConfiguration") => Program::Scheduler,
        ("apiserver.config.k8s.io", "AdmissionConfiguration") => Program::Admission,
        (
            "apiserver.config.k8s.io",
            "AuthenticationConfiguration" | "AuthorizationConfiguration",
        ) => Program::ApiServer,
        _ => return None,
    })
}

pub(super) fn components<'a>(view: ObjectView<'a>, file: &File) -> Vec<Component<'a>> {
    if view.kind() == "ConfigMap" && view.group().is_empty() {
        return if file.objects.len() > OBJECTS { Vec::new() } else { in_config_map(view) };
    }
    let Some(program) = program(view.group(), view.kind()) else {
        return kubeadm::components(view);
    };
    // kubeadm adds to the configuration beside its own what is not said there.
    let beside_kubeadm = file.objects.iter().any(|object| object.group() == "kubeadm.k8s.io");
    // The files of an API server say a part of what it is told each.
    let complete =
        program != Program::ApiServer && !beside_kubeadm && !is_patch(file.source.path());
    vec![Component {
        program,
        object: view,
        container: None,
        written: Written::Fields,
        span: view.kind_span(),
        flags: settings(view, program, &|span| span),
        complete,
    }]
}

/// The configurations in the texts of a ConfigMap, as kubeadm keeps those of kubelet and
/// kube-proxy.
fn in_config_map<'a>(view: ObjectView<'a>) -> Vec<Component<'a>> {
    let mut found = Vec::new();
    let data = Labels::new(view.at(&["data"]));
    let texts = data.iter().filter_map(|label| {
        let text = label.value_node.text().filter(|text| may_configure(text))?;
        Some((text, label.value_node))
    });
    for (text, node) in texts.take(TEXTS) {
        if is_templated(text).is_some() {
            continue;
        }
        let Some(derived) = node.derived() else { continue };
        let source = Source::new(node.source().path(), text);
        let tree = careen_yaml::parse(&source, &Limits::default());
        for object in &objects(&tree) {
            let inner = ObjectView::new(object, &tree);
            let Some(program) = program(inner.group(), inner.kind()) else { continue };
            let resolve = |span| derived.resolve(span);
            found.push(Component {
                program,
                object: view,
                container: None,
                written: Written::Fields,
                span: resolve(inner.kind_span()),
                flags: settings(inner, program, &resolve),
                complete: true,
            });
        }
    }
    found
}

fn may_configure(text: &str) -> bool {
    let names = ["KubeletConfiguration", "KubeProxyConfiguration", "KubeSchedulerConfiguration"];
    text.len() <= TEXT
        && text.contains(".config.k8s.io/")
        && names.iter().any(|name| text.contains(name))
}

fn settings(
    view: ObjectView<'_>,
    program: Program,
    resolve: &dyn Fn(Span) -> Span,
) -> Vec<Flag<'static>> {
    let mut flags = Vec::new();
    let mut push = |name: &str, value: String, span: Span| {
        let (name, span) = (Cow::Owned(name.to_owned()), resolve(span));
        flags.push(Flag { name, value: Some(Cow::Owned(value)), span, value_span: span });
    };
    if program == Program::Admission {
        for plugin in view.at(&["plugins"]).iter().flat_map(Node::items) {
            let Some(name) = field(plugin, "name") else { continue };
            let text = |key| field(plugin, key).and_then(|node| node.text()).unwrap_or_default();
            let is_inline = field(plugin, "configuration").is_some();
            let value = if is_inline { "configuration" } else { text("path") };
            push(name.text().unwrap_or_default(), value.to_owned(), name.span());
        }
    }
    if view.kind() == "AuthorizationConfiguration" {
        for authorizer in view.at(&["authorizers"]).iter().flat_map(Node::items) {
            let Some(mode) = field(authorizer, "type") else { continue };
            push("authorization-mode", mode.text().unwrap_or_default().to_owned(), mode.span());
        }
    }
    for (flag, keys) in fields(program) {
        let Some(node) = path(view.root(), keys) else { continue };
        match node.kind() {
            Kind::Scalar => push(flag, node.text().unwrap_or_default().to_owned(), node.span()),
            Kind::Sequence => {
                for item in node.items() {
                    push(flag, item.text().unwrap_or_default().to_owned(), item.span());
                }
            }
            Kind::Mapping => {
                for entry in node.entries() {
                    let name = entry.key.text().unwrap_or_default();
                    let value = entry.value.text().unwrap_or_default();
                    let span = entry.key.span().cover(entry.value.span());
                    push(flag, format!("{name}={value}"), span);
                }
            }
        }
    }
    flags
}

/// The name of a setting as the user writes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    flag: &'static str,
    field: Option<&'static [&'static str]>,
}

pub(super) fn setting(component: &Component<'_>, flag: &'static str) -> Setting {
    let fields = if component.is_configuration() { fields(component.program) } else { &[] };
    let field = fields.iter().find(|(name, _)| *name == flag).map(|(_, keys)| *keys);
    Setting { flag, field }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(keys) = self.field else { return write!(f, "--{}", self.flag) };
        for (index, key) in keys.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            f.write_str(key)?;
        }
        Ok(())
    }
}
