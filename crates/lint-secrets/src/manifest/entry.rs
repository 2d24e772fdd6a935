//! The values of a Secret, decoded.

use careen_kube_model::secret::Encoding;
use careen_kube_model::{Secret, SecretEntry};
use careen_rule::{Confidence, redact};
use careen_text::{Derived, Span};

use super::value::{Nature, nature};
use super::{HELM_RELEASE, Reading, cut, helm, milder, trimmed};
use crate::check::Find;
use crate::hit::{Hit, rank};
use crate::inside::{read_inside, unpacked};
use crate::scan::scan;
use crate::tree::name_of;

/// `kubectl apply` leaves the whole object in this annotation.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// Fewer bytes that are no text are no key.
const LEAST_BINARY: usize = 8;

pub(super) fn read(reading: &mut Reading<'_, '_>, secret: Secret<'_>) {
    for entry in secret.entries() {
        let place = entry.value.definition_span();
        if !reading.takes(place) {
            continue;
        }
        reading.owned.push(place);
        if entry.value.tag() != Some("!vault") {
            value(reading, secret, entry);
        }
    }
    applied(reading, secret);
}

/// The copy that `kubectl apply` leaves holds the values once more.
fn applied(reading: &mut Reading<'_, '_>, secret: Secret<'_>) {
    let Some(copy) = secret.object.at(&["metadata", "annotations", LAST_APPLIED]) else { return };
    let place = copy.definition_span();
    let Some(derived) = copy.derived() else { return };
    if !reading.takes(place) {
        return;
    }
    reading.owned.push(place);
    let mut hits = read_inside(&derived, "applied.json", reading.context, reading.budget);
    for hit in &mut hits {
        hit.message.push_str(", in the copy that `kubectl apply` left");
        hit.field = Some(format!("metadata.annotations.{LAST_APPLIED}"));
    }
    reading.found.append(&mut hits);
}

/// An entry with what its value is.
struct Value<'a> {
    secret: Secret<'a>,
    entry: SecretEntry<'a>,
    /// The decoded value.
    derived: Derived,
    /// The whole value in the file.
    whole: Span,
    /// Whether the value is what its encoding says.
    decoded: bool,
}

fn value(reading: &mut Reading<'_, '_>, secret: Secret<'_>, entry: SecretEntry<'_>) {
    let written = entry.written();
    let whole = trimmed(&written);
    // What is not base64 may be the secret itself, put there by mistake.
    let (derived, decoded) = entry.decoded().map_or((written, false), |derived| (derived, true));
    let value = Value { secret, entry, derived, whole, decoded };
    let nature = match value.derived.text() {
        Some(text) => nature(entry.key, text, secret.secret_type(), reading.context),
        None if value.derived.bytes.len() < LEAST_BINARY => Nature::Nothing,
        None => Nature::Secret(Confidence::Medium),
    };
    if matches!(nature, Nature::Nothing) {
        return;
    }
    let first = reading.found.len();
    value.recognise(reading);
    value.unpack(reading);
    let recognised = reading.found.get_mut(first..).unwrap_or_default();
    if let Some(hit) = recognised.first_mut() {
        // What else stands in the value is as secret, but for the certificates beside a key.
        if !value.is_armour() && hit.value.is_none() {
            hit.value = Some(whole);
        }
        return;
    }
    let (confidence, harmless) = match nature {
        Nature::Secret(confidence) => (confidence, false),
        Nature::Harmless => (Confidence::Low, true),
        Nature::Public | Nature::Nothing => return,
    };
    if let Some(mut hit) = value.unrecognised() {
        hit.confidence = if decoded { confidence } else { Confidence::Low };
        if harmless {
            hit.severity = milder(hit.severity);
        }
        reading.found.push(hit);
    }
}

impl Value<'_> {
    /// `data.password`.
    fn field(&self) -> String {
        let list = match self.entry.encoding {
            Encoding::Base64 => "data",
            Encoding::Plain => "stringData",
        };
        format!("{list}.{}", cut(self.entry.key))
    }

    /// Where the value stands, for a message.
    fn place(&self) -> String {
        format!(" in `{}` of {}", cut(self.entry.key), self.secret.object.display())
    }

    /// Reads the value as the file it is, and what is packed in it.
    fn unpack(&self, reading: &mut Reading<'_, '_>) {
        let (context, key) = (reading.context, self.entry.key);
        if self.secret.secret_type() == HELM_RELEASE {
            let hit = helm::read(&self.derived, self.whole, context, reading.budget);
            reading.found.extend(hit.map(|mut hit| {
                hit.message.push_str(&self.place());
                hit.field = Some(self.field());
                hit
            }));
            return;
        }
        let text = self.derived.text().unwrap_or_default().trim();
        let json = text.starts_with(['{', '[']);
        let name = name_of(key, json);
        let mut hits = Vec::new();
        if !self.is_armour() && (json || text.contains('\n') || name.as_str() == key) {
            hits = read_inside(&self.derived, &name, context, reading.budget);
        }
        if hits.is_empty() {
            hits = unpacked(&self.derived, &name, context, reading.budget);
        }
        for mut hit in hits {
            hit.locate(&self.place());
            hit.field = Some(self.field());
            reading.found.push(hit);
        }
    }

    /// Looks for tokens, keys and URLs in the value. The key stands before it, for there are
    /// tokens that only their name tells; what the name alone tells is left to the entry.
    fn recognise(&self, reading: &mut Reading<'_, '_>) {
        let Some(text) = self.derived.text() else { return };
        let key = cut(self.entry.key);
        let named = format!("{key}={text}");
        let offset = Span::of(0..key.len() + 1).end;
        let mut hits = Vec::new();
        let _ = scan(&named, reading.context, reading.budget.anchors, &mut hits);
        for mut hit in hits {
            if hit.secret.start < offset || (hit.is_by_name() && hit.secret.start == offset) {
                continue;
            }
            let back = |span: Span| {
                self.derived.resolve(Span::new(span.start - offset, span.end - offset))
            };
            hit.span = back(hit.span);
            hit.secret = back(hit.secret);
            hit.locate(&self.place());
            hit.field = Some(self.field());
            reading.found.push(hit);
        }
    }

    /// Whether the value is nothing but PEM.
    fn is_armour(&self) -> bool {
        let text = self.derived.text().unwrap_or_default().trim();
        text.starts_with("-----BEGIN ") && text.ends_with("-----")
    }

    /// The hit for a value that is none of the known kinds.
    fn unrecognised(&self) -> Option<Hit> {
        let helm = self.secret.secret_type() == HELM_RELEASE;
        let find = if helm { Find::HelmRelease } else { Find::KubernetesSecret };
        let rule = find.rule()?;
        let key = cut(self.entry.key);
        let object = self.secret.object.display();
        let message = if helm {
            format!("{object} holds a packed Helm release with all its values")
        } else {
            let form = match self.entry.encoding {
                Encoding::Base64 if self.decoded => "base64",
                Encoding::Base64 | Encoding::Plain => "plain text",
            };
            format!("value of `{key}` in {object} is committed in {form}")
        };
        let shown = match self.derived.text() {
            Some(text) => redact(text.trim(), 0),
            None => format!("({} bytes)", self.derived.bytes.len()),
        };
        let mut hit = Hit::new(rule, self.whole, rank::FIELD, message, format!("{key} {shown}"));
        hit.field = Some(self.field());
        Some(hit)
    }
}
