//! Databases and other stores of data.

use careen_model::{Snapshot, StoreKind, stores};

use super::{Survey, counts, place};
use crate::Subject;

pub(super) fn see(snapshot: &Snapshot, survey: &mut Survey) {
    for store in stores(snapshot) {
        if !counts(store.object.file) {
            continue;
        }
        let at = place(store.object.file, store.span);
        let what = format!("{} `{}`", store.object.view.kind(), store.object.view.name());
        survey.see(Subject::Stores, at.clone(), &*what);
        if store.kind == StoreKind::Database {
            survey.see(Subject::Databases, at.clone(), &*what);
            survey.see(Subject::DatabasesOrMigrations, at, what);
        }
    }
}
