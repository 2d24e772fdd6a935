//! Services that track errors, known by the variables that tell programs where they are.

use careen_kube_model::{Container, field};
use careen_model::{ObjectRef, Snapshot};

/// Variables, each of one service.
const NAMES: [&str; 17] = [
    "AIRBRAKE_API_KEY",
    "AIRBRAKE_PROJECT_KEY",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "APPSIGNAL_PUSH_API_KEY",
    "BUGSNAG_API_KEY",
    "BUGSNAG_KEY",
    "ELASTIC_APM_SERVER_URL",
    "GLITCHTIP_DSN",
    "HONEYBADGER_API_KEY",
    "NEW_RELIC_LICENSE_KEY",
    "RAYGUN_APIKEY",
    "RAYGUN_API_KEY",
    "ROLLBAR_ACCESS_TOKEN",
    "ROLLBAR_SERVER_TOKEN",
    "ROLLBAR_TOKEN",
    "SENTRY_DSN",
    "TRACKJS_TOKEN",
];

/// Kinds that hold variables by their keys, with the paths of their maps.
const HOLDERS: [(&str, &[&str]); 5] = [
    ("Secret", &["data"]),
    ("Secret", &["stringData"]),
    ("ConfigMap", &["data"]),
    ("SealedSecret", &["spec", "encryptedData"]),
    ("SecretProviderClass", &["spec", "parameters"]),
];

/// Whether a variable tells where an error tracker is: one of those known, with whatever before and
/// after it, or one that the user names.
pub(crate) fn is_variable(name: &str, others: &[String]) -> bool {
    let upper = name.to_ascii_uppercase().replace(['-', '.'], "_");
    NAMES.iter().any(|known| {
        upper == *known
            || upper.strip_suffix(known).is_some_and(|rest| rest.ends_with('_'))
            || upper.strip_prefix(known).is_some_and(|rest| rest.starts_with('_'))
    }) || others.iter().any(|other| other == name)
}

/// Whether a container gets such a variable: by itself, or with all keys of an object that has one.
pub(crate) fn is_told(container: Container<'_>, snapshot: &Snapshot, others: &[String]) -> bool {
    let own = container.env().any(|variable| {
        let is_set = variable.value_from.is_some()
            || variable.value.and_then(|node| node.text()).is_some_and(|value| !value.is_empty());
        is_set && is_variable(variable.name, others)
    });
    own || container.env_from().any(|source| {
        ["secretRef", "configMapRef"].iter().any(|key| {
            let name = field(source, key).and_then(|node| field(node, "name"));
            name.and_then(|node| node.text()).is_some_and(|name| holds(snapshot, name, others))
        })
    })
}

/// Whether an object of that name holds such a variable.
fn holds(snapshot: &Snapshot, name: &str, others: &[String]) -> bool {
    let mapped = HOLDERS.iter().any(|(kind, path)| {
        snapshot.named(kind, None, name).any(|object| {
            let map = object.view.at(path);
            let mut entries = map.into_iter().flat_map(|map| map.entries());
            entries.any(|entry| entry.name().is_some_and(|key| is_variable(key, others)))
        })
    });
    let is_target = |object: &ObjectRef<'_>| {
        let target = object.view.at(&["spec", "target", "name"]).and_then(|node| node.text());
        target.unwrap_or(object.view.name()) == name
    };
    mapped
        || snapshot.of_kind("ExternalSecret").filter(is_target).any(|object| {
            let data = object.view.at(&["spec", "data"]);
            let mut items = data.into_iter().flat_map(|data| data.items());
            items.any(|item| {
                let key = field(item, "secretKey").and_then(|node| node.text());
                key.is_some_and(|key| is_variable(key, others))
            })
        })
}
