//! The images that files name: Dockerfiles, pod templates, Compose and bake files, the values of
//! Helm charts, Kustomizations.

mod bake;
mod compose;
mod helm;
mod kustomize;

use careen_image_model::dockerfile::{Dockerfile, ImageUse, ImageUseKind};
use careen_image_model::reference::{self, ImageRef, ReferenceProblem};
use careen_kube_model::{Container, PodTemplate};
use careen_text::Span;
use careen_yaml::{Node, Tree};

use crate::File;

/// Images of one file that are named; what follows is left out.
pub const IMAGES_MAX: usize = 10_000;

/// Bytes of a value that may be a part of a reference. No registry takes a longer one; through
/// aliases a file could name a long one many times.
const VALUE_LEN_MAX: usize = 4_096;

/// Files that are no manifests and name images. They are known by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageFile {
    /// `compose.yaml`, `docker-compose.yml` and their kin.
    Compose,
    /// `docker-bake.json` and `docker-bake.hcl`.
    Bake,
    /// `values.yaml` and its kin, of Helm.
    HelmValues,
}

/// An image that a file names.
#[derive(Clone, Debug)]
pub struct NamedImage<'a> {
    /// The reference with variables filled in as far as they are known.
    pub text: String,
    /// The reference taken apart.
    pub reference: Result<ImageRef, ReferenceProblem>,
    /// Who names it.
    pub holder: ImageHolder<'a>,
    place: Place<'a>,
}

/// Who names an image.
#[derive(Clone, Debug)]
pub enum ImageHolder<'a> {
    /// The `FROM` of the stage with this index.
    Base(usize),
    /// `COPY --from`, in the stage with this index.
    CopyFrom(Option<usize>),
    /// `RUN --mount=from`, in the stage with this index.
    MountFrom(Option<usize>),
    /// The front end in `# syntax=`.
    Syntax,
    /// A container of a pod template: of a Pod, a Deployment, a `CronJob` and so on.
    Container(Container<'a>),
    /// The `image` of the Compose service with this name, which is pulled rather than built.
    ComposeService(&'a str),
    /// A build context of the Compose service with this name.
    ComposeContext(&'a str),
    /// A build context of the bake target with this name; empty in HCL.
    BakeTarget(&'a str),
    /// The values of a Helm chart, by the keys that lead there: `api.image`.
    HelmValues(String),
    /// An entry of `images` of a Kustomization, by the image that it replaces.
    Kustomization(&'a str),
}

impl ImageHolder<'_> {
    /// Whether the image is run as it is, rather than built upon or copied from.
    #[must_use]
    pub const fn is_deployment(&self) -> bool {
        matches!(
            self,
            Self::Container(_)
                | Self::ComposeService(_)
                | Self::HelmValues(_)
                | Self::Kustomization(_)
        )
    }
}

#[derive(Clone, Debug)]
enum Place<'a> {
    Dockerfile(&'a Dockerfile, ImageUse),
    /// Values that make up the reference, the one with the repository first.
    Yaml(Vec<Piece<'a>>),
    /// As it is in the text.
    Text(Span),
}

/// A value with the part of the reference that it gives.
#[derive(Clone, Copy, Debug)]
struct Piece<'a> {
    part: Span,
    node: Node<'a>,
}

impl Piece<'_> {
    fn whole(&self) -> Span {
        self.node.derived().map_or_else(|| self.node.span(), |derived| derived.whole())
    }
}

impl<'a> NamedImage<'a> {
    fn new(text: String, holder: ImageHolder<'a>, place: Place<'a>) -> Self {
        Self { reference: reference::parse(&text), text, holder, place }
    }

    /// The image that one value names, as it is or, with `text`, with its variables filled in.
    fn of_node(node: Node<'a>, text: String, holder: ImageHolder<'a>) -> Self {
        let piece = Piece { part: Span::of(0..text.len()), node };
        Self::new(text, holder, Place::Yaml(vec![piece]))
    }

    /// The image of a registry, repository, tag and digest that stand apart. Without tag and
    /// digest it is not known which one is meant.
    fn of_parts(parts: Parts<'a>, holder: ImageHolder<'a>) -> Option<Self> {
        let mut text = String::new();
        let mut pieces = Vec::with_capacity(4);
        let mut add = |mark: &str, node: Option<Node<'a>>| {
            let node = node.filter(|node| !node.is_null());
            let value = node.and_then(|node| short(node)).filter(|value| !value.is_empty());
            let (Some(node), Some(value)) = (node, value) else { return false };
            text.push_str(mark);
            let start = text.len();
            text.push_str(value);
            pieces.push(Piece { part: Span::of(start..text.len()), node });
            true
        };
        let has_registry = add("", parts.registry);
        if !add(if has_registry { "/" } else { "" }, Some(parts.repository)) {
            return None;
        }
        let tagged = add(":", parts.tag);
        let pinned = add("@", parts.digest);
        if has_registry {
            pieces.swap(0, 1);
        }
        let mut image = Self::new(text, holder, Place::Yaml(pieces));
        if let (Ok(reference), false) = (&image.reference, tagged || pinned)
            && reference.tag().is_none()
            && reference.digest().is_none()
        {
            let whole = Span::of(0..image.text.len());
            image.reference = Err(ReferenceProblem::Unexpanded(whole));
        }
        Some(image)
    }

    /// Where the reference stands, quotes left out; its repository where the parts stand apart.
    #[must_use]
    pub fn span(&self) -> Span {
        match &self.place {
            Place::Dockerfile(_, image) => image.span,
            Place::Yaml(pieces) => pieces.first().map(Piece::whole).unwrap_or_default(),
            Place::Text(span) => *span,
        }
    }

    /// Where a part of the reference, given as a span of the text, stands: exactly where the part
    /// is written as it is, else with the whole reference.
    #[must_use]
    pub fn span_of(&self, part: Span) -> Span {
        match &self.place {
            Place::Dockerfile(dockerfile, image) => image.span_of(&dockerfile.source, part),
            Place::Text(span) => part.shifted(span.start),
            Place::Yaml(pieces) => {
                let Some(piece) = pieces.iter().find(|piece| piece.part.encloses(part)) else {
                    return self.span();
                };
                let start = piece.part.start;
                let local = Span::new(part.start - start, part.end - start);
                let as_is = piece.node.text() == self.text.get(piece.part.range());
                match piece.node.derived().filter(|_| as_is) {
                    Some(derived) => derived.resolve(local),
                    None => piece.whole(),
                }
            }
        }
    }
}

/// A reference in parts.
#[derive(Clone, Copy)]
struct Parts<'a> {
    registry: Option<Node<'a>>,
    repository: Node<'a>,
    tag: Option<Node<'a>>,
    digest: Option<Node<'a>>,
}

/// The images that a file names, in the order of the file.
#[must_use]
pub fn named_images(file: &File) -> Vec<NamedImage<'_>> {
    if let Some(dockerfile) = &file.dockerfile {
        return images_of_dockerfile(dockerfile);
    }
    if file.images == Some(ImageFile::Bake) && file.tree.is_none() {
        return bake::of_text(file.source.text());
    }
    let Some(tree) = &file.tree else { return Vec::new() };
    if let Some(role) = file.images {
        return of_tree(tree, role);
    }
    let mut images = Vec::new();
    for view in file.views() {
        let containers = view.pod_template().into_iter().flat_map(PodTemplate::containers);
        images.extend(containers.filter_map(of_container).take(IMAGES_MAX - images.len()));
        kustomize::collect(view, &mut images);
    }
    images
}

/// The images that a Dockerfile names, in its order.
#[must_use]
pub fn images_of_dockerfile(dockerfile: &Dockerfile) -> Vec<NamedImage<'_>> {
    let images = dockerfile.images().into_iter().take(IMAGES_MAX);
    let named = images.map(|image| {
        let instruction = image.instruction.and_then(|index| dockerfile.instructions.get(index));
        let stage = instruction.and_then(|instruction| instruction.stage);
        NamedImage {
            text: image.text.clone(),
            reference: image.reference(),
            holder: match image.kind {
                ImageUseKind::Base(stage) => ImageHolder::Base(stage),
                ImageUseKind::CopyFrom => ImageHolder::CopyFrom(stage),
                ImageUseKind::MountFrom => ImageHolder::MountFrom(stage),
                ImageUseKind::Syntax => ImageHolder::Syntax,
            },
            place: Place::Dockerfile(dockerfile, image),
        }
    });
    named.collect()
}

fn of_container(container: Container<'_>) -> Option<NamedImage<'_>> {
    let node = container.image()?;
    let text = short(node)?.to_owned();
    Some(NamedImage::of_node(node, text, ImageHolder::Container(container)))
}

/// The text of a value that is short enough to be a part of a reference.
fn short(node: Node<'_>) -> Option<&str> {
    node.text().filter(|text| text.len() <= VALUE_LEN_MAX)
}

/// Whether the file may name images by its path and text, though it is no manifest.
pub(crate) fn role(path: &str, text: &str) -> Option<ImageFile> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.')?;
    let yaml = matches!(extension, "yaml" | "yml");
    if yaml
        && (stem.starts_with("docker-compose") || stem == "compose" || name.starts_with("compose."))
    {
        (text.contains("image") || text.contains(DOCKER_IMAGE)).then_some(ImageFile::Compose)
    } else if stem.starts_with("docker-bake") && matches!(extension, "json" | "hcl") {
        text.contains(DOCKER_IMAGE).then_some(ImageFile::Bake)
    } else if yaml && stem.starts_with("values") {
        let names = text.contains("repository") || text.contains("image");
        names.then_some(ImageFile::HelmValues)
    } else {
        None
    }
}

/// The scheme of build contexts that are images.
const DOCKER_IMAGE: &str = "docker-image://";

/// The images of a file of that role.
pub(crate) fn of_tree(tree: &Tree, role: ImageFile) -> Vec<NamedImage<'_>> {
    let mut images = Vec::new();
    for root in tree.documents().filter_map(|document| document.root()) {
        match role {
            ImageFile::Compose => compose::collect(root, &mut images),
            ImageFile::Bake => bake::collect(root, &mut images),
            ImageFile::HelmValues => helm::collect(root, &mut images),
        }
    }
    images
}

/// Whether an HCL bake file names images.
pub(crate) fn bake_text_names_any(text: &str) -> bool {
    !bake::of_text(text).is_empty()
}

/// The image of a build context `docker-image://…`, as it is written.
fn of_context<'a>(node: Node<'a>, holder: ImageHolder<'a>) -> Option<NamedImage<'a>> {
    let written = short(node)?;
    let text = written.strip_prefix(DOCKER_IMAGE)?.to_owned();
    let start = node.derived()?.resolve(Span::of(DOCKER_IMAGE.len()..written.len()));
    Some(NamedImage::new(text, holder, Place::Text(start)))
}

#[cfg(test)]
mod tests;
