//! What the structure of Kubernetes manifests adds to the plain text: values of Secrets in the
//! clear and behind base64, names and values of environment variables, and what is encrypted or
//! only a reference.

mod entry;
mod helm;
mod kustomize;
mod named;
mod sealed;
mod value;

use std::collections::HashSet;

use careen_kube_model::{ObjectView, Secret};
use careen_model::{File, Holder};
use careen_rule::Severity;
use careen_text::{Derived, Span};

use crate::check::Find;
use crate::context::Context;
use crate::decode::Budget;
use crate::hit::{Hit, Spans, join, rank};

/// Entries of Secrets and ConfigMaps and variables that are looked at in one file. Aliases and
/// merge keys can repeat them without bounds.
const MOST_ENTRIES: usize = 50_000;
/// What Helm 3 keeps its releases in.
const HELM_RELEASE: &str = "helm.sh/release.v1";
/// The longest key that is shown, in bytes.
const LONGEST_KEY: usize = 80;

/// Replaces what the plain text shows of values whose structure says more.
pub(crate) fn refine(file: &File, context: Context, budget: &mut Budget<'_>, hits: &mut Vec<Hit>) {
    let mut reading = Reading::new(context, budget);
    for view in file.views() {
        reading.object(view);
    }
    let Reading { found, owned, references, .. } = reading;
    if !owned.is_empty() || !references.is_empty() {
        let (owned, references) = (Spans::of(owned), Spans::of(references));
        hits.retain(|hit| {
            let refers = hit.is_by_name() && references.touch(hit.secret);
            !refers && !owned.touch(hit.secret)
        });
    }
    join(found, hits);
}

/// Adds private keys that were decoded and read, where the text did not show them already.
pub(crate) fn add_keys(file: &File, hits: &mut Vec<Hit>) {
    if file.bundles.iter().all(|bundle| bundle.private_keys().next().is_none()) {
        return;
    }
    let Some(rule) = Find::PrivateKey.rule() else { return };
    let known = Spans::of(hits.iter().map(|hit| hit.secret).collect());
    let mut found = Vec::new();
    for bundle in &file.bundles {
        for (item, key) in bundle.private_keys() {
            if known.touch(item.whole) || key.key.is_none() {
                continue;
            }
            let (place, field) = match &bundle.holder {
                Holder::File => (String::new(), None),
                Holder::Value { path, .. } => {
                    (format!(" in `{}`", cut(path)), Some(cut(path).to_owned()))
                }
                Holder::Secret { object, key } | Holder::ConfigMap { object, key } => {
                    let view = file.view(*object);
                    let place = view.map_or_else(String::new, |view| {
                        format!(" in `{}` of {}", cut(key), view.display())
                    });
                    (place, Some(format!("data.{}", cut(key))))
                }
            };
            let evidence = item.label.clone();
            let message = format!("private key is committed{place}");
            let mut hit = Hit::new(rule, item.whole, rank::KEY, message, evidence);
            hit.span = item.place;
            hit.field = field;
            if key.encrypted {
                hit.severity = rule.severity.lowered(2);
            }
            found.push(hit);
        }
    }
    join(found, hits);
}

/// One pass over the objects of a file.
struct Reading<'b, 'a> {
    context: Context,
    budget: &'b mut Budget<'a>,
    found: Vec<Hit>,
    /// Values that are read here, so that the plain text has no say about them.
    owned: Vec<Span>,
    /// Objects that name secrets kept elsewhere.
    references: Vec<Span>,
    /// Values that were read: aliases lead to one value many times.
    seen: HashSet<Span>,
    entries: usize,
}

impl<'b, 'a> Reading<'b, 'a> {
    fn new(context: Context, budget: &'b mut Budget<'a>) -> Self {
        Self {
            context,
            budget,
            found: Vec::new(),
            owned: Vec::new(),
            references: Vec::new(),
            seen: HashSet::new(),
            entries: 0,
        }
    }

    fn object(&mut self, view: ObjectView<'_>) {
        if self.entries >= MOST_ENTRIES {
            return;
        }
        self.owned.extend(sealed::ciphertext(view));
        if sealed::refers(view) {
            self.references.push(view.root().definition_span());
        } else if let Some(secret) = Secret::of(view) {
            entry::read(self, secret);
        } else if view.object.is_kustomize() {
            kustomize::read(self, view);
        } else {
            named::read(self, view);
        }
    }

    /// Whether the value at a span is to be read now.
    fn takes(&mut self, value: Span) -> bool {
        self.entries += 1;
        self.entries <= MOST_ENTRIES && self.seen.insert(value)
    }
}

/// The span in the file of the text without white space around it.
fn trimmed(derived: &Derived) -> Span {
    let bytes = &derived.bytes;
    let start = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let end = bytes.len() - bytes.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
    derived.resolve(Span::of(start..end.max(start)))
}

/// A key of a file, short enough for a message.
pub(crate) fn cut(key: &str) -> &str {
    let mut end = key.len().min(LONGEST_KEY);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.get(..end).unwrap_or_default()
}

/// One level milder.
fn milder(severity: Severity) -> Severity {
    severity.lowered(1)
}
