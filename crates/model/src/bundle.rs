//! Where certificates and keys lie: whole files, entries of Secrets and ConfigMaps, and any other
//! value of a tree, in PEM, in DER or a key store, behind base64 or not.

use std::collections::BTreeSet;

use careen_kube_model::{Object, ObjectView, Secret};
use careen_text::{Derived, Source, Span, decode_base64};
use careen_x509_model::{
    Certificate, Content, Item, Material, PrivateKey, has_pem, has_ssh_key, is_binary_material,
    read_binary, scan,
};
use careen_yaml::{Kind, Node, Tree};
use memchr::memmem;

/// How PEM begins behind base64: `-----BEGIN` at the start of a line.
pub(crate) const ENCODED_PEM: &str = "LS0tLS1CRUdJTi";
/// The same, behind base64 once more.
pub(crate) const ENCODED_TWICE: &str = "TFMwdExTMUNSVWRKVG";
/// How base64 of DER, PKCS#12 without lengths, JKS, JCEKS and BKS begins.
const ENCODED_BINARY: [&str; 6] =
    ["MII", "MIACAQMw", "/u3+7", "zs7Oz", "AAAAAQAAABQ", "AAAAAgAAABQ"];
/// Shorter texts are no base64 of a certificate, key or store.
const SHORTEST: usize = 64;
/// Layers of base64 that are taken off one value.
const MOST_LAYERS: u8 = 3;
/// Longest path of keys to a value, in keys.
const MOST_KEYS: usize = 64;

/// Where certificates and keys lie in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The file itself is (or contains) the text or the bytes.
    File,
    /// A key of a Secret's `data` or `stringData`.
    Secret {
        /// Index of the object in [`crate::File::objects`].
        object: usize,
        /// The key, such as `tls.crt`.
        key: String,
    },
    /// A key of a ConfigMap's `data` or `binaryData`.
    ConfigMap {
        /// Index of the object in [`crate::File::objects`].
        object: usize,
        /// The key, such as `ca.crt`.
        key: String,
    },
    /// Any other value: a `caBundle`, a kubeconfig's `client-key-data`, a value of a Helm chart.
    Value {
        /// Index of the object in [`crate::File::objects`]; none where the file holds no objects.
        object: Option<usize>,
        /// Keys and positions from the object, or else from the document, on:
        /// `webhooks[0].clientConfig.caBundle`.
        path: String,
    },
}

impl Holder {
    /// Index of the object that holds the value, in [`crate::File::objects`].
    #[must_use]
    pub const fn object(&self) -> Option<usize> {
        match self {
            Self::File => None,
            Self::Secret { object, .. } | Self::ConfigMap { object, .. } => Some(*object),
            Self::Value { object, .. } => *object,
        }
    }

    /// The key that names the value: of a path, its last one, without a position.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Self::File => None,
            Self::Secret { key, .. } | Self::ConfigMap { key, .. } => Some(key),
            Self::Value { path, .. } => {
                let last = path.rsplit('.').next().unwrap_or(path);
                Some(last.split('[').next().unwrap_or(last))
            }
        }
    }
}

/// The certificates and keys of one value, in their order there: a file, or one key of a Secret.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What holds them.
    pub holder: Holder,
    /// The value's place in the file.
    pub span: Span,
    /// Layers of base64 that were taken off the value: 1 for what stands in a Secret's `data` as
    /// it should.
    pub layers: u8,
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

/// Whether certificates or keys may be in a text; cheap, for use before it is parsed.
pub(crate) fn may_hold(text: &str) -> bool {
    let holds = |mark: &str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    has_pem(text.as_bytes()) || holds(ENCODED_PEM) || holds(ENCODED_TWICE)
}

/// As [`may_hold`], for files whose values may also be base64 of DER or of a key store.
pub(crate) fn may_hold_values(text: &str) -> bool {
    let holds = |mark: &&str| memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    may_hold(text) || ENCODED_BINARY.iter().any(holds)
}

/// The PEM text of a whole file, and the public keys of OpenSSH in it.
pub(crate) fn of_file(source: &Source) -> Option<Bundle> {
    let text = source.text().as_bytes();
    if !has_pem(text) && !has_ssh_key(text) {
        return None;
    }
    let span = Span::of(0..source.text().len());
    bundle(Holder::File, span, 0, scan(&Derived::verbatim(source, span)))
}

/// What a file that is no text holds. All of it stands at the beginning of the empty text that
/// stands for the file.
pub(crate) fn of_bytes(bytes: Vec<u8>) -> Option<Bundle> {
    let origin = careen_text::Origin::verbatim(0, 0);
    let material = read_binary(&Derived { bytes, origin });
    bundle(Holder::File, Span::new(0, 0), 0, material)
}

/// What the entries of Secrets and ConfigMaps hold.
pub(crate) fn of_object(index: usize, view: ObjectView<'_>, bundles: &mut Vec<Bundle>) {
    match view.kind() {
        "Secret" => {
            for entry in Secret::of(view).into_iter().flat_map(Secret::distinct_entries) {
                if let Ok(decoded) = entry.decoded() {
                    let layers = u8::from(entry.encoding == careen_kube_model::Encoding::Base64);
                    let holder = Holder::Secret { object: index, key: entry.key.to_owned() };
                    bundles.extend(of_decoded(holder, entry.value.span(), layers, decoded));
                }
            }
        }
        "ConfigMap" => {
            let mut seen = BTreeSet::new();
            let data = view.at(&["data"]).into_iter().chain(view.at(&["binaryData"]));
            for entry in data.flat_map(|data| data.entries()) {
                let Some(text) = entry.value.text() else { continue };
                if may_be(text)
                    && seen.insert(entry.value.definition_span())
                    && let Some(derived) = entry.value.derived()
                {
                    let key = entry.key.text().unwrap_or_default().to_owned();
                    let holder = Holder::ConfigMap { object: index, key };
                    bundles.extend(of_decoded(holder, entry.value.span(), 0, derived));
                }
            }
        }
        _ => {}
    }
}

/// What values of a tree hold besides the entries of Secrets and ConfigMaps. Every scalar is
/// looked at once, however many aliases lead to it.
pub(crate) fn of_values(tree: &Tree, objects: &[Object], bundles: &mut Vec<Bundle>) {
    for node in tree.scalars() {
        if !node.text().is_some_and(may_be) {
            continue;
        }
        let (object, path) = path_of(node, tree, objects);
        let entries = object.and_then(|index| objects.get(index)).is_some_and(|object| {
            matches!(&*object.kind, "Secret" | "ConfigMap")
                && ["data.", "stringData.", "binaryData."].iter().any(|list| path.starts_with(list))
        });
        if !entries && let Some(derived) = node.derived() {
            let holder = Holder::Value { object, path };
            bundles.extend(of_decoded(holder, node.span(), 0, derived));
        }
    }
}

/// Whether a scalar may hold certificates or keys.
fn may_be(text: &str) -> bool {
    if text.len() < SHORTEST {
        return false;
    }
    let start = text.trim_start();
    start.starts_with(ENCODED_PEM)
        || start.starts_with(ENCODED_TWICE)
        || ENCODED_BINARY.iter().any(|mark| start.starts_with(mark))
        || has_pem(text.as_bytes())
}

/// Keys and positions that lead to a scalar, and the object it belongs to.
fn path_of(node: Node<'_>, tree: &Tree, objects: &[Object]) -> (Option<usize>, String) {
    let mut steps: Vec<String> = Vec::new();
    let mut child = node;
    let mut object = None;
    while object.is_none() && steps.len() < MOST_KEYS {
        let Some(parent) = child.parent() else { break };
        let step = match parent.kind() {
            Kind::Sequence => {
                let at = parent.items().position(|item| item.id() == child.id());
                format!("[{}]", at.unwrap_or_default())
            }
            _ => {
                let entry = parent.entries().find(|entry| entry.value.id() == child.id());
                entry.and_then(|entry| entry.name()).unwrap_or("?").to_owned()
            }
        };
        steps.push(step);
        child = parent;
        object = objects.iter().position(|object| tree.node(object.root).id() == child.id());
    }
    let mut path = String::new();
    for step in steps.iter().rev() {
        if !path.is_empty() && !step.starts_with('[') {
            path.push('.');
        }
        path.push_str(step);
    }
    (object, path)
}

/// Takes layers of base64 off until PEM, DER or a key store comes to light.
pub(crate) fn of_decoded(
    holder: Holder,
    span: Span,
    layers: u8,
    mut derived: Derived,
) -> Option<Bundle> {
    let mut layers = layers;
    loop {
        if has_pem(&derived.bytes) {
            return bundle(holder, span, layers, scan(&derived));
        }
        if is_binary_material(&derived.bytes) {
            return bundle(holder, span, layers, read_binary(&derived));
        }
        let again = layers < MOST_LAYERS && std::str::from_utf8(&derived.bytes).is_ok_and(may_be);
        derived = again.then(|| decode_base64(&derived).ok()).flatten()?;
        layers += 1;
    }
}

fn bundle(holder: Holder, span: Span, layers: u8, material: Material) -> Option<Bundle> {
    let empty =
        material.items.is_empty() && material.problems.is_empty() && material.stores.is_empty();
    (!empty).then_some(Bundle { holder, span, layers, material })
}
