//! The kinds that make pods.

use crate::container::Role;
use crate::object::Object;
use crate::template;

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
    /// An OpenKruise CloneSet, which is a Deployment with more.
    CloneSet,
    /// A custom resource whose pods serve until they are replaced.
    CustomServer,
    /// A custom resource whose pods end.
    CustomJob,
    /// A custom resource of which nothing is known but that it makes pods.
    Custom,
    /// A custom resource whose operator lays the template over pods that it makes by itself: what
    /// the template lacks, the operator adds.
    Overlay,
    /// A template of an Argo Workflow: containers, without the pod that its controller makes.
    Workflow,
    /// A Tekton Task: steps, which are the containers of a pod that its controller makes.
    Task,
}

impl Workload {
    /// The workload an object is, by its kind and group; none for a custom resource that only its
    /// fields show to make pods, see [`ObjectView::workload`](crate::ObjectView::workload).
    #[must_use]
    pub fn of(object: &Object) -> Option<Self> {
        template::of(object).map(|(workload, _)| workload)
    }

    /// Whether its pods are known to run until they are replaced. A bare Pod is taken to; see
    /// [`PodTemplate::is_long_running`](crate::PodTemplate::is_long_running).
    #[must_use]
    pub const fn is_long_running(self) -> bool {
        matches!(self, Self::CustomServer) || !(self.is_job() || self.is_custom())
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
                | Self::CloneSet
        )
    }

    /// Whether it makes Jobs or is one.
    #[must_use]
    pub const fn is_job(self) -> bool {
        matches!(self, Self::Job | Self::CronJob | Self::ScaledJob)
    }

    /// Whether it is a custom resource of which only the pod is known: its operator may add labels
    /// and more to the pod, and has its own idea of how many there are.
    #[must_use]
    pub const fn is_custom(self) -> bool {
        matches!(self, Self::CustomServer | Self::CustomJob | Self::Custom) || self.is_completed()
    }

    /// Whether its controller adds to the pod what the template lacks, such as an image or resources.
    #[must_use]
    pub const fn is_completed(self) -> bool {
        matches!(self, Self::Overlay | Self::Workflow | Self::Task)
    }

    /// Whether the containers stand in the template itself rather than in its `spec`.
    pub(crate) const fn is_bare(self) -> bool {
        matches!(self, Self::Workflow | Self::Task)
    }

    /// Where the containers stand below the pod's `spec`: one mapping or a list.
    pub(crate) const fn containers(self) -> &'static [(Role, &'static [&'static str])] {
        match self {
            Self::Workflow => &[
                (Role::Init, &["initContainers"]),
                (Role::Main, &["container"]),
                (Role::Main, &["script"]),
                (Role::Main, &["containerSet", "containers"]),
                (Role::Sidecar, &["sidecars"]),
            ],
            Self::Task => &[(Role::Main, &["steps"]), (Role::Sidecar, &["sidecars"])],
            _ => &[
                (Role::Init, &["initContainers"]),
                (Role::Main, &["containers"]),
                (Role::Ephemeral, &["ephemeralContainers"]),
            ],
        }
    }
}
