//! The credentials of users in a kubeconfig.

use careen_yaml::Node;

use crate::assign::Class;
use crate::check::Find;
use crate::context::Context;
use crate::filler;
use crate::hit::{Hit, rank};

/// Users of one file that are read.
const MOST: usize = 1_000;
/// Shorter data is no key, in bytes.
const LEAST_KEY: usize = 64;

pub(super) fn read(root: Node<'_>, context: Context, found: &mut Vec<Hit>) {
    let text = |key| root.get(key).and_then(|node| node.text());
    if text("kind") != Some("Config") || text("apiVersion") != Some("v1") {
        return;
    }
    let users = root.get("users");
    for entry in users.iter().flat_map(Node::items).take(MOST) {
        let name = entry.get("name").and_then(|name| name.text()).unwrap_or_default();
        let Some(user) = entry.get("user") else { continue };
        for (path, class) in [
            (&["token"][..], Class::Secret),
            (&["password"], Class::Password),
            (&["client-key-data"], Class::Secret),
            (&["auth-provider", "config", "access-token"], Class::Secret),
            (&["auth-provider", "config", "id-token"], Class::Secret),
            (&["auth-provider", "config", "refresh-token"], Class::Secret),
            (&["auth-provider", "config", "client-secret"], Class::Secret),
        ] {
            let Some(value) = user.at(path) else { continue };
            let (Some(written), Some(field)) = (value.text(), path.last()) else { continue };
            let written = written.trim();
            let confidence = if *field == "client-key-data" {
                let is_key = written.len() >= LEAST_KEY && !filler::is_template(written);
                is_key.then_some(careen_rule::Confidence::High)
            } else {
                super::judged(written, class, context)
            };
            let Some(confidence) = confidence else { continue };
            let message = format!("kubeconfig holds `{field}` of user `{name}`");
            let evidence = format!("{name} {field}");
            let find = Find::KubeconfigCredential;
            let hit = super::hit_at(find, value, confidence, message, &evidence);
            // What it opens says more than what it is.
            found.extend(hit.map(|hit| Hit { rank: rank::KEY + 1, ..hit }));
        }
    }
}
