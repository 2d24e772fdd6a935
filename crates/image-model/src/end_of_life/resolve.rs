//! Which releases an image reference, or an os-release file, names.

use super::{Cycle, EndOfLife, Product};
use crate::ImageRef;

/// Words of a tag that are looked at.
const WORDS_MAX: usize = 16;

/// Registries that serve Docker Hub under another name.
const MIRRORS: &[&str] =
    &["registry.hub.docker.com", "registry-1.docker.io", "mirror.gcr.io", "docker.io"];

/// Namespaces of Docker Hub with the official images of one architecture each.
const ARCHITECTURES: &[&str] = &[
    "amd64", "arm32v5", "arm32v6", "arm32v7", "arm64v8", "i386", "mips64le", "ppc64le", "riscv64",
    "s390x",
];

/// Whose tags name the distribution below, by the custom of the official images.
const TELLING: &[&str] = &[
    "docker.io/library/",
    "docker.io/bitnami/",
    "docker.io/bitnamilegacy/",
    "docker.io/nvidia/cuda",
    "mcr.microsoft.com/dotnet/",
    "mcr.microsoft.com/devcontainers/",
    "mcr.microsoft.com/vscode/devcontainers/",
    "mcr.microsoft.com/playwright",
];

/// Whose repositories name it.
const TELLING_BY_NAME: &[&str] = &["gcr.io/distroless/"];

impl EndOfLife {
    /// The releases in an image, as its reference tells them: the runtime first, then the
    /// distribution below it. `python:3.8-slim-bullseye` has Python 3.8 and Debian 11. A tag that
    /// moves from release to release (`latest`, `python:3`) tells nothing, nor does none.
    #[must_use]
    pub fn of_reference(&self, reference: &ImageRef) -> Vec<Cycle<'_>> {
        let name = canonical_name(reference);
        let tag = reference.tag().unwrap_or_default().to_ascii_lowercase();
        let words: Vec<&str> = tag.split('-').take(WORDS_MAX).collect();
        let mut cycles = Vec::new();
        let mut is_distribution = false;
        let holds = self.holds(&name);
        for (index, fixed) in holds {
            let Some(product) = self.products.get(*index) else { continue };
            is_distribution |= product.distribution;
            let cycle = match fixed {
                Some(version) => product.release(version).map(|release| product.cycle(release)),
                None => product.of_word(words.first().copied().unwrap_or_default()),
            };
            cycles.extend(cycle);
        }
        if is_distribution {
            return cycles;
        }
        if let Some(last) = name.rsplit('/').next()
            && TELLING_BY_NAME.iter().any(|path| name.starts_with(path))
        {
            let words: Vec<&str> = last.split('-').take(WORDS_MAX).collect();
            cycles.extend(self.distribution(&words));
        } else if !holds.is_empty() || TELLING.iter().any(|path| name.starts_with(path)) {
            cycles.extend(self.distribution(&words));
        }
        cycles
    }

    /// The release of a distribution by `ID` and `VERSION_ID` of its os-release file. Where two
    /// products share an id, the one that lasts longer.
    #[must_use]
    pub fn of_os(&self, id: &str, version_id: &str) -> Option<Cycle<'_>> {
        let products = self.systems.get(id)?.iter().filter_map(|index| self.products.get(*index));
        let cycles = products.filter_map(|product| {
            if product.rolling {
                return Some(product.rolling());
            }
            Some(product.cycle(product.release(version_id)?))
        });
        cycles.max_by_key(|cycle| cycle.eol.unwrap_or(i64::MAX))
    }

    /// The products in a repository.
    fn holds(&self, name: &str) -> &[(usize, Option<String>)] {
        if let Some(products) = self.images.get(name) {
            return products;
        }
        let mut path = name;
        while let Some((above, _)) = path.rsplit_once('/') {
            if let Some(products) = self.images.get(&format!("{above}/*")) {
                return products;
            }
            path = above;
        }
        &[]
    }

    /// The distribution that words of a tag name: `bullseye`, `alpine3.17`, `debian` and `11`.
    fn distribution(&self, words: &[&str]) -> Option<Cycle<'_>> {
        let distributions = || self.products.iter().filter(|product| product.distribution);
        words.iter().enumerate().find_map(|(at, word)| {
            distributions().find_map(|product| {
                if let Some(cycle) = product.of_alias(word).or_else(|| product.of_compound(word)) {
                    return Some(cycle);
                }
                let named = product.words.iter().any(|own| own == word);
                let version = words.get(at + 1).filter(|_| named)?;
                Some(product.cycle(product.release(version_of(version)?)?))
            })
        })
    }
}

impl Product {
    /// The release that the first word of the product's own tags names.
    fn of_word(&self, word: &str) -> Option<Cycle<'_>> {
        if self.rolling {
            return Some(self.rolling());
        }
        let plain = word.strip_prefix('v').unwrap_or(word);
        let by_version = version_of(plain).and_then(|version| self.release(version));
        let exact = self.releases.iter().find(|release| release.name == word);
        let cycle = exact.or(by_version).map(|release| self.cycle(release));
        cycle.or_else(|| self.of_alias(word)).or_else(|| self.of_compound(word))
    }

    /// The release with a code name.
    fn of_alias(&self, word: &str) -> Option<Cycle<'_>> {
        let is_name = word.starts_with(|first: char| first.is_ascii_lowercase());
        let mut releases = self.releases.iter().filter(|_| is_name);
        let release = releases.find(|release| release.aliases.iter().any(|alias| alias == word));
        release.map(|release| self.cycle(release))
    }

    /// The release that stands right behind the product's name: `alpine3.17`.
    fn of_compound(&self, word: &str) -> Option<Cycle<'_>> {
        let versions = self.words.iter().filter_map(|own| word.strip_prefix(own.as_str()));
        let mut versions = versions.filter_map(version_of);
        let release = versions.find_map(|version| self.release(version))?;
        Some(self.cycle(release))
    }
}

/// The number that a word begins with: `8` of `8u302`, `17.0.9` of `17.0.9_9`.
fn version_of(word: &str) -> Option<&str> {
    let end = word.find(|one: char| !one.is_ascii_digit() && one != '.').unwrap_or(word.len());
    let version = word.get(..end)?.trim_end_matches('.');
    version.starts_with(|first: char| first.is_ascii_digit()).then_some(version)
}

/// Registry and repository, mirrors of Docker Hub and its copies by architecture resolved:
/// `docker.io/library/debian` for `public.ecr.aws/docker/library/debian`.
#[must_use]
pub fn canonical_name(reference: &ImageRef) -> String {
    let repository = reference.repository();
    let mut registry = reference.registry();
    let mut path: &str = &repository;
    if registry == "public.ecr.aws"
        && let Some(rest) = path.strip_prefix("docker/")
    {
        (registry, path) = ("docker.io", rest);
    }
    if MIRRORS.contains(&registry) {
        registry = "docker.io";
        if let Some((namespace, image)) = path.split_once('/')
            && ARCHITECTURES.contains(&namespace)
        {
            return format!("docker.io/library/{image}");
        }
        if !path.contains('/') {
            return format!("docker.io/library/{path}");
        }
    }
    format!("{registry}/{path}")
}
