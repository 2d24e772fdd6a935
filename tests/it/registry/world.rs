//! Who signs, and the policy that says who may.

use std::fs;
use std::path::Path;

use careen_testkit::sigstore::{MiniSigstore, Signer, TestKey, Who};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::repository::Repository;

pub(super) const PROVENANCE: &str = "https://slsa.dev/provenance/v1";
pub(super) const VULN: &str = "https://cosign.sigstore.dev/attestation/vuln/v1";

/// A Sigstore that the policy trusts and one that it does not, a key and a workflow of each kind.
pub(super) struct World {
    pub(super) sigstore: MiniSigstore,
    pub(super) elsewhere: MiniSigstore,
    pub(super) key: TestKey,
    pub(super) other_key: TestKey,
    pub(super) who: Who,
    pub(super) stranger: Who,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            sigstore: MiniSigstore::new(),
            elsewhere: MiniSigstore::new(),
            key: TestKey::new(),
            other_key: TestKey::new(),
            who: Who::workflow("acme/shop", "release.yml", "refs/tags/v1"),
            stranger: Who::workflow("mallory/shop", "release.yml", "refs/tags/v1"),
        }
    }

    /// A folder with `careen.yaml` and what it names: images below `keyed/` need the key, those
    /// below `keyless/` the workflow, those below `attested/` provenance and a scan besides.
    pub(super) fn folder(&self, registry: &str) -> TempDir {
        let folder = TempDir::new().unwrap();
        let put = |path: &str, bytes: &[u8]| fs::write(folder.path().join(path), bytes).unwrap();
        put("cosign.pub", self.key.public_pem().as_bytes());
        put("root.json", &self.sigstore.trusted_root());
        put("careen.yaml", self.policy(registry).as_bytes());
        folder
    }

    fn policy(&self, registry: &str) -> String {
        let issuer = &self.who.issuer;
        let workflow = "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/*";
        format!(
            "images:\n  signatures:\n  \
             - images: [\"{registry}/keyed/*\"]\n    keys: [cosign.pub]\n    \
               trusted-root: [root.json]\n  \
             - images: [\"{registry}/keyless/*\"]\n    trusted-root: [root.json]\n    \
               identities: [{{issuer: \"{issuer}\", subject: \"{workflow}\"}}]\n  \
             - images: [\"{registry}/attested/*\"]\n    trusted-root: [root.json]\n    \
               identities: [{{issuer: \"{issuer}\", subject: \"{workflow}\"}}]\n    \
               attestations: [slsaprovenance1, vuln]\n"
        )
    }

    pub(super) const fn key(&self) -> Signer<'_> {
        Signer::Key(&self.key)
    }

    pub(super) const fn who(&self) -> Signer<'_> {
        Signer::Keyless(&self.who)
    }

    /// A repository whose image is signed as cosign did before bundles, by key.
    pub(super) fn keyed(&self, label: &str) -> Repository {
        let mut repository = Repository::new(label);
        let digest = repository.digest().clone();
        repository.sign_by_tag(&self.sigstore, self.key(), &digest);
        repository
    }

    /// A repository whose image is signed by a bundle of the workflow.
    pub(super) fn keyless(&self, label: &str) -> Repository {
        let mut repository = Repository::new(label);
        let digest = repository.digest().clone();
        repository.sign_by_bundle(&self.sigstore, self.who(), &digest);
        repository
    }

    /// One that is signed, and attested: provenance, and a scan that finds something.
    pub(super) fn attested(&self, label: &str) -> Repository {
        let mut repository = self.keyless(label);
        let digest = repository.digest().clone();
        for (kind, predicate) in [(PROVENANCE, provenance()), (VULN, scan())] {
            repository.attest(&self.sigstore, self.who(), &digest, kind, &predicate);
        }
        repository
    }
}

/// Provenance of a build on GitHub.
pub(super) fn provenance() -> Value {
    json!({
        "buildDefinition": {
            "buildType": "https://actions.github.io/buildtypes/workflow/v1",
            "externalParameters": { "workflow": {
                "repository": "https://github.com/acme/shop", "ref": "refs/tags/v1",
                "path": ".github/workflows/release.yml",
            }},
        },
        "runDetails": { "builder": { "id": "https://github.com/actions/runner/github-hosted" } },
    })
}

/// What a scanner found the day before.
pub(super) fn scan() -> Value {
    json!({
        "scanner": {
            "uri": "pkg:github/aquasecurity/trivy@1",
            "result": {
                "SchemaVersion": 2,
                "ArtifactType": "container_image",
                "Results": [{ "Target": "app", "Vulnerabilities": [{
                    "VulnerabilityID": "CVE-2026-1001", "PkgName": "openssl",
                    "InstalledVersion": "3.0.1", "FixedVersion": "3.0.2", "Severity": "CRITICAL",
                }]}],
            },
        },
        "metadata": { "scanFinishedOn": "2026-11-30T00:00:00Z" },
    })
}

/// Writes a file of a repository of manifests.
pub(super) fn write(folder: &Path, path: &str, text: &str) {
    fs::write(folder.join(path), text).unwrap();
}
