//! The API of every supported version of Kubernetes, and what an object violates of it.
//!
//! [`check`] walks an object's tree along the definition of its kind and tells every field that
//! does not exist, every value the API server refuses, and every required field that is missing,
//! each with its place. [`lifetime`] and its neighbours answer which versions serve a kind.
//!
//! The definitions are a table of text in the program, read once when the first manifest is seen.
//! Custom resources are checked along the definition in the repository: [`CustomSchemas`].

mod custom;
mod custom_walk;
mod kinds;
mod report;
mod scalar;
mod table;
mod walk;

pub use custom::CustomSchemas;
pub use kinds::{Lifetime, Served, is_builtin_group, kinds_of, lifetime, versions_of};
pub use report::{Defect, Problem, Report};

use crate::version::KubernetesVersion;
use crate::view::ObjectView;

/// Checks an object against the definition its kind has in that version of Kubernetes; in the
/// nearest version that serves it where that one does not. The report is empty for other kinds.
#[must_use]
pub fn check(view: ObjectView<'_>, version: KubernetesVersion) -> Report {
    let table = table::get();
    let Some(kind) = table.kind(view.api_version(), view.kind()) else { return Report::default() };
    let minor = u8::try_from(version.number()).unwrap_or(u8::MAX);
    let minor = minor.clamp(kind.minors.since, kind.minors.until);
    walk::check(table, kind.definition, minor, view)
}

#[cfg(test)]
mod tests;
