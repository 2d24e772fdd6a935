use std::sync::Arc;

use careen_model::{File, parse};
use careen_text::{Source, Span};

use super::{Component, Program, is_loopback, seconds};

/// A Pod with one container of these lines.
fn pod(container: &str) -> File {
    let mut text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n"
            .to_owned();
    for line in container.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    parse(Source::new("pod.yaml", text), "pod.yaml")
}

fn of(file: &File) -> Option<Component<'_>> {
    let pod = file.view(0).unwrap().pod_template().unwrap();
    Component::of(pod.containers().next().unwrap())
}

fn text(source: &Arc<Source>, span: Span) -> &str {
    source.slice(span)
}

#[test]
fn programs_are_known_by_the_first_words() {
    let known = |container: &str| of(&pod(container)).map(|component| component.program);
    assert_eq!(known("command: [kube-apiserver]"), Some(Program::ApiServer));
    assert_eq!(known("command: [/usr/local/bin/etcd]"), Some(Program::Etcd));
    assert_eq!(known("args: [hyperkube, apiserver, --v=2]"), Some(Program::ApiServer));
    assert_eq!(known("command: [/hyperkube]\nargs: [kubelet]"), Some(Program::Kubelet));
    assert_eq!(
        known("command: [/go-runner, --log-file=/x, /usr/local/bin/kube-scheduler]"),
        Some(Program::Scheduler)
    );
    assert_eq!(
        known("command: [sh, -ec, 'set -x; exec kube-controller-manager --v=2']"),
        Some(Program::ControllerManager)
    );
    assert_eq!(known("command: [etcdctl, get]"), None);
    assert_eq!(known("command: [kubectl, kubelet]"), None);
    assert_eq!(known("command: [sh, -c, 'echo etcd']"), None);
    assert_eq!(known("command: [sh, kube-apiserver]"), None);
    assert_eq!(known("command: [kube-apiserver, --version]"), None);
    assert_eq!(known("image: registry.example.com/web:1"), None);
}

#[test]
fn flags_are_read_with_their_places() {
    let file = pod(
        "command:\n- kube-apiserver\n- \"--anonymous_auth=false\"\n- --profiling\n- --secure-port\n- '6443'\n- --authorization-mode=Node\n- --authorization-mode=RBAC,Webhook\n- -v=2\n- --anonymous-auth=true",
    );
    let component = of(&file).unwrap();
    let span = component.is_on("anonymous-auth", false).unwrap();
    assert_eq!(text(&file.source, span), "--anonymous-auth=true");
    assert!(component.is_on("profiling", false).is_some());
    assert_eq!(component.number("secure-port").unwrap().0, 6443);
    let modes: Vec<_> = component.list("authorization-mode").collect();
    let places: Vec<_> = modes.iter().map(|mode| text(&file.source, mode.span)).collect();
    assert_eq!(places, ["Node", "RBAC", "Webhook"]);
    assert_eq!(text(&file.source, component.lacks("client-ca-file").unwrap()), "kube-apiserver");
    assert_eq!(component.to_string(), "kube-apiserver of Pod `p`");
}

#[test]
fn a_script_keeps_its_places() {
    let file = pod(
        "command: [/bin/sh, -c]\nargs:\n- |\n  set -e\n  exec /usr/local/bin/kube-apiserver \\\n    --profiling=true \\\n    --bind-address=\"$IP\"",
    );
    let component = of(&file).unwrap();
    let span = component.is_on("profiling", false).unwrap();
    assert_eq!(text(&file.source, span), "--profiling=true");
    assert!(component.flag("bind-address").unwrap().text().is_none());
    assert_eq!(
        text(&file.source, component.lacks("client-ca-file").unwrap()),
        "/usr/local/bin/kube-apiserver"
    );
}

#[test]
fn what_may_be_said_elsewhere_is_not_missing() {
    let lacks = |container: &str| of(&pod(container)).unwrap().lacks("cert-file").is_some();
    assert!(lacks("command: [etcd]"));
    assert!(lacks("command: [etcd, --cert-file=]"));
    assert!(!lacks("command: [etcd, --cert-file=$(CERT)]"));
    assert!(!lacks("command: [etcd, $(EXTRA_ARGS)]"));
    assert!(!lacks("command: [etcd, --config-file=/etc/etcd.yaml]"));
    assert!(!lacks("command: [sh, -c, 'etcd $ARGS']"));
    assert!(!lacks("command: [sh, -c, 'etcd \"$@\"']"));
    assert!(!lacks("command: [etcd]\nenv: [{name: ETCD_CERT_FILE, value: /c}]"));
    assert!(!lacks("command: [etcd]\nenvFrom: [{secretRef: {name: etcd}}]"));
}

#[test]
fn plugins_come_from_both_lists() {
    let with = |flags: &str| pod(&format!("command: [kube-apiserver, {flags}]"));
    let file = with("--enable-admission-plugins=A, --disable-admission-plugins=B");
    let component = of(&file).unwrap();
    assert!(component.enables("A").is_some() && component.lacks_plugin("C").is_some());
    assert!(component.disables("B").is_some() && component.disables("C").is_none());
    let file = with("'--admission-control=A,B'");
    let component = of(&file).unwrap();
    assert_eq!(text(&file.source, component.enables("B").unwrap()), "B");
    assert!(component.disables("C").is_some());
    let file = with("--enable-admission-plugins=$(PLUGINS)");
    assert!(of(&file).unwrap().lacks_plugin("A").is_none());
}

#[test]
fn configurations_answer_by_flag() {
    let text = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nauthentication: {anonymous: {enabled: true}}\nfeatureGates: {A: true, B: false}\n";
    let file = parse(Source::new("kubelet.yaml", text), "kubelet.yaml");
    let components = Component::configured_by(file.view(0).unwrap(), &file);
    let component = components.first().unwrap();
    assert_eq!(file.source.slice(component.is_on("anonymous-auth", false).unwrap()), "true");
    assert_eq!(component.setting("anonymous-auth").to_string(), "authentication.anonymous.enabled");
    assert_eq!(file.source.slice(component.is_gated_off("B").unwrap()), "B: false");
    assert!(component.is_gated_off("A").is_none());
    assert_eq!(
        file.source.slice(component.lacks("client-ca-file").unwrap()),
        "KubeletConfiguration"
    );
    let kubeadm =
        format!("{text}---\napiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n");
    let file = parse(Source::new("kubeadm.yaml", kubeadm), "kubeadm.yaml");
    let components = Component::configured_by(file.view(0).unwrap(), &file);
    assert!(components.first().unwrap().lacks("client-ca-file").is_none());
}

#[test]
fn addresses_and_durations() {
    for address in ["127.0.0.1", "127.0.0.1:10249", "::1", "[::1]:10249", "localhost:2379"] {
        assert!(is_loopback(address), "{address}");
    }
    for address in ["", "0.0.0.0", "::", "[::]:10249", "10.0.0.1:2379", "127.example.com"] {
        assert!(!is_loopback(address), "{address}");
    }
    assert_eq!(seconds("4h0m0s"), Some(14_400));
    assert_eq!(seconds("1.5s"), Some(1));
    assert_eq!(seconds("0"), Some(0));
    assert_eq!(seconds(""), None);
    assert_eq!(seconds("5 minutes"), None);
}
