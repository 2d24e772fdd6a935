//! Against the registry that Docker wrote, filled by skopeo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use careen_image_model::oci::{Descriptor, Digest};
use careen_image_model::reference::parse;
use careen_image_source::{ImageSource, SourceError, digest_of};
use careen_registry::{Credentials, Options, Registry};
use careen_testkit::registry::DockerRegistry;
use data_encoding::BASE64;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;

use crate::support::{MANIFEST, descriptor, options, read};

const PASSWORD: &str = "pass word";
/// What `htpasswd -B` makes of it.
const HTPASSWD: &str = "me:$2y$04$48LumUZhbZdauypA7nvSkecvn/34qHCmUHXgENcz9LRYE5YBx0Q/G\n";

/// A `docker-registry` that runs until it is dropped.
struct Real {
    _server: DockerRegistry,
    /// `127.0.0.1:PORT`.
    address: String,
    folder: TempDir,
}

impl Real {
    fn start(with: impl Fn(&Path) -> String) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let server = DockerRegistry::start(folder.path(), &with(folder.path()))?;
        let address = server.address.clone();
        Some(Self { _server: server, address, folder })
    }

    /// Pushes the layout as `team/app:v1`.
    fn push(&self, layout: &Layout, more: &[&str]) {
        let output = Command::new("skopeo")
            .args(["--insecure-policy", "copy", "--preserve-digests", "--dest-tls-verify=false"])
            .args(more)
            .arg(format!("oci:{}:v1", layout.folder.path().display()))
            .arg(format!("docker://{}/team/app:v1", self.address))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn options(&self, entry: &str) -> Options {
        let path = self.folder.path().join("auth.json");
        fs::write(&path, format!(r#"{{"auths":{{"{}":{entry}}}}}"#, self.address)).unwrap();
        let credentials = Credentials { files: vec![path], ..Credentials::default() };
        Options { credentials, ..options() }
    }
}

/// An OCI layout of one image.
struct Layout {
    folder: TempDir,
    manifest: Vec<u8>,
    digest: Digest,
    layer: Descriptor,
    layer_bytes: Vec<u8>,
}

impl Layout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let put = |bytes: &[u8]| put(folder.path(), bytes);
        // An empty archive, with more padding than it needs.
        let layer_bytes = vec![0; 1 << 20];
        let layer = put(&layer_bytes);
        let config = format!(
            r#"{{"architecture":"amd64","os":"linux","config":{{}},"rootfs":{{"type":"layers","diff_ids":["{}"]}}}}"#,
            layer.digest
        );
        let config = put(config.as_bytes());
        let manifest = format!(
            r#"{{ "schemaVersion":2, "mediaType":"{MANIFEST}",
               "config":{{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{}","size":{}}},
               "layers":[{{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"{}","size":{}}}] }}"#,
            config.digest, config.size, layer.digest, layer.size
        )
        .into_bytes();
        let root = put(&manifest);
        let index = format!(
            r#"{{"schemaVersion":2,"manifests":[{{"mediaType":"{MANIFEST}","digest":"{}","size":{},"annotations":{{"org.opencontainers.image.ref.name":"v1"}}}}]}}"#,
            root.digest, root.size
        );
        fs::write(folder.path().join("index.json"), index).unwrap();
        fs::write(folder.path().join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
        Self { digest: root.digest, folder, manifest, layer, layer_bytes }
    }
}

fn put(folder: &Path, bytes: &[u8]) -> Descriptor {
    let digest = digest_of("sha256", bytes).unwrap();
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    fs::write(blobs.join(digest.hex()), bytes).unwrap();
    descriptor(digest.as_str(), bytes.len())
}

/// Reads all that was pushed.
fn check(registry: &str, options: Options, layout: &Layout) {
    let all = Registry::new(options).unwrap();
    let reference = parse(&format!("{registry}/team/app:v1")).unwrap();
    let source = all.repository(&reference);
    let root = source.root().unwrap();
    assert_eq!(
        (root.bytes.as_slice(), root.digest.as_ref()),
        (layout.manifest.as_slice(), Some(&layout.digest))
    );
    assert_eq!(source.raw_document(&layout.digest).unwrap(), layout.manifest);
    assert_eq!(read(&source, &layout.layer).unwrap(), layout.layer_bytes);
    assert_eq!(source.tag("v1").unwrap().as_ref(), Some(&layout.digest));
    assert_eq!(source.tag("v2"), Ok(None));
    assert_eq!(source.referrers(&layout.digest), Ok(vec![]));
    let absent = digest_of("sha256", b"absent").unwrap();
    assert!(source.raw_document(&absent).unwrap_err().is_absent());
    assert!(read(&source, &descriptor(absent.as_str(), 6)).unwrap_err().is_absent());
    let elsewhere = all.repository(&parse(&format!("{registry}/team/none:v1")).unwrap());
    assert!(elsewhere.root().unwrap_err().is_absent());
}

#[test]
fn what_skopeo_pushed_is_read() {
    let Some(real) = Real::start(|_| "http: {addr: '127.0.0.1:0'}\n".to_owned()) else { return };
    let layout = Layout::new();
    real.push(&layout, &[]);
    check(&real.address, options(), &layout);

    let folder = tempfile::tempdir().unwrap();
    let cached = Options { cache: Some(folder.path().to_owned()), ..options() };
    check(&real.address, cached.clone(), &layout);
    check(&real.address, cached, &layout);
}

#[test]
fn a_password_opens_it() {
    let config = |folder: &Path| {
        let path = folder.join("htpasswd");
        fs::write(&path, HTPASSWD).unwrap();
        format!(
            "http: {{addr: '127.0.0.1:0'}}\nauth: {{htpasswd: {{realm: here, path: '{}'}}}}\n",
            path.display()
        )
    };
    let Some(real) = Real::start(config) else { return };
    let layout = Layout::new();
    real.push(&layout, &["--dest-creds", &format!("me:{PASSWORD}")]);
    let entry = |pair: String| format!(r#"{{"auth":"{}"}}"#, BASE64.encode(pair.as_bytes()));
    check(&real.address, real.options(&entry(format!("me:{PASSWORD}"))), &layout);

    let reference = parse(&format!("{}/team/app:v1", real.address)).unwrap();
    for entry in ["{}".to_owned(), entry("me:other".to_owned())] {
        let all = Registry::new(real.options(&entry)).unwrap();
        let error = all.repository(&reference).root().unwrap_err();
        assert!(matches!(error, SourceError::Denied(_)), "{error}");
    }
}

#[test]
fn tls_needs_an_authority() {
    let config = |folder: &Path| {
        let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(&certificate, cert.pem()).unwrap();
        fs::write(&key, signing_key.serialize_pem()).unwrap();
        let (certificate, key) = (certificate.display(), key.display());
        format!(
            "http: {{addr: '127.0.0.1:0', tls: {{certificate: '{certificate}', key: '{key}'}}}}\n"
        )
    };
    let Some(real) = Real::start(config) else { return };
    let layout = Layout::new();
    real.push(&layout, &[]);
    let port = real.address.rsplit(':').next().unwrap();
    let name = format!("localhost:{port}");
    let trusted = |files: Vec<PathBuf>| Options {
        secure: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
        ca_files: files,
        ..options()
    };
    let authority = vec![real.folder.path().join("tls.crt")];
    check(&name, trusted(authority.clone()), &layout);

    // Another name, no authority, no encryption.
    for (registry, options, reason) in [
        (real.address.clone(), trusted(authority), "shows a certificate that is not trusted"),
        (name.clone(), trusted(vec![]), "shows a certificate that is not trusted"),
        (name, options(), "answers 400"),
    ] {
        let reference = parse(&format!("{registry}/team/app:v1")).unwrap();
        let error = Registry::new(options).unwrap().repository(&reference).root().unwrap_err();
        let SourceError::Unreachable(why) = error else { panic!("{error}") };
        assert!(why.contains(reason), "{why}");
    }
}
