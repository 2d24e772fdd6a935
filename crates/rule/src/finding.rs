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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// The semantic fingerprint: 32 hex digits over rule, path, object and evidence. It holds no
    /// line number, so it survives edits elsewhere in the file.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut part = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        part("careen/v1");
        part(self.rule.id);
        part(self.location.source.path());
        if let Some(object) = &self.object {
            part(&object.kind);
            part(&object.qualified_name());
            part(object.container.as_deref().unwrap_or_default());
            part(object.field.as_deref().unwrap_or_default());
        }
        part(&self.evidence);
        hasher.finalize().to_hex().as_str().get(..32).unwrap_or_default().to_owned()
    }
}
