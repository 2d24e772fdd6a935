//! The credentials of registries in `~/.docker/config.json`, in `.dockercfg` and in the Secrets
//! that hold them.

use careen_rule::redact;
use careen_yaml::{Kind, Node};

use super::lines::pair;
use crate::assign::Class;
use crate::charset::BASE64;
use crate::check::Find;
use crate::context::Context;
use crate::hit::{Hit, rank};
use crate::shape::Match;

/// Registries of one file that are read.
const MOST: usize = 1_000;
/// The longest and the shortest value that is read in a text, in characters.
const LONGEST: usize = 1_024;
const SHORTEST: usize = 8;

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

/// Reads the value beside an `"auth"` of any text, such as JSON in a literal of code: a user and a
/// password in base64. The anchor is the name with its quotes.
pub(crate) fn in_text(text: &str, at: usize, length: usize, context: Context) -> Option<Hit> {
    let rest = text.get(at + length..)?;
    let value = rest.trim_start_matches([' ', '\t', '\\', '"']).strip_prefix(':')?;
    let value = value.trim_start_matches([' ', '\t', '\\', '"']);
    let start = text.len() - value.len();
    let run = BASE64.run(value.as_bytes(), LONGEST);
    let place = Match { start, end: start + run };
    let value = value.get(..run).filter(|value| value.len() >= SHORTEST)?;
    let confidence = pair(value, context)?;
    let rule = Find::DockerAuth.rule()?;
    let shown = redact(value, 0);
    let message = "`auth` holds the user and password of a registry".to_owned();
    let mut hit = Hit::new(rule, super::span(place), rank::FILE, message, shown);
    hit.confidence = confidence;
    Some(hit)
}

/// Whether every value is a mapping with `auth`, as in `.dockercfg`.
fn is_list(root: Node<'_>) -> bool {
    let mut entries = root.entries().take(MOST).peekable();
    entries.peek().is_some()
        && entries.all(|entry| entry.value.get("auth").is_some_and(|auth| auth.text().is_some()))
}
