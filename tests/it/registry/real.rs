//! The registry that Docker wrote.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use careen_image_model::oci::{Digest, Document, parse_document};
use careen_image_source::{ImageSource, MemorySource};
use careen_testkit::images::write_layout;
use careen_testkit::registry::DockerRegistry;
use tempfile::TempDir;

use super::repository::Repository;

/// A `docker-registry` that runs until it is dropped.
pub(super) struct Real {
    _server: DockerRegistry,
    /// `127.0.0.1:PORT`.
    pub(super) address: String,
    folder: TempDir,
    login: Vec<String>,
}

impl Real {
    pub(super) fn start() -> Option<Self> {
        Self::with(|_| String::new(), &[])
    }

    /// One that lets in only who shows a name and a password: `line` is what `htpasswd -B` makes
    /// of them.
    pub(super) fn guarded(name: &str, password: &str, line: &str) -> Option<Self> {
        let auth = |folder: &Path| {
            let path = folder.join("htpasswd");
            fs::write(&path, line).unwrap();
            format!("auth: {{htpasswd: {{realm: here, path: '{}'}}}}\n", path.display())
        };
        Self::with(auth, &["--dest-creds", &format!("{name}:{password}")])
    }

    fn with(more: impl Fn(&Path) -> String, login: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let more = format!("http: {{addr: '127.0.0.1:0'}}\n{}", more(folder.path()));
        let server = DockerRegistry::start(folder.path(), &more)?;
        let address = server.address.clone();
        let login = login.iter().map(|it| (*it).to_owned()).collect();
        Some(Self { _server: server, address, folder, login })
    }

    /// Pushes a repository under a name, as `skopeo` does; its `v1` as a reference.
    pub(super) fn push(&self, name: &str, repository: &Repository) -> String {
        let (source, tags) = repository.tagged();
        for (tag, digest) in tags {
            let document = source.raw_document(&digest).unwrap();
            match parse_document(&document).unwrap() {
                // `skopeo` writes indexes anew, and with another digest.
                Document::Index(index) => {
                    for one in &index.manifests {
                        self.copy(&source, &one.digest, &format!("{name}@{}", one.digest));
                    }
                    self.put(&format!("{name}/manifests/{tag}"), &document);
                }
                _ => self.copy(&source, &digest, &format!("{name}:{tag}")),
            }
        }
        format!("{}/{name}:v1", self.address)
    }

    fn copy(&self, source: &MemorySource, digest: &Digest, to: &str) {
        let layout = tempfile::tempdir().unwrap();
        let mut source = source.clone();
        source.set_root(digest.clone());
        write_layout(&source, layout.path(), "it");
        let output = Command::new("skopeo")
            .args(["--insecure-policy", "copy", "--preserve-digests", "--dest-tls-verify=false"])
            .args(&self.login)
            .arg(format!("oci:{}:it", layout.path().display()))
            .arg(format!("docker://{}/{to}", self.address))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn put(&self, path: &str, index: &[u8]) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let (address, length) = (&self.address, index.len());
        write!(
            stream,
            "PUT /v2/{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Type: application/vnd.oci.image.index.v1+json\r\n\
             Content-Length: {length}\r\n\r\n"
        )
        .unwrap();
        stream.write_all(index).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }

    /// Changes what is stored of a blob or a manifest behind the back of the registry.
    pub(super) fn spoil(&self, digest: &Digest, change: impl Fn(&mut Vec<u8>)) {
        let path = self.stored(digest);
        let mut bytes = fs::read(&path).unwrap();
        change(&mut bytes);
        fs::write(&path, bytes).unwrap();
    }

    fn stored(&self, digest: &Digest) -> PathBuf {
        let blobs = self.folder.path().join("storage/docker/registry/v2/blobs");
        let start = digest.hex().get(..2).unwrap();
        blobs.join(digest.algorithm()).join(start).join(digest.hex()).join("data")
    }
}
