//! The corpora: folders of made files, the same on every machine, made once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::rng::Rng;
use super::{code, manifests};

/// Grows when what a generator makes changes, so that an old corpus is made anew.
const VERSION: u32 = 1;
/// Files in one folder.
const FAN_OUT: usize = 40;

/// A kind of corpus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Corpus {
    /// About 6,000 files, 60 MB of program text.
    Source,
    /// About 3,000 files, 20 MB of Kubernetes YAML.
    Manifests,
    /// 20,000 small files of all kinds.
    Mixed,
    /// A small repository for one staged file: 400 files.
    Small,
    /// 5,000 files with an object or a few each.
    FiveThousand,
    /// 120 files of custom resource definitions, 8 MB.
    Definitions,
}

impl Corpus {
    /// The folder's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Manifests => "manifests",
            Self::Mixed => "twenty-thousand",
            Self::Small => "staged",
            Self::FiveThousand => "five-thousand",
            Self::Definitions => "definitions",
        }
    }

    /// Makes the corpus below `bench` if it is not there, and tells where it is.
    pub(super) fn make(self, bench: &Path) -> Result<PathBuf> {
        let folder = bench.join(self.name());
        let stamp = bench.join(format!("{}.stamp", self.name()));
        let version = VERSION.to_string();
        if folder.is_dir() && fs::read_to_string(&stamp).is_ok_and(|made| made == version) {
            return Ok(folder);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        for index in 0..self.files() {
            let (name, text) = self.file(index);
            let path = folder.join(place(index)).join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
        // A repository of its own, so that no ignore file above has a say.
        if has_git() {
            git(&folder, &["init", "--quiet"])?;
        }
        fs::write(stamp, version)?;
        Ok(folder)
    }

    fn files(self) -> usize {
        match self {
            Self::Source => 6_000,
            Self::Manifests => 3_000,
            Self::Mixed => 20_000,
            Self::Small => 400,
            Self::FiveThousand => 5_000,
            Self::Definitions => 120,
        }
    }

    /// The file's name and text: a function of the corpus and the index.
    fn file(self, index: usize) -> (String, String) {
        let mut rng = Rng::new((index as u64) << 8 | self as u64);
        match self {
            Self::Source => {
                // From 1 KB to about 20 KB, as source files are: many small, few large.
                let bytes = 1_000 + rng.below(19_000) * (1 + rng.below(100)) / 100 * 2;
                code::file(&mut rng, index, bytes)
            }
            Self::Manifests => {
                let bytes = 1_000 + rng.below(11_600);
                manifests::file(&mut rng, index, bytes)
            }
            Self::FiveThousand => {
                let bytes = 1_000 + rng.below(3_000);
                manifests::file(&mut rng, index, bytes)
            }
            Self::Definitions => manifests::definitions(&mut rng, index, 64_000),
            Self::Mixed | Self::Small => {
                let bytes = 200 + rng.below(1_800);
                match rng.below(10) {
                    0 | 1 => manifests::file(&mut rng, index, bytes),
                    2 => (format!("notes_{index}.md"), code::prose(&mut rng, bytes)),
                    3 => (format!("Dockerfile.{index}"), code::dockerfile(&mut rng)),
                    _ => code::file(&mut rng, index, bytes),
                }
            }
        }
    }
}

/// The folder of the file: three levels, few files in each.
fn place(index: usize) -> PathBuf {
    let leaf = index / FAN_OUT;
    let top = ["services", "platform", "tools", "libraries"];
    let top = top.get(leaf % top.len()).copied().unwrap_or("services");
    Path::new(top).join(format!("part_{:02}", leaf / 4 % 24)).join(format!("unit_{leaf:03}"))
}

/// Whether there is a git to run.
pub(super) fn has_git() -> bool {
    let version = Command::new("git").arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Runs git, untouched by the user's configuration.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Result<()> {
    let status = Command::new("git")
        .args(["-c", "user.name=bench", "-c", "user.email=bench@example.invalid"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("git")?;
    if !status.success() {
        bail!("git {}: {status}", arguments.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Corpus, place};

    #[test]
    fn a_file_is_a_function_of_its_index() {
        for corpus in [Corpus::Source, Corpus::Manifests, Corpus::Mixed] {
            for index in [0, 1, 999] {
                assert_eq!(corpus.file(index), corpus.file(index));
                assert_ne!(corpus.file(index).1, corpus.file(index + 1).1);
            }
        }
        assert_ne!(place(0), place(40));
    }

    #[test]
    fn sizes_are_as_said() {
        let size = |corpus: Corpus| -> usize {
            (0..corpus.files()).step_by(20).map(|index| corpus.file(index).1.len() * 20).sum()
        };
        let source = size(Corpus::Source);
        assert!((50_000_000..70_000_000).contains(&source), "{source}");
        let manifests = size(Corpus::Manifests);
        assert!((17_000_000..24_000_000).contains(&manifests), "{manifests}");
    }

    #[test]
    fn every_file_can_be_made() {
        for corpus in [Corpus::Source, Corpus::Manifests, Corpus::Mixed, Corpus::Small] {
            let bytes: usize = (0..corpus.files()).map(|index| corpus.file(index).1.len()).sum();
            assert!(bytes > 100 * corpus.files());
        }
    }

    #[test]
    fn manifests_are_yaml() {
        use serde::Deserialize;
        for index in 0..60 {
            let (name, text) = Corpus::Manifests.file(index);
            for document in serde_yaml::Deserializer::from_str(&text) {
                let value = serde_yaml::Value::deserialize(document).unwrap();
                assert!(value.get("kind").is_some(), "{name}: {text}");
            }
        }
    }
}
