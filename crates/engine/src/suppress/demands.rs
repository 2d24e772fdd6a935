//! What the configuration or the profile asks of a suppression.

use careen_policy::{Requirements, owner_in};
use careen_rule::SuppressionKind;

use super::directive::Directive;

/// Why a suppression that was read does not hold, if it lacks something.
pub(super) fn unmet(
    requirements: Requirements,
    directive: &Directive<'_>,
    kind: SuppressionKind,
) -> Option<String> {
    let reason = directive.reason;
    let owned = owner_in(reason).is_some();
    let lacking = requirements.lacking(!reason.is_empty(), owned, directive.dated)?;
    let owner = if requirements.owner { ", @owner" } else { "" };
    let until = if requirements.expiry { " -- until 2027-03-01" } else { "" };
    let form = match kind {
        SuppressionKind::Annotation => "careen.dev/ignore.RULE: why",
        _ => "careen: ignore[RULE] why",
    };
    Some(format!(
        "this suppression lacks {lacking}, so it does not hold: write it as \
         `{form}{owner}{until}`"
    ))
}
