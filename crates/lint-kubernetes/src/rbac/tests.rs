use careen_model::{Snapshot, parse};
use careen_rule::Severity;
use careen_testkit::check_files;
use careen_text::Source;

use crate::KubernetesLinter;

use super::{Accounts, Binding, Capability, Role, Who, Wildcard, bindings, listed, takes_over};

fn snapshot(text: &str) -> Snapshot {
    Snapshot::new(vec![parse(Source::new("a.yaml", text), "a.yaml")])
}

fn role(kind: &str, rest: &str) -> Snapshot {
    snapshot(&format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata: {{name: a}}\n{rest}\n"
    ))
}

fn rule(rule: &str) -> Snapshot {
    role("ClusterRole", &format!("rules: [{rule}]"))
}

fn said(snapshot: &Snapshot, capability: &'static Capability) -> Vec<String> {
    let objects = snapshot.objects();
    objects.flat_map(|object| capability.of(object.view)).map(|grant| grant.to_string()).collect()
}

static SECRETS: Capability =
    Capability { resources: &[("", &["secrets"])], verbs: &["get", "list"], ..Capability::DEFAULT };
static EXEC: Capability =
    Capability { resources: &[("", &["pods/exec"])], verbs: &["create"], ..Capability::DEFAULT };
static IMPERSONATE: Capability = Capability {
    resources: &[("", &["users"])],
    verbs: &["impersonate"],
    any_verb: false,
    any_resource: true,
    narrowed: true,
    cluster_scoped: true,
    ..Capability::DEFAULT
};

#[test]
fn a_capability_is_what_is_named() {
    let can = "ClusterRole `a` can ";
    for (text, capability, expected) in [
        (r#"{apiGroups: [""], resources: [secrets], verbs: [get]}"#, &SECRETS, "`get` `secrets`"),
        (
            r#"{apiGroups: ["*"], resources: [pods, secrets], verbs: [watch, list, get]}"#,
            &SECRETS,
            "`list` and `get` `secrets`",
        ),
        (
            r#"{apiGroups: [""], resources: [secrets], verbs: ["*"]}"#,
            &SECRETS,
            "do everything (`*`) with `secrets`",
        ),
        (r#"{apiGroups: [apps], resources: [secrets], verbs: [get]}"#, &SECRETS, ""),
        (r#"{apiGroups: [""], resources: [secrets], verbs: [create]}"#, &SECRETS, ""),
        (r#"{apiGroups: [""], resources: ["*"], verbs: [get]}"#, &SECRETS, ""),
        (r#"{apiGroups: [""], resources: ["*", secrets], verbs: [get]}"#, &SECRETS, ""),
        (
            r#"{apiGroups: [""], resources: [secrets], resourceNames: [b], verbs: [get]}"#,
            &SECRETS,
            "",
        ),
        (
            r#"{apiGroups: [""], resources: [secrets], resourceNames: [], verbs: [get]}"#,
            &SECRETS,
            "`get` `secrets`",
        ),
        (
            r#"{apiGroups: [""], resources: ["*/exec"], verbs: [create]}"#,
            &EXEC,
            "`create` `*/exec`",
        ),
        (r#"{apiGroups: [""], resources: ["pods/*"], verbs: [create]}"#, &EXEC, ""),
        (
            r#"{apiGroups: ["*"], resources: ["*"], verbs: [impersonate]}"#,
            &IMPERSONATE,
            "`impersonate` `*`",
        ),
        (r#"{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}"#, &IMPERSONATE, ""),
        (
            r#"{apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [b]}"#,
            &IMPERSONATE,
            "`impersonate` `users` named `b`",
        ),
    ] {
        let found = said(&rule(text), capability);
        let expected: Vec<_> = [expected]
            .iter()
            .filter(|text| !text.is_empty())
            .map(|text| format!("{can}{text}"))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn roles_of_the_cluster_are_left_out() {
    let rules = r#"rules: [{apiGroups: [""], resources: [secrets], verbs: [get]}]"#;
    assert_eq!(said(&role("Role", rules), &SECRETS).len(), 1);
    let aggregated = format!("{rules}\naggregationRule: {{clusterRoleSelectors: []}}");
    assert!(said(&role("ClusterRole", &aggregated), &SECRETS).is_empty());
    for (head, name) in [
        ("rbac.authorization.k8s.io/v1", "{name: 'system:a'}"),
        ("rbac.authorization.k8s.io/v1", "{name: admin}"),
        (
            "rbac.authorization.k8s.io/v1",
            "{name: a, labels: {kubernetes.io/bootstrapping: rbac-defaults}}",
        ),
        ("example.com/v1", "{name: a}"),
    ] {
        let text = format!("apiVersion: {head}\nkind: ClusterRole\nmetadata: {name}\n{rules}\n");
        assert!(said(&snapshot(&text), &SECRETS).is_empty(), "{text}");
    }
    let users = r#"rules: [{apiGroups: [""], resources: [users], verbs: [impersonate]}]"#;
    assert!(said(&role("Role", users), &IMPERSONATE).is_empty(), "users have no namespace");
}

fn wildcard(text: &str) -> Option<Wildcard> {
    let snapshot = rule(text);
    let object = snapshot.objects().next().unwrap();
    let rule = Role::of(object.view).unwrap().rules().next().unwrap();
    rule.wildcard().map(|(wildcard, _)| wildcard)
}

#[test]
fn wildcards_are_told_apart() {
    for (text, expected) in [
        (r#"{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}"#, Some(Wildcard::Everything)),
        (r#"{apiGroups: ["*"], resources: ["*"], verbs: [get]}"#, Some(Wildcard::Resources)),
        (r#"{apiGroups: [""], resources: ["*"], verbs: [list]}"#, Some(Wildcard::Resources)),
        (r#"{apiGroups: [apps], resources: ["*"], verbs: [patch]}"#, Some(Wildcard::Resources)),
        (
            r#"{apiGroups: [apps], resources: ["*"], verbs: [get]}"#,
            Some(Wildcard::Other("resources")),
        ),
        (
            r#"{apiGroups: [example.com], resources: ["*"], verbs: ["*"]}"#,
            Some(Wildcard::Other("verbs")),
        ),
        (r#"{apiGroups: [""], resources: [secrets], verbs: ["*"]}"#, Some(Wildcard::Verb)),
        (
            r#"{apiGroups: [""], resources: [secrets], verbs: ["*"], resourceNames: [a]}"#,
            Some(Wildcard::Other("verbs")),
        ),
        (
            r#"{apiGroups: [""], resources: [services], verbs: ["*"]}"#,
            Some(Wildcard::Other("verbs")),
        ),
        (r#"{nonResourceURLs: ["*"], verbs: [get]}"#, Some(Wildcard::Other("URLs"))),
        (r#"{apiGroups: [""], resources: ["*/scale"], verbs: [get]}"#, None),
        (r#"{apiGroups: [""], resources: [pods], verbs: [get]}"#, None),
    ] {
        assert_eq!(wildcard(text), expected, "{text}");
    }
}

#[test]
fn taking_over_counts_wildcards() {
    for (text, expected) in [
        (r#"{apiGroups: [""], resources: ["*"], verbs: [get]}"#, true),
        (r#"{apiGroups: [batch], resources: [jobs], verbs: [create]}"#, true),
        (r#"{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}"#, false),
        (r#"{apiGroups: [""], resources: [pods], verbs: [get]}"#, false),
    ] {
        let snapshot = rule(text);
        let object = snapshot.objects().next().unwrap();
        assert_eq!(takes_over(Role::of(object.view).unwrap()).is_some(), expected, "{text}");
    }
}

#[test]
fn subjects_of_all_spellings() {
    let snapshot = snapshot(
        "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: User, name: ann}
- {kind: User, name: 'system:serviceaccount:ops:bot'}
- {kind: Group, name: 'system:serviceaccounts:ops'}
- {kind: ServiceAccount, name: web}
- {kind: Other, name: x}
---
apiVersion: authorization.openshift.io/v1
kind: RoleBinding
metadata: {name: b, namespace: shop}
roleRef: {name: reader, namespace: shop}
groupNames: [all]
",
    );
    let found: Vec<Binding<'_>> = bindings(&snapshot).map(|(_, binding)| binding).collect();
    let who = |at: usize| -> Vec<String> {
        found[at].subjects().map(|subject| subject.who.to_string()).collect()
    };
    assert_eq!(
        who(0),
        [
            "user `ann`",
            "ServiceAccount `ops/bot`",
            "group `system:serviceaccounts:ops`",
            "ServiceAccount `shop/web`"
        ]
    );
    assert_eq!(who(1), ["group `all`"]);
    assert_eq!((found[1].role_kind, found[1].role), ("Role", "reader"));
    assert_eq!(found[0].whom().to_string(), " to user `ann` and 3 more");
}

#[test]
fn accounts_are_found_in_agreeing_namespaces() {
    let mut accounts = Accounts::new();
    accounts.add(Who::Account { namespace: Some("shop"), name: "web" }, 1);
    accounts.add(Who::Account { namespace: Some("shop"), name: "web" }, 2);
    accounts.add(Who::Account { namespace: None, name: "any" }, 3);
    accounts.add(Who::Group("system:serviceaccounts:ops"), 4);
    accounts.add(Who::User("ann"), 5);
    for (namespace, name, expected) in [
        (Some("shop"), "web", Some(1)),
        (None, "web", Some(1)),
        (Some("other"), "web", None),
        (Some("other"), "any", Some(3)),
        (Some("ops"), "web", Some(4)),
        (Some("shop"), "ann", None),
        (None, "wea", Some(4)),
    ] {
        assert_eq!(accounts.get(namespace, name), expected, "{namespace:?} {name}");
    }
}

#[test]
fn lists_for_messages_are_short() {
    assert_eq!(listed(["a"].into_iter()), "`a`");
    assert_eq!(listed(["a", "b", "c"].into_iter()), "`a`, `b` and `c`");
    assert!(listed(["a", "b", "c", "d", "e", "f"].into_iter()).ends_with("`e`, …"));
}

/// Severity and id of what the rules of roles and accounts find, without those that are off.
fn found(text: &str) -> Vec<(Severity, &'static str)> {
    let report = check_files(&KubernetesLinter, &[("app.yaml", text)]);
    let findings = report.findings.iter().filter(|finding| {
        finding.rule.default && ["rbac", "service_account"].contains(&finding.rule.group())
    });
    let findings = findings.filter(|finding| !finding.rule.id.ends_with("-automounted"));
    let mut found: Vec<_> = findings.map(|finding| (finding.severity, finding.rule.id)).collect();
    found.sort_unstable();
    found
}

/// A workload `shop/web` with its own account, which is bound to a role.
fn chain(kind: &str, namespace: &str, role: &str, rules: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      serviceAccountName: web
      containers: [{{name: web, image: 'registry.example.com/web:1.4.0'}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {kind}
metadata: {{name: web{namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}
subjects: [{{kind: ServiceAccount, name: web, namespace: shop}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: web}}
rules: [{rules}]
"
    )
}

#[test]
fn chains_from_a_workload_to_its_role() {
    use Severity::{Critical, High, Low};
    let of_cluster = |role, rules| found(&chain("ClusterRoleBinding", "", role, rules));
    let of_namespace = |role, rules| found(&chain("RoleBinding", ", namespace: shop", role, rules));
    let all = r#"{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}"#;
    let secrets = r#"{apiGroups: [""], resources: [secrets], verbs: [list]}"#;
    let pods = r#"{apiGroups: [""], resources: [pods], verbs: [list]}"#;
    let bind = "{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}";
    let (full, binds) = ((Critical, "rbac-full-wildcard"), "rbac-binding-to-wildcard-role");
    let escalation = "rbac-binding-allows-escalation";
    assert_eq!(
        of_cluster("web", all),
        [(Critical, binds), full, (Critical, "rbac-workload-admin")]
    );
    assert_eq!(of_namespace("web", all), [(High, binds), (High, "rbac-workload-admin"), full]);
    assert_eq!(
        of_cluster("web", secrets),
        [(High, "rbac-secret-read"), (High, "rbac-workload-cluster-takeover")]
    );
    assert_eq!(of_namespace("web", secrets), [(High, "rbac-secret-read")]);
    let jobs = "{apiGroups: [batch], resources: [jobs], verbs: [create]}";
    let (makes, takes) = ((Low, "rbac-create-pods"), "rbac-workload-cluster-takeover");
    assert_eq!(of_cluster("web", jobs), [makes, (Low, takes)]);
    let both = format!("{jobs}, {secrets}");
    assert_eq!(of_cluster("web", &both), [makes, (High, "rbac-secret-read"), (High, takes)]);
    assert_eq!(of_cluster("web", pods), []);
    assert_eq!(of_cluster("web", bind), [(High, "rbac-bind"), (High, escalation)]);
    let unused = (Low, "rbac-role-unused");
    let admin = "rbac-cluster-admin-binding";
    assert_eq!(
        of_cluster("edit", pods),
        [unused, (High, admin), (High, "rbac-workload-cluster-takeover")]
    );
    assert_eq!(of_namespace("edit", pods), [unused]);
    assert_eq!(
        of_namespace("cluster-admin", pods),
        [unused, (High, admin), (High, "rbac-workload-admin")]
    );
}

#[test]
fn a_pod_without_a_token_has_no_rights() {
    let admin = chain("ClusterRoleBinding", "", "cluster-admin", "");
    let is_told = |text: &str| found(text).iter().any(|(_, id)| *id == "rbac-workload-admin");
    assert!(is_told(&admin));
    let account = "---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
automountServiceAccountToken: false
";
    assert!(!is_told(&format!("{admin}{account}")));
    let name = "serviceAccountName: web\n";
    let with = |fields: &str| admin.replace(name, &format!("{name}      {fields}\n"));
    assert!(!is_told(&with("automountServiceAccountToken: false")));
    assert!(is_told(&format!("{}{account}", with("automountServiceAccountToken: true"))));
    let volume = "automountServiceAccountToken: false
      volumes: [{name: t, projected: {sources: [{serviceAccountToken: {path: t}}]}}]";
    assert!(is_told(&with(volume)));
}

#[test]
fn people_may_run_the_cluster() {
    let binding = |subjects: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: ops}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}}
subjects: [{subjects}]
"
        )
    };
    let people = "{kind: Group, name: on-call}";
    let everybody = "{kind: Group, name: 'system:authenticated'}";
    let admin = "rbac-cluster-admin-binding";
    assert_eq!(found(&binding(people)), [(Severity::Medium, admin)]);
    assert_eq!(
        found(&binding(everybody)),
        [(Severity::High, "rbac-authenticated-group-binding"), (Severity::Critical, admin)]
    );
    assert_eq!(
        found(&binding("{kind: Group, name: 'system:masters'}")),
        [(Severity::High, "rbac-masters-group-binding")]
    );
    let default = binding(people).replace("name: ops", "name: 'system:ops'");
    assert_eq!(found(&default), []);
}
