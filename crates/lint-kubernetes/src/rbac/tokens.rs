//! Which pods get a token for the Kubernetes API.

use std::collections::{BTreeSet, HashMap};

use careen_kube_model::{PodTemplate, field};
use careen_model::{Snapshot, namespaces_agree};

/// Service accounts that switch their token off, by name, with their namespaces.
#[derive(Debug)]
pub(crate) struct Tokens<'a> {
    off: HashMap<&'a str, BTreeSet<Option<&'a str>>>,
    on: HashMap<&'a str, BTreeSet<Option<&'a str>>>,
}

impl<'a> Tokens<'a> {
    /// Reads the service accounts of a repository.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut tokens = Self { off: HashMap::new(), on: HashMap::new() };
        for object in snapshot.of_kind("ServiceAccount") {
            let automount = object.view.at(&["automountServiceAccountToken"]);
            let names = match automount.and_then(|node| node.as_bool()) {
                Some(false) => &mut tokens.off,
                Some(true) => &mut tokens.on,
                None => continue,
            };
            names.entry(object.view.name()).or_default().insert(object.view.namespace());
        }
        tokens
    }

    /// Whether an account of the name in an agreeing namespace switches its token off.
    pub(crate) fn are_off(&self, namespace: Option<&str>, account: &str) -> bool {
        is_said(&self.off, namespace, account)
    }

    /// Whether an account of the name in an agreeing namespace asks for its token.
    pub(crate) fn are_on(&self, namespace: Option<&str>, account: &str) -> bool {
        is_said(&self.on, namespace, account)
    }

    /// Whether a pod gets a token, by itself or by a volume that asks for one.
    pub(crate) fn has(&self, pod: PodTemplate<'_>) -> bool {
        let own = pod.automount_service_account_token().and_then(|node| node.as_bool());
        let is_mounted =
            own.unwrap_or_else(|| !self.are_off(pod.object.namespace(), account_of(pod)));
        is_mounted
            || pod.volumes().any(|volume| {
                let sources = volume.source_of("projected").and_then(|node| field(node, "sources"));
                let mut sources = sources.into_iter().flat_map(|sources| sources.items());
                sources.any(|source| field(source, "serviceAccountToken").is_some())
            })
    }
}

/// The service account a pod runs as.
pub(crate) fn account_of<'a>(pod: PodTemplate<'a>) -> &'a str {
    pod.service_account_name().and_then(|node| node.text()).unwrap_or("default")
}

fn is_said(
    names: &HashMap<&str, BTreeSet<Option<&str>>>,
    namespace: Option<&str>,
    account: &str,
) -> bool {
    names.get(account).is_some_and(|places| match namespace {
        Some(_) => places.contains(&namespace) || places.contains(&None),
        None => places.iter().any(|&place| namespaces_agree(place, namespace)),
    })
}
