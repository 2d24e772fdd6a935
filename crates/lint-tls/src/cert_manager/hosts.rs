//! Which hosts are served from a Secret.

use std::collections::BTreeMap;

use careen_model::{Snapshot, namespaces_agree};

use super::Request;
use crate::endpoints::{Endpoint, endpoints};

/// All endpoints, by the name of the Secret.
#[derive(Debug, Default)]
pub(crate) struct Served<'a> {
    by_secret: BTreeMap<&'a str, Vec<Endpoint<'a>>>,
}

impl<'a> Served<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let mut served = Self::default();
        for endpoint in endpoints(snapshot) {
            served.by_secret.entry(endpoint.secret.name).or_default().push(endpoint);
        }
        served
    }

    /// The hosts that are served with what a request makes.
    pub(crate) fn with<'s>(
        &'s self,
        request: &Request<'s>,
    ) -> impl Iterator<Item = &'s Endpoint<'a>> {
        let name = request.secret.map(|(name, _)| name);
        let namespace = request.namespace();
        let named = name.and_then(|name| self.by_secret.get(name)).into_iter().flatten();
        named.filter(move |endpoint| namespaces_agree(endpoint.secret.namespace, namespace))
    }
}
