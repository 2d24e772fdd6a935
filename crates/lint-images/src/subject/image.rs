use std::fmt;
use std::ops::Deref;

use careen_kube_model::Container;
use careen_model::{File, ImageHolder, NamedImage, images_of_dockerfile, named_images};
use careen_rule::{Finding, ObjectPath, Sink};
use careen_text::Span;

use super::build::{Build, StageSite};
use super::{cut, lasting};

/// An image that a file names, with what stands around it.
pub(crate) struct ImageSite<'a> {
    named: NamedImage<'a>,
    /// Who names it.
    pub(crate) holder: Holder<'a>,
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
    /// A Compose or bake file, values of a Helm chart, a Kustomization: what a deployment runs.
    Deployment,
    /// A build context of a Compose or bake file.
    Context,
}

impl<'a> Deref for ImageSite<'a> {
    type Target = NamedImage<'a>;

    fn deref(&self) -> &NamedImage<'a> {
        &self.named
    }
}

impl ImageSite<'_> {
    /// Whether it is run, or ends up in an image that is built: what a builder stage or a build
    /// context is made of does not count.
    pub(crate) fn ships(&self) -> bool {
        match self.holder {
            Holder::Base(stage) => stage.build.ships(stage.index),
            Holder::Container(_) | Holder::Deployment => true,
            Holder::Copy(..) | Holder::Mount(..) | Holder::Syntax | Holder::Context => false,
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
        finding.object(self.object()).evidence(lasting(&self.text))
    }

    /// What findings about the reference are about.
    pub(crate) fn object(&self) -> ObjectPath {
        match self.holder {
            Holder::Base(stage) => stage.build.object(Some(stage.index)),
            Holder::Copy(build, stage) | Holder::Mount(build, stage) => build.object(stage),
            Holder::Container(container) => path_of(container),
            Holder::Syntax | Holder::Deployment | Holder::Context => object(&self.named.holder),
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
            Holder::Deployment | Holder::Context => match &self.0.named.holder {
                ImageHolder::ComposeService(name) => {
                    write!(f, "image `{text}` of service `{}`", cut(name))
                }
                ImageHolder::ComposeContext(name) => {
                    write!(f, "image `{text}` of the build of service `{}`", cut(name))
                }
                ImageHolder::BakeTarget(name) if !name.is_empty() => {
                    write!(f, "image `{text}` of target `{}`", cut(name))
                }
                ImageHolder::HelmValues(keys) => write!(f, "image `{text}` of `{}`", cut(keys)),
                ImageHolder::Kustomization(name) => {
                    write!(f, "image `{text}` in place of `{}`", cut(name))
                }
                _ => write!(f, "image `{text}`"),
            },
        }
    }
}

/// What a finding about a container's image is about.
pub(crate) fn path_of(container: Container<'_>) -> ObjectPath {
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

/// What a finding about an image in none of a Dockerfile's stages or containers is about.
fn object(holder: &ImageHolder<'_>) -> ObjectPath {
    let (kind, name) = match holder {
        ImageHolder::ComposeService(name) | ImageHolder::ComposeContext(name) => {
            ("Compose service", *name)
        }
        ImageHolder::BakeTarget(name) => ("Bake target", *name),
        ImageHolder::HelmValues(keys) => ("Helm values", keys.as_str()),
        ImageHolder::Kustomization(name) => ("Kustomization", *name),
        _ => ("Dockerfile", ""),
    };
    ObjectPath { kind: kind.to_owned(), name: cut(name).to_owned(), ..ObjectPath::default() }
}

/// The images of a Dockerfile.
pub(crate) fn images_of_build<'a>(build: &'a Build<'a>) -> Vec<ImageSite<'a>> {
    let sites = images_of_dockerfile(build.dockerfile).into_iter().filter_map(|named| {
        let holder = match named.holder {
            ImageHolder::Base(index) => {
                Holder::Base(StageSite { build, stage: build.dockerfile.stages.get(index)?, index })
            }
            ImageHolder::CopyFrom(stage) => Holder::Copy(build, stage),
            ImageHolder::MountFrom(stage) => Holder::Mount(build, stage),
            _ => Holder::Syntax,
        };
        Some(ImageSite { named, holder })
    });
    sites.collect()
}

/// The images of a file that is no Dockerfile.
pub(crate) fn images_of_file(file: &File) -> Vec<ImageSite<'_>> {
    let sites = named_images(file).into_iter().map(|named| {
        let holder = match &named.holder {
            ImageHolder::Container(container) => Holder::Container(*container),
            ImageHolder::ComposeContext(_) | ImageHolder::BakeTarget(_) => Holder::Context,
            _ => Holder::Deployment,
        };
        ImageSite { named, holder }
    });
    sites.collect()
}
