use std::sync::Arc;

use careen_image_model::dockerfile::{self, Dockerfile};
use careen_image_model::dockerignore::{self, Dockerignore};
use careen_image_model::oci::{Image, ScanReport};
use careen_kube_model::{Object, ObjectView, Secret, looks_like_manifest, objects};
use careen_text::{Source, Span};
use careen_yaml::{Kind, Limits, Template, Tree, is_templated};

use crate::bundle::{self, Bundle};
use crate::class::{FileKind, PathClass, file_kind, is_ignore_file, path_class};
use crate::document::{Document, document};
use crate::encoded;
use crate::images::{self, ImageFile};

/// One file with everything that was recognised in it.
#[derive(Debug)]
pub struct File {
    /// The text.
    pub source: Arc<Source>,
    /// What its name says it is written in.
    pub kind: FileKind,
    /// What its path says about its role.
    pub class: PathClass,
    /// The tree, if the file holds manifests, or names images though it holds none.
    pub tree: Option<Tree>,
    /// The Kubernetes objects of the tree, in their order.
    pub objects: Vec<Object>,
    /// The Dockerfile, if the file is one.
    pub dockerfile: Option<Dockerfile>,
    /// The built image, if the file is the configuration of one.
    pub image: Option<Arc<Image>>,
    /// The patterns, if the file says what a build leaves out of its context.
    pub ignore: Option<Dockerignore>,
    /// Set if the file is no manifest and names images.
    pub images: Option<ImageFile>,
    /// Certificates and keys, by the value that holds them.
    pub bundles: Vec<Bundle>,
    /// Set if the file is a template of a manifest: it was not parsed.
    pub template: Option<Template>,
    /// The report of a vulnerability scanner, if the file is one.
    pub scan: Option<Arc<ScanReport>>,
    /// Set if the file is a part of the release such as a changelog or an API description. The tree is
    /// kept of those in YAML and JSON.
    pub document: Option<Document>,
}

impl File {
    /// A file in which nothing was recognised.
    #[must_use]
    pub fn bare(source: Arc<Source>, kind: FileKind, class: PathClass) -> Self {
        Self {
            source,
            kind,
            class,
            tree: None,
            objects: Vec::new(),
            dockerfile: None,
            image: None,
            ignore: None,
            images: None,
            scan: None,
            bundles: Vec::new(),
            template: None,
            document: None,
        }
    }

    /// Whether anything was recognised, so that the file belongs into the snapshot.
    #[must_use]
    pub fn is_artifact(&self) -> bool {
        !self.objects.is_empty()
            || self.dockerfile.is_some()
            || self.image.is_some()
            || self.ignore.is_some()
            || self.images.is_some()
            || self.scan.is_some()
            || self.document.is_some()
            || !self.bundles.is_empty()
    }

    /// The objects as views.
    pub fn views(&self) -> impl Iterator<Item = ObjectView<'_>> {
        self.tree
            .iter()
            .flat_map(|tree| self.objects.iter().map(move |object| ObjectView { object, tree }))
    }

    /// Spans that hold what is secret by the nature of the file, whether a rule has something to
    /// say about it or not: the values of its Secrets. They are never shown.
    #[must_use]
    pub fn guarded_spans(&self) -> Vec<Span> {
        self.views().filter_map(Secret::of).flat_map(Secret::guarded_spans).collect()
    }

    /// The view of one object.
    #[must_use]
    pub fn view(&self, index: usize) -> Option<ObjectView<'_>> {
        let tree = self.tree.as_ref()?;
        self.objects.get(index).map(|object| ObjectView { object, tree })
    }
}

/// Parses a source, once, into everything the linters look at. `within` is the path relative to
/// the folder the user asked to check: a fixture that is checked by name is no fixture.
#[must_use]
pub fn parse(source: Arc<Source>, within: &str) -> File {
    let kind = match file_kind(source.path()) {
        FileKind::Other if is_ignore_file(source.path()) => FileKind::Other,
        FileKind::Other => sniff(source.path(), source.text()),
        // What kubeadm writes: `/etc/kubernetes/admin.conf`.
        FileKind::Ini if source.text().starts_with("apiVersion: v1\n") => FileKind::Yaml,
        kind => kind,
    };
    let mut file = File::bare(source, kind, path_class(within));
    if is_own(file.source.path()) {
        return file;
    }
    match kind {
        FileKind::Dockerfile => file.dockerfile = Some(dockerfile::parse(&file.source)),
        FileKind::Yaml | FileKind::Json => manifests(&mut file),
        FileKind::Ini if is_bake(&file.source) => file.images = Some(ImageFile::Bake),
        FileKind::Template if looks_like_manifest(file.source.text()) => {
            file.template = is_templated(file.source.text());
        }
        _ if is_ignore_file(file.source.path()) => {
            file.ignore = Some(dockerignore::parse(&file.source));
        }
        _ => {}
    }
    if file.objects.is_empty() && is_json(&file) {
        file.scan = ScanReport::parse(file.source.text()).map(Arc::new);
    }
    if file.objects.is_empty() && file.scan.is_none() {
        documents(&mut file);
    }
    if file.objects.is_empty() && file.bundles.is_empty() {
        file.bundles.extend(bundle::of_file(&file.source));
        encoded::of_text(&file.source, &mut file.bundles);
    }
    file
}

/// Whether the file is what an audit rests on: reports, dumps of a cluster, words of people. What they show
/// is no part of what is released; a secret in them is one all the same.
fn is_own(path: &str) -> bool {
    path.split('/').rev().skip(1).any(|folder| folder == ".careen")
}

/// Tells what part of a release the file is.
fn documents(file: &mut File) {
    file.document = document(file.source.path(), file.source.text());
    let is_data = matches!(file.kind, FileKind::Yaml | FileKind::Json);
    let templated = || is_templated(file.source.text()).is_some();
    if file.document.is_some() && is_data && file.tree.is_none() && !templated() {
        file.tree = Some(careen_yaml::parse(&file.source, &Limits::default()));
    }
}

/// Whether the file is JSON, by its name; reports of scanners may also be called `.sarif`.
fn is_json(file: &File) -> bool {
    file.kind == FileKind::Json
        || file.source.path().rsplit_once('.').is_some_and(|(_, end)| end == "sarif")
}

/// What a file that is no text holds, where that is certificates, keys or a key store. The source
/// has the path and no text. See [`careen_x509_model::is_binary_material`].
#[must_use]
pub fn parse_material(source: Arc<Source>, bytes: Vec<u8>, within: &str) -> File {
    let mut bundles = Vec::new();
    bundles.extend(bundle::of_bytes(bytes));
    File { bundles, ..File::bare(source, FileKind::Pem, path_class(within)) }
}

/// What the configuration of a built image stands for: the whole image.
#[must_use]
pub fn of_image(image: Arc<Image>) -> File {
    let source = Arc::clone(image.config.source());
    File { image: Some(image), ..File::bare(source, FileKind::Json, PathClass::Production) }
}

fn manifests(file: &mut File) {
    let text = file.source.text();
    let kustomization = is_kustomization(file.source.path());
    if !kustomization && !looks_like_manifest(text) {
        values(file);
        return;
    }
    if file.kind == FileKind::Yaml {
        file.template = is_templated(text);
        if file.template.is_some() {
            return;
        }
    }
    let tree = careen_yaml::parse(&file.source, &Limits::default());
    file.objects = objects(&tree);
    if kustomization && file.objects.is_empty() {
        file.objects.extend(nameless_kustomization(&tree));
    }
    let mut bundles = Vec::new();
    for (index, object) in file.objects.iter().enumerate() {
        bundle::of_object(index, ObjectView { object, tree: &tree }, &mut bundles);
    }
    if bundle::may_hold_values(text) {
        bundle::of_values(&tree, &file.objects, &mut bundles);
        bundles.sort_by_key(|bundle| bundle.span.start);
    }
    file.bundles = bundles;
    file.tree = Some(tree);
}

/// Certificates, keys and images in the values of a file that is no manifest: those of a Helm
/// chart, `acme.json`, a Compose file. The tree is kept where there are images.
fn values(file: &mut File) {
    let text = file.source.text();
    let role = images::role(file.source.path(), text);
    let may_hold = bundle::may_hold(text) || encoded::may_hold_der(text);
    if (!may_hold && role.is_none()) || is_templated(text).is_some() {
        return;
    }
    let tree = careen_yaml::parse(&file.source, &Limits::default());
    if may_hold {
        bundle::of_values(&tree, &[], &mut file.bundles);
    }
    if role.is_some_and(|role| !images::of_tree(&tree, role).is_empty()) {
        file.images = role;
        file.tree = Some(tree);
    }
}

/// Whether it is a bake file in HCL that names images.
fn is_bake(source: &Source) -> bool {
    let role = images::role(source.path(), source.text());
    role == Some(ImageFile::Bake) && images::bake_text_names_any(source.text())
}

/// Kustomize knows its file by the name; `apiVersion` and `kind` may be left out.
fn is_kustomization(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

fn nameless_kustomization(tree: &Tree) -> Option<Object> {
    let root = tree.documents().next()?.root()?;
    (root.kind() == Kind::Mapping).then(|| Object {
        root: root.id(),
        document: 0,
        api_version: "kustomize.config.k8s.io/v1beta1".into(),
        kind: "Kustomization".into(),
        name: "".into(),
        namespace: None,
        fragment: false,
    })
}

/// Tells the kind of a file without a telling name, such as standard input, by its first words.
/// A name with an extension we do not know is left alone: `FROM` begins sentences and imports too.
fn sniff(path: &str, text: &str) -> FileKind {
    const ENOUGH_LINES: usize = 40;
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.trim_start_matches('.').contains('.') {
        return FileKind::Other;
    }
    let mut lines = text.lines().take(ENOUGH_LINES).map(str::trim).filter(|line| {
        !line.is_empty() && !line.starts_with('#') && *line != "---" && !line.starts_with('%')
    });
    let Some(first) = lines.next() else { return FileKind::Other };
    // `Dockerfile_windows`, `Dockerfile-prod`: global arguments may stand in front of `FROM`.
    let lower = name.to_ascii_lowercase();
    let named = ["dockerfile", "containerfile"].iter().any(|start| lower.starts_with(start));
    if named && first.starts_with("ARG ") && lines.any(|line| line.starts_with("FROM ")) {
        return FileKind::Dockerfile;
    }
    let first = first.trim_start_matches('\u{feff}');
    let mut words = first.split_whitespace();
    if words.next() == Some("FROM") && words.next().is_some() {
        FileKind::Dockerfile
    } else if first.starts_with('{') && text.contains("\"apiVersion\"") {
        FileKind::Json
    } else if first.starts_with("apiVersion:") || first.starts_with("kind:") {
        FileKind::Yaml
    } else {
        FileKind::Other
    }
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::{parse, sniff};
    use crate::FileKind;

    #[test]
    fn ignore_files_are_known_by_name() {
        for (path, ignore) in
            [(".dockerignore", true), ("a/prod.Dockerfile.dockerignore", true), ("ignore", false)]
        {
            let file = parse(Source::new(path, "FROM x\n"), path);
            assert_eq!(file.ignore.is_some(), ignore, "{path}");
            assert_ne!(file.dockerfile.is_some(), ignore, "{path}");
        }
    }

    #[test]
    fn kustomizations_are_known_by_name() {
        let text = "resources: [web.yaml]\n";
        let parsed = |path: &str| parse(Source::new(path, text), path).objects.len();
        assert_eq!(parsed("base/kustomization.yaml"), 1);
        assert_eq!(parsed("base/other.yaml"), 0);
    }

    #[test]
    fn reports_of_scanners_are_known_by_what_they_hold() {
        let report = r#"{"SchemaVersion":2,"ArtifactName":"app:1","ArtifactType":"container_image",
            "Results":[{"Target":"app:1","Class":"os-pkgs"}]}"#;
        let is_scan = |path: &str, text: &str| {
            let file = parse(Source::new(path, text), path);
            assert_eq!(file.is_artifact(), file.scan.is_some(), "{path}");
            file.scan.is_some()
        };
        assert!(is_scan("reports/trivy.json", report));
        assert!(is_scan("reports/trivy.sarif", report));
        assert!(!is_scan("reports/trivy.txt", report));
        assert!(!is_scan("package.json", r#"{"name":"app","ArtifactName":"SchemaVersion"}"#));
    }

    #[test]
    fn first_words_tell_nameless_files() {
        assert_eq!(sniff("<stdin>", "# x\nFROM node:24\n"), FileKind::Dockerfile);
        assert_eq!(sniff("<stdin>", "---\napiVersion: v1\n"), FileKind::Yaml);
        let windows = "# x\nARG A=1\nFROM $A\n";
        assert_eq!(sniff("a/Dockerfile_windows", windows), FileKind::Dockerfile);
        assert_eq!(sniff("a/notes", windows), FileKind::Other);
        assert_eq!(sniff("bin/run", "from os import path\n"), FileKind::Other);
        assert_eq!(sniff("api.pyi", "FROM x\n"), FileKind::Other);
    }
}
