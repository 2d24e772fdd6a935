//! What Kustomizations say about the files beside them.

use std::collections::BTreeSet;

use careen_kube_model::{ObjectView, field, strings};
use careen_yaml::{Kind, Node};

use crate::File;

/// Entries of one list that are read; a Kustomization has a handful.
const ENTRIES: usize = 10_000;

/// Marks the objects of files that Kustomizations name as patches as fragments. A file that one of
/// them applies as it is stays whole.
pub(crate) fn mark_patches(files: &mut [File]) {
    let (mut patches, mut resources) = (BTreeSet::new(), BTreeSet::new());
    for file in &*files {
        let folder = file.source.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        for view in file.views().filter(|view| is_kustomization(*view)) {
            named_patches(view.root(), &mut |path| patches.extend(resolved(folder, path)));
            for list in ["resources", "bases"].iter().filter_map(|key| field(view.root(), key)) {
                let paths = strings(list).take(ENTRIES).map(|(path, _)| path);
                resources.extend(paths.filter_map(|path| resolved(folder, path)));
            }
        }
    }
    for path in patches.difference(&resources) {
        let from = files.partition_point(|file| file.source.path() < path.as_str());
        let files = files.get_mut(from..).unwrap_or_default();
        for file in files.iter_mut().take_while(|file| file.source.path() == path) {
            for object in file.objects.iter_mut().filter(|object| !object.is_kustomize()) {
                object.fragment = true;
            }
        }
    }
}

fn is_kustomization(view: ObjectView<'_>) -> bool {
    view.object.is_kustomize() && matches!(view.kind(), "Kustomization" | "Component")
}

fn named_patches(root: Node<'_>, take: &mut dyn FnMut(&str)) {
    for key in ["patches", "patchesJson6902"] {
        let list = field(root, key);
        for item in list.iter().flat_map(Node::items).take(ENTRIES) {
            if let Some(path) = field(item, "path").and_then(|path| path.text()) {
                take(path);
            }
        }
    }
    // An entry is a path or the patch itself.
    let list = field(root, "patchesStrategicMerge");
    for item in list.iter().flat_map(Node::items).take(ENTRIES) {
        let path = item.text().filter(|text| item.kind() == Kind::Scalar && !text.contains('\n'));
        path.into_iter().for_each(&mut *take);
    }
}

/// A path below a folder without `.` and `..`; none where it leaves the repository or is no path.
fn resolved(folder: &str, path: &str) -> Option<String> {
    /// Longer paths than systems allow lead nowhere.
    const LONGEST: usize = 4096;
    if path.starts_with('/') || path.contains("://") || folder.len() + path.len() > LONGEST {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use super::resolved;
    use crate::{Snapshot, parse};

    #[test]
    fn paths_are_resolved() {
        assert_eq!(resolved("a/b", "../c/./d.yaml").as_deref(), Some("a/c/d.yaml"));
        assert_eq!(resolved("", "d.yaml").as_deref(), Some("d.yaml"));
        assert_eq!(resolved("a", "../../d.yaml"), None);
        assert_eq!(resolved("a", "https://example.com/d.yaml"), None);
    }

    #[test]
    fn named_patches_are_fragments() {
        let object = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}";
        let kustomization = "
resources: [both.yaml, whole.yaml]
patches: [{path: ../patches/one.yaml}, {path: both.yaml}, {patch: '- op: remove'}]
patchesStrategicMerge: [two.yaml, \"apiVersion: v1\\nkind: ConfigMap\\n\"]
patchesJson6902: [{path: three.yaml, target: {kind: ConfigMap, name: a}}]
";
        let mut files = vec![("prod/kustomization.yaml", kustomization)];
        let others = [
            ("patches/one.yaml", true),
            ("prod/both.yaml", false),
            ("prod/whole.yaml", false),
            ("prod/two.yaml", true),
            ("prod/three.yaml", true),
            ("prod/one.yaml", false),
        ];
        files.extend(others.iter().map(|(path, _)| (*path, object)));
        let files = files.into_iter().map(|(path, text)| parse(Source::new(path, text), path));
        let snapshot = Snapshot::new(files.collect());
        for (path, fragment) in others {
            let view = snapshot.file(path).and_then(|file| file.view(0)).unwrap();
            assert_eq!(view.is_fragment(), fragment, "{path}");
        }
    }
}
