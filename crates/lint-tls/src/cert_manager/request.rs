//! A certificate that is asked for.

use std::fmt;

use careen_kube_model::{field, path, strings};
use careen_model::ObjectRef;
use careen_rule::{Finding, SnapshotSink};
use careen_text::Span;
use careen_yaml::Node;

use super::{DEFAULT_DURATION, Text, is_own, seconds};
use crate::endpoints::named;
use crate::ingress::is_plain;
use crate::names::Shown;

/// What a Certificate, or an annotated Ingress or Gateway, asks for.
#[derive(Clone, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) object: ObjectRef<'a>,
    /// Whether annotations ask for it.
    pub(crate) by_annotation: bool,
    /// None where the default issuer of the installation is meant.
    pub(crate) issuer: Option<IssuerRef<'a>>,
    pub(crate) secret: Option<Text<'a>>,
    pub(crate) common_name: Option<Text<'a>>,
    pub(crate) dns_names: Vec<Text<'a>>,
    pub(crate) addresses: Vec<Text<'a>>,
    /// As written; none means `digital signature` and `key encipherment`, for any purpose.
    pub(crate) usages: Vec<Text<'a>>,
    pub(crate) duration: Option<Text<'a>>,
    pub(crate) renew_before: Option<Text<'a>>,
    pub(crate) renew_before_percentage: Option<Text<'a>>,
    pub(crate) key_algorithm: Option<Text<'a>>,
    pub(crate) key_size: Option<Text<'a>>,
    pub(crate) rotation_policy: Option<Text<'a>>,
    pub(crate) is_ca: bool,
}

/// The issuer that a request names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IssuerRef<'a> {
    pub(crate) name: Text<'a>,
    /// `Issuer` where nothing is said.
    pub(crate) kind: &'a str,
    pub(crate) kind_node: Option<Node<'a>>,
    /// Empty where nothing is said.
    pub(crate) group: &'a str,
}

impl IssuerRef<'_> {
    /// Whether the issuer is one of cert-manager's own.
    pub(crate) fn is_own(&self) -> bool {
        self.group.is_empty() || is_own(self.group)
    }

    /// Whether name and kind are no variables.
    pub(crate) fn is_plain(&self) -> bool {
        is_plain(self.name.0) && is_plain(self.kind)
    }
}

impl<'a> Request<'a> {
    /// A request that says nothing yet.
    pub(crate) const fn new(object: ObjectRef<'a>) -> Self {
        Self {
            object,
            by_annotation: false,
            issuer: None,
            secret: None,
            common_name: None,
            dns_names: Vec::new(),
            addresses: Vec::new(),
            usages: Vec::new(),
            duration: None,
            renew_before: None,
            renew_before_percentage: None,
            key_algorithm: None,
            key_size: None,
            rotation_policy: None,
            is_ca: false,
        }
    }

    /// What a Certificate asks for, in any version there ever was.
    pub(crate) fn of_certificate(object: ObjectRef<'a>) -> Option<Self> {
        let spec = object.view.spec()?;
        let either = |new: &[&str], old: &str| named(spec, new).or_else(|| named(spec, &[old]));
        Some(Self {
            issuer: issuer_of(spec),
            secret: named(spec, &["secretName"]),
            common_name: named(spec, &["commonName"]),
            dns_names: list(spec, "dnsNames"),
            addresses: list(spec, "ipAddresses"),
            usages: list(spec, "usages"),
            duration: named(spec, &["duration"]),
            renew_before: named(spec, &["renewBefore"]),
            renew_before_percentage: named(spec, &["renewBeforePercentage"]),
            key_algorithm: either(&["privateKey", "algorithm"], "keyAlgorithm"),
            key_size: either(&["privateKey", "size"], "keySize"),
            rotation_policy: named(spec, &["privateKey", "rotationPolicy"]),
            is_ca: field(spec, "isCA").and_then(|node| node.as_bool()).unwrap_or_default(),
            ..Self::new(object)
        })
    }

    /// The lifetime it asks for, in seconds; none where it is written in no way Go reads.
    pub(crate) fn lifetime(&self) -> Option<i64> {
        self.duration.map_or(Some(DEFAULT_DURATION), |(text, _)| seconds(text))
    }

    /// How long before the end of such a life it is renewed, in seconds: cert-manager passes over
    /// what is not within the lifetime.
    pub(crate) fn renewed_before(&self, lifetime: i64) -> i64 {
        let given = self.renew_before.and_then(|(text, _)| seconds(text));
        let percentage = || self.renew_before_percentage?.0.parse::<i64>().ok();
        match (given, percentage()) {
            (Some(given), _) if given > 0 && given < lifetime => given,
            (_, Some(percentage)) if percentage > 0 && percentage < 100 => {
                lifetime.saturating_mul(percentage) / 100
            }
            _ => lifetime / 3,
        }
    }

    /// The usage that is wanted, of those written.
    pub(crate) fn usage(&self, wanted: &str) -> Option<Text<'a>> {
        self.usages.iter().copied().find(|(usage, _)| *usage == wanted)
    }

    /// All names of hosts, the common name among them where it is one.
    pub(crate) fn names(&self) -> impl Iterator<Item = Text<'a>> + use<'a, '_> {
        let common = self.common_name.filter(|(name, _)| crate::names::is_host(name));
        self.dns_names.iter().copied().chain(common)
    }

    /// The namespace; none where it is not written or a variable of some tool.
    pub(crate) fn namespace(&self) -> Option<&'a str> {
        self.object.view.namespace().filter(|name| is_plain(name))
    }

    /// Where a finding about the whole stands: the Secret's name for annotations, else the name.
    pub(crate) fn span(&self) -> Span {
        match self.secret {
            Some((_, node)) if self.by_annotation => node.span(),
            _ => self.object.view.name_span(),
        }
    }

    /// Reports at a place in the object.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        span: Span,
        message: String,
    ) -> &'s mut Finding {
        out.report(self.object.source(), span, message).object(self.object.path())
    }
}

/// For a message: "ClusterIssuer `letsencrypt`".
impl fmt::Display for IssuerRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", Shown(self.kind), Shown(self.name.0))
    }
}

fn issuer_of(spec: Node<'_>) -> Option<IssuerRef<'_>> {
    let reference = path(spec, &["issuerRef"])?;
    let kind = named(reference, &["kind"]);
    Some(IssuerRef {
        name: named(reference, &["name"])?,
        kind: kind.map_or("Issuer", |(kind, _)| kind),
        kind_node: kind.map(|(_, node)| node),
        group: named(reference, &["group"]).map_or("", |(group, _)| group),
    })
}

/// The texts of a list.
pub(crate) fn list<'a>(node: Node<'a>, key: &str) -> Vec<Text<'a>> {
    field(node, key).into_iter().flat_map(strings).collect()
}
