use std::fmt;
use std::sync::Arc;

use careen_text::{Source, Span};

use crate::{Confidence, Held, Identity, Meta, Severity};

/// A span of a source.
#[derive(Clone, Debug)]
pub struct Location {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes.
    pub span: Span,
}

/// The object a finding is about, for logical locations and fingerprints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectPath {
    /// `v1`, `apps/v1`; empty where the domain has none.
    pub api_version: String,
    /// `Deployment`, `Dockerfile`, `Certificate`.
    pub kind: String,
    /// Kubernetes namespace as written, if any.
    pub namespace: Option<String>,
    /// The object's name; empty if it has none.
    pub name: String,
    /// The container inside, if the finding is about one.
    pub container: Option<String>,
    /// Path of the field, such as `resources.limits.memory`.
    pub field: Option<String>,
}

impl ObjectPath {
    /// `shop/api` or `api`.
    #[must_use]
    pub fn qualified_name(&self) -> String {
        match &self.namespace {
            Some(namespace) => format!("{namespace}/{}", self.name),
            None => self.name.clone(),
        }
    }
}

/// `apps/v1/Deployment/shop/api`.
impl fmt::Display for ObjectPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.api_version.is_empty() {
            write!(f, "{}/", self.api_version)?;
        }
        write!(f, "{}/{}", self.kind, self.qualified_name())
    }
}

/// Another place that belongs to the finding.
#[derive(Clone, Debug)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What stands there.
    pub message: String,
}

/// Whether a fix may be applied without looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Safety {
    /// Keeps the meaning of everything else.
    Safe,
    /// May change behaviour: a person decides.
    Unsafe,
}

/// A replacement of bytes in the finding's own source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty for an insertion.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// How to mend a finding by edits.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What the edits do, in the imperative.
    pub title: String,
    /// Non-overlapping edits in the source of the finding.
    pub edits: Vec<Edit>,
    /// Whether a person must look first.
    pub safety: Safety,
}

/// What a check found, pointing into live sources. The engine judges it into
/// [`Judged`](crate::Judged) data.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Meta,
    /// The rule's severity, unless the check or the context changed it.
    pub severity: Severity,
    /// The rule's confidence, unless the check changed it.
    pub confidence: Confidence,
    /// One sentence that names the object and the value. Never holds a secret.
    pub message: String,
    /// The value, or the parent that lacks it.
    pub location: Location,
    /// Other places.
    pub related: Vec<Related>,
    /// The object, if the file has objects.
    pub object: Option<Box<ObjectPath>>,
    /// A mending, if one is sure enough.
    pub fix: Option<Fix>,
    /// What tells two findings of one rule on one object apart, already redacted: an image, a
    /// host, a key's name, a salted hash. Part of the fingerprint.
    pub evidence: String,
    /// Spans of the source that hold a secret: masked in everything that is shown of the file.
    pub secrets: Vec<Span>,
    /// The secret it is about, if it is about one: its places in other lines and files are shown
    /// with it.
    pub held: Option<Held>,
}

impl Finding {
    /// A finding with the rule's own levels.
    #[must_use]
    pub fn new(rule: &'static Meta, location: Location, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            message: message.into(),
            location,
            related: Vec::new(),
            object: None,
            fix: None,
            evidence: String::new(),
            secrets: Vec::new(),
            held: None,
        }
    }

    /// Changes the severity.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Changes the confidence.
    pub fn confidence(&mut self, confidence: Confidence) -> &mut Self {
        self.confidence = confidence;
        self
    }

    /// Names the object.
    pub fn object(&mut self, object: ObjectPath) -> &mut Self {
        self.object = Some(Box::new(object));
        self
    }

    /// Names the field inside the object, if there is an object.
    pub fn field(&mut self, field: impl Into<String>) -> &mut Self {
        if let Some(object) = &mut self.object {
            object.field = Some(field.into());
        }
        self
    }

    /// Adds another place.
    pub fn related(
        &mut self,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
    ) -> &mut Self {
        let location = Location { source: Arc::clone(source), span };
        self.related.push(Related { location, message: message.into() });
        self
    }

    /// Sets what tells this finding apart.
    pub fn evidence(&mut self, evidence: impl Into<String>) -> &mut Self {
        self.evidence = evidence.into();
        self
    }

    /// Offers a mending.
    pub fn fix(&mut self, title: impl Into<String>, safety: Safety, edits: Vec<Edit>) -> &mut Self {
        self.fix = Some(Fix { title: title.into(), edits, safety });
        self
    }

    /// Masks a span of the finding's source in everything that is shown.
    pub fn secret(&mut self, span: Span) -> &mut Self {
        self.secrets.push(span);
        self
    }

    /// Says that the finding is about the secret whose value `identity` stands for. `by_name` says
    /// that nothing but a name tells that it is one.
    pub fn about(&mut self, identity: Identity, by_name: bool) -> &mut Self {
        self.held = Some(Held { identity, by_name });
        self
    }

    /// The semantic fingerprint, `careen/v1`: 32 hex digits over rule, path, object and evidence. It
    /// holds neither line numbers nor places in lists, so it survives edits elsewhere in the file
    /// and a new order.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let name = self.object.as_ref().map(|object| object.qualified_name()).unwrap_or_default();
        let field = self.plain_field();
        let mut parts = vec!["careen/v1", self.rule.id, self.location.source.path()];
        if let Some(object) = &self.object {
            let container = object.container.as_deref().unwrap_or_default();
            parts.extend([&*object.kind, &name, container, &field]);
        }
        parts.push(&self.evidence);
        hash(&parts)
    }

    /// What is wrong, wherever it stands: 32 hex digits over field and evidence. With the rule, the
    /// object and the container it tells whether two findings are the same in different files.
    #[must_use]
    pub fn mark(&self) -> String {
        hash(&["careen/mark/v1", &self.plain_field(), &self.evidence])
    }

    /// The field without places in lists: `containers[2].ports[0]` and `containers[0].ports[1]` are
    /// the same field of what a new order has moved.
    fn plain_field(&self) -> String {
        let field = self.object.as_ref().and_then(|object| object.field.as_deref());
        let mut plain = String::new();
        let mut rest = field.unwrap_or_default();
        while let Some((before, after)) = rest.split_once('[') {
            plain.push_str(before);
            plain.push('[');
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        }
        plain.push_str(rest);
        plain
    }
}

/// 32 hex digits that stand for these parts.
fn hash(parts: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex().as_str().get(..32).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use careen_text::{Source, Span};

    use super::{Finding, Location, ObjectPath};
    use crate::Meta;

    static RULE: Meta = Meta { id: "a-rule", ..Meta::DEFAULT };

    fn finding(path: &str, at: u32, field: &str) -> Finding {
        let source = Source::new(path, "a: 1\nb: 2\n");
        let mut finding =
            Finding::new(&RULE, Location { source, span: Span::new(at, at + 1) }, "is wrong");
        let object = ObjectPath { kind: "Pod".into(), name: "web".into(), ..ObjectPath::default() };
        finding.object(object).field(field).evidence("it");
        finding
    }

    #[test]
    fn neither_lines_nor_places_in_lists_are_part_of_an_identity() {
        let one = finding("a.yaml", 0, "spec.containers[0].ports[1].name");
        for same in [
            finding("a.yaml", 5, "spec.containers[0].ports[1].name"),
            finding("a.yaml", 0, "spec.containers[12].ports[0].name"),
        ] {
            assert_eq!(same.fingerprint(), one.fingerprint());
            assert_eq!(same.mark(), one.mark());
        }
        for other in ["spec.containers[0].ports[1]", "spec.containers[a].ports[1].name", "", "["] {
            let other = finding("a.yaml", 0, other);
            assert_ne!(other.fingerprint(), one.fingerprint());
            assert_ne!(other.mark(), one.mark());
        }
    }

    #[test]
    fn a_mark_is_the_same_in_another_file_and_object() {
        let one = finding("a.yaml", 0, "spec");
        let mut other = finding("b.yaml", 0, "spec");
        assert_ne!(other.fingerprint(), one.fingerprint());
        other.object.as_mut().unwrap().name = "api".into();
        assert_eq!(other.mark(), one.mark());
        other.evidence("else");
        assert_ne!(other.mark(), one.mark());
    }
}
