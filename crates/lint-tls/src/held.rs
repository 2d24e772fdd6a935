//! Certificates and keys across the snapshot, with what holds them.

use careen_model::{Bundle, File, Holder, Snapshot};
use careen_rule::{Finding, ObjectPath, SnapshotSink};
use careen_text::Span;
use careen_x509_model::{Certificate, Form, Item, PrivateKey};

use crate::names::Shown;
use crate::role::is_quoted;
use crate::site::object;

/// Something in PEM, with the place that holds it.
#[derive(Debug)]
pub(crate) struct Held<'a, T> {
    pub(crate) file: &'a File,
    pub(crate) bundle: &'a Bundle,
    pub(crate) item: &'a Item,
    pub(crate) what: &'a T,
}

impl<T> Clone for Held<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<'_, T> {}

/// Every certificate of the repository, in order of path and place.
pub(crate) fn certificates(snapshot: &Snapshot) -> impl Iterator<Item = Held<'_, Certificate>> {
    bundles(snapshot).flat_map(|(file, bundle)| certificates_of(file, bundle))
}

/// Every private key of the repository, in order of path and place.
pub(crate) fn private_keys(snapshot: &Snapshot) -> impl Iterator<Item = Held<'_, PrivateKey>> {
    bundles(snapshot).flat_map(|(file, bundle)| keys_of(file, bundle))
}

/// The certificates of one bundle.
pub(crate) fn certificates_of<'a>(
    file: &'a File,
    bundle: &'a Bundle,
) -> impl Iterator<Item = Held<'a, Certificate>> {
    bundle.certificates().map(move |(item, what)| Held { file, bundle, item, what })
}

/// The private keys of one bundle.
pub(crate) fn keys_of<'a>(
    file: &'a File,
    bundle: &'a Bundle,
) -> impl Iterator<Item = Held<'a, PrivateKey>> {
    bundle.private_keys().map(move |(item, what)| Held { file, bundle, item, what })
}

fn bundles(snapshot: &Snapshot) -> impl Iterator<Item = (&File, &Bundle)> {
    snapshot.files().iter().flat_map(|file| file.bundles.iter().map(move |bundle| (file, bundle)))
}

impl<T> Held<'_, T> {
    /// Whether it is quoted in a program or text rather than used.
    pub(crate) fn is_quoted(&self) -> bool {
        is_quoted(self.file, &self.bundle.holder)
    }

    fn object(&self) -> Option<ObjectPath> {
        object(self.file, self.bundle).map(|object| object.path())
    }

    /// Reports at the BEGIN line, naming the object.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        message: String,
    ) -> &'s mut Finding {
        let finding = out.report(&self.file.source, self.item.place, message);
        if let Some(object) = self.object() {
            finding.object(object);
        }
        finding
    }

    /// Where it stands, for a message: "`tls.crt` of Secret `shop/web`", "`tls/server.crt`".
    pub(crate) fn place(&self) -> String {
        match (&self.bundle.holder, object(self.file, self.bundle)) {
            (Holder::Secret { key, .. } | Holder::ConfigMap { key, .. }, Some(object)) => {
                format!("`{}` of {}", Shown(key), object.view.display())
            }
            (Holder::Value { path, .. }, Some(object)) => {
                format!("`{}` of {}", Shown(path), object.view.display())
            }
            (Holder::Value { path, .. }, None) if !path.is_empty() => {
                format!("`{}` in `{}`", Shown(path), Shown(self.file.source.path()))
            }
            _ => format!("`{}`", Shown(self.file.source.path())),
        }
    }
}

/// The body of a private key's block, which no snippet may show; all of it where it is no PEM.
pub(crate) fn body(item: &Item) -> Span {
    match item.form {
        Form::Binary => item.whole,
        _ => Span::new(item.place.end, item.whole.end),
    }
}
