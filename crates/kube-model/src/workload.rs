//! The kinds that make pods.

use crate::object::Object;

/// A kind that holds a pod or a template of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Workload {
    /// A bare Pod.
    Pod,
    /// A PodTemplate, which nothing runs by itself.
    PodTemplate,
    /// A Deployment.
    Deployment,
    /// A StatefulSet.
    StatefulSet,
    /// A DaemonSet.
    DaemonSet,
    /// A ReplicaSet.
    ReplicaSet,
    /// A ReplicationController, the predecessor of the ReplicaSet.
    ReplicationController,
    /// A Job.
    Job,
    /// A CronJob.
    CronJob,
    /// An OpenShift DeploymentConfig.
    DeploymentConfig,
    /// An Argo Rollout.
    Rollout,
    /// A Knative Service.
    KnativeService,
    /// A KEDA ScaledJob.
    ScaledJob,
}

/// Path to the template in most kinds.
const SPEC_TEMPLATE: &[&str] = &["spec", "template"];

impl Workload {
    /// The workload an object is, by its kind and group.
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        let is_apps = |workload| match object.group() {
            "apps" | "extensions" => Some(workload),
            _ => None,
        };
        match (&*object.kind, object.group()) {
            ("Deployment", _) => is_apps(Self::Deployment),
            ("StatefulSet", _) => is_apps(Self::StatefulSet),
            ("DaemonSet", _) => is_apps(Self::DaemonSet),
            ("ReplicaSet", _) => is_apps(Self::ReplicaSet),
            ("Pod", "") => Some(Self::Pod),
            ("PodTemplate", "") => Some(Self::PodTemplate),
            ("ReplicationController", "") => Some(Self::ReplicationController),
            ("Job", "batch") => Some(Self::Job),
            ("CronJob", "batch") => Some(Self::CronJob),
            // The group was empty before OpenShift 3.6.
            ("DeploymentConfig", "apps.openshift.io" | "") => Some(Self::DeploymentConfig),
            ("Rollout", "argoproj.io") => Some(Self::Rollout),
            ("Service" | "Configuration", "serving.knative.dev") => Some(Self::KnativeService),
            ("ScaledJob", "keda.sh") => Some(Self::ScaledJob),
            _ => None,
        }
    }

    /// The path from the object to the mapping that holds the pod's `metadata` and `spec`; empty
    /// for a Pod, which is that mapping.
    #[must_use]
    pub const fn template_path(self) -> &'static [&'static str] {
        match self {
            Self::Pod => &[],
            Self::PodTemplate => &["template"],
            Self::CronJob => &["spec", "jobTemplate", "spec", "template"],
            Self::ScaledJob => &["spec", "jobTargetRef", "template"],
            _ => SPEC_TEMPLATE,
        }
    }

    /// Whether its pods are meant to run until they are replaced. A bare Pod is taken to be; see
    /// [`PodTemplate::is_long_running`](crate::PodTemplate::is_long_running).
    #[must_use]
    pub const fn is_long_running(self) -> bool {
        !matches!(self, Self::Job | Self::CronJob | Self::ScaledJob)
    }

    /// Whether a controller makes the pods and replaces them.
    #[must_use]
    pub const fn is_controller(self) -> bool {
        !matches!(self, Self::Pod | Self::PodTemplate)
    }

    /// Whether `spec.replicas` says how many pods there are.
    #[must_use]
    pub const fn has_replicas(self) -> bool {
        matches!(
            self,
            Self::Deployment
                | Self::StatefulSet
                | Self::ReplicaSet
                | Self::ReplicationController
                | Self::DeploymentConfig
                | Self::Rollout
        )
    }

    /// Whether it makes Jobs or is one.
    #[must_use]
    pub const fn is_job(self) -> bool {
        matches!(self, Self::Job | Self::CronJob | Self::ScaledJob)
    }
}
