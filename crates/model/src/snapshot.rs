use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use careen_image_model::oci::{Image, Remote};
use careen_kube_model::ObjectView;
use careen_rule::ObjectPath;
use careen_text::Source;

use crate::index::{Indexes, Names};
use crate::{Bundle, File, Holder, kustomize};

/// Every artifact of the repository, in order of path, with the relations between them.
#[derive(Debug, Default)]
pub struct Snapshot {
    files: Vec<File>,
    /// Kind → (file, object), in file order.
    kinds: BTreeMap<String, Vec<(usize, usize)>>,
    indexes: Indexes,
    /// What registries say about references, by their text.
    remotes: BTreeMap<String, Remote>,
    /// The paths of all files, artifacts or not, in order, if all were looked at.
    paths: Option<Vec<Arc<str>>>,
    /// Knows what is there besides.
    beyond: Option<Beyond>,
}

/// Tells whether something stands at a path that was not looked at: a link, a file that is ignored.
struct Beyond(Box<dyn Fn(&str) -> bool + Send + Sync>);

impl std::fmt::Debug for Beyond {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beyond").finish_non_exhaustive()
    }
}

/// An object together with the file it stands in.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRef<'a> {
    /// The file.
    pub file: &'a File,
    /// Index of the object in the file.
    pub index: usize,
    /// The object.
    pub view: ObjectView<'a>,
}

/// Where an object stands in a snapshot, for an index that outlives a borrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Index in [`Snapshot::files`].
    pub file: u32,
    /// Index in [`File::objects`].
    pub object: u32,
}

impl<'a> ObjectRef<'a> {
    /// The file's text.
    #[must_use]
    pub fn source(&self) -> &'a Arc<Source> {
        &self.file.source
    }

    /// Certificates and keys under a key of this Secret or ConfigMap.
    #[must_use]
    pub fn bundle(&self, wanted: &str) -> Option<&'a Bundle> {
        self.file.bundles.iter().find(|bundle| match &bundle.holder {
            Holder::Secret { object, key } | Holder::ConfigMap { object, key } => {
                *object == self.index && key == wanted
            }
            Holder::File | Holder::Value { .. } => false,
        })
    }

    /// Certificates and keys in values of this object other than entries of a Secret or
    /// ConfigMap, each with the path to the value: `webhooks[0].clientConfig.caBundle`.
    pub fn values(&self) -> impl Iterator<Item = (&'a str, &'a Bundle)> + use<'a> {
        let index = self.index;
        self.file.bundles.iter().filter_map(move |bundle| match &bundle.holder {
            Holder::Value { object, path } if *object == Some(index) => {
                Some((path.as_str(), bundle))
            }
            _ => None,
        })
    }

    /// The path for logical locations and fingerprints.
    #[must_use]
    pub fn path(&self) -> ObjectPath {
        ObjectPath {
            api_version: self.view.api_version().to_owned(),
            kind: self.view.kind().to_owned(),
            namespace: self.view.namespace().map(str::to_owned),
            name: self.view.name().to_owned(),
            container: None,
            field: None,
        }
    }
}

impl Snapshot {
    /// Builds the index over files; sorts them by path, and marks what Kustomizations name as
    /// patches as [fragments](ObjectView::is_fragment).
    #[must_use]
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.source.path().cmp(b.source.path()));
        kustomize::mark_patches(&mut files);
        let mut kinds: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            for (index, object) in file.objects.iter().enumerate() {
                match kinds.get_mut(&*object.kind) {
                    Some(places) => places.push((at, index)),
                    None => {
                        kinds.insert(object.kind.to_string(), vec![(at, index)]);
                    }
                }
            }
        }
        Self { files, kinds, ..Self::default() }
    }

    /// The same with the paths of all files that are there, whatever they hold, in order.
    #[must_use]
    pub fn with_paths(mut self, paths: Vec<Arc<str>>) -> Self {
        self.paths = Some(paths);
        self
    }

    /// The same with one who knows what is there besides these paths.
    #[must_use]
    pub fn with_beyond(mut self, is_there: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        self.beyond = Some(Beyond(Box::new(is_there)));
        self
    }

    /// The paths of all files that are there, in order; none if only a part was looked at.
    #[must_use]
    pub fn paths(&self) -> Option<&[Arc<str>]> {
        self.paths.as_deref()
    }

    /// Whether a file or a folder stands at a path; none if that is not known, because only a part was
    /// looked at. What is ignored or excluded counts as there if it is.
    #[must_use]
    pub fn has_path(&self, path: &str) -> Option<bool> {
        let paths = self.paths.as_deref()?;
        let path = path.trim_end_matches('/');
        let at = paths.partition_point(|each| &**each < path);
        let below = |each: &Arc<str>| {
            each.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // `a.md` sorts between `a` and `a/b`.
        let mut from = paths.get(at..)?.iter().take_while(|each| each.starts_with(path));
        let is_listed = path.is_empty() || from.any(below);
        Some(is_listed || self.beyond.as_ref().is_some_and(|beyond| (beyond.0)(path)))
    }

    /// The same with what registries say about references, by their text.
    #[must_use]
    pub fn with_remotes(mut self, remotes: BTreeMap<String, Remote>) -> Self {
        self.remotes = remotes;
        self
    }

    /// What a registry says about a reference with that text, if it was asked.
    #[must_use]
    pub fn remote(&self, reference: &str) -> Option<&Remote> {
        self.remotes.get(reference)
    }

    /// Whether registries were asked about anything.
    #[must_use]
    pub fn has_remotes(&self) -> bool {
        !self.remotes.is_empty()
    }

    /// The built images, in order of path.
    pub fn images(&self) -> impl Iterator<Item = (&File, &Image)> {
        self.files.iter().filter_map(|file| Some((file, &**file.image.as_ref()?)))
    }

    /// All files, in order of path.
    #[must_use]
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The file of that path.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&File> {
        let at = self.files.binary_search_by(|file| file.source.path().cmp(path)).ok()?;
        self.files.get(at)
    }

    /// What `build` makes of this snapshot, made once for all checks that ask for it. The type
    /// tells indexes apart, so each has its own. It owns its data: places of objects are kept as
    /// [`Place`] and looked up by [`Snapshot::at`].
    pub fn index<T: Any + Send + Sync>(&self, build: fn(&Self) -> T) -> Arc<T> {
        self.indexes.get(|| build(self))
    }

    /// The object at a place of this snapshot.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<ObjectRef<'_>> {
        let file = self.files.get(place.file as usize)?;
        let index = place.object as usize;
        Some(ObjectRef { file, index, view: file.view(index)? })
    }

    /// All objects with their places, in order of path and place.
    pub fn places(&self) -> impl Iterator<Item = (Place, ObjectRef<'_>)> {
        (0u32..).zip(&self.files).flat_map(|(at, file)| {
            (0u32..).zip(file.views()).map(move |(object, view)| {
                let index = object as usize;
                (Place { file: at, object }, ObjectRef { file, index, view })
            })
        })
    }

    /// All objects, in order of path and place.
    pub fn objects(&self) -> impl Iterator<Item = ObjectRef<'_>> {
        self.files.iter().flat_map(|file| {
            file.views().enumerate().map(move |(index, view)| ObjectRef { file, index, view })
        })
    }

    /// All objects of a kind.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = ObjectRef<'_>> {
        let places = self.kinds.get(kind).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|&(at, index)| {
            let file = self.files.get(at)?;
            Some(ObjectRef { file, index, view: file.view(index)? })
        })
    }

    /// The objects of that kind and name whose namespace agrees with `namespace`, in order of path
    /// and place.
    pub fn named<'s, 'n>(
        &'s self,
        kind: &'n str,
        namespace: Option<&'n str>,
        name: &'n str,
    ) -> impl Iterator<Item = ObjectRef<'s>> + use<'s, 'n> {
        let places = self.index(Names::of).places(kind, name);
        places.filter_map(|place| self.at(place)).filter(move |object| {
            let view = object.view;
            // The hashes of two names may be the same.
            view.kind() == kind
                && view.name() == name
                && namespaces_agree(view.namespace(), namespace)
        })
    }

    /// All objects that run pods.
    pub fn workloads(&self) -> impl Iterator<Item = ObjectRef<'_>> {
        self.objects().filter(|object| object.view.pod_template().is_some())
    }
}

/// Whether two objects may be in one namespace. A manifest without a namespace goes wherever it
/// is applied (kustomize, Helm, `kubectl -n`), so it agrees with every namespace.
#[must_use]
pub fn namespaces_agree(a: Option<&str>, b: Option<&str>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}
