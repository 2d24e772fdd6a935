//! Lints what tells how a system is doing: metrics, alerts, dashboards, logs, error tracking.
//!
//! Rules and dashboards are read wherever they stand: in files of their own, in objects, and as text in
//! the values of ConfigMaps. Expressions are parsed as Prometheus parses them, and what is wrong is
//! shown at the very word. What a repository lacks is told by rules that are off until an audit asks.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod agents;
mod alerts;
mod body;
mod dashboards;
mod databases;
mod duration;
mod jobs;
mod linter;
mod place;
mod promql;
mod rules;
mod scrapes;
mod servers;
mod survey;
mod templates;
mod topics;
mod trackers;

use careen_kube_model::{Container, PodTemplate};
use careen_model::{Context, Snapshot};
use careen_rule::{Sink, SnapshotSink};

pub use linter::ObservabilityLinter;

use crate::alerts::RuleSet;
use crate::dashboards::Dashboard;

/// What a rule looks at, with its check.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Groups of alerting and recording rules, of one file or object.
    Rules(fn(&RuleSet, &Context, &mut Sink<'_>)),
    /// A dashboard.
    Dashboard(fn(&Dashboard, &Context, &mut Sink<'_>)),
    /// Every pod template.
    Pod(fn(PodTemplate<'_>, &Context, &mut Sink<'_>)),
    /// Every container of every pod template.
    Container(fn(Container<'_>, &Context, &mut Sink<'_>)),
    /// All files together.
    Snapshot(fn(&Snapshot, &Context, &mut SnapshotSink<'_>)),
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Rules(_) => "Rules",
            Self::Dashboard(_) => "Dashboard",
            Self::Pod(_) => "Pod",
            Self::Container(_) => "Container",
            Self::Snapshot(_) => "Snapshot",
        })
    }
}
