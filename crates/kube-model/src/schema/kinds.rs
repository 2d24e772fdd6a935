//! Which versions of Kubernetes serve which kinds.

use super::table::{self, Kind};
use crate::version::KubernetesVersion;

/// The versions that serve a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The first one. [`KubernetesVersion::OLDEST`] stands for that one or an earlier one.
    pub since: KubernetesVersion,
    /// The last one. [`KubernetesVersion::NEWEST`] has no end in sight.
    pub until: KubernetesVersion,
}

impl Lifetime {
    fn of(kind: &Kind) -> Self {
        let minor = |minor| KubernetesVersion::minor(u16::from(minor));
        Self { since: minor(kind.minors.since), until: minor(kind.minors.until) }
    }

    /// Whether that version serves it.
    #[must_use]
    pub fn has(self, version: KubernetesVersion) -> bool {
        (self.since..=self.until).contains(&version)
    }
}

/// A kind in one version of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// `apiVersion`.
    pub api_version: &'static str,
    /// `kind`.
    pub kind: &'static str,
    /// Who serves it.
    pub lifetime: Lifetime,
}

impl Served {
    fn of(kind: &Kind) -> Self {
        Self { api_version: kind.api_version, kind: kind.kind, lifetime: Lifetime::of(kind) }
    }

    /// The API group; empty for the core group.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.api_version.rsplit_once('/').map_or("", |(group, _)| group)
    }
}

/// The versions that serve a kind of that `apiVersion`; none where no version from
/// [`KubernetesVersion::OLDEST`] to [`KubernetesVersion::NEWEST`] does.
#[must_use]
pub fn lifetime(api_version: &str, kind: &str) -> Option<Lifetime> {
    table::get().kind(api_version, kind).map(Lifetime::of)
}

/// Whether Kubernetes itself serves kinds of this group, in any version. Empty is the core group.
#[must_use]
pub fn is_builtin_group(group: &str) -> bool {
    kinds_of(group).next().is_some()
}

/// The kinds of a group in all its versions.
pub fn kinds_of(group: &str) -> impl Iterator<Item = Served> {
    table::get().kinds().iter().map(Served::of).filter(move |served| served.group() == group)
}

/// Every built-in kind of that name, in any group and version.
pub fn versions_of(kind: &str) -> impl Iterator<Item = Served> {
    table::get().kinds().iter().map(Served::of).filter(move |served| served.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::{is_builtin_group, kinds_of, lifetime, versions_of};
    use crate::version::KubernetesVersion;

    #[test]
    fn kinds_come_and_go() {
        let lives = |api_version, kind| {
            let lifetime = lifetime(api_version, kind).unwrap();
            (lifetime.since.number(), lifetime.until.number())
        };
        assert_eq!(lives("apps/v1", "Deployment"), (25, 37));
        assert_eq!(lives("autoscaling/v2beta2", "HorizontalPodAutoscaler"), (25, 25));
        assert_eq!(lives("flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema"), (25, 28));
        assert_eq!(lives("flowcontrol.apiserver.k8s.io/v1", "FlowSchema"), (29, 37));
        assert_eq!(lives("networking.k8s.io/v1", "ServiceCIDR"), (33, 37));
        assert!(lifetime("extensions/v1beta1", "Ingress").is_none());
        let lifetime = lifetime("networking.k8s.io/v1", "ServiceCIDR").unwrap();
        assert!(!lifetime.has(KubernetesVersion::minor(32)));
        assert!(lifetime.has(KubernetesVersion::minor(33)));
    }

    #[test]
    fn groups_have_kinds() {
        assert!(is_builtin_group("") && is_builtin_group("apps"));
        assert!(!is_builtin_group("argoproj.io") && !is_builtin_group("extensions"));
        assert!(kinds_of("apps").any(|served| served.kind == "StatefulSet"));
        let cron: Vec<_> = versions_of("CronJob").map(|served| served.api_version).collect();
        assert_eq!(cron, ["batch/v1"]);
    }
}
