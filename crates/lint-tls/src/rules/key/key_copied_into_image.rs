use std::ops::Bound;

use std::collections::BTreeMap;

use careen_image_model::Word;
use careen_image_model::dockerfile::{Dockerfile, Keyword};
use careen_model::{Bundle, Context, File, Holder, PathClass, Snapshot};
use careen_rule::{Confidence, Severity, SnapshotSink, control, rule};
use careen_x509_model::Item;

use crate::Check;
use crate::names::Shown;
use crate::role::is_quoted;

rule! {
    /// Whoever can pull the image has the private key, and so does every registry, cache and
    /// scanner it passes through. A later `RUN rm` does not help: the layer that holds the file
    /// stays part of the image. And a key that is baked in is the same in every environment, and
    /// cannot be replaced without a build.
    ///
    /// Looked at are `COPY` and `ADD` of files, folders and patterns for which the repository has
    /// a private key, in the stages that end up in the image. `COPY . .` is let be, since what it
    /// takes is up to `.dockerignore`. It is fine for keys of tests.
    ///
    /// ```recipe
    /// leaf: {names: [shop.example.com]}
    /// ```
    /// ```pem bad file=web/tls/server.key
    /// ${leaf.key}
    /// ```
    /// ```dockerfile bad file=web/Dockerfile
    /// FROM nginx:1.29
    /// COPY tls/server.crt tls/server.key /etc/nginx/
    /// #                   ^^^^^^^^^^^^^^ `COPY` puts the private key in `web/tls/server.key` into the image
    /// ADD --chown=nginx ["./tls", "/etc/tls/"]
    /// #                  ^^^^^^^ `ADD` puts the private key in `web/tls/server.key` into the image
    /// COPY web/tls/*.key /etc/keys/
    /// #    ^^^^^^^^^^^^^ `COPY` puts the private key in `web/tls/server.key` into the image
    /// ```
    /// ```pem good file=web/tls/server.key
    /// ${leaf.key}
    /// ```
    /// ```dockerfile good file=web/Dockerfile
    /// FROM golang:1.25 AS build
    /// COPY tls /src/tls
    /// FROM nginx:1.29
    /// COPY . .
    /// COPY --from=build /src/tls/server.key /tmp/
    /// COPY tls/*.crt other/tls /etc/nginx/
    /// ```
    pub(crate) static RULE: Check = {
        id: "key-copied-into-image",
        summary: "private key is copied into an image",
        remedy: "Mount the key when the container starts, from a Secret or a secret store; for builds, use `RUN --mount=type=secret`; and replace the key.",
        severity: High,
        check: Check::Snapshot(check),
        peers: &["trivy:image-secret-scan"],
        security: true,
        cwe: &[312, 321],
        controls: &[control::SECRETS_NOT_IN_REPO, control::SECRETS_IN_VAULT],
        references: &["https://docs.docker.com/build/building/secrets/"],
    }
}

/// Folders above the Dockerfile that may be the context of the build.
const CONTEXTS: usize = 16;
/// Key files of one folder that a pattern is held against.
const CANDIDATES: usize = 1_000;

/// Files that hold private keys, by path.
type Keys<'a> = BTreeMap<&'a str, (&'a File, &'a Item)>;

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    if !snapshot.files().iter().any(|file| file.dockerfile.is_some()) {
        return;
    }
    let keys: Keys<'_> = snapshot
        .files()
        .iter()
        .filter(|file| !is_quoted(file, &Holder::File))
        .filter_map(|file| {
            let own = |bundle: &&Bundle| bundle.holder == Holder::File;
            let mut keys = file.bundles.iter().filter(own).flat_map(Bundle::private_keys);
            Some((file.source.path(), (file, keys.next()?.0)))
        })
        .collect();
    if keys.is_empty() {
        return;
    }
    for file in snapshot.files() {
        if let Some(dockerfile) = &file.dockerfile {
            check_dockerfile(file, dockerfile, &keys, out);
        }
    }
}

fn check_dockerfile(
    file: &File,
    dockerfile: &Dockerfile,
    keys: &Keys<'_>,
    out: &mut SnapshotSink<'_>,
) {
    let mut stage = dockerfile.final_stage();
    // A stage is built on an earlier one only, so this ends.
    while let Some(shipped) = stage {
        for instruction in dockerfile.instructions_of(shipped) {
            if !matches!(instruction.keyword, Keyword::Copy | Keyword::Add)
                || instruction.flags.iter().any(|flag| flag.name == "from")
            {
                continue;
            }
            let Some((_, sources)) = instruction.words().split_last() else { continue };
            for source in sources.iter().filter(|source| source.literal) {
                if let Some(found) = find(file, source, keys) {
                    tell(file, instruction.keyword, source, &found, out);
                }
            }
        }
        stage = dockerfile.base_stage(shipped);
    }
}

/// A private key that a source takes along.
struct Found<'a> {
    file: &'a File,
    item: &'a Item,
    /// Whether the source names this file and no more.
    exact: bool,
}

fn find<'a>(dockerfile: &File, source: &Word, keys: &Keys<'a>) -> Option<Found<'a>> {
    let name = source.text.trim_start_matches("./").trim_matches('/');
    if name.is_empty() || name == "." || name.split('/').any(|part| part == "..") {
        return None;
    }
    let path = dockerfile.source.path();
    let folders = path.rmatch_indices('/').map(|(at, _)| path.get(..=at).unwrap_or_default());
    folders.chain([""]).take(CONTEXTS).find_map(|context| {
        let wanted = format!("{context}{name}");
        if let Some(&(file, item)) = keys.get(wanted.as_str()) {
            return Some(Found { file, item, exact: true });
        }
        let pattern = name.contains(['*', '?']);
        let folder = if pattern {
            let fixed = wanted.find(['*', '?']).and_then(|at| wanted.get(..at)).unwrap_or_default();
            fixed.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
        } else {
            format!("{wanted}/")
        };
        let from = (Bound::Included(folder.as_str()), Bound::Unbounded);
        let below = keys.range::<str, _>(from).take_while(|(path, _)| path.starts_with(&folder));
        let mut taken = below
            .take(CANDIDATES)
            .filter(|(path, _)| !pattern || matches(wanted.as_bytes(), path.as_bytes()));
        taken.next().map(|(_, &(file, item))| Found { file, item, exact: false })
    })
}

/// Whether a pattern takes a path or a folder above it. `*` and `?` do not stand for a slash.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    // The last star, with how far the path was when it began to stand for something.
    let mut star: Option<(usize, usize)> = None;
    let (mut at, mut place) = (0, 0);
    loop {
        match (pattern.get(at), path.get(place)) {
            (None, None | Some(b'/')) => return true,
            (Some(b'*'), _) => {
                star = Some((at, place));
                at += 1;
            }
            (Some(b'?'), Some(byte)) if *byte != b'/' => (at, place) = (at + 1, place + 1),
            (Some(wanted), Some(byte)) if wanted == byte => (at, place) = (at + 1, place + 1),
            _ => match star {
                Some((begin, taken)) if path.get(taken).is_some_and(|byte| *byte != b'/') => {
                    star = Some((begin, taken + 1));
                    (at, place) = (begin + 1, taken + 1);
                }
                _ => return false,
            },
        }
    }
}

fn tell(
    file: &File,
    keyword: Keyword,
    source: &Word,
    found: &Found<'_>,
    out: &mut SnapshotSink<'_>,
) {
    let path = found.file.source.path();
    let message =
        format!("`{}` puts the private key in `{}` into the image", keyword.name(), Shown(path));
    let finding = out.report(&file.source, source.span, message);
    finding.related(&found.file.source, found.item.place, "the private key");
    if !found.exact {
        // `.dockerignore` may keep it out.
        finding.confidence(Confidence::Medium);
    }
    let encrypted =
        matches!(&found.item.content, careen_x509_model::Content::PrivateKey(key) if key.encrypted);
    if encrypted || found.file.class == PathClass::Test {
        finding.severity(Severity::Medium);
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_take_files_and_folders() {
        for (pattern, path, taken) in [
            ("tls/*.key", "tls/server.key", true),
            ("tls/*.key", "tls/a/server.key", false),
            ("tls/*", "tls/a/server.key", true),
            ("t?s/*.k*", "tls/server.key", true),
            ("*/server.key", "tls/server.key", true),
            ("*.crt", "server.key", false),
            ("*a*b*c", "xaxbxbxc", true),
            ("*a*b*c", "xaxbxbxd", false),
            ("tls", "tlsx", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), path.as_bytes()), taken, "{pattern} {path}");
        }
    }
}
