//! The rules by what they look at, sorted once for the life of the process.

use std::sync::LazyLock;

use careen_kube_model::typed::TypeReport;
use careen_kube_model::{Container, ObjectView, PodTemplate};
use careen_model::{Context, File};
use careen_rule::{Meta, Sink};

use crate::Check;
use crate::rules::ALL;

/// Rules of one kind of subject, with their checks.
type Rules<C> = Vec<(&'static Meta, C)>;

/// What runs for one file. Snapshot rules are the engine's to run.
#[derive(Default)]
pub(crate) struct Schedule {
    pub(crate) file: Rules<fn(&File, &Context, &mut Sink<'_>)>,
    pub(crate) object: Rules<fn(ObjectView<'_>, &Context, &mut Sink<'_>)>,
    pub(crate) typed: Rules<fn(ObjectView<'_>, &TypeReport, &Context, &mut Sink<'_>)>,
    pub(crate) pod: Rules<fn(PodTemplate<'_>, &Context, &mut Sink<'_>)>,
    pub(crate) container: Rules<fn(Container<'_>, &Context, &mut Sink<'_>)>,
}

/// All rules of this linter.
pub(crate) static SCHEDULE: LazyLock<Schedule> = LazyLock::new(|| {
    let mut schedule = Schedule::default();
    for rule in ALL {
        let meta = &rule.meta;
        match rule.check {
            Check::File(check) => schedule.file.push((meta, check)),
            Check::Object(check) => schedule.object.push((meta, check)),
            Check::Typed(check) => schedule.typed.push((meta, check)),
            Check::Pod(check) => schedule.pod.push((meta, check)),
            Check::Container(check) => schedule.container.push((meta, check)),
            Check::Snapshot(_) => {}
        }
    }
    schedule
});
