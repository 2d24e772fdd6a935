//! The keys of package sources in `NuGet.Config`: the name is the address of the source.

use crate::assign::Class;
use crate::check::Find;
use crate::context::Context;
use crate::hit::Hit;
use crate::shape::Match;

/// Keys of one file that are read.
const MOST: usize = 200;

/// The values under `<apikeys>`. Those that Windows encrypted are longer than any key.
pub(super) fn keys(text: &str, context: Context) -> Vec<Hit> {
    let Some(from) = text.find("<apikeys>") else { return Vec::new() };
    let section = text.get(from..).unwrap_or_default();
    let section = section.split("</apikeys>").next().unwrap_or_default();
    let values = section.match_indices(" value=\"").take(MOST);
    values
        .filter_map(|(at, found)| {
            let start = at + found.len();
            let value = section.get(start..)?.split('"').next()?;
            if value.len() > 120 {
                return None;
            }
            let confidence = super::judged(value, Class::Secret, context)?;
            let at = Match { start: from + start, end: from + start + value.len() };
            let message = "`apikeys` holds a literal key of a package source".to_owned();
            super::hit(Find::Secret, super::span(at), confidence, message, "apikeys", value)
        })
        .collect()
}
