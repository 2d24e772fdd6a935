//! How an ACME issuer answers the challenge for a name.

use careen_kube_model::{Selector, field};
use careen_yaml::Node;

use super::{Request, request::list};

/// A solver of an ACME issuer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Solver<'a> {
    pub(crate) node: Node<'a>,
}

impl Solver<'_> {
    pub(crate) fn is_dns01(&self) -> bool {
        self.node.get("dns01").is_some_and(|node| !node.is_null())
    }

    pub(crate) fn is_http01(&self) -> bool {
        self.node.get("http01").is_some_and(|node| !node.is_null())
    }

    /// Whether the solver may be used for a name of a request. All parts of a selector must fit;
    /// names fit as they are written, zones fit what lies below them, and labels are those of the
    /// Certificate, which an Ingress or Gateway gives its own. A part that is a variable of some
    /// tool fits.
    pub(crate) fn selects(&self, request: &Request<'_>, name: &str) -> bool {
        let Some(selector) = field(self.node, "selector") else { return true };
        let names = list(selector, "dnsNames");
        let zones = list(selector, "dnsZones");
        let is =
            |wanted: &str| !crate::ingress::is_plain(wanted) || wanted.eq_ignore_ascii_case(name);
        let below = |zone: &str| is(zone) || is_below(name, zone);
        let labels = field(selector, "matchLabels").map(Selector::map);
        (names.is_empty() || names.iter().any(|(wanted, _)| is(wanted)))
            && (zones.is_empty() || zones.iter().any(|(zone, _)| below(zone)))
            && labels.is_none_or(|labels| labels.matches(request.object.view.labels()))
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
