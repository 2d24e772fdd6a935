//! The credentials of registries in `~/.docker/config.json`, in `.dockercfg` and in the Secrets
//! that hold them.

use careen_yaml::{Kind, Node};

use super::lines::pair;
use crate::assign::Class;
use crate::check::Find;
use crate::context::Context;
use crate::hit::{Hit, rank};

/// Registries of one file that are read.
const MOST: usize = 1_000;

pub(super) fn read(root: Node<'_>, context: Context, found: &mut Vec<Hit>) {
    let registries = match root.get("auths") {
        Some(auths) => auths,
        // The older form has nothing around the registries.
        None if root.kind() == Kind::Mapping && is_list(root) => root,
        None => return,
    };
    for registry in registries.entries().take(MOST) {
        let host = registry.name().unwrap_or_default();
        for (name, class) in [
            ("auth", None),
            ("password", Some(Class::Password)),
            ("identitytoken", Some(Class::Secret)),
            ("registrytoken", Some(Class::Secret)),
        ] {
            let Some(value) = registry.value.get(name) else { continue };
            let Some(text) = value.text().map(str::trim) else { continue };
            let confidence = match class {
                Some(class) => super::judged(text, class, context),
                None => pair(text, context),
            };
            let Some(confidence) = confidence else { continue };
            let message = format!("`{name}` of registry `{host}` holds a literal credential");
            let evidence = format!("{host} {name}");
            let hit = super::hit_at(Find::DockerAuth, value, confidence, message, &evidence);
            // The registry it opens says more than the form of the value.
            found.extend(hit.map(|hit| Hit { rank: rank::KEY + 1, ..hit }));
        }
    }
}

/// Whether every value is a mapping with `auth`, as in `.dockercfg`.
fn is_list(root: Node<'_>) -> bool {
    let mut entries = root.entries().take(MOST).peekable();
    entries.peek().is_some()
        && entries.all(|entry| entry.value.get("auth").is_some_and(|auth| auth.text().is_some()))
}
