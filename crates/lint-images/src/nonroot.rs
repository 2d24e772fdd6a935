//! Base images that are known to run as a user other than root, or as root.

use careen_image_model::reference::{self, ImageRef};

/// What is known of the user an image runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BaseUser {
    /// The image sets a user other than root.
    NonRoot,
    /// The image is one of those that leave the user at root.
    Root,
    /// Nothing is known.
    Unknown,
    /// The text is no image reference: something fills it in.
    NoImage,
}

/// Repositories on Docker Hub whose images set a user of their own.
const HUB: [&str; 6] = [
    "nginxinc/nginx-unprivileged",
    "jenkins/jenkins",
    "jenkins/agent",
    "grafana/grafana",
    "selenium/standalone-chrome",
    "node-red/node-red",
];

/// Official images of Docker Hub that people build on and that run as root.
const OFFICIAL: [&str; 25] = [
    "alpine",
    "amazonlinux",
    "busybox",
    "centos",
    "debian",
    "eclipse-temurin",
    "fedora",
    "golang",
    "gradle",
    "httpd",
    "maven",
    "nginx",
    "node",
    "openjdk",
    "perl",
    "php",
    "python",
    "rockylinux",
    "almalinux",
    "ruby",
    "rust",
    "swift",
    "tomcat",
    "ubuntu",
    "caddy",
];

/// What is known of the user that the image `text` runs as.
pub(crate) fn of(text: &str) -> BaseUser {
    let Ok(image) = reference::parse(text) else { return BaseUser::NoImage };
    let repository = image.repository();
    let tag = image.tag().unwrap_or_default();
    if says_non_root(tag) || says_non_root(&repository) || tag.contains("chiseled") {
        return BaseUser::NonRoot;
    }
    match image.registry() {
        "cgr.dev" | "dhi.io" if !tag.ends_with("-dev") => BaseUser::NonRoot,
        "docker.io" => of_hub(&image),
        "gcr.io" if repository.starts_with("distroless/") => BaseUser::Root,
        "quay.io" if repository == "keycloak/keycloak" => BaseUser::NonRoot,
        "mcr.microsoft.com" if repository.starts_with("dotnet/") => BaseUser::Root,
        // Of Red Hat's images those of a language run as user 1001, those of a system as root.
        _ => BaseUser::Unknown,
    }
}

fn of_hub(image: &ImageRef) -> BaseUser {
    let repository = image.repository();
    if HUB.contains(&&*repository)
        || ["bitnami/", "bitnamilegacy/", "chainguard/"]
            .iter()
            .any(|owner| repository.starts_with(owner))
    {
        return BaseUser::NonRoot;
    }
    match repository.strip_prefix("library/") {
        Some(name) if OFFICIAL.contains(&name) => BaseUser::Root,
        _ => BaseUser::Unknown,
    }
}

fn says_non_root(text: &str) -> bool {
    ["nonroot", "non-root", "unprivileged", "rootless"].iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{BaseUser, of};

    #[test]
    fn known_images() {
        for text in [
            "gcr.io/distroless/static-debian12:nonroot",
            "cgr.dev/chainguard/node:latest",
            "nginxinc/nginx-unprivileged:1.27",
            "mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled",
            "bitnami/redis:7",
        ] {
            assert_eq!(of(text), BaseUser::NonRoot, "{text}");
        }
        for text in ["node:22", "docker.io/library/alpine", "gcr.io/distroless/base"] {
            assert_eq!(of(text), BaseUser::Root, "{text}");
        }
        for text in ["registry.example.com/base:1", "postgres:17"] {
            assert_eq!(of(text), BaseUser::Unknown, "{text}");
        }
        assert_eq!(of("BASEIMAGE"), BaseUser::NoImage);
    }
}
