//! Versions of APIs that are deprecated, gone, or yet to come.
//!
//! The table of built-in kinds says which version of Kubernetes serves what from its oldest one
//! on; [`table`] adds what was gone before, when a version was deprecated, and other projects.

mod table;

use careen_kube_model::KubernetesVersion;
use careen_kube_model::schema::{Served, kinds_of, lifetime};

use self::table::{Row, row};

/// What became of a kind in one version of its group, seen from a version of Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fate {
    /// What removes it: "Kubernetes" or another project.
    pub(crate) project: &'static str,
    /// The minor version that deprecated it.
    pub(crate) deprecated: Option<u16>,
    /// The minor version that no longer serves it.
    pub(crate) gone: Option<u16>,
    /// The `apiVersion` to use, or the kind where that is deprecated; none where there is no
    /// successor.
    pub(crate) successor: Option<&'static str>,
    /// Whether the manifest stays valid when only `apiVersion` changes.
    pub(crate) same_schema: bool,
    /// Whether the kind itself is deprecated, not a version of it.
    pub(crate) is_kind: bool,
}

impl Fate {
    /// Whether that version no longer serves the kind. Versions of other projects are not known.
    pub(crate) fn is_gone(self, target: KubernetesVersion) -> bool {
        self.gone.is_some_and(|gone| self.project != KUBERNETES || target.is_at_least(gone))
    }
}

const KUBERNETES: &str = "Kubernetes";

/// The fate of a kind that is gone or deprecated in that version of Kubernetes; none for kinds
/// that are well, or that nobody knows.
pub(crate) fn fate(api_version: &str, kind: &str, target: KubernetesVersion) -> Option<Fate> {
    let life = lifetime(api_version, kind);
    let end = life.map(|life| life.until).filter(|until| *until < KubernetesVersion::NEWEST);
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    if let Some(row) = row(api_version, kind) {
        let mut fate = row.fate();
        fate.gone = fate.gone.or_else(|| end.map(|until| until.number() + 1));
        let is_served = |version: &str| lifetime(version, kind).is_none_or(|life| life.has(target));
        if fate.successor.is_some_and(|version| !is_served(version)) && !fate.is_gone(target) {
            fate.successor = best(group, kind, target).filter(|best| *best != api_version);
            fate.successor?;
            fate.same_schema = false;
        }
        let is_due = fate.is_gone(target)
            || fate.deprecated.is_some_and(|deprecated| target.is_at_least(deprecated));
        return is_due.then_some(fate);
    }
    // Without a row: gone by the table, or an alpha or beta version beside a stable one.
    let life = life?;
    let successor = best(group, kind, target).filter(|best| *best != api_version);
    let gone = end.map(|until| until.number() + 1);
    let mut fate = Fate {
        project: KUBERNETES,
        deprecated: None,
        gone,
        successor,
        same_schema: false,
        is_kind: false,
    };
    if fate.is_gone(target) {
        return Some(fate);
    }
    let stable = successor.filter(|version| rank(version).0 == 2 && rank(api_version).0 < 2)?;
    let since = lifetime(stable, kind)?.since.max(life.since);
    fate.deprecated = Some(since.number());
    life.has(target).then_some(fate)
}

/// The version of a kind to use with that version of Kubernetes.
pub(crate) fn best(group: &str, kind: &str, target: KubernetesVersion) -> Option<&'static str> {
    let served = |served: &Served| served.kind == kind && served.lifetime.has(target);
    let versions = kinds_of(group).filter(served).map(|served| served.api_version);
    versions.max_by_key(|version| rank(version))
}

/// How far a version is: 2 stable, 1 beta, 0 alpha; then its numbers.
fn rank(api_version: &str) -> (u8, u32, u32) {
    let version = api_version.rsplit_once('/').map_or(api_version, |(_, version)| version);
    let version = version.trim_start_matches('v');
    let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
    let (major, stage) = version.split_at_checked(end).unwrap_or((version, ""));
    let number = |text: &str| text.parse().unwrap_or_default();
    match stage.split_at_checked("beta".len()) {
        _ if stage.is_empty() => (2, number(major), 0),
        Some(("beta", minor)) => (1, number(major), number(minor)),
        _ => (0, number(major), number(stage.trim_start_matches("alpha"))),
    }
}

/// Whether a version of an API that no table of kinds holds is known to be gone.
pub(crate) fn is_known(api_version: &str, kind: &str) -> bool {
    row(api_version, kind).is_some()
}

impl Row {
    fn fate(&self) -> Fate {
        Fate {
            project: self.project.unwrap_or(KUBERNETES),
            deprecated: self.deprecated,
            gone: self.gone,
            successor: self.successor,
            same_schema: self.same_schema,
            is_kind: self.is_kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_kube_model::KubernetesVersion;

    use super::table::TABLE;
    use super::{best, fate, is_known, lifetime, rank};

    const NEW: KubernetesVersion = KubernetesVersion::NEWEST;

    fn at(minor: u16) -> KubernetesVersion {
        KubernetesVersion::minor(minor)
    }

    #[test]
    fn rows_agree_with_the_table_of_kinds() {
        for row in TABLE.iter().filter(|row| row.project.is_none()) {
            for kind in row.kinds {
                let life = lifetime(row.api_version, kind);
                let until = life.map(|life| life.until.number());
                match row.gone {
                    Some(gone) if gone > 25 => assert_eq!(until, Some(gone - 1), "{row:?}"),
                    Some(_) => assert_eq!(until, None, "{row:?}"),
                    None => assert_eq!(until, Some(NEW.number()), "{row:?}"),
                }
            }
            for kind in row.kinds.iter().filter(|_| row.gone.is_some()) {
                let successor = row.successor.and_then(|version| fate(version, kind, NEW));
                assert!(successor.is_none(), "{row:?}: {successor:?}");
            }
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        assert_eq!(fate("extensions/v1beta1", "Ingress", NEW).unwrap().gone, Some(22));
        assert_eq!(fate("extensions/v1beta1", "Deployment", NEW).unwrap().gone, Some(16));
        assert!(fate("networking.k8s.io/v1", "Ingress", NEW).is_none());
        assert!(fate("storage.k8s.io/v1", "VolumeAttributesClass", NEW).is_none());
        assert!(fate("example.com/v1beta1", "Ingress", NEW).is_none());
        assert!(is_known("batch/v1beta1", "CronJob") && !is_known("batch/v1beta1", "Job"));
    }

    #[test]
    fn the_target_decides() {
        let flow = |version: &str, target| {
            fate(&format!("flowcontrol.apiserver.k8s.io/{version}"), "FlowSchema", at(target))
        };
        assert!(flow("v1beta2", 25).is_none());
        let deprecated = flow("v1beta2", 28).unwrap();
        assert!(!deprecated.is_gone(at(28)));
        assert_eq!(deprecated.successor, Some("flowcontrol.apiserver.k8s.io/v1beta3"));
        let gone = flow("v1beta2", 29).unwrap();
        assert!(gone.is_gone(at(29)));
        assert_eq!(gone.successor, Some("flowcontrol.apiserver.k8s.io/v1"));
        assert!(flow("v1", 37).is_none());
        let scaler = fate("autoscaling/v2beta2", "HorizontalPodAutoscaler", at(25)).unwrap();
        assert_eq!((scaler.gone, scaler.is_gone(at(25))), (Some(26), false));
    }

    #[test]
    fn versions_without_a_row_follow_the_table_of_kinds() {
        let gone = fate("networking.k8s.io/v1beta1", "ServiceCIDR", NEW).unwrap();
        assert_eq!((gone.gone, gone.successor), (Some(37), Some("networking.k8s.io/v1")));
        let old = fate("resource.k8s.io/v1beta1", "DeviceClass", NEW).unwrap();
        assert_eq!((old.deprecated, old.gone), (Some(34), None));
        assert!(fate("resource.k8s.io/v1beta1", "DeviceClass", at(33)).is_none());
        let cluster = fate("networking.k8s.io/v1alpha1", "ClusterCIDR", NEW).unwrap();
        assert_eq!((cluster.gone, cluster.successor), (Some(29), None));
    }

    #[test]
    fn other_projects_are_gone_whatever_kubernetes() {
        let fate = fate("cert-manager.io/v1alpha2", "Certificate", at(25)).unwrap();
        assert!(fate.is_gone(at(25)));
        assert_eq!((fate.project, fate.successor), ("cert-manager", Some("cert-manager.io/v1")));
    }

    #[test]
    fn versions_have_an_order() {
        let mut versions = ["v1", "v2beta1", "v2", "v1alpha1", "v1beta10", "v1beta2", "v1alpha3"];
        versions.sort_unstable_by_key(|version| rank(version));
        let order = ["v1alpha1", "v1alpha3", "v1beta2", "v1beta10", "v2beta1", "v1", "v2"];
        assert_eq!(versions, order);
        assert_eq!(best("autoscaling", "HorizontalPodAutoscaler", NEW), Some("autoscaling/v2"));
    }
}
