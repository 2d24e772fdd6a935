use std::fmt;

use careen_image_model::dockerfile::{ImageUse, ImageUseKind};
use careen_image_model::reference::{self, ImageRef, ReferenceProblem};
use careen_kube_model::{Container, ObjectView, PodTemplate};
use careen_model::File;
use careen_rule::{Finding, ObjectPath, Sink};
use careen_text::Span;
use careen_yaml::Node;

use super::build::{Build, StageSite};
use super::cut;

/// An image that a file names.
pub(crate) struct ImageSite<'a> {
    /// The reference with variables filled in as far as they are known.
    pub(crate) text: String,
    /// The reference taken apart.
    pub(crate) reference: Result<ImageRef, ReferenceProblem>,
    /// Who names it.
    pub(crate) holder: Holder<'a>,
    place: Place<'a>,
}

/// Who names an image.
#[derive(Clone, Copy)]
pub(crate) enum Holder<'a> {
    /// The `FROM` of a stage.
    Base(StageSite<'a>),
    /// `COPY --from`, in the stage with that index.
    Copy(&'a Build<'a>, Option<usize>),
    /// `RUN --mount=from`, in the stage with that index.
    Mount(&'a Build<'a>, Option<usize>),
    /// The front end in `# syntax=`.
    Syntax,
    /// A container of a manifest.
    Container(Container<'a>),
}

enum Place<'a> {
    Dockerfile(&'a Build<'a>, ImageUse),
    Yaml(Node<'a>),
}

impl ImageSite<'_> {
    /// Where the reference stands, quotes left out.
    pub(crate) fn span(&self) -> Span {
        match &self.place {
            Place::Dockerfile(_, image) => image.span,
            Place::Yaml(node) => node.derived().map_or_else(|| node.span(), |it| it.whole()),
        }
    }

    /// Where a part of the reference stands.
    pub(crate) fn span_of(&self, part: Span) -> Span {
        match &self.place {
            Place::Dockerfile(build, image) => image.span_of(&build.dockerfile.source, part),
            Place::Yaml(node) => node.derived().map_or_else(|| node.span(), |it| it.resolve(part)),
        }
    }

    /// Whether the name may be a build context that the caller of the build provides: one word
    /// without tag or digest that is copied or mounted from.
    pub(crate) fn may_be_context(&self) -> bool {
        matches!(self.holder, Holder::Copy(..) | Holder::Mount(..))
            && !self.text.contains([':', '@', '/', '.'])
    }

    /// The image for a message: "base image `nginx`", "image `nginx` of container `web` in Pod
    /// `shop/api`".
    pub(crate) fn display(&self) -> impl fmt::Display + '_ {
        Display(self)
    }

    /// Reports a defect of the reference.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut Sink<'_>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        let finding = out.report(span, message);
        finding.object(self.object()).evidence(cut(&self.text))
    }

    /// What findings about the reference are about.
    pub(crate) fn object(&self) -> ObjectPath {
        match self.holder {
            Holder::Base(stage) => stage.build.object(Some(stage.index)),
            Holder::Copy(build, stage) | Holder::Mount(build, stage) => build.object(stage),
            Holder::Syntax => ObjectPath { kind: "Dockerfile".to_owned(), ..ObjectPath::default() },
            Holder::Container(container) => path_of(container),
        }
    }
}

struct Display<'s, 'a>(&'s ImageSite<'a>);

impl fmt::Display for Display<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = cut(&self.0.text);
        match self.0.holder {
            Holder::Base(_) => write!(f, "base image `{text}`"),
            Holder::Copy(..) => write!(f, "image `{text}` of `COPY --from`"),
            Holder::Mount(..) => write!(f, "image `{text}` of `RUN --mount`"),
            Holder::Syntax => write!(f, "front end `{text}`"),
            Holder::Container(container) => write!(f, "image `{text}` of {}", container.display()),
        }
    }
}

fn path_of(container: Container<'_>) -> ObjectPath {
    let view = container.pod.object;
    ObjectPath {
        api_version: view.api_version().to_owned(),
        kind: view.kind().to_owned(),
        namespace: view.namespace().map(str::to_owned),
        name: view.name().to_owned(),
        container: Some(container.name.to_owned()),
        field: Some("image".to_owned()),
    }
}

/// The images of a Dockerfile.
pub(crate) fn images_of_build<'a>(build: &'a Build<'a>) -> Vec<ImageSite<'a>> {
    let images = build.dockerfile.images().into_iter();
    let sites = images.filter_map(|image| {
        let stage = image
            .instruction
            .and_then(|index| build.dockerfile.instructions.get(index))
            .and_then(|instruction| instruction.stage);
        let holder = match image.kind {
            ImageUseKind::Base(index) => {
                Holder::Base(StageSite { build, stage: build.dockerfile.stages.get(index)?, index })
            }
            ImageUseKind::CopyFrom => Holder::Copy(build, stage),
            ImageUseKind::MountFrom => Holder::Mount(build, stage),
            ImageUseKind::Syntax => Holder::Syntax,
        };
        Some(ImageSite {
            reference: image.reference(),
            text: image.text.clone(),
            holder,
            place: Place::Dockerfile(build, image),
        })
    });
    sites.collect()
}

/// The images of the manifests in a file.
pub(crate) fn images_of_manifests(file: &File) -> Vec<ImageSite<'_>> {
    let pods = file.views().filter_map(ObjectView::pod_template);
    let containers = pods.flat_map(PodTemplate::containers);
    let sites = containers.filter_map(|container| {
        let node = container.image()?;
        let text = node.text()?;
        Some(ImageSite {
            text: text.to_owned(),
            reference: reference::parse(text),
            holder: Holder::Container(container),
            place: Place::Yaml(node),
        })
    });
    sites.collect()
}
