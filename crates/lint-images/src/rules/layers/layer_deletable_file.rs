use std::collections::BTreeSet;

use careen_image_model::oci::EntryKind;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, fits, rule};

use crate::Check;
use crate::entries::{folders_above, is_of_others, name_of};
use crate::subject::Built;

rule! {
    /// A `COPY . .` without a `.dockerignore` takes everything along: the repository with its
    /// whole history, in which what was ever committed can be found, the files the image was built
    /// from, the state of editors and test runners. None of it is needed where the image runs, all
    /// of it is pulled by every node, and every change to it makes a new layer.
    ///
    /// Compiled Python (`__pycache__`) speeds up the start, and folders such as `~/.cache` may hold
    /// a model or a browser that the service needs: they are let be. So are packages of others.
    ///
    /// ```image bad file=app
    /// # finds layer-1/app/.git: image `app` ships `app/.git`, a repository with its history
    /// # finds layer-1/app/Dockerfile: image `app` ships `app/Dockerfile`, what an image is built from
    /// # finds layer-1/app/src/.main.c.swp: image `app` ships `app/src/.main.c.swp`, what an editor left
    /// # finds layer-1/app/.pytest_cache: image `app` ships `app/.pytest_cache`, the cache of a tool
    /// layers:
    ///   - app/.git/: {}
    ///     app/.git/HEAD: "ref: refs/heads/main\n"
    ///     app/.git/modules/x/.git/: {}
    ///     app/Dockerfile: "FROM x\n"
    ///     app/.pytest_cache/v/lastfailed: {size: 4}
    ///     app/src/.main.c.swp: {size: 4}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - app/.git/: {}
    ///     app/node_modules/x/Dockerfile: "FROM x\n"
    ///     app/__pycache__/main.cpython-312.pyc: {size: 4}
    ///     root/.cache/huggingface/model: {size: 4}
    ///   - app/.wh..git: {}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-deletable-file",
        summary: "image ships a file that only its making needs",
        remedy: "Name the file in `.dockerignore`, or copy only what the service needs.",
        severity: Low,
        check: Check::Image(check),
        peers: &["dockle:DKL-LI-0003", "cis:4.3"],
        security: true,
        cwe: &[527],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/concepts/context/#dockerignore-files"],
    }
}

/// Names of folders, and what they are.
const FOLDERS: &[(&str, &[&str])] = &[
    ("a repository with its history", &[".git", ".hg", ".svn", ".bzr"]),
    ("what an editor left", &[".idea", ".vscode", ".vscode-server", ".fleet"]),
    (
        "the cache of a tool",
        &[
            ".pytest_cache",
            ".mypy_cache",
            ".ruff_cache",
            ".tox",
            ".nox",
            ".terraform",
            ".parcel-cache",
            ".nyc_output",
            ".sass-cache",
        ],
    ),
];

/// Names of files, `*` standing for any text, and what they are.
const FILES: &[(&str, &[&str])] = &[
    (
        "what an image is built from",
        &[
            "Dockerfile",
            "Dockerfile.*",
            "*.Dockerfile",
            "Containerfile",
            ".dockerignore",
            "docker-compose*.yml",
            "docker-compose*.yaml",
            "compose.yml",
            "compose.yaml",
        ],
    ),
    ("what an editor left", &[".*.swp", ".*.swo", "*~", ".#*", ".DS_Store", "Thumbs.db"]),
];

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for (layer, entry) in built.merged.entries() {
        let path = &*entry.path;
        let known = folders_above(path).any(|folder| folders.contains(folder));
        if known || is_of_others(path) {
            continue;
        }
        // The outermost folder counts, whether it has an entry of its own or not.
        let own = (entry.kind == EntryKind::Directory).then_some(path);
        let above = folders_above(path).chain(own);
        let folder = above.filter_map(|folder| Some((folder, folder_kind(folder)?)));
        let found = match folder.min_by_key(|(folder, _)| folder.len()) {
            Some((folder, what)) => {
                folders.insert(folder);
                Some((folder, what))
            }
            None if entry.kind == EntryKind::File => file_kind(entry.name()).map(|it| (path, it)),
            None => None,
        };
        if let Some((path, what)) = found {
            let message = format!("image `{}` ships `{path}`, {what}", built.name());
            built.report_path(out, layer, path, message);
        }
    }
}

fn folder_kind(folder: &str) -> Option<&'static str> {
    let name = name_of(folder);
    FOLDERS.iter().find(|(_, names)| names.contains(&name)).map(|(what, _)| *what)
}

fn file_kind(name: &str) -> Option<&'static str> {
    FILES
        .iter()
        .find(|(_, patterns)| patterns.iter().any(|pattern| fits(pattern, name)))
        .map(|(what, _)| *what)
}
