use std::collections::BTreeSet;

use careen_kube_model::{ObjectView, Secret};
use careen_text::{Derived, Source, Span};
use careen_x509_model::{Certificate, Content, Item, Material, PrivateKey, has_pem, scan};
use careen_yaml::Node;

/// Where certificates and keys lie in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The file itself is (or contains) the PEM text.
    File,
    /// A key of a Secret's `data` or `stringData`.
    Secret {
        /// Index of the object in [`crate::File::objects`].
        object: usize,
        /// The key, such as `tls.crt`.
        key: String,
    },
    /// A key of a ConfigMap's `data`.
    ConfigMap {
        /// Index of the object in [`crate::File::objects`].
        object: usize,
        /// The key, such as `ca.crt`.
        key: String,
    },
}

/// The certificates and keys of one value, in their order there: a file, or one key of a Secret.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What holds them.
    pub holder: Holder,
    /// The value's place in the file.
    pub span: Span,
    /// What was found.
    pub material: Material,
}

impl Bundle {
    /// The certificates in their order, each with its item.
    pub fn certificates(&self) -> impl Iterator<Item = (&Item, &Certificate)> {
        self.material.items.iter().filter_map(|item| match &item.content {
            Content::Certificate(certificate) => Some((item, &**certificate)),
            _ => None,
        })
    }

    /// The private keys in their order, each with its item.
    pub fn private_keys(&self) -> impl Iterator<Item = (&Item, &PrivateKey)> {
        self.material.items.iter().filter_map(|item| match &item.content {
            Content::PrivateKey(key) => Some((item, key)),
            _ => None,
        })
    }
}

/// The PEM text of a whole file.
pub(crate) fn of_file(source: &Source) -> Option<Bundle> {
    if !has_pem(source.text().as_bytes()) {
        return None;
    }
    let span = Span::of(0..source.text().len());
    bundle(Holder::File, span, &Derived::verbatim(source, span))
}

/// The PEM text inside a Secret's or ConfigMap's values.
pub(crate) fn of_object(index: usize, view: ObjectView<'_>, bundles: &mut Vec<Bundle>) {
    match view.kind() {
        "Secret" => {
            for entry in Secret::of(view).into_iter().flat_map(Secret::distinct_entries) {
                if let Ok(decoded) = entry.decoded()
                    && has_pem(&decoded.bytes)
                {
                    let holder = Holder::Secret { object: index, key: entry.key.to_owned() };
                    bundles.extend(bundle(holder, entry.value.span(), &decoded));
                }
            }
        }
        "ConfigMap" => {
            let mut seen = BTreeSet::new();
            for entry in view.at(&["data"]).iter().flat_map(Node::entries) {
                let Some(text) = entry.value.text() else { continue };
                if has_pem(text.as_bytes())
                    && seen.insert(entry.value.definition_span())
                    && let Some(derived) = entry.value.derived()
                {
                    let key = entry.key.text().unwrap_or_default().to_owned();
                    let holder = Holder::ConfigMap { object: index, key };
                    bundles.extend(bundle(holder, entry.value.span(), &derived));
                }
            }
        }
        _ => {}
    }
}

fn bundle(holder: Holder, span: Span, derived: &Derived) -> Option<Bundle> {
    let material = scan(derived);
    let empty = material.items.is_empty() && material.problems.is_empty();
    (!empty).then_some(Bundle { holder, span, material })
}
