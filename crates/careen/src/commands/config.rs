//! `careen config`: what holds, what does not, and the schema.

mod schema;
mod show;
mod validate;

use anyhow::Result;

use crate::args::ConfigAction;
use crate::linters::Linters;

/// Shows the configuration, looks for mistakes in it, or writes its schema.
pub(crate) fn run(action: &ConfigAction) -> Result<u8> {
    match action {
        ConfigAction::Show { path, config, format, all } => {
            show::run(path.as_deref(), config.as_deref(), *format, *all)
        }
        ConfigAction::Validate { config } => validate::run(config.as_deref()),
        ConfigAction::Schema => {
            let rules = careen_engine::rules(&Linters::default().all());
            let mut text = serde_json::to_string_pretty(&schema::of(&rules))?;
            text.push('\n');
            crate::print(text.as_bytes()).map(|()| 0)
        }
    }
}
