use careen_image_model::dockerfile::{Dockerfile, Instruction, Keyword};
use careen_image_model::dockerignore::{Budget, Dockerignore};
use careen_image_model::{Word, dockerignore};
use careen_model::{Context, File, Snapshot};
use careen_rule::{Confidence, ObjectPath, SnapshotSink, rule};

use crate::Check;
use crate::subject::cut;

rule! {
    /// What `.dockerignore` leaves out is not there for `COPY`, `ADD` and bind mounts: the build
    /// stops, or goes on without the file where a wildcard stood for it.
    ///
    /// `Dockerfile.dockerignore` beside the Dockerfile counts for that Dockerfile wherever the
    /// build context is, since its patterns and the sources start from the same folder. Else
    /// `.dockerignore` of the Dockerfile's own folder is taken, which counts if that folder is the
    /// context: the finding is less certain then. Sources with wildcards or variables are not
    /// judged.
    ///
    /// ```text bad file=.dockerignore
    /// # what tests need
    /// *.log
    /// dist
    /// !dist/keep
    /// secret/**/key
    /// ```
    /// ```dockerfile bad file=Dockerfile
    /// FROM debian:13.2
    /// COPY build.log ./secret/a/key app/ /srv/
    /// #    ^^^^^^^^^ `COPY` of `build.log`, which `.dockerignore` leaves out by `*.log`
    /// COPY ["dist/other", "dist", "/srv/"]
    /// #      ^^^^^^^^^^ `COPY` of `dist/other`, which `.dockerignore` leaves out by `dist`
    /// RUN --mount=type=bind,source=secret/key,target=/key make
    /// #                            ^^^^^^^^^^ `RUN` of `secret/key`, which
    /// USER 1000
    /// ```
    /// ```text good file=.dockerignore
    /// *
    /// !src
    /// !dist/app.js
    /// ```
    /// ```dockerfile good file=Dockerfile
    /// FROM debian:13.2 AS build
    /// COPY src dist /srv/
    /// COPY . /srv/
    /// COPY $FILE *.txt /srv/
    /// ADD https://example.com/a.txt /srv/
    /// COPY <<EOF /srv/b
    /// EOF
    /// FROM debian:13.2
    /// COPY --from=build /out /srv/
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-copy-ignored-file",
        summary: "a file is copied that `.dockerignore` leaves out",
        remedy: "Take the file out of `.dockerignore`, or do not copy it.",
        severity: Medium,
        check: Check::Snapshot(check),
        confidence: Confidence::Medium,
        peers: &["buildx:CopyIgnoredFile"],
        references: &["https://docs.docker.com/reference/build-checks/copy-ignored-file/"],
    }
}

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    for file in snapshot.files() {
        let Some(dockerfile) = &file.dockerfile else { continue };
        if let Some((ignore, own)) = ignore_of(snapshot, file) {
            check_file(file, dockerfile, ignore, own, out);
        }
    }
}

/// The ignore file that counts for a Dockerfile, and whether it is for that one alone.
fn ignore_of<'a>(snapshot: &'a Snapshot, file: &File) -> Option<(&'a Dockerignore, bool)> {
    let path = file.source.path();
    let folder = path.rfind('/').and_then(|end| path.get(..=end)).unwrap_or_default();
    let find = |path: String| snapshot.file(&path).and_then(|file| file.ignore.as_ref());
    let own = [".dockerignore", ".containerignore"];
    let own = own.iter().find_map(|end| find(format!("{path}{end}")));
    // Podman prefers the name that is its own.
    let shared = || {
        let names = [".containerignore", ".dockerignore"];
        names.iter().find_map(|name| find(format!("{folder}{name}")))
    };
    own.map(|own| (own, true)).or_else(|| shared().map(|shared| (shared, false)))
}

fn check_file(
    file: &File,
    dockerfile: &Dockerfile,
    ignore: &Dockerignore,
    own: bool,
    out: &mut SnapshotSink<'_>,
) {
    let mut budget = Budget::default();
    for written in &dockerfile.instructions {
        // What `ONBUILD` triggers is copied from another context.
        if written.onbuild.is_some() {
            continue;
        }
        for source in sources(written) {
            let Some(pattern) = ignore.excludes(&source.text, &mut budget) else { continue };
            let name = ignore.source.path().rsplit('/').next().unwrap_or_default();
            let path = cut(&source.text);
            let keyword = written.keyword.name();
            let message = format!(
                "`{keyword}` of `{path}`, which `{name}` leaves out by `{}`",
                cut(&pattern.text)
            );
            let stage = written.stage.and_then(|stage| dockerfile.stages.get(stage)?.name.as_ref());
            let object = ObjectPath {
                kind: "Dockerfile".to_owned(),
                name: stage.map(|name| name.text.clone()).unwrap_or_default(),
                ..ObjectPath::default()
            };
            let finding = out.report(&file.source, source.content, message);
            finding.object(object).evidence(path).related(
                &ignore.source,
                pattern.span,
                "this pattern leaves it out",
            );
            if own {
                finding.confidence(Confidence::High);
            }
        }
    }
}

/// What an instruction takes from the build context, as far as it is a plain path.
fn sources(instruction: &Instruction) -> Vec<&Word> {
    let from = |flag: &str| instruction.flag(flag).is_some();
    let mut found: Vec<&Word> = match instruction.keyword {
        Keyword::Copy | Keyword::Add if !from("from") => {
            instruction.words().split_last().map_or(Vec::new(), |(_, rest)| rest.iter().collect())
        }
        Keyword::Run => {
            let mounts = instruction.flags("mount").filter(|mount| mount.field("from").is_none());
            let binds = mounts.filter(|mount| {
                mount.field("type").is_none_or(|kind| kind.is_ignoring_case("bind"))
            });
            binds.filter_map(|mount| mount.field("source").or_else(|| mount.field("src"))).collect()
        }
        _ => Vec::new(),
    };
    found.retain(|word| {
        let text = word.text.as_str();
        let remote = text.contains("://") || text.starts_with("git@");
        let plain = !text.contains(['*', '?', '[', '\\', '$', '%']) && !text.starts_with("<<");
        word.literal && plain && !remote && dockerignore::clean(text) != "."
    });
    found
}
