use std::sync::Arc;

use careen_text::Source;

use crate::Checklist;

/// Finds the items of a checklist.
#[must_use]
pub fn parse(source: &Arc<Source>) -> Checklist {
    Checklist { source: Arc::clone(source), title: None, items: Vec::new(), troubles: Vec::new() }
}
