use std::sync::Arc;

use careen_image_model::ImageRef;
use careen_model::{File, Snapshot};
use careen_rule::ObjectPath;
use careen_text::Span;

use super::{Build, Holder, ImageSite, images_of_build, images_of_file};

/// Every image that a file of a repository names, in order of path. Worked out once, and only
/// where something is known about images besides their names.
#[derive(Debug)]
pub(crate) struct References(Vec<Named>);

/// An image that a file names, as [`ImageSite`] has it, owned.
#[derive(Debug)]
pub(crate) struct Named {
    /// Index of the file in the snapshot.
    pub(crate) file: usize,
    /// The reference with variables filled in as far as they are known.
    pub(crate) text: String,
    /// The reference taken apart.
    pub(crate) reference: Option<ImageRef>,
    /// What the image is for.
    pub(crate) role: Role,
    /// Whether it may be a build context that the caller of the build provides.
    pub(crate) may_be_context: bool,
    /// The platform that a build stage asks for, where it is written out.
    pub(crate) platform: Option<String>,
    /// Whether the stage asks for a platform in any way.
    pub(crate) has_platform: bool,
    /// The image for a message.
    pub(crate) shown: String,
    /// Where the reference stands.
    pub(crate) span: Span,
    /// What a finding is about.
    pub(crate) object: ObjectPath,
}

/// What an image is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It was built, and the user named it.
    Built,
    /// A manifest deploys it.
    Deployed,
    /// A Dockerfile builds with it.
    Base,
}

impl References {
    /// The references of a snapshot.
    pub(crate) fn of(snapshot: &Snapshot) -> Arc<Self> {
        snapshot.index(|snapshot| {
            let files = snapshot.files().iter().enumerate();
            Self(files.flat_map(|(at, file)| of_file(at, file)).collect())
        })
    }

    /// One by one.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Named> {
        self.0.iter()
    }
}

fn of_file(at: usize, file: &File) -> Vec<Named> {
    let mut found = Vec::new();
    if let Some(dockerfile) = &file.dockerfile
        && !dockerfile.stages.is_empty()
    {
        let build = Build::new(dockerfile);
        found.extend(images_of_build(&build).iter().map(|site| Named::of(at, site)));
    }
    if !file.objects.is_empty() || file.images.is_some() {
        found.extend(images_of_file(file).iter().map(|site| Named::of(at, site)));
    }
    found
}

impl Named {
    fn of(file: usize, site: &ImageSite<'_>) -> Self {
        let platform = match site.holder {
            Holder::Base(stage) => stage.stage.platform.as_ref(),
            _ => None,
        };
        let constant = platform.filter(|word| word.literal && !word.text.contains('$'));
        Self {
            file,
            text: site.text.clone(),
            reference: site.reference.as_ref().ok().cloned(),
            role: match site.holder {
                Holder::Container(_) | Holder::Deployment => Role::Deployed,
                _ => Role::Base,
            },
            may_be_context: site.may_be_context(),
            platform: constant.map(|word| word.text.clone()),
            has_platform: platform.is_some(),
            shown: site.display().to_string(),
            span: site.span(),
            object: site.object(),
        }
    }
}
