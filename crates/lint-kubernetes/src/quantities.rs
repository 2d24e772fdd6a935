//! Amounts of a resource, compared with each other and with what a user allows.

use std::sync::Arc;

use careen_kube_model::{Container, Quantity, field};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink};

/// The options of the rules about amounts out of range.
pub(crate) const RANGE: &[RuleOption] = &[
    RuleOption {
        name: "min",
        kind: OptionKind::Text,
        summary: "The least that is allowed, such as `50m` or `64Mi`; no bound without it.",
    },
    RuleOption {
        name: "max",
        kind: OptionKind::Text,
        summary: "The most that is allowed, such as `4` or `8Gi`; no bound without it.",
    },
];

/// Reports requests and limits that are out of the range the user sets for a resource.
pub(crate) fn out_of_range(
    container: Container<'_>,
    resource: &str,
    context: &Context,
    out: &mut Sink<'_>,
) {
    let rule = out.rule().id;
    let bound = |name| {
        let written = context.options.text(rule, name)?;
        Some((written, Quantity::parse(written.trim()).ok()?))
    };
    let (least, most) = (bound("min"), bound("max"));
    if least.is_none() && most.is_none() {
        return;
    }
    for (noun, key, list) in
        [("request", "requests", container.requests()), ("limit", "limits", container.limits())]
    {
        let Some(node) = list.and_then(|list| field(list, resource)) else { continue };
        let Ok(amount) = Quantity::of(node) else { continue };
        let below = least.filter(|(_, least)| amount < *least).map(|bound| ("below", bound.0));
        let above = most.filter(|(_, most)| amount > *most).map(|bound| ("above", bound.0));
        let Some((side, bound)) = below.or(above) else { continue };
        let message = format!(
            "{} has a `{resource}` {noun} of `{}`, which is {side} the allowed `{bound}`",
            container.display(),
            node.text().unwrap_or_default(),
        );
        out.report(node.span(), message).field(format!("resources.{key}.{resource}"));
    }
}

/// Reports a request that is below its limit. One that is not written equals the limit, and one
/// above it is another rule's.
pub(crate) fn differ(container: Container<'_>, resource: &str, out: &mut Sink<'_>) {
    let (Some(request), Some(limit)) = (container.request(resource), container.limit(resource))
    else {
        return;
    };
    let (Ok(asked), Ok(most)) = (Quantity::of(request), Quantity::of(limit)) else { return };
    if asked < most {
        let message = format!(
            "{} requests `{}` of `{resource}` and may use `{}`",
            container.display(),
            request.text().unwrap_or_default(),
            limit.text().unwrap_or_default(),
        );
        let source = Arc::clone(out.source());
        out.report(request.span(), message)
            .field(format!("resources.requests.{resource}"))
            .related(&source, limit.span(), "the limit");
    }
}
