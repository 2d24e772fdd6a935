//! Kubernetes manifests as teams write them: workloads with sidecars, services, configuration,
//! custom resource definitions; one file in three holds several documents.

use std::fmt::Write as _;

use super::rng::Rng;

const NAMES: [&str; 24] = [
    "api",
    "web",
    "worker",
    "gateway",
    "billing",
    "search",
    "mailer",
    "ledger",
    "catalog",
    "cart",
    "checkout",
    "profile",
    "session",
    "report",
    "ingest",
    "export",
    "metrics",
    "audit",
    "media",
    "stock",
    "pricing",
    "voucher",
    "notify",
    "frontdoor",
];
const NAMESPACES: [&str; 6] = ["shop", "platform", "data", "edge", "internal", "batch"];
const IMAGES: [&str; 6] = [
    "registry.example.com/shop/api",
    "registry.example.com/shop/web",
    "ghcr.io/example/worker",
    "nginx",
    "redis",
    "docker.io/library/postgres",
];
const TYPES: [&str; 5] = ["string", "integer", "boolean", "number", "string"];

/// A file of about `bytes` bytes.
pub(super) fn file(rng: &mut Rng, index: usize, bytes: usize) -> (String, String) {
    let name = rng.pick(&NAMES);
    let mut text = String::with_capacity(bytes + 4_000);
    let several = index.is_multiple_of(3);
    match if several { 0 } else { rng.below(8) } {
        0..=3 => workload(rng, name, &mut text),
        4 => service(rng, name, &mut text),
        5 | 6 => configuration(rng, name, bytes, &mut text),
        _ => definition(rng, name, bytes, &mut text),
    }
    while several && text.len() < bytes {
        text.push_str("---\n");
        match rng.below(4) {
            0 => service(rng, name, &mut text),
            1 => configuration(rng, name, 800, &mut text),
            _ => workload(rng, name, &mut text),
        }
    }
    // The rest of the budget in entries of one more ConfigMap, as generated dashboards are.
    if !several && text.len() < bytes {
        text.push_str("---\n");
        let rest = bytes.saturating_sub(text.len());
        configuration(rng, name, rest, &mut text);
    }
    (format!("{name}_{index}.yaml"), text)
}

/// A file that holds nothing but custom resource definitions.
pub(super) fn definitions(rng: &mut Rng, index: usize, bytes: usize) -> (String, String) {
    let name = rng.pick(&NAMES);
    let mut text = String::with_capacity(bytes + 4_000);
    definition(rng, name, bytes, &mut text);
    (format!("{name}_crd_{index}.yaml"), text)
}

fn metadata(rng: &mut Rng, name: &str, text: &mut String) {
    let _ = writeln!(
        text,
        "metadata:\n  name: {name}-{}\n  namespace: {}\n  labels:\n    app.kubernetes.io/name: {name}\n    \
         app.kubernetes.io/version: \"1.{}.0\"",
        rng.below(1000),
        rng.pick(&NAMESPACES),
        rng.below(40)
    );
}

fn workload(rng: &mut Rng, name: &str, text: &mut String) {
    let kind = ["Deployment", "StatefulSet", "Deployment"][rng.below(3)];
    let _ = writeln!(text, "apiVersion: apps/v1\nkind: {kind}");
    metadata(rng, name, text);
    let _ = writeln!(
        text,
        "spec:\n  replicas: {}\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n  \
         template:\n    metadata:\n      labels:\n        app.kubernetes.io/name: {name}\n    spec:\n      \
         serviceAccountName: {name}\n      automountServiceAccountToken: false\n      securityContext:\n        \
         runAsNonRoot: true\n        seccompProfile:\n          type: RuntimeDefault\n      containers:",
        1 + rng.below(5)
    );
    for index in 0..1 + rng.below(3) {
        container(rng, name, index, text);
    }
    let _ = writeln!(
        text,
        "      volumes:\n        - name: config\n          configMap:\n            name: {name}-config\n        \
         - name: scratch\n          emptyDir:\n            sizeLimit: {}Mi",
        64 << rng.below(4)
    );
}

fn container(rng: &mut Rng, name: &str, index: usize, text: &mut String) {
    let port = 8000 + rng.below(1000);
    let _ = writeln!(
        text,
        "        - name: {name}-{index}\n          image: {}:v1.{}.{}\n          ports:\n            \
         - name: http\n              containerPort: {port}",
        rng.pick(&IMAGES),
        rng.below(30),
        rng.below(10)
    );
    text.push_str("          env:\n");
    for variable in 0..2 + rng.below(6) {
        let owner = rng.pick(&NAMES);
        let _ = if rng.one_in(3) {
            writeln!(
                text,
                "            - name: {}_PASSWORD_{variable}\n              valueFrom:\n                secretKeyRef:\n                  \
                 name: {owner}\n                  key: password",
                owner.to_ascii_uppercase()
            )
        } else {
            writeln!(
                text,
                "            - name: {}_URL_{variable}\n              value: http://{owner}.{}.svc:{port}",
                owner.to_ascii_uppercase(),
                rng.pick(&NAMESPACES)
            )
        };
    }
    if !rng.one_in(4) {
        let memory = 64 << rng.below(4);
        let _ = writeln!(
            text,
            "          resources:\n            requests:\n              cpu: {}m\n              memory: {memory}Mi\n            \
             limits:\n              memory: {memory}Mi",
            50 * (1 + rng.below(10))
        );
    }
    if !rng.one_in(4) {
        text.push_str(
            "          readinessProbe:\n            httpGet:\n              path: /ready\n              port: http\n            \
             periodSeconds: 10\n",
        );
    }
    if !rng.one_in(3) {
        text.push_str(
            "          securityContext:\n            allowPrivilegeEscalation: false\n            readOnlyRootFilesystem: true\n            \
             capabilities:\n              drop: [ALL]\n",
        );
    }
    text.push_str(
        "          volumeMounts:\n            - {name: config, mountPath: /etc/config, readOnly: true}\n            \
         - {name: scratch, mountPath: /tmp}\n",
    );
}

fn service(rng: &mut Rng, name: &str, text: &mut String) {
    text.push_str("apiVersion: v1\nkind: Service\n");
    metadata(rng, name, text);
    let _ = writeln!(
        text,
        "spec:\n  type: ClusterIP\n  selector:\n    app.kubernetes.io/name: {name}\n  ports:\n    \
         - name: http\n      port: {}\n      targetPort: http",
        80 + rng.below(9000)
    );
}

fn configuration(rng: &mut Rng, name: &str, bytes: usize, text: &mut String) {
    let end = text.len() + bytes;
    text.push_str("apiVersion: v1\nkind: ConfigMap\n");
    metadata(rng, name, text);
    text.push_str("data:\n  level: info\n");
    let mut index = 0;
    while text.len() < end {
        index += 1;
        if rng.one_in(6) {
            let _ = writeln!(text, "  settings-{index}.properties: |");
            for line in 0..4 + rng.below(12) {
                let _ = writeln!(
                    text,
                    "    {}.{}.{line}={}",
                    rng.pick(&NAMES),
                    rng.pick(&NAMES),
                    rng.below(100_000)
                );
            }
        } else {
            let _ = writeln!(
                text,
                "  {}.{index}: \"{}-{}\" # {}",
                rng.pick(&NAMES),
                rng.pick(&NAMES),
                rng.below(1000),
                rng.pick(&NAMESPACES)
            );
        }
    }
}

fn definition(rng: &mut Rng, name: &str, bytes: usize, text: &mut String) {
    let _ = writeln!(
        text,
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: {name}s.example.com\n\
         spec:\n  group: example.com\n  scope: Namespaced\n  names:\n    kind: Example\n    plural: {name}s\n  \
         versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema:\n          \
         type: object\n          properties:"
    );
    let end = text.len() + bytes;
    let mut index = 0;
    while text.len() < end {
        index += 1;
        let _ = writeln!(
            text,
            "            {}{index}:\n              type: {}\n              description: The {} of the {}, as {} sees it.",
            rng.pick(&NAMES),
            rng.pick(&TYPES),
            rng.pick(&NAMES),
            rng.pick(&NAMES),
            rng.pick(&NAMES)
        );
    }
}
