//! Which distribution an image is built on, by the name of a well-known image.

use careen_image_model::reference::ImageRef;

/// What a reference tells of the system inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Distribution {
    /// The `ID`s that `os-release` may have.
    ids: &'static [&'static str],
    /// Leading numbers of the version that count; empty where the tag tells none.
    version: Vec<u32>,
}

/// Dates such as `20251117` stand in tags too.
const VERSION_MAX: u32 = 1_000;

/// The distribution of an image; none where its name does not settle it.
pub(crate) fn of(reference: &ImageRef) -> Option<Distribution> {
    let repository = reference.repository();
    let tag = reference.tag().unwrap_or_default();
    let (ids, numbers) = match reference.registry() {
        "public.ecr.aws" => of_official(repository.strip_prefix("docker/library/")?, tag)?,
        "docker.io" | "mirror.gcr.io" => of_official(repository.strip_prefix("library/")?, tag)?,
        "gcr.io" if repository.starts_with("distroless/") => (&["debian"][..], 0),
        "cgr.dev" if repository.starts_with("chainguard/") => (&["wolfi", "chainguard"][..], 0),
        "registry.access.redhat.com" | "registry.redhat.io" if repository.starts_with("ubi") => {
            (&["rhel"][..], 0)
        }
        _ => return None,
    };
    let parts = tag.split(['.', '-', '_']).map_while(|part| part.parse::<u32>().ok());
    let version: Vec<u32> = parts.take_while(|part| *part < VERSION_MAX).take(numbers).collect();
    Some(Distribution { ids, version })
}

/// The `ID`s of an official image, and how many numbers of its tag are the distribution's and stay
/// as they are when packages are upgraded.
fn of_official(name: &str, tag: &str) -> Option<(&'static [&'static str], usize)> {
    Some(match name {
        "almalinux" => (&["almalinux"], 1),
        "alpine" => (&["alpine"], 2),
        "amazonlinux" => (&["amzn"], 1),
        "archlinux" => (&["arch"], 0),
        "centos" => (&["centos"], 1),
        "debian" => (&["debian"], 1),
        "fedora" => (&["fedora"], 1),
        "oraclelinux" => (&["ol"], 1),
        "photon" => (&["photon"], 1),
        "rockylinux" => (&["rocky"], 1),
        "ubuntu" => (&["ubuntu"], 2),
        "golang" | "httpd" | "nginx" | "node" | "php" | "postgres" | "python" | "redis"
        | "ruby" | "rust"
            if tag.contains("-alpine") =>
        {
            (&["alpine"], 0)
        }
        "golang" | "node" | "php" | "python" | "ruby" | "rust"
            if ["-bookworm", "-bullseye", "-trixie", "-slim"].iter().any(|it| tag.contains(it)) =>
        {
            (&["debian"], 0)
        }
        _ => return None,
    })
}

impl Distribution {
    /// Whether `os-release` with that `ID` and `VERSION_ID` may be its.
    pub(crate) fn may_be(&self, id: &str, version: Option<&str>) -> bool {
        // Systems that do not say what they are say `linux`.
        if id == "linux" {
            return true;
        }
        let parts = version.unwrap_or_default().split('.').map_while(|part| part.parse().ok());
        let fits = self.version.iter().zip(parts).all(|(one, other): (&u32, u32)| *one == other);
        self.ids.contains(&id) && fits
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::reference;

    use super::of;

    #[test]
    fn names_settle_the_distribution() {
        let may_be = |text: &str, id: &str, version: &str| {
            let found = of(&reference::parse(text).unwrap());
            found.map(|it| it.may_be(id, Some(version)))
        };
        for (text, id, version, expected) in [
            ("debian:12-slim", "debian", "12", Some(true)),
            ("debian:12.11", "debian", "12", Some(true)),
            ("debian:bookworm-20251117", "debian", "12", Some(true)),
            ("debian:12", "debian", "13", Some(false)),
            ("debian:12", "alpine", "3.22.1", Some(false)),
            ("debian", "linux", "", Some(true)),
            ("alpine:3.22", "alpine", "3.22.1", Some(true)),
            ("alpine:3", "alpine", "3.22.1", Some(true)),
            ("alpine:20251117", "alpine", "3.23.0_alpha", Some(true)),
            ("alpine:3.20", "alpine", "3.22.1", Some(false)),
            ("rockylinux:9.3", "rocky", "9.6", Some(true)),
            ("public.ecr.aws/docker/library/ubuntu:24.04", "ubuntu", "24.04", Some(true)),
            ("node:24-alpine", "debian", "13", Some(false)),
            ("node:24", "debian", "13", None),
            ("registry.example.com/debian:12", "alpine", "3", None),
            ("gcr.io/distroless/static:nonroot", "debian", "12", Some(true)),
        ] {
            assert_eq!(may_be(text, id, version), expected, "{text} {id} {version}");
        }
    }
}
