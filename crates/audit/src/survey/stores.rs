//! Databases and other stores of data.

use careen_model::{Snapshot, StoreKind, stores};

use super::{Survey, counts, place};
use crate::Subject;

pub(super) fn see(snapshot: &Snapshot, survey: &mut Survey) {
    for store in stores(snapshot) {
        let Some(object) = snapshot.at(store.place).filter(|object| counts(object.file)) else {
            continue;
        };
        let view = object.view;
        let at = place(object.file, view.name_span());
        let what = format!("{} `{}` ({})", view.kind(), view.name(), store.engine);
        survey.see(Subject::Stores, at.clone(), &*what);
        if store.kind == StoreKind::Database {
            survey.see(Subject::Databases, at.clone(), &*what);
            survey.see(Subject::DatabasesOrMigrations, at, what);
        }
    }
}
