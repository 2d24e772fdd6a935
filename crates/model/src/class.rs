/// What a path says about the role of a file. Findings outside production are milder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathClass {
    /// Nothing says otherwise.
    Production,
    /// Tests and their data.
    Test,
    /// Examples, samples, demonstrations.
    Example,
    /// Documentation.
    Documentation,
    /// Code of others, kept in the repository.
    Vendored,
    /// Made by a program: lock files, minified files.
    Generated,
}

impl PathClass {
    /// How many levels milder a finding is here than in production.
    #[must_use]
    pub const fn severity_steps(self) -> usize {
        match self {
            Self::Production => 0,
            Self::Example | Self::Documentation | Self::Vendored | Self::Generated => 1,
            Self::Test => 2,
        }
    }
}

impl PathClass {
    /// Why a finding is milder here, as the end of a sentence.
    #[must_use]
    pub const fn why_milder(self) -> Option<&'static str> {
        match self {
            Self::Production => None,
            Self::Test => Some("by its path the file is a test or its data"),
            Self::Example => Some("by its path the file is an example"),
            Self::Documentation => Some("by its path the file is documentation"),
            Self::Vendored => Some("by its path the file is code of others"),
            Self::Generated => Some("by its name the file is made by a program"),
        }
    }
}

/// Classifies a `/`-separated path, relative to the folder the user asked to check.
#[must_use]
pub fn path_class(path: &str) -> PathClass {
    let lower = path.to_ascii_lowercase();
    let mut segments = lower.split('/').rev();
    let name = segments.next().unwrap_or_default();
    for segment in segments {
        match segment {
            "vendor" | "third_party" | "third-party" | "thirdparty" | "node_modules"
            | "site-packages" => return PathClass::Vendored,
            "test" | "tests" | "testdata" | "test-data" | "test_data" | "testing" | "__tests__"
            | "spec" | "specs" | "fixture" | "fixtures" | "e2e" | "mock" | "mocks"
            | "__fixtures__" | "__mocks__" | "test-fixtures" | "conformance" | "molecule"
            | "bench" | "benches" | "testutil" | "testutils" | "testcerts" => {
                return PathClass::Test;
            }
            "example" | "examples" | "sample" | "samples" | "demo" | "demos" | "tutorial"
            | "tutorials" | "quickstart" => return PathClass::Example,
            "doc" | "docs" | "documentation" | "website" => return PathClass::Documentation,
            _ if segment.ends_with("_tests") || segment.ends_with("-tests") => {
                return PathClass::Test;
            }
            _ => {}
        }
    }
    let stem = name.split('.').next().unwrap_or_default();
    if is_lock_file(name) || name.contains(".min.") || name.ends_with(".pb.go") {
        PathClass::Generated
    } else if stem.ends_with("_test")
        || stem.ends_with("_tests")
        || stem.starts_with("test_")
        || name.contains(".test.")
        || name.contains(".spec.")
    {
        PathClass::Test
    } else if stem.ends_with("example")
        || [".example", ".sample"].iter().any(|end| name.ends_with(end))
        || [".example.", ".examples.", ".sample."].iter().any(|part| name.contains(part))
    {
        PathClass::Example
    } else {
        PathClass::Production
    }
}

fn is_lock_file(name: &str) -> bool {
    name.ends_with(".lock")
        || name.ends_with(".sum")
        || matches!(
            name,
            // The files of a Python wheel with their hashes.
            "RECORD"
                | "SHA1SUMS"
                | "SHA256SUMS"
                | "SHA512SUMS"
                | "checksums.txt"
                | "package-lock.json"
                | "npm-shrinkwrap.json"
                | "pnpm-lock.yaml"
                | "packages.lock.json"
                | ".terraform.lock.hcl"
        )
}

/// What a file is written in, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
    /// TOML.
    Toml,
    /// INI, `.conf`, `.properties` and the like: `key = value` lines.
    Ini,
    /// `.env` files: `KEY=value` lines.
    Env,
    /// Dockerfile or Containerfile.
    Dockerfile,
    /// Shell script.
    Shell,
    /// Source code in which literals are quoted.
    Code,
    /// Prose: Markdown, plain text, HTML.
    Prose,
    /// Lock files and checksums.
    Lock,
    /// Certificates and keys.
    Pem,
    /// A template of any of these.
    Template,
    /// Anything else.
    Other,
}

/// Tells a file's kind by its name.
#[must_use]
pub fn file_kind(path: &str) -> FileKind {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    if is_lock_file(&name) {
        return FileKind::Lock;
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    if matches!(
        extension,
        "j2" | "jinja" | "jinja2" | "tpl" | "tmpl" | "gotmpl" | "erb" | "mustache"
    ) {
        return FileKind::Template;
    }
    let by_extension = of_extension(extension);
    let docker = |name: &str| name == "dockerfile" || name == "containerfile";
    let stage_or_flavour = by_extension == FileKind::Other && !is_ignore_file(&name);
    if docker(&name)
        || docker(extension)
        || (stage_or_flavour && docker(name.split('.').next().unwrap_or_default()))
    {
        return FileKind::Dockerfile;
    }
    if name == ".env" || name.starts_with(".env.") || extension == "env" || stem == ".env" {
        return FileKind::Env;
    }
    match name.as_str() {
        "kustomization" => FileKind::Yaml,
        "makefile" | "gnumakefile" | "jenkinsfile" | "vagrantfile" | "rakefile" | "gemfile" => {
            FileKind::Code
        }
        _ => by_extension,
    }
}

/// Whether a file says by its name what a build leaves out of its context.
pub(crate) fn is_ignore_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    [".dockerignore", ".containerignore"].iter().any(|end| name.ends_with(end))
}

fn of_extension(extension: &str) -> FileKind {
    match extension {
        "yaml" | "yml" | "kubeconfig" => FileKind::Yaml,
        "json" | "json5" | "jsonc" | "tfstate" | "ipynb" | "webmanifest" => FileKind::Json,
        "toml" => FileKind::Toml,
        "ini" | "cfg" | "conf" | "cnf" | "properties" | "npmrc" | "pypirc" | "netrc" | "pgpass"
        | "tfvars" | "hcl" | "tf" | "service" => FileKind::Ini,
        "sh" | "bash" | "zsh" | "fish" | "ksh" => FileKind::Shell,
        "pem" | "crt" | "cer" | "cert" | "key" | "csr" | "crl" | "ca-bundle" | "p8" => {
            FileKind::Pem
        }
        "md" | "txt" | "rst" | "adoc" | "html" | "htm" | "svg" => FileKind::Prose,
        "rs" | "go" | "py" | "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "java" | "kt"
        | "kts" | "scala" | "c" | "h" | "cc" | "cpp" | "hpp" | "cs" | "rb" | "php" | "pl"
        | "pm" | "lua" | "swift" | "m" | "mm" | "dart" | "ex" | "exs" | "erl" | "clj"
        | "groovy" | "gradle" | "sql" | "r" | "jl" | "hs" | "ml" | "vue" | "svelte" | "ps1"
        | "psm1" | "proto" | "css" | "scss" | "less" | "s" | "asm" | "v" | "zig" | "nim" => {
            FileKind::Code
        }
        _ => FileKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::{FileKind, PathClass, file_kind, path_class};

    #[test]
    fn paths_tell_roles() {
        assert_eq!(path_class("deploy/web.yaml"), PathClass::Production);
        assert_eq!(path_class("pkg/testdata/a.yaml"), PathClass::Test);
        assert_eq!(path_class("src/server_test.go"), PathClass::Test);
        assert_eq!(path_class("examples/a/b.yaml"), PathClass::Example);
        assert_eq!(path_class("vendor/x/test/a.go"), PathClass::Test);
        assert_eq!(path_class("vendor/x/a.go"), PathClass::Vendored);
        assert_eq!(path_class(".env.example"), PathClass::Example);
        assert_eq!(path_class("api/iam.examples.json"), PathClass::Example);
        assert_eq!(path_class("roles/a/molecule/default/x.yml"), PathClass::Test);
        assert_eq!(path_class("benches/a.rs"), PathClass::Test);
        assert_eq!(path_class("Cargo.lock"), PathClass::Generated);
        assert_eq!(path_class("latest/web.yaml"), PathClass::Production);
    }

    #[test]
    fn names_tell_kinds() {
        for (name, kind) in [
            ("a/Dockerfile", FileKind::Dockerfile),
            ("Dockerfile.prod", FileKind::Dockerfile),
            ("api.Dockerfile", FileKind::Dockerfile),
            ("Containerfile", FileKind::Dockerfile),
            ("Dockerfile.alpine", FileKind::Dockerfile),
            ("Dockerfile.md", FileKind::Prose),
            ("dockerfile.go", FileKind::Code),
            ("dockerfile.json", FileKind::Json),
            ("Dockerfile.j2", FileKind::Template),
            (".dockerignore", FileKind::Other),
            ("Dockerfile.dockerignore", FileKind::Other),
            (".env", FileKind::Env),
            (".env.production", FileKind::Env),
            ("web.yml", FileKind::Yaml),
            ("tls.crt", FileKind::Pem),
            ("Cargo.lock", FileKind::Lock),
            ("main.rs", FileKind::Code),
            ("README", FileKind::Other),
        ] {
            assert_eq!(file_kind(name), kind, "{name}");
        }
    }
}
