//! Where the repository is, what files it holds, which packages it has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The root of the repository.
pub(crate) struct Workspace {
    root: PathBuf,
}

/// A package of the workspace with its dependencies on other packages of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its manifest, relative to the root.
    pub(crate) manifest: String,
    /// Internal dependencies of the `[dependencies]` table, sorted.
    pub(crate) dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<MetadataDependency>,
}

#[derive(Deserialize)]
struct MetadataDependency {
    name: String,
    kind: Option<String>,
    path: Option<PathBuf>,
}

impl Workspace {
    /// The workspace this tool was built in.
    pub(crate) fn find() -> Result<Self> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().context("xtask stands below the root of the workspace")?;
        if !root.join("Cargo.toml").is_file() {
            bail!("no workspace at {}: was the repository moved after the build?", root.display());
        }
        Ok(Self { root: root.to_owned() })
    }

    /// The absolute path of a path relative to the root.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file, or nothing if there is no such file.
    pub(crate) fn text(&self, relative: &str) -> Result<Option<String>> {
        match fs::read_to_string(self.path(relative)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| relative.to_owned()),
        }
    }

    /// The files below a folder as sorted paths relative to the root; none if there is no folder.
    pub(crate) fn files(&self, folder: &str) -> Result<Vec<String>> {
        let mut files = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for (name, is_folder) in self.entries(&folder)? {
                let path = format!("{folder}/{name}");
                if !is_folder {
                    files.push(path);
                } else if name != "target" && name != ".git" {
                    open.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// The names in a folder, sorted, and whether each is a folder; none if there is no folder.
    /// Symbolic links count as files.
    pub(crate) fn entries(&self, folder: &str) -> Result<Vec<(String, bool)>> {
        let path = self.path(folder);
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(path).with_context(|| folder.to_owned())? {
            let entry = entry?;
            let is_folder = entry.file_type()?.is_dir();
            entries.push((entry.file_name().to_string_lossy().into_owned(), is_folder));
        }
        entries.sort();
        Ok(entries)
    }

    /// The packages, as `cargo metadata` tells them.
    pub(crate) fn packages(&self) -> Result<Vec<Package>> {
        let output = Command::new(cargo())
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .current_dir(&self.root)
            .output()
            .context("cargo metadata")?;
        if !output.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        packages(&output.stdout, &self.root)
    }
}

/// The cargo that runs us.
pub(crate) fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn packages(json: &[u8], root: &Path) -> Result<Vec<Package>> {
    let metadata: Metadata = serde_json::from_slice(json).context("cargo metadata")?;
    let mut packages: Vec<_> = metadata
        .packages
        .into_iter()
        .map(|package| {
            let manifest = package.manifest_path.strip_prefix(root);
            let manifest = manifest.unwrap_or(&package.manifest_path).to_string_lossy().into();
            let mut dependencies: Vec<_> = package
                .dependencies
                .into_iter()
                .filter(|dependency| dependency.path.is_some() && dependency.kind.is_none())
                .map(|dependency| dependency.name)
                .collect();
            dependencies.sort();
            dependencies.dedup();
            Package { name: package.name, manifest, dependencies }
        })
        .collect();
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Package, packages};

    #[test]
    fn only_normal_internal_dependencies_count() {
        let json = br#"{"packages": [{"name": "b", "manifest_path": "/r/crates/b/Cargo.toml",
            "dependencies": [
                {"name": "a", "kind": null, "path": "/r/crates/a"},
                {"name": "t", "kind": "dev", "path": "/r/crates/t"},
                {"name": "serde", "kind": null}
            ]}]}"#;
        let expected = Package {
            name: "b".into(),
            manifest: "crates/b/Cargo.toml".into(),
            dependencies: vec!["a".into()],
        };
        assert_eq!(packages(json, Path::new("/r")).unwrap(), [expected]);
    }
}
