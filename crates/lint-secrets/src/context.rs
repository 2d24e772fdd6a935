//! What the place of a text says about the values in it.

use careen_model::{File, FileKind, PathClass};

/// What kind of file a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileClass {
    /// A programming language: a literal is quoted.
    Source,
    /// Configuration and scripts: a literal may stand bare.
    Config,
    /// Prose with examples.
    Docs,
    /// Generated lists of packages and their hashes.
    Lock,
}

/// What is known about a text before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// The kind of file.
    pub(crate) class: FileClass,
    /// Whether the file is a test or a fixture: less likely to be deployed.
    pub(crate) fixture: bool,
    /// The moment of judgement, in Unix seconds: some tokens are over by then.
    pub(crate) now: i64,
}

/// Languages in which a literal is quoted, among the files whose kind does not say so.
const QUOTING: &[&str] = &[
    "tf",
    "tfvars",
    "hcl",
    "html",
    "htm",
    "svg",
    "csv",
    "tsv",
    "cue",
    "rego",
    "jsonnet",
    "libsonnet",
    "bicep",
    "graphql",
    "elm",
    "vb",
    "fs",
    "ipynb",
    // The code that a source map holds.
    "map",
];
/// Files of packages that hold their description.
const DESCRIPTIONS: &[&str] = &["METADATA", "PKG-INFO"];
/// Prose, among the files whose kind does not say so.
const PROSE: &[&str] = &["markdown", "mdx", "asciidoc", "tex", "org", "1", "5", "8"];

impl Context {
    /// The context of a file at a moment in Unix seconds.
    pub(crate) fn of(file: &File, now: i64) -> Self {
        let fixture =
            matches!(file.class, PathClass::Test | PathClass::Example | PathClass::Documentation);
        Self { class: FileClass::of(file.kind, file.source.path()), fixture, now }
    }
}

impl FileClass {
    fn of(kind: FileKind, path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_in = |list: &[&str]| list.iter().any(|each| each.eq_ignore_ascii_case(extension));
        match kind {
            FileKind::Code => Self::Source,
            FileKind::Lock => Self::Lock,
            FileKind::Prose if matches!(name, "requirements.txt" | "robots.txt") => Self::Config,
            FileKind::Json | FileKind::Ini | FileKind::Prose | FileKind::Other
                if is_in(QUOTING) =>
            {
                Self::Source
            }
            FileKind::Prose => Self::Docs,
            FileKind::Other if is_in(PROSE) || DESCRIPTIONS.contains(&name) => Self::Docs,
            _ => Self::Config,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Context, FileClass};
    use careen_model::parse;
    use careen_text::Source;

    #[test]
    fn paths_tell_the_class() {
        let of = |path: &str| Context::of(&parse(Source::new(path, ""), path), 0);
        assert_eq!(of("src/main.go"), Context { class: FileClass::Source, fixture: false, now: 0 });
        assert_eq!(
            of("pkg/auth_test.go"),
            Context { class: FileClass::Source, fixture: true, now: 0 }
        );
        assert_eq!(of("deploy/.env"), Context { class: FileClass::Config, fixture: false, now: 0 });
        assert_eq!(of("Dockerfile").class, FileClass::Config);
        assert_eq!(of("main.tf").class, FileClass::Source);
        assert_eq!(of("settings.conf").class, FileClass::Config);
        assert_eq!(of("web/package-lock.json").class, FileClass::Lock);
        assert_eq!(of("requirements.txt").class, FileClass::Config);
        assert_eq!(of("man/tool.8").class, FileClass::Docs);
        assert_eq!(
            of("examples/README.md"),
            Context { class: FileClass::Docs, fixture: true, now: 0 }
        );
    }
}
