//! What a `RUN` mounts.

use careen_image_model::dockerfile::{Flag, Keyword};

use crate::subject::Step;

/// Mounts of one `RUN` that are looked at.
const MOUNTS_MAX: usize = 32;

/// A secret that a `RUN` mounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretMount<'a> {
    /// The file it is in; none where it is a variable only.
    pub(crate) path: Option<String>,
    /// The variable it is in.
    pub(crate) variable: Option<&'a str>,
}

/// The secrets that an instruction mounts; those whose place hangs on a variable are left out.
pub(crate) fn secrets(step: Step<'_>) -> Vec<SecretMount<'_>> {
    if step.keyword() != Keyword::Run {
        return Vec::new();
    }
    let mounts = step.instruction.flags("mount").take(MOUNTS_MAX);
    mounts.filter_map(secret).collect()
}

fn secret(flag: &Flag) -> Option<SecretMount<'_>> {
    if flag.field("type")?.text != "secret" {
        return None;
    }
    let field = |name: &str| flag.field(name).map(|word| word.text.as_str());
    let target = ["target", "dst", "destination"].iter().find_map(|name| field(name));
    let variable = field("env");
    let id = field("id").or_else(|| target.and_then(|target| target.rsplit('/').next()));
    let path = match target {
        Some(target) if target.starts_with('/') => Some(target.to_owned()),
        Some(_) => None,
        // With a variable alone there is no file.
        None if variable.is_some() => None,
        None => id.map(|id| format!("/run/secrets/{id}")),
    };
    let path = path.filter(|path| !path.contains('$'));
    (path.is_some() || variable.is_some()).then_some(SecretMount { path, variable })
}
