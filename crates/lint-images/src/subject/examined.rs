use std::ptr;

use careen_image_model::ImageRef;
use careen_image_model::oci::{Evidence, Image, Remote};
use careen_model::{Context, File, Snapshot};
use careen_rule::{Finding, ObjectPath, SnapshotSink};
use careen_text::Span;

use super::named::{Named, References, Role};
use super::{cut, lasting};
use crate::Check;
use crate::rules::ALL;

/// An image about which something is known besides its layers: one that the user named, or one
/// that a file names and that was looked up or scanned.
pub(crate) struct Examined<'a> {
    /// All files.
    pub(crate) snapshot: &'a Snapshot,
    /// What was read of it; none where no registry was asked, or none knows it.
    pub(crate) image: Option<&'a Image>,
    /// What a registry says, if one was asked.
    pub(crate) remote: Option<&'a Remote>,
    /// What the image is for.
    pub(crate) role: Role,
    /// The reference that a file has, and the file.
    pub(crate) named: Option<(&'a Named, &'a File)>,
}

impl<'a> Examined<'a> {
    /// What was found about who built it; none where nothing was looked for.
    pub(crate) fn evidence(&self) -> Option<&'a Evidence> {
        self.image.map(|image| &image.evidence).filter(|evidence| evidence.searched)
    }

    /// What it is called.
    pub(crate) fn reference(&self) -> Option<&'a ImageRef> {
        match self.named {
            Some((named, _)) => named.reference.as_ref(),
            None => self.image.and_then(|image| image.reference.as_ref()),
        }
    }

    /// The image for a message: "image `app`", "image `nginx` of container `web` in Pod
    /// `shop/api`", "base image `nginx`".
    pub(crate) fn display(&self) -> String {
        match (self.named, self.image) {
            (Some((named, _)), _) => named.shown.clone(),
            (None, Some(image)) => format!("image `{}`", cut(name_of(image))),
            (None, None) => "image".to_owned(),
        }
    }

    /// Reports a defect: of a built image at its manifest, of a reference where it stands.
    pub(crate) fn report(&self, out: &mut SnapshotSink<'_>, message: impl Into<String>) {
        self.report_with(out, message, |_| {});
    }

    /// As [`Examined::report`], with more about the finding.
    pub(crate) fn report_with(
        &self,
        out: &mut SnapshotSink<'_>,
        message: impl Into<String>,
        more: impl FnOnce(&mut Finding),
    ) {
        if let Some((named, file)) = self.named {
            let finding = out.report(&file.source, named.span, message);
            more(finding.object(named.object.clone()).evidence(lasting(&named.text)));
        } else if let Some(image) = self.image {
            let object = ObjectPath {
                kind: "Image".to_owned(),
                name: name_of(image).to_owned(),
                ..ObjectPath::default()
            };
            more(out.report(&image.manifest_source, Span::new(0, 1), message).object(object));
        }
    }
}

fn name_of(image: &Image) -> &str {
    image.reference.as_ref().map_or(&image.name, |reference| reference.as_written())
}

/// Runs the rule that a sink is bound to over all images about which something is known.
pub(crate) fn examine(snapshot: &Snapshot, context: &Context, out: &mut SnapshotSink<'_>) {
    let bound = ALL.iter().find(|rule| ptr::eq(&rule.meta, out.rule()));
    let Some(Check::Evidence(check)) = bound.map(|rule| rule.check) else { return };
    for (_, image) in snapshot.images() {
        let image = Some(image);
        let built = Examined { snapshot, image, remote: None, role: Role::Built, named: None };
        check(&built, context, out);
    }
    let is_known = snapshot.has_remotes() || snapshot.files().iter().any(|it| it.scan.is_some());
    if !is_known {
        return;
    }
    let references = References::of(snapshot);
    for named in references.iter() {
        let Some(file) = snapshot.files().get(named.file) else { continue };
        let remote = snapshot.remote(&named.text);
        let image = match remote {
            Some(Remote::Image { image, .. }) => Some(&**image),
            _ => None,
        };
        let role = named.role;
        let named = Some((named, file));
        check(&Examined { snapshot, image, remote, role, named }, context, out);
    }
}
