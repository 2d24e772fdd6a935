use careen_kube_model::{Selector, field};
use careen_model::{Snapshot, parse};
use careen_text::Source;

use super::{Names, Policies, Providers, Scalers, Workloads, pairs};

fn snapshot(files: &[(&str, &str)]) -> Snapshot {
    let parsed = files.iter().map(|&(path, text)| parse(Source::new(path, text), path));
    Snapshot::new(parsed.collect())
}

fn deployment(name: &str, namespace: &str, labels: &str, replicas: u32) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {labels}}}
  template:
    metadata: {{labels: {labels}}}
    spec: {{containers: [{{name: web, image: registry.example.com/web:1}}]}}
---
"
    )
}

fn names(snapshot: &Snapshot, namespace: Option<&str>, selector: &str) -> Vec<String> {
    let tree = snapshot_of_selector(selector);
    let workloads = Workloads::of(snapshot);
    let node = tree.objects().next().map(|object| object.view.root()).unwrap();
    let selector = Selector::label_selector(field(node, "spec").unwrap());
    let selected = workloads.selected_by(namespace, &selector).unwrap();
    selected.iter().map(|workload| workload.object.view.display().to_string()).collect()
}

fn snapshot_of_selector(selector: &str) -> Snapshot {
    snapshot(&[("s.yaml", &format!("apiVersion: v1\nkind: Selector\nspec: {selector}\n"))])
}

#[test]
fn selectors_find_workloads_in_agreeing_namespaces() {
    let text = deployment("a", "shop", "{app: web, tier: x}", 1)
        + &deployment("b", "~", "{app: web}", 1)
        + &deployment("c", "other", "{app: web}", 1);
    let snapshot = snapshot(&[("a.yaml", &text)]);
    let all = "{matchLabels: {app: web}}";
    let (a, b, c) = ("Deployment `shop/a`", "Deployment `b`", "Deployment `other/c`");
    assert_eq!(names(&snapshot, None, all), [a, b, c]);
    assert_eq!(names(&snapshot, Some("shop"), all), [a, b]);
    assert_eq!(names(&snapshot, Some("shop"), "{}"), [a, b]);
    assert_eq!(names(&snapshot, None, "{}"), [a, b, c]);
    assert_eq!(names(&snapshot, Some("shop"), "{matchLabels: {app: web, tier: x}}"), [a]);
    let exists = "{matchExpressions: [{key: tier, operator: Exists}]}";
    assert_eq!(names(&snapshot, None, exists), [a]);
    assert!(names(&snapshot, None, "{matchLabels: {app: api}}").is_empty());
    let workloads = Workloads::of(&snapshot);
    assert!(workloads.any_in(Some("elsewhere")), "`b` may be there");
}

#[test]
fn patches_are_no_workloads_but_count() {
    let patch = "apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  replicas: 4
  template:
    spec:
      containers:
      - {name: web, image: registry.example.com/web:2, resources: {requests: {cpu: 1}}}
";
    let kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
replicas: [{name: b, count: 5}]
";
    let base = deployment("a", "~", "{app: a}", 1) + &deployment("b", "~", "{app: b}", 2);
    let snapshot = snapshot(&[
        ("base/a.yaml", &base),
        ("prod/a.yaml", patch),
        (
            "prod/b.yaml",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: b}, spec: {replicas: 4}}",
        ),
        ("prod/kustomization.yaml", kustomization),
    ]);
    let workloads = Workloads::of(&snapshot);
    let found: Vec<_> = workloads.iter().copied().collect();
    assert_eq!(found.len(), 2);
    assert_eq!(workloads.replicas(found[0]), Some(4));
    assert_eq!(workloads.replicas(found[1]), Some(5));
    let container = found[0].pod.containers().next().unwrap();
    assert!(workloads.is_requested_by_patch(container, "cpu"));
    assert!(!workloads.is_requested_by_patch(container, "memory"));
}

fn covered(policy: &str) -> Option<(bool, bool)> {
    let text = deployment("a", "shop", "{app: web}", 1);
    let snapshot = snapshot(&[("a.yaml", &text), ("p.yaml", policy)]);
    let covered = Policies::of(&snapshot).cover(&Workloads::of(&snapshot)).unwrap();
    covered[0].by.map(|_| (covered[0].ingress, covered[0].egress))
}

#[test]
fn policies_cover_directions() {
    let head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p";
    for (rest, expected) in [
        ("}\nspec: {podSelector: {}}", Some((true, false))),
        ("}\nspec: {}", Some((true, false))),
        ("}\nspec: {podSelector: {}, egress: [{}]}", Some((true, true))),
        ("}\nspec: {podSelector: {}, policyTypes: [Egress]}", Some((false, true))),
        ("}\nspec: {podSelector: {matchLabels: {app: api}}}", None),
        (", namespace: other}\nspec: {podSelector: {}}", None),
    ] {
        assert_eq!(covered(&format!("{head}{rest}\n")), expected, "{rest}");
    }
}

#[test]
fn other_policies_count() {
    for (policy, expected) in [
        (
            "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n\
             spec: {endpointSelector: {matchLabels: {app: web}}, ingress: [{}]}",
            Some((true, false)),
        ),
        (
            "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n\
             spec: {endpointSelector: {matchLabels: {'k8s:app': web}}, egress: [{}]}",
            Some((false, true)),
        ),
        (
            "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n\
             spec: {endpointSelector: {matchLabels: {app: api}}, ingress: [{}]}",
            None,
        ),
        (
            "apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\n\
             spec: {selector: all(), types: [Ingress, Egress]}",
            Some((true, true)),
        ),
    ] {
        assert_eq!(covered(policy), expected, "{policy}");
    }
}

#[test]
fn providers_know_generators_and_operators() {
    let text = "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
configMapGenerator: [{name: settings}]
secretGenerator: [{name: keys}]
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: shop}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web}
spec: {secretName: web-tls}
";
    let snapshot = snapshot(&[("a.yaml", text)]);
    let maps = Providers::of_config_maps(&snapshot);
    assert!(maps.has(None, "settings") && maps.has(Some("x"), "settings-8fb5k2m9tg"));
    assert!(!maps.has(None, "settings-short") && !maps.has(None, "keys"));
    let secrets = Providers::of_secrets(&snapshot);
    assert!(secrets.has(None, "keys") && secrets.has(None, "web-tls"));
    assert!(secrets.has(Some("shop"), "sealed") && !secrets.has(Some("other"), "sealed"));
}

#[test]
fn providers_know_what_is_copied_and_made_elsewhere() {
    let text = "apiVersion: v1
kind: Secret
metadata:
  name: registry
  namespace: infra
  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-enabled: 'true'}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: wildcard, namespace: infra}
spec:
  secretName: wildcard-tls
  secretTemplate: {annotations: {replicator.v1.mittwald.de/replicate-to: '.*'}}
---
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: vault, namespace: shop}
spec: {secretObjects: [{secretName: from-vault, type: Opaque}]}
---
apiVersion: secrets.hashicorp.com/v1beta1
kind: VaultStaticSecret
metadata: {name: static, namespace: shop}
spec: {destination: {create: true, name: written}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: outer, namespace: shop}
spec: {target: {name: inner}}
---
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: everywhere}
spec: {externalSecretName: all}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: a, namespace: shop, annotations: {cert-manager.io/cluster-issuer: b}}
spec: {listeners: [{tls: {certificateRefs: [{name: gateway-tls}]}}]}
---
apiVersion: v1
kind: Secret
metadata: {name: own, namespace: infra}
";
    let snapshot = snapshot(&[("a.yaml", text)]);
    let secrets = Providers::of_secrets(&snapshot);
    for name in ["registry", "wildcard-tls", "from-vault", "written", "inner", "all", "gateway-tls"]
    {
        assert!(secrets.has(Some("shop"), name), "{name}");
    }
    assert!(secrets.has(Some("infra"), "own") && !secrets.has(Some("shop"), "own"));
    assert!(!secrets.has(Some("infra"), "written"));
}

#[test]
fn scalers_find_their_workloads() {
    let text = deployment("a", "shop", "{app: a}", 1)
        + "apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: s, namespace: shop}
spec: {scaleTargetRef: {name: a}, minReplicaCount: 3}
";
    let snapshot = snapshot(&[("a.yaml", &text)]);
    let workloads = Workloads::of(&snapshot);
    let scaler = Scalers::of(&snapshot).for_workload(*workloads.iter().next().unwrap()).unwrap();
    assert_eq!((scaler.kind, scaler.name, scaler.min()), ("Deployment", "a", 3));
    let names = Names::of(&snapshot, &[("apps", "Deployment")]);
    assert!(names.has("Deployment", None, "a") && !names.has("Deployment", Some("x"), "a"));
}

#[test]
fn messages_name_a_handful_of_labels() {
    let many = ["a", "b", "c", "d", "e", "f"].map(|key| (key, "1"));
    assert_eq!(pairs(many.into_iter().take(2)), "`a: 1`, `b: 1`");
    assert!(pairs(many.into_iter()).ends_with("`e: 1`, …"));
}
