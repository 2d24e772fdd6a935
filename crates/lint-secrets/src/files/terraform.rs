//! Terraform's state: a copy of everything the providers know, secrets in the clear.

use careen_rule::Confidence;
use careen_yaml::{Kind, Node};

use crate::assign::{Class, classify, judge};
use crate::check::Find;
use crate::context::Context;
use crate::filler;
use crate::hit::Hit;

/// Resources and outputs of one file that are read.
const MOST: usize = 20_000;
/// Values of one instance that are looked at.
const MOST_VALUES: usize = 2_000;

/// Reads a state; answers whether the document is one.
pub(super) fn read(root: Node<'_>, context: Context, found: &mut Vec<Hit>) -> bool {
    let is_state = root.get("terraform_version").is_some()
        && root.get("version").is_some_and(|version| version.as_i64().is_some());
    if !is_state {
        return false;
    }
    for output in root.get("outputs").iter().flat_map(Node::entries).take(MOST) {
        let sensitive = output.value.get("sensitive").and_then(|node| node.as_bool());
        if sensitive == Some(true)
            && let Some(value) = output.value.get("value")
        {
            let name = output.name().unwrap_or_default();
            for visit in value.walk().take(MOST_VALUES) {
                let message = format!("Terraform state holds the sensitive output `{name}`");
                marked(visit.node, message, name, found);
            }
        }
    }
    for resource in root.get("resources").iter().flat_map(Node::items).take(MOST) {
        let text = |key| resource.get(key).and_then(|node| node.text()).unwrap_or_default();
        let address = format!("{}.{}", text("type"), text("name"));
        for instance in resource.get("instances").iter().flat_map(Node::items).take(MOST) {
            let Some(attributes) = instance.get("attributes") else { continue };
            let paths = instance.get("sensitive_attributes");
            for path in paths.iter().flat_map(Node::items).take(MOST_VALUES) {
                if let Some((name, value)) = follow(attributes, path) {
                    let message = format!("Terraform state holds `{name}` of `{address}`");
                    marked(value, message, &address, found);
                }
            }
            for visit in attributes.walk().take(MOST_VALUES) {
                let Some(name) = visit.key.and_then(|key| key.text()) else { continue };
                named(visit.node, name, &address, context, found);
            }
        }
    }
    true
}

/// A value that the state itself says is sensitive.
fn marked(value: Node<'_>, message: String, evidence: &str, found: &mut Vec<Hit>) {
    let Some(text) = value.text() else { return };
    let trimmed = text.trim();
    if trimmed.len() >= 4
        && !value.is_null()
        && value.as_bool().is_none()
        && !filler::is_filler(trimmed)
        && !filler::is_sealed(trimmed)
    {
        let high = Confidence::High;
        found.extend(super::hit_at(Find::TerraformState, value, high, message, evidence));
    }
}

/// A value under a name that promises a secret.
fn named(value: Node<'_>, name: &str, address: &str, context: Context, found: &mut Vec<Hit>) {
    let (Some(class), Some(text)) = (classify(name), value.text()) else { return };
    let judged = judge(text.trim(), class, true, context).or_else(|| {
        // What a machine made may look like a word.
        let certain = class == Class::Password && name.eq_ignore_ascii_case("password");
        certain.then(|| super::judged(text.trim(), class, context)).flatten()
    });
    let Some(confidence) = judged else { return };
    let message = format!("Terraform state holds `{name}` of `{address}`");
    found.extend(super::hit_at(Find::TerraformState, value, confidence, message, address));
}

/// The value at a path of steps `{"type": "get_attr", "value": "name"}`.
fn follow<'t>(attributes: Node<'t>, path: Node<'t>) -> Option<(&'t str, Node<'t>)> {
    let mut at = attributes;
    let mut name = "";
    for step in path.items().take(32) {
        let value = step.get("value")?;
        let value = if value.kind() == Kind::Mapping { value.get("value")? } else { value };
        let text = value.text()?;
        at = if at.kind() == Kind::Sequence {
            at.items().nth(text.parse::<usize>().ok().filter(|&index| index < MOST_VALUES)?)?
        } else {
            name = text;
            at.get(text)?
        };
    }
    Some((name, at))
}
