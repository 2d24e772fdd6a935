//! Images that many Dockerfiles start from, by what they are for.

use careen_image_model::ImageRef;
use careen_image_model::end_of_life::canonical_name;

/// A repository that its owner gave up, and what took its place.
pub(crate) struct Deprecated {
    name: &'static str,
    /// What to use, as the end of a sentence.
    pub(crate) instead: &'static str,
}

/// A name that ends with a slash stands for all below it.
const DEPRECATED: &[Deprecated] = &[
    gone("docker.io/adoptopenjdk/", "`eclipse-temurin`"),
    gone("docker.io/bitnamilegacy/", "an image that is still renewed"),
    gone("docker.io/circleci/", "the images of `cimg`"),
    gone("docker.io/jboss/keycloak", "`quay.io/keycloak/keycloak`"),
    gone("docker.io/jboss/wildfly", "`quay.io/wildfly/wildfly`"),
    gone("docker.io/jenkinsci/jenkins", "`jenkins/jenkins`"),
    gone("docker.io/library/adoptopenjdk", "`eclipse-temurin`"),
    gone("docker.io/library/celery", "an image of your own"),
    gone(
        "docker.io/library/centos",
        "`almalinux`, `rockylinux/rockylinux` or `quay.io/centos/centos`",
    ),
    gone("docker.io/library/consul", "`hashicorp/consul`"),
    gone("docker.io/library/django", "`python`"),
    gone("docker.io/library/iojs", "`node`"),
    gone("docker.io/library/java", "`eclipse-temurin`"),
    gone("docker.io/library/jenkins", "`jenkins/jenkins`"),
    gone("docker.io/library/nats-streaming", "`nats`"),
    gone("docker.io/library/openjdk", "`eclipse-temurin` or the build of another vendor"),
    gone("docker.io/library/opensuse", "`opensuse/leap`"),
    gone("docker.io/library/piwik", "`matomo`"),
    gone("docker.io/library/rails", "`ruby`"),
    gone("docker.io/library/swarm", "the swarm mode of the Docker engine"),
    gone("docker.io/library/ubuntu-debootstrap", "`ubuntu`"),
    gone("docker.io/library/ubuntu-upstart", "`ubuntu`"),
    gone("docker.io/library/vault", "`hashicorp/vault`"),
    gone("docker.io/microsoft/aspnetcore", "`mcr.microsoft.com/dotnet/aspnet`"),
    gone("docker.io/microsoft/aspnetcore-build", "`mcr.microsoft.com/dotnet/sdk`"),
    gone("docker.io/microsoft/dotnet", "`mcr.microsoft.com/dotnet/runtime`"),
    gone("gcr.io/kaniko-project/", "BuildKit or Buildah"),
    gone("mcr.microsoft.com/dotnet/core/", "the repositories of `mcr.microsoft.com/dotnet`"),
];

const fn gone(name: &'static str, instead: &'static str) -> Deprecated {
    Deprecated { name, instead }
}

/// What is known of a repository that its owner gave up.
pub(crate) fn deprecated(reference: &ImageRef) -> Option<&'static Deprecated> {
    let name = canonical_name(reference);
    DEPRECATED.iter().find(|known| {
        name == known.name || (known.name.ends_with('/') && name.starts_with(known.name))
    })
}

/// Images of compilers and build tools, without what they are not: the name of the last part of
/// an official image.
const TOOLCHAINS: &[&str] =
    &["clojure", "dart", "gcc", "golang", "gradle", "haskell", "maven", "rust", "sbt", "swift"];

/// The compiler or build tool that an image is made of. Its small variants are for running.
pub(crate) fn toolchain(reference: &ImageRef) -> Option<&'static str> {
    let name = canonical_name(reference);
    let official = name.strip_prefix("docker.io/library/")?;
    let tag = reference.tag().unwrap_or_default();
    // The slim variant of Swift has the libraries and no compiler.
    let runs_only = official == "swift" && tag.contains("slim");
    TOOLCHAINS.iter().copied().find(|known| *known == official && !runs_only)
}

/// What makes an image one for development: the variant, and what is for production.
pub(crate) fn development(reference: &ImageRef) -> Option<(&'static str, &'static str)> {
    let name = canonical_name(reference);
    let tag = reference.tag().unwrap_or_default();
    let has = |word: &str| tag.split(['-', '_']).any(|part| part == word);
    if name.starts_with("gcr.io/distroless/") && has("debug") {
        Some(("has a shell for debugging", "the same image without `debug`"))
    } else if name.starts_with("cgr.dev/") && (tag == "dev" || tag.ends_with("-dev")) {
        Some(("has a shell and a package manager", "the same image without `-dev`"))
    } else if matches!(
        name.as_str(),
        "mcr.microsoft.com/dotnet/sdk" | "mcr.microsoft.com/dotnet/core/sdk"
    ) {
        Some(("is a development kit", "`mcr.microsoft.com/dotnet/aspnet` or `runtime`"))
    } else if name == "docker.io/nvidia/cuda" && has("devel") {
        Some(("has the compiler and headers", "the `runtime` or `base` variant"))
    } else if matches!(
        name.as_str(),
        "docker.io/library/eclipse-temurin" | "docker.io/library/ibm-semeru-runtimes"
    ) && has("jdk")
    {
        Some(("is a development kit", "the `jre` variant"))
    } else {
        None
    }
}

/// Whether an image is known to be a full distribution or the full variant of a runtime: with a
/// shell, a package manager and much that a service does not need.
pub(crate) fn is_full(reference: &ImageRef) -> bool {
    /// What the tags, or the last parts of the names, of smaller images have.
    const SMALL: &[&str] = &[
        "alpine",
        "busybox",
        "chiseled",
        "distroless",
        "micro",
        "minimal",
        "nano",
        "slim",
        "static",
        "tiny",
    ];
    const FULL: &[&str] = &[
        "almalinux",
        "amazonlinux",
        "archlinux",
        "centos",
        "debian",
        "fedora",
        "golang",
        "node",
        "openjdk",
        "oraclelinux",
        "perl",
        "pypy",
        "python",
        "rockylinux",
        "ruby",
        "rust",
        "ubuntu",
    ];
    const FULL_ELSEWHERE: &[&str] = &[
        "docker.io/opensuse/leap",
        "docker.io/opensuse/tumbleweed",
        "docker.io/redhat/ubi8",
        "docker.io/redhat/ubi9",
        "docker.io/rockylinux/rockylinux",
        "public.ecr.aws/amazonlinux/amazonlinux",
        "quay.io/centos/centos",
        "quay.io/fedora/fedora",
        "registry.access.redhat.com/ubi8",
        "registry.access.redhat.com/ubi8/ubi",
        "registry.access.redhat.com/ubi9",
        "registry.access.redhat.com/ubi9/ubi",
        "registry.access.redhat.com/ubi10",
        "registry.access.redhat.com/ubi10/ubi",
    ];
    let name = canonical_name(reference);
    let tag = reference.tag().unwrap_or_default();
    let is_full = match name.strip_prefix("docker.io/library/") {
        Some(official) => FULL.contains(&official),
        None => FULL_ELSEWHERE.contains(&name.as_str()),
    };
    is_full && !SMALL.iter().any(|word| tag.contains(word))
}

#[cfg(test)]
mod tests {
    use careen_image_model::reference::parse;

    use super::{DEPRECATED, TOOLCHAINS, deprecated, development, is_full, toolchain};

    #[test]
    fn repositories_are_told_apart() {
        let is_gone = |text: &str| deprecated(&parse(text).unwrap()).is_some();
        for text in ["openjdk", "docker.io/library/centos:7", "circleci/node:14", "arm64v8/openjdk"]
        {
            assert!(is_gone(text), "{text}");
        }
        for text in ["acme/openjdk", "circleci", "centos/python", "quay.io/centos/centos:stream9"] {
            assert!(!is_gone(text), "{text}");
        }
        let known: Vec<_> = DEPRECATED.iter().map(|one| one.name).collect();
        assert!(known.is_sorted() && TOOLCHAINS.is_sorted());
    }

    #[test]
    fn variants_are_told_apart() {
        let parsed = |text: &str| parse(text).unwrap();
        for (text, dev, tool, full) in [
            ("eclipse-temurin:21-jdk-noble", true, false, false),
            ("eclipse-temurin:21-jre", false, false, false),
            ("eclipse-temurin:21", false, false, false),
            ("cgr.dev/chainguard/python:latest-dev", true, false, false),
            ("cgr.dev/chainguard/python:latest", false, false, false),
            ("nvidia/cuda:12.4.1-devel-ubuntu22.04", true, false, false),
            ("gcr.io/distroless/base:debug", true, false, false),
            ("golang:1.27-alpine", false, true, false),
            ("golang:1.27", false, true, true),
            ("swift:6.2-slim", false, false, false),
            ("swift:6.2", false, true, false),
            ("debian:trixie", false, false, true),
            ("debian:trixie-slim", false, false, false),
            ("registry.access.redhat.com/ubi9/ubi-minimal:9.6", false, false, false),
            ("registry.access.redhat.com/ubi9/ubi:9.6", false, false, true),
            ("acme/golang:1-debug", false, false, false),
        ] {
            let image = parsed(text);
            assert_eq!(development(&image).is_some(), dev, "{text}");
            assert_eq!(toolchain(&image).is_some(), tool, "{text}");
            assert_eq!(is_full(&image), full, "{text}");
        }
    }
}
