//! Lints Kubernetes manifests.
//!
//! Each object is walked once; rules are told about the subject they ask for (`Check`) and never
//! walk by themselves. Rules that need relations run once over the snapshot.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod backups;
mod capabilities;
mod cidr;
mod claims;
mod control_plane;
mod cron;
mod databases;
mod dns;
mod doors;
mod duration;
mod encryption;
mod exposure;
mod fix;
mod gateway;
mod governed;
mod host_path;
mod hostname;
mod hosts;
mod ingress;
mod keepers;
mod label_value;
mod lifecycle;
mod linter;
mod nginx;
mod personal_data;
mod place;
mod placeholder;
mod policy_peers;
mod port_name;
mod pre_stop;
mod program;
mod progressive;
mod pss;
mod quantities;
mod rbac;
mod relations;
mod required;
mod rollout;
mod rules;
mod same;
mod sandbox;
mod schedule;
mod served;
mod strings;
mod time_zone;
mod usage;
mod variables;

use careen_kube_model::schema::Report;
use careen_kube_model::{Container, ObjectView, PodTemplate};
use careen_model::{Context, File, Snapshot};
use careen_rule::{Sink, SnapshotSink};

pub use linter::KubernetesLinter;

use crate::control_plane::Component;

/// What a rule looks at, with its check.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// A file with manifests: syntax.
    File(fn(&File, &Context, &mut Sink<'_>)),
    /// Every object, of any kind.
    Object(fn(ObjectView<'_>, &Context, &mut Sink<'_>)),
    /// Every object of these kinds, whatever its API group.
    Kind(&'static [&'static str], fn(ObjectView<'_>, &Context, &mut Sink<'_>)),
    /// Every object, with what it violates of its kind's API; for kinds that are not built in the
    /// report is empty.
    Schema(fn(ObjectView<'_>, &Report, &Context, &mut Sink<'_>)),
    /// Every pod template, of any workload.
    Pod(fn(PodTemplate<'_>, &Context, &mut Sink<'_>)),
    /// Every container of every pod template, init and ephemeral ones too.
    Container(fn(Container<'_>, &Context, &mut Sink<'_>)),
    /// Every component of the control plane: a container that runs it, or an object that
    /// configures it.
    Component(fn(&Component<'_>, &Context, &mut Sink<'_>)),
    /// The whole repository.
    Snapshot(fn(&Snapshot, &Context, &mut SnapshotSink<'_>)),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File",
            Self::Object(_) => "Object",
            Self::Kind(..) => "Kind",
            Self::Schema(_) => "Schema",
            Self::Pod(_) => "Pod",
            Self::Container(_) => "Container",
            Self::Component(_) => "Component",
            Self::Snapshot(_) => "Snapshot",
        })
    }
}
