//! Secrets: what their entries hold, with the way back to the file.

use std::collections::BTreeSet;

use careen_text::{Base64Problem, Derived, Span, decode_base64};
use careen_yaml::{Kind, Node};

use crate::node::{field, present, text};
use crate::view::ObjectView;

/// `kubectl apply` leaves the whole object in this annotation.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// A Secret.
#[derive(Clone, Copy, Debug)]
pub struct Secret<'a> {
    /// The object.
    pub object: ObjectView<'a>,
}

/// How an entry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Under `data`: base64.
    Base64,
    /// Under `stringData`: as it is.
    Plain,
}

/// One entry of a Secret. Its value is secret: it must not get into a message.
#[derive(Clone, Copy, Debug)]
pub struct SecretEntry<'a> {
    /// The key.
    pub key: &'a str,
    /// Where the key stands.
    pub key_span: Span,
    /// The value, a scalar that is not `null`.
    pub value: Node<'a>,
    /// How the value is written.
    pub encoding: Encoding,
    /// Whether `stringData` gives the same key, which then counts.
    pub overridden: bool,
}

impl<'a> Secret<'a> {
    /// The object as a Secret, where it is one.
    #[must_use]
    pub fn of(object: ObjectView<'a>) -> Option<Self> {
        object.is("", "Secret").then_some(Self { object })
    }

    /// `type` in effect: `Opaque` where none is written.
    #[must_use]
    pub fn secret_type(self) -> &'a str {
        text(self.object.root(), "type").filter(|text| !text.is_empty()).unwrap_or("Opaque")
    }

    /// Where `type` is written.
    #[must_use]
    pub fn type_node(self) -> Option<Node<'a>> {
        field(self.object.root(), "type")
    }

    /// Whether it can be changed.
    #[must_use]
    pub fn is_immutable(self) -> bool {
        self.object.at(&["immutable"]).and_then(|node| node.as_bool()) == Some(true)
    }

    /// The entries of `data`, then of `stringData`. Those that are `null` or no scalar are left
    /// out.
    pub fn entries(self) -> impl Iterator<Item = SecretEntry<'a>> + use<'a> {
        let plain = self.object.at(&["stringData"]);
        let data = Self::list(self.object.at(&["data"]), Encoding::Base64, plain);
        data.chain(Self::list(plain, Encoding::Plain, None))
    }

    /// The entries with values of their own: of many aliases of one value, the first. For whoever
    /// decodes, so that a small file cannot ask for endless work.
    pub fn distinct_entries(self) -> impl Iterator<Item = SecretEntry<'a>> + use<'a> {
        let mut seen = BTreeSet::new();
        self.entries().filter(move |entry| seen.insert(entry.value.definition_span()))
    }

    /// Spans of the file that hold what is secret, whatever it is: every value of `data` and
    /// `stringData`, of fields that are no field of a Secret (a misspelt `stringdata`), and of the
    /// copy that `kubectl apply` leaves. Where keys are repeated, the overridden values stand in no
    /// entry, so all around them is held secret.
    #[must_use]
    pub fn guarded_spans(self) -> Vec<Span> {
        let root = self.object.root();
        let problems = self.object.tree.problems();
        let is_broken = |span: Span| problems.iter().any(|problem| span.overlaps(problem.span));
        let mut spans = Vec::new();
        for entry in root.entries() {
            let name = entry.name().unwrap_or_default();
            let value = entry.value.definition_span();
            match name {
                "apiVersion" | "kind" | "metadata" | "type" | "immutable" => {}
                "data" | "stringData"
                    if entry.value.kind() == Kind::Mapping && !is_broken(value) =>
                {
                    spans.extend(entry.value.entries().map(|entry| entry.value.definition_span()));
                }
                _ => spans.push(value),
            }
            if is_broken(entry.key.span()) {
                spans.push(root.definition_span());
            }
        }
        let applied = self.object.at(&["metadata", "annotations", LAST_APPLIED]);
        spans.extend(applied.map(|value| value.definition_span()));
        spans
    }

    /// The entry that counts for a key.
    #[must_use]
    pub fn entry(self, key: &str) -> Option<SecretEntry<'a>> {
        [("stringData", Encoding::Plain), ("data", Encoding::Base64)].into_iter().find_map(
            |(list, encoding)| {
                let entry = self.object.at(&[list])?.entry(key)?;
                SecretEntry::of(entry, encoding, None)
            },
        )
    }

    fn list(
        list: Option<Node<'a>>,
        encoding: Encoding,
        over: Option<Node<'a>>,
    ) -> impl Iterator<Item = SecretEntry<'a>> + use<'a> {
        list.into_iter()
            .flat_map(|list| list.entries())
            .filter_map(move |entry| SecretEntry::of(entry, encoding, over))
    }
}

impl<'a> SecretEntry<'a> {
    fn of(
        entry: careen_yaml::Entry<'a>,
        encoding: Encoding,
        over: Option<Node<'a>>,
    ) -> Option<Self> {
        let value = present(entry.value)?;
        value.text()?;
        let key = entry.name()?;
        let overridden = over.is_some_and(|over| field(over, key).is_some());
        Some(Self { key, key_span: entry.key.span(), value, encoding, overridden })
    }

    /// The bytes the entry holds, with the way back to the file through base64, quotes, escapes
    /// and folding.
    ///
    /// # Errors
    ///
    /// When an entry of `data` is not base64; the offset is one of the value's text.
    pub fn decoded(&self) -> Result<Derived, Base64Problem> {
        let written = self.written();
        match self.encoding {
            Encoding::Plain => Ok(written),
            Encoding::Base64 => decode_base64(&written),
        }
    }

    /// The value's text as written, before base64 is taken off.
    #[must_use]
    pub fn written(&self) -> Derived {
        let nothing = || Derived { bytes: Vec::new(), origin: careen_text::Origin::default() };
        self.value.derived().unwrap_or_else(nothing)
    }

    /// Where the byte stands in the file that a problem of [`SecretEntry::decoded`] names; the
    /// whole value where it names none.
    #[must_use]
    pub fn problem_span(&self, problem: Base64Problem) -> Span {
        match problem {
            Base64Problem::Alphabet { at } => self.written().resolve(Span::new(at, at + 1)),
            Base64Problem::Length => self.value.span(),
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_text::Span;

    use super::{Encoding, Secret};
    use crate::testing::File;

    // "hello world" and "user".
    const SECRET: &str = "\
apiVersion: v1
kind: Secret
metadata: {name: a}
type: kubernetes.io/basic-auth
data:
  folded: |
    aGVsbG8g
    d29ybGQ=
  username: dXNlcg==
  broken: 'not $base64'
  none: ~
stringData:
  username: \"ro\\u006ft\"
  number: 5
";

    #[test]
    fn entries_are_decoded_with_their_places() {
        let file = File::new(SECRET);
        let secret = Secret::of(file.first()).unwrap();
        assert_eq!(secret.secret_type(), "kubernetes.io/basic-auth");
        assert!(!secret.is_immutable());
        let entries: Vec<_> = secret.entries().collect();
        let keys: Vec<_> = entries.iter().map(|e| (e.key, e.encoding, e.overridden)).collect();
        assert_eq!(
            keys,
            [
                ("folded", Encoding::Base64, false),
                ("username", Encoding::Base64, true),
                ("broken", Encoding::Base64, false),
                ("username", Encoding::Plain, false),
                ("number", Encoding::Plain, false)
            ]
        );
        let folded = entries[0].decoded().unwrap();
        assert_eq!(folded.text(), Some("hello world"));
        assert_eq!(file.slice(folded.resolve(Span::new(6, 9))), "d29y");
        assert_eq!(entries[1].decoded().unwrap().text(), Some("user"));
        assert_eq!(file.slice(entries[1].decoded().unwrap().whole()), "dXNlcg");
        let problem = entries[2].decoded().unwrap_err();
        assert_eq!(file.slice(entries[2].problem_span(problem)), "$");
        let root = secret.entry("username").unwrap().decoded().unwrap();
        assert_eq!(root.text(), Some("root"));
        assert_eq!(file.slice(root.resolve(Span::new(2, 3))), "\\u006f");
        assert_eq!(file.slice(entries[0].key_span), "folded");
        assert!(secret.entry("none").is_none());
    }

    #[test]
    fn other_kinds_are_no_secrets() {
        let file = File::new("{apiVersion: example.com/v1, kind: Secret}");
        assert!(Secret::of(file.first()).is_none());
    }
}
