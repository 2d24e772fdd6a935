//! `careen config validate`: every mistake there is.

use std::path::Path;

use anyhow::{Result, bail};
use careen_policy::{Problem, unknown_names};

use crate::commands::audit::settings::adjustments;
use crate::config::{self, Loaded};
use crate::linters::Linters;
use crate::{detectors, exclude, images};

/// Looks for mistakes in a configuration and what it extends. They are errors, so that the exit code
/// is 2.
pub(super) fn run(file: Option<&Path>) -> Result<u8> {
    let (loaded, mut problems) = config::read(file, &[])?;
    let Some(last) = loaded.files.last() else {
        bail!("there is no careen.yaml here or above: `careen init` writes one");
    };
    let own = last.source.path().to_owned();
    // Only with all detectors it is known which names there are.
    let detectors = match detectors::load(&loaded) {
        Ok(detectors) => {
            names(&loaded, &Linters::with(&detectors), &mut problems);
            None
        }
        Err(error) => Some(error),
    };
    problems.extend(loaded.kubernetes_problem());
    problems.extend(images::policy(&loaded).err().into_iter().flatten());
    problems.extend(adjustments(&loaded).1);
    match (detectors, problems.is_empty()) {
        (None, true) => {}
        (None, false) => return Err(Loaded::error(&problems)),
        (Some(error), true) => return Err(error),
        (Some(error), false) => bail!("{}\n{error:#}", Loaded::error(&problems)),
    }
    exclude::globs(&loaded)?;
    crate::print(format!("{} holds\n", careen_text::sanitize_line(&own)).as_bytes())?;
    Ok(0)
}

fn names(loaded: &Loaded, linters: &Linters, problems: &mut Vec<Problem>) {
    let rules = careen_engine::rules(&linters.all());
    problems.extend(unknown_names(&rules, &loaded.config));
    problems
        .extend(careen_policy::options(&rules, &loaded.config.rules).err().into_iter().flatten());
}
