//! The certificates that a mesh stands on: Istio's `cacerts`, and Linkerd's trust anchors and
//! issuer, as manifests and as values of its charts.

use careen_kube_model::ObjectView;
use careen_model::{Bundle, File, Holder, Snapshot};

use crate::held::{Held, certificates_of};
use careen_x509_model::Certificate;

/// A mesh with a CA of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mesh {
    Istio,
    Linkerd,
}

/// What certificates of a mesh are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Those that all workloads trust.
    Anchors,
    /// The CA that signs for workloads.
    Issuer,
    /// The issuer's chain, up to an anchor.
    Chain,
}

/// A value with certificates of a mesh.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MeshCertificate<'a> {
    pub(crate) file: &'a File,
    pub(crate) bundle: &'a Bundle,
    pub(crate) mesh: Mesh,
    pub(crate) part: Part,
}

/// What a bundle is to a mesh.
pub(crate) fn part(file: &File, bundle: &Bundle) -> Option<(Mesh, Part)> {
    let named = |object: usize, names: &[&str]| {
        file.view(object).is_some_and(|view: ObjectView<'_>| names.contains(&view.name()))
    };
    match &bundle.holder {
        Holder::Secret { object, key } if named(*object, &["cacerts"]) => {
            let part = match key.as_str() {
                // cert-manager names them so, which istiod takes as well.
                "ca-cert.pem" | "tls.crt" => Part::Issuer,
                "root-cert.pem" | "ca.crt" => Part::Anchors,
                "cert-chain.pem" => Part::Chain,
                _ => return None,
            };
            Some((Mesh::Istio, part))
        }
        Holder::Secret { object, key } if named(*object, &["linkerd-identity-issuer"]) => {
            let part = match key.as_str() {
                "crt.pem" | "tls.crt" => Part::Issuer,
                "ca.crt" => Part::Anchors,
                _ => return None,
            };
            Some((Mesh::Linkerd, part))
        }
        Holder::ConfigMap { object, key }
            if key == "ca-bundle.crt" && named(*object, &["linkerd-identity-trust-roots"]) =>
        {
            Some((Mesh::Linkerd, Part::Anchors))
        }
        Holder::Value { path, .. } => {
            let ends = |wanted: &str| {
                path.strip_suffix(wanted).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            if ends("identityTrustAnchorsPEM") {
                Some((Mesh::Linkerd, Part::Anchors))
            } else if ends("identity.issuer.tls.crtPEM") {
                Some((Mesh::Linkerd, Part::Issuer))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// The values with certificates of meshes, in order of path and place.
pub(crate) fn mesh_certificates(snapshot: &Snapshot) -> Vec<MeshCertificate<'_>> {
    let mut all = Vec::new();
    for file in snapshot.files() {
        for bundle in &file.bundles {
            if let Some((mesh, part)) = part(file, bundle) {
                all.push(MeshCertificate { file, bundle, mesh, part });
            }
        }
    }
    all
}

impl<'a> MeshCertificate<'a> {
    /// The certificates of the value.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = Held<'a, Certificate>> + use<'a> {
        certificates_of(self.file, self.bundle)
    }
}

impl Part {
    /// For a message: "trust anchor", "issuer".
    pub(crate) const fn called(self, mesh: Mesh) -> &'static str {
        match (mesh, self) {
            (Mesh::Istio, Self::Anchors) => "Istio's root CA",
            (Mesh::Istio, Self::Issuer) => "Istio's CA",
            (Mesh::Istio, Self::Chain) => "CA in Istio's chain",
            (Mesh::Linkerd, Self::Anchors) => "Linkerd's trust anchor",
            (Mesh::Linkerd, Self::Issuer) => "Linkerd's issuer",
            (Mesh::Linkerd, Self::Chain) => "CA in Linkerd's chain",
        }
    }
}
