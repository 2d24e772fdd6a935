//! The rules by what they look at, sorted once for a run.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use careen_kube_model::schema::Report;
use careen_kube_model::{Container, ObjectView, PodTemplate};
use careen_model::{Context, File, SnapshotCheck};
use careen_rule::{Meta, Sink};

use crate::Check;
use crate::control_plane::Component;
use crate::rules::ALL;

/// Rules of one kind of subject, with their checks.
type Rules<C> = Vec<(&'static Meta, C)>;
type OfObject = fn(ObjectView<'_>, &Context, &mut Sink<'_>);

/// What runs for one file, and what runs over the snapshot.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    pub(crate) file: Rules<fn(&File, &Context, &mut Sink<'_>)>,
    pub(crate) object: Rules<OfObject>,
    kinds: BTreeMap<&'static str, Rules<OfObject>>,
    pub(crate) schema: Rules<fn(ObjectView<'_>, &Report, &Context, &mut Sink<'_>)>,
    pub(crate) pod: Rules<fn(PodTemplate<'_>, &Context, &mut Sink<'_>)>,
    pub(crate) container: Rules<fn(Container<'_>, &Context, &mut Sink<'_>)>,
    pub(crate) component: Rules<fn(&Component<'_>, &Context, &mut Sink<'_>)>,
    pub(crate) snapshot: Vec<SnapshotCheck>,
}

/// All rules of this linter.
pub(crate) static EVERYTHING: LazyLock<Schedule> = LazyLock::new(|| Schedule::of(&|_| true));

impl Schedule {
    /// The rules that are wanted.
    pub(crate) fn of(wanted: &dyn Fn(&Meta) -> bool) -> Self {
        let mut schedule = Self::default();
        for rule in ALL.iter().filter(|rule| wanted(&rule.meta)) {
            let meta = &rule.meta;
            match rule.check {
                Check::File(check) => schedule.file.push((meta, check)),
                Check::Object(check) => schedule.object.push((meta, check)),
                Check::Kind(kinds, check) => {
                    for kind in kinds {
                        schedule.kinds.entry(kind).or_default().push((meta, check));
                    }
                }
                Check::Schema(check) => schedule.schema.push((meta, check)),
                Check::Pod(check) => schedule.pod.push((meta, check)),
                Check::Container(check) => schedule.container.push((meta, check)),
                Check::Component(check) => schedule.component.push((meta, check)),
                Check::Snapshot(run) => schedule.snapshot.push(SnapshotCheck { rule: meta, run }),
            }
        }
        schedule
    }

    /// The rules for objects of a kind alone.
    pub(crate) fn of_kind(&self, kind: &str) -> &[(&'static Meta, OfObject)] {
        self.kinds.get(kind).map(Vec::as_slice).unwrap_or_default()
    }
}
