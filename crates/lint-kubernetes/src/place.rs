//! Where findings belong: the object around a place.

use careen_kube_model::{Container, ObjectView};
use careen_model::File;
use careen_rule::ObjectPath;

/// The path of an object, or of a container in it, for logical locations and fingerprints.
pub(crate) fn path_of(view: ObjectView<'_>, container: Option<Container<'_>>) -> ObjectPath {
    ObjectPath {
        api_version: view.api_version().to_owned(),
        kind: view.kind().to_owned(),
        namespace: view.namespace().map(str::to_owned),
        name: view.name().to_owned(),
        container: container.map(|container| container.name.to_owned()),
        field: None,
    }
}

/// The object that a place of the file belongs to: the last one of the document that starts before
/// it. A document has several objects where it is a list.
pub(crate) fn object_at(file: &File, document: usize, at: u32) -> Option<ObjectView<'_>> {
    let tree = file.tree.as_ref()?;
    let document = u32::try_from(document).ok()?;
    let end = file.objects.partition_point(|object| {
        let start = || tree.node(object.root).definition_span().start;
        object.document < document || (object.document == document && start() <= at)
    });
    let view = file.view(end.checked_sub(1)?)?;
    (view.object.document == document).then_some(view)
}

/// The start of a key, short enough for a message.
pub(crate) fn cut(key: &str) -> &str {
    const LONGEST: usize = 120;
    let mut end = key.len().min(LONGEST);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.get(..end).unwrap_or_default()
}
