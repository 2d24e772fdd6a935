//! What the deprecation guide of Kubernetes says, and what other projects removed.

/// What became of some kinds in one version of their group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Who removes it, where that is not Kubernetes.
    pub(super) project: Option<&'static str>,
    /// `apiVersion` as written in old manifests.
    pub(super) api_version: &'static str,
    /// Its kinds; empty for all kinds of that version.
    pub(super) kinds: &'static [&'static str],
    /// The minor version that deprecated it.
    pub(super) deprecated: Option<u16>,
    /// The minor version that no longer serves it.
    pub(super) gone: Option<u16>,
    /// The `apiVersion` to use; none where the kind has no successor.
    pub(super) successor: Option<&'static str>,
    /// Whether the manifest stays valid when only `apiVersion` changes.
    pub(super) same_schema: bool,
    /// Whether the kind itself is deprecated, not a version of it.
    pub(super) is_kind: bool,
}

/// The row of a kind.
pub(super) fn row(api_version: &str, kind: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| {
        row.api_version == api_version && (row.kinds.is_empty() || row.kinds.contains(&kind))
    })
}

type Names = &'static [&'static str];

/// A version that another one replaces.
const fn old(version: &'static str, kinds: Names, life: [u16; 2], to: &'static str) -> Row {
    let [deprecated, gone] = life;
    Row {
        project: None,
        api_version: version,
        kinds,
        deprecated: Some(deprecated),
        gone: Some(gone),
        successor: Some(to),
        same_schema: false,
        is_kind: false,
    }
}

/// As [`old`], with the same fields in both.
const fn same(version: &'static str, kinds: Names, life: [u16; 2], to: &'static str) -> Row {
    let mut row = old(version, kinds, life, to);
    row.same_schema = true;
    row
}

/// A version with kinds that nothing replaces.
const fn ended(version: &'static str, kinds: Names, life: [u16; 2]) -> Row {
    let mut row = old(version, kinds, life, "");
    row.successor = None;
    row
}

/// A kind that is deprecated without an end in sight, with the kind to use.
const fn fading(version: &'static str, kinds: Names, since: u16, to: Option<&'static str>) -> Row {
    let mut row = old(version, kinds, [since, 0], "");
    row.successor = to;
    row.gone = None;
    row.is_kind = true;
    row
}

/// A version that another project removed in a version of its own.
const fn other(
    project: &'static str,
    version: &'static str,
    gone: u16,
    to: Option<&'static str>,
) -> Row {
    let mut row = old(version, &[], [0, gone], "");
    row.project = Some(project);
    row.deprecated = None;
    row.successor = to;
    row
}

/// Newest first, then other projects.
pub(super) const TABLE: &[Row] = &[
    fading("v1", &["Endpoints"], 33, Some("EndpointSlice")),
    fading("v1", &["ComponentStatus"], 19, None),
    old("flowcontrol.apiserver.k8s.io/v1beta3", FLOW, [29, 32], "flowcontrol.apiserver.k8s.io/v1"),
    old("flowcontrol.apiserver.k8s.io/v1beta2", FLOW, [26, 29], "flowcontrol.apiserver.k8s.io/v1"),
    same("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], [24, 27], "storage.k8s.io/v1"),
    same("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], [23, 26], "autoscaling/v2"),
    old("flowcontrol.apiserver.k8s.io/v1beta1", FLOW, [23, 26], "flowcontrol.apiserver.k8s.io/v1"),
    old("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], [22, 25], "autoscaling/v2"),
    same("batch/v1beta1", &["CronJob"], [21, 25], "batch/v1"),
    old("discovery.k8s.io/v1beta1", &["EndpointSlice"], [21, 25], "discovery.k8s.io/v1"),
    old("events.k8s.io/v1beta1", &["Event"], [19, 25], "events.k8s.io/v1"),
    same("node.k8s.io/v1beta1", &["RuntimeClass"], [20, 25], "node.k8s.io/v1"),
    same("policy/v1beta1", &["PodDisruptionBudget"], [21, 25], "policy/v1"),
    same("policy/v1beta1", &["Eviction"], [22, 25], "policy/v1"),
    ended("policy/v1beta1", &["PodSecurityPolicy"], [21, 25]),
    old("storage.k8s.io/v1alpha1", &["CSIStorageCapacity"], [21, 24], "storage.k8s.io/v1"),
    old(
        "admissionregistration.k8s.io/v1beta1",
        WEBHOOKS,
        [16, 22],
        "admissionregistration.k8s.io/v1",
    ),
    old(
        "apiextensions.k8s.io/v1beta1",
        &["CustomResourceDefinition"],
        [16, 22],
        "apiextensions.k8s.io/v1",
    ),
    same("apiregistration.k8s.io/v1beta1", &["APIService"], [19, 22], "apiregistration.k8s.io/v1"),
    same("authentication.k8s.io/v1beta1", &["TokenReview"], [19, 22], "authentication.k8s.io/v1"),
    old("authorization.k8s.io/v1beta1", REVIEWS, [19, 22], "authorization.k8s.io/v1"),
    old(
        "certificates.k8s.io/v1beta1",
        &["CertificateSigningRequest"],
        [19, 22],
        "certificates.k8s.io/v1",
    ),
    same("coordination.k8s.io/v1beta1", &["Lease"], [19, 22], "coordination.k8s.io/v1"),
    old("extensions/v1beta1", &["Ingress"], [14, 22], "networking.k8s.io/v1"),
    old("networking.k8s.io/v1beta1", &["Ingress"], [19, 22], "networking.k8s.io/v1"),
    same("networking.k8s.io/v1beta1", &["IngressClass"], [19, 22], "networking.k8s.io/v1"),
    same("rbac.authorization.k8s.io/v1beta1", ROLES, [17, 22], "rbac.authorization.k8s.io/v1"),
    old("rbac.authorization.k8s.io/v1alpha1", ROLES, [17, 22], "rbac.authorization.k8s.io/v1"),
    same("scheduling.k8s.io/v1beta1", &["PriorityClass"], [14, 22], "scheduling.k8s.io/v1"),
    same("storage.k8s.io/v1beta1", STORAGE, [19, 22], "storage.k8s.io/v1"),
    same("batch/v2alpha1", &["CronJob"], [8, 21], "batch/v1"),
    ended("settings.k8s.io/v1alpha1", &["PodPreset"], [19, 20]),
    ended("auditregistration.k8s.io/v1alpha1", &["AuditSink"], [18, 19]),
    same("scheduling.k8s.io/v1alpha1", &["PriorityClass"], [14, 17], "scheduling.k8s.io/v1"),
    old("apps/v1beta1", &[], [9, 16], "apps/v1"),
    old("apps/v1beta2", &[], [9, 16], "apps/v1"),
    old("extensions/v1beta1", WORKLOADS, [9, 16], "apps/v1"),
    same("extensions/v1beta1", &["NetworkPolicy"], [9, 16], "networking.k8s.io/v1"),
    ended("extensions/v1beta1", &["PodSecurityPolicy"], [10, 16]),
    other("cert-manager", "cert-manager.io/v1alpha2", 6, Some("cert-manager.io/v1")),
    other("cert-manager", "cert-manager.io/v1alpha3", 6, Some("cert-manager.io/v1")),
    other("cert-manager", "cert-manager.io/v1beta1", 6, Some("cert-manager.io/v1")),
    other("cert-manager", "acme.cert-manager.io/v1alpha2", 6, Some("acme.cert-manager.io/v1")),
    other("cert-manager", "acme.cert-manager.io/v1alpha3", 6, Some("acme.cert-manager.io/v1")),
    other("cert-manager", "acme.cert-manager.io/v1beta1", 6, Some("acme.cert-manager.io/v1")),
    other("Istio", "authentication.istio.io/v1alpha1", 6, Some("security.istio.io/v1")),
    other("Istio", "rbac.istio.io/v1alpha1", 6, Some("security.istio.io/v1")),
];

const FLOW: Names = &["FlowSchema", "PriorityLevelConfiguration"];
const WEBHOOKS: Names = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const REVIEWS: Names = &[
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
];
const ROLES: Names = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const STORAGE: Names = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];
const WORKLOADS: Names = &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"];
