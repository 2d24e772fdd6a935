//! How an ACME issuer answers the challenge for a name.

use careen_kube_model::{Selector, field};
use careen_yaml::Node;

use super::{Acme, Budget, Request, Text, request::list};
use crate::ingress::is_plain;

/// What it costs to read a solver, in comparisons.
const PREPARATION: usize = 20;

/// A solver of an ACME issuer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solver<'a> {
    pub(crate) node: Node<'a>,
}

/// A solver whose labels are those of a request, ready to be asked for names.
#[derive(Clone, Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) solver: Solver<'a>,
    names: Vec<Text<'a>>,
    zones: Vec<Text<'a>>,
}

impl<'a> Solver<'a> {
    pub(crate) fn is_dns01(&self) -> bool {
        self.node.get("dns01").is_some_and(|node| !node.is_null())
    }

    pub(crate) fn is_http01(&self) -> bool {
        self.node.get("http01").is_some_and(|node| !node.is_null())
    }

    /// The solver, if its labels are those of the Certificate. An Ingress or Gateway gives its
    /// Certificates its own.
    fn candidate(self, request: &Request<'_>) -> Option<Candidate<'a>> {
        let selector = field(self.node, "selector");
        let labels = selector.and_then(|selector| field(selector, "matchLabels"));
        let fits =
            labels.is_none_or(|labels| Selector::map(labels).matches(request.object.view.labels()));
        let texts = |key| selector.map(|selector| list(selector, key)).unwrap_or_default();
        fits.then(|| Candidate { solver: self, names: texts("dnsNames"), zones: texts("dnsZones") })
    }
}

impl<'a> Acme<'a> {
    /// The solvers that a request may use for some names; none once the budget is spent.
    pub(crate) fn candidates(
        &self,
        request: &Request<'_>,
        budget: &mut Budget,
    ) -> Option<Vec<Candidate<'a>>> {
        let mut candidates = Vec::new();
        for solver in self.solvers() {
            let candidate = solver.candidate(request);
            let size = candidate.as_ref().map_or(0, |each| each.names.len() + each.zones.len());
            if !budget.spend(PREPARATION + size) {
                return None;
            }
            candidates.extend(candidate);
        }
        Some(candidates)
    }
}

impl Candidate<'_> {
    /// Whether the solver may be used for a name: names of a selector fit as they are written,
    /// zones fit what lies below them, and both must fit. A variable of some tool fits. None once
    /// the budget is spent.
    pub(crate) fn is_for(&self, name: &str, budget: &mut Budget) -> Option<bool> {
        if !budget.spend(1 + self.names.len() + self.zones.len()) {
            return None;
        }
        let is = |wanted: &str| !is_plain(wanted) || wanted.eq_ignore_ascii_case(name);
        let below = |zone: &str| is(zone) || is_below(name, zone);
        let names = self.names.is_empty() || self.names.iter().any(|(wanted, _)| is(wanted));
        let zones = self.zones.is_empty() || self.zones.iter().any(|(zone, _)| below(zone));
        Some(names && zones)
    }
}

fn is_below(name: &str, zone: &str) -> bool {
    let Some(at) = name.len().checked_sub(zone.len() + 1) else { return false };
    let (Some(dot), Some(end)) = (name.get(at..=at), name.get(at + 1..)) else { return false };
    dot == "." && end.eq_ignore_ascii_case(zone)
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn zones_hold_what_is_below_them() {
        assert!(is_below("shop.Example.com", "example.com"));
        assert!(is_below("*.example.com", "example.com"));
        assert!(!is_below("example.com", "example.com"));
        assert!(!is_below("badexample.com", "example.com"));
        assert!(!is_below("", "example.com") && !is_below("üexample.com", "example.com"));
    }
}
