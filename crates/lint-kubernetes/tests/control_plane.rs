//! The rules of the control plane on the manifests that kubeadm writes, and on hardened ones.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a failed test is meant to panic"
)]

use careen_lint_kubernetes::KubernetesLinter;
use careen_testkit::{Xorshift, check_files, mutate};

/// The rules of the control plane that find something and run unless they are switched off.
fn found(files: &[(&str, &str)]) -> Vec<&'static str> {
    let report = check_files(&KubernetesLinter, files);
    let own = report.findings.iter().map(|finding| finding.rule);
    let own = own.filter(|rule| rule.group() == "control_plane" && rule.default);
    let mut ids: Vec<_> = own.map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A static pod as kubeadm writes it, with more flags.
fn static_pod(program: &str, flags: &[&str]) -> String {
    let mut text = format!(
        "apiVersion: v1
kind: Pod
metadata:
  labels: {{component: {program}, tier: control-plane}}
  name: {program}
  namespace: kube-system
spec:
  hostNetwork: true
  containers:
  - name: {program}
    image: registry.k8s.io/{program}:v1.34.1
    volumeMounts:
    - {{mountPath: /etc/kubernetes/pki, name: k8s-certs, readOnly: true}}
    command:
    - {program}
"
    );
    for flag in flags {
        text.push_str(&format!("    - {flag}\n"));
    }
    text.push_str(
        "  volumes:
  - name: k8s-certs
    hostPath: {path: /etc/kubernetes/pki, type: DirectoryOrCreate}
",
    );
    text
}

const API_SERVER: &[&str] = &[
    "--advertise-address=10.0.0.4",
    "--allow-privileged=true",
    "--authorization-mode=Node,RBAC",
    "--client-ca-file=/etc/kubernetes/pki/ca.crt",
    "--enable-admission-plugins=NodeRestriction",
    "--enable-bootstrap-token-auth=true",
    "--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt",
    "--etcd-certfile=/etc/kubernetes/pki/apiserver-etcd-client.crt",
    "--etcd-keyfile=/etc/kubernetes/pki/apiserver-etcd-client.key",
    "--etcd-servers=https://127.0.0.1:2379",
    "--kubelet-client-certificate=/etc/kubernetes/pki/apiserver-kubelet-client.crt",
    "--kubelet-client-key=/etc/kubernetes/pki/apiserver-kubelet-client.key",
    "--secure-port=6443",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    "--service-account-key-file=/etc/kubernetes/pki/sa.pub",
    "--service-account-signing-key-file=/etc/kubernetes/pki/sa.key",
    "--tls-cert-file=/etc/kubernetes/pki/apiserver.crt",
    "--tls-private-key-file=/etc/kubernetes/pki/apiserver.key",
];

const ETCD: &[&str] = &[
    "--advertise-client-urls=https://10.0.0.4:2379",
    "--cert-file=/etc/kubernetes/pki/etcd/server.crt",
    "--client-cert-auth=true",
    "--data-dir=/var/lib/etcd",
    "--key-file=/etc/kubernetes/pki/etcd/server.key",
    "--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.4:2379",
    "--listen-metrics-urls=http://127.0.0.1:2381",
    "--listen-peer-urls=https://10.0.0.4:2380",
    "--peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt",
    "--peer-client-cert-auth=true",
    "--peer-key-file=/etc/kubernetes/pki/etcd/peer.key",
    "--peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
    "--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt",
];

const CONTROLLER_MANAGER: &[&str] = &[
    "--bind-address=127.0.0.1",
    "--client-ca-file=/etc/kubernetes/pki/ca.crt",
    "--leader-elect=true",
    "--root-ca-file=/etc/kubernetes/pki/ca.crt",
    "--service-account-private-key-file=/etc/kubernetes/pki/sa.key",
    "--use-service-account-credentials=true",
];

const KUBELET: &str = "\
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {cacheTTL: 0s, enabled: true}
  x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
authorization: {mode: Webhook}
cgroupDriver: systemd
rotateCertificates: true
";

#[test]
fn kubeadm_leaves_what_is_known() {
    let api_server = static_pod("kube-apiserver", API_SERVER);
    assert_eq!(
        found(&[("manifests/kube-apiserver.yaml", &api_server)]),
        [
            "apiserver-anonymous-auth",
            "apiserver-audit-log-path",
            "apiserver-audit-policy-file",
            "apiserver-deny-service-external-ips",
            "apiserver-encryption-config",
            "apiserver-kubelet-ca",
            "apiserver-profiling",
        ]
    );
    let etcd = static_pod("etcd", ETCD);
    let etcd = ("manifests/etcd.yaml", &*etcd);
    assert!(found(&[etcd]).is_empty());
    assert!(!found(&[etcd, ("manifests/a.yaml", &api_server)]).contains(&"etcd-shared-ca"));
    let manager = static_pod("kube-controller-manager", CONTROLLER_MANAGER);
    assert_eq!(found(&[("a.yaml", &manager)]), ["controller-manager-profiling"]);
    assert_eq!(found(&[("a.yaml", KUBELET)]), ["kubelet-pod-pid-limit", "kubelet-tls-cert"]);
    // Beside its own configuration, and as a patch, it fills in what is missing.
    let minimal = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
    assert!(found(&[("kubeletconfiguration0+merge.yaml", minimal)]).is_empty());
}

#[test]
fn a_hardened_control_plane_is_quiet() {
    let mut flags = API_SERVER.to_vec();
    flags.extend([
        "--anonymous-auth=false",
        "--profiling=false",
        "--audit-log-path=/var/log/kubernetes/audit.log",
        "--audit-log-maxage=30",
        "--audit-log-maxbackup=10",
        "--audit-log-maxsize=100",
        "--audit-policy-file=/etc/kubernetes/audit.yaml",
        "--encryption-provider-config=/etc/kubernetes/encryption.yaml",
        "--kubelet-certificate-authority=/etc/kubernetes/pki/ca.crt",
        "--enable-admission-plugins=DenyServiceExternalIPs",
        "--tls-min-version=VersionTLS12",
    ]);
    let hardened = static_pod("kube-apiserver", &flags);
    assert_eq!(found(&[("a.yaml", &hardened)]), Vec::<&str>::new());
    let kubelet = format!("{KUBELET}serverTLSBootstrap: true\npodPidsLimit: 4096\n");
    assert_eq!(found(&[("a.yaml", &kubelet)]), Vec::<&str>::new());
}

#[test]
fn what_is_added_to_kubeadm_is_judged_by_what_stands_there() {
    let text = "\
apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlane
metadata: {name: cp, namespace: fleet}
spec:
  kubeadmConfigSpec:
    clusterConfiguration:
      apiServer:
        extraArgs: {anonymous-auth: 'true', authorization-mode: AlwaysAllow}
    initConfiguration:
      nodeRegistration:
        kubeletExtraArgs:
        - {name: read-only-port, value: '10255'}
";
    assert_eq!(
        found(&[("a.yaml", text)]),
        [
            "apiserver-anonymous-auth",
            "apiserver-authorization-always-allow",
            "kubelet-read-only-port"
        ]
    );
}

#[test]
fn etcd_of_a_neighbour_is_private() {
    let text = "
apiVersion: v1
kind: Pod
metadata: {name: app}
spec:
  containers:
  - {name: app, image: 'app:1'}
  - {name: etcd, image: 'etcd:3', command: [etcd, --data-dir=/data]}
";
    assert!(found(&[("a.yaml", text)]).is_empty());
    let open = text.replace("--data-dir=/data", "'--listen-client-urls=http://0.0.0.0:2379'");
    assert_eq!(found(&[("a.yaml", &open)]), ["etcd-client-cert-auth", "etcd-server-cert"]);
}

#[test]
fn damaged_manifests_are_checked_without_a_panic() {
    let script = "command: [sh, -c, \"exec etcd --auto-tls --name $N\"]";
    let texts = [
        static_pod("kube-apiserver", API_SERVER),
        static_pod("etcd", ETCD),
        KUBELET.to_owned(),
        format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    {script}\n"),
        format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    {}", KUBELET.replace('\n', "\n    ")),
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Request\n  resources: [{group: '', resources: [pods/*]}]\n".to_owned(),
        "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets]\n  providers: [{identity: {}}, {aescbc: {keys: [{name: a, secret: AAAAAAAAAAAAAAAAAAAAAA==}]}}]\n".to_owned(),
        "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nspec:\n  volumes: ['*']\n  allowedHostPaths: [{pathPrefix: /}]\n  runAsUser: {rule: MustRunAs, ranges: [{min: 0}]}\n".to_owned(),
    ];
    let mut random = Xorshift::new(11);
    for text in &texts {
        for _ in 0..60 {
            let mut damaged = text.as_bytes().to_vec();
            mutate(&mut random, &mut damaged);
            let damaged = String::from_utf8_lossy(&damaged).into_owned();
            let report = check_files(&KubernetesLinter, &[("app.yaml", &damaged)]);
            assert!(
                report.notes.iter().all(|note| !note.incomplete),
                "{damaged}: {:?}",
                report.notes
            );
        }
    }
}
