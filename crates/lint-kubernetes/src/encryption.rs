//! Whether storage is encrypted at rest.

use careen_kube_model::ObjectView;
use careen_yaml::Entry;

use crate::placeholder::is_placeholder;
use crate::relations::text;

/// Provisioners that encrypt on demand, by the end of their names, with the parameter. Rook puts
/// its namespace in front.
const PARAMETERS: [(&str, &str); 11] = [
    ("ebs.csi.aws.com", "encrypted"),
    ("kubernetes.io/aws-ebs", "encrypted"),
    ("ebs.csi.eks.amazonaws.com", "encrypted"),
    ("rbd.csi.ceph.com", "encrypted"),
    ("cephfs.csi.ceph.com", "encrypted"),
    ("diskplugin.csi.alibabacloud.com", "encrypted"),
    ("driver.longhorn.io", "encrypted"),
    ("pxd.portworx.com", "secure"),
    ("kubernetes.io/portworx-volume", "secure"),
    ("linodebs.csi.linode.com", "linodebs.csi.linode.com/luks-encrypted"),
    ("csi.scaleway.com", "encrypted"),
];

/// Provisioners whose clouds encrypt every disk.
const ALWAYS: [&str; 9] = [
    "blockvolume.csi.oraclecloud.com",
    "disk.csi.azure.com",
    "dobs.csi.digitalocean.com",
    "file.csi.azure.com",
    "filestore.csi.storage.gke.io",
    "kubernetes.io/azure-disk",
    "kubernetes.io/gce-pd",
    "pd.csi.storage.gke.io",
    "vpc.block.csi.ibm.io",
];

/// What a storage class does about encryption.
#[derive(Debug)]
pub(crate) enum Encryption<'a> {
    /// It asks for it, or its provisioner always encrypts.
    On,
    /// It says that it does without, by this entry.
    Refused(&'static str, Entry<'a>),
    /// Its provisioner encrypts if this parameter asks for it, and it does not.
    NotAsked(&'static str),
    /// The provisioner is not known, or the value is filled in later.
    Unknown,
}

/// What a StorageClass does about encryption.
pub(crate) fn of_class(class: ObjectView<'_>) -> Encryption<'_> {
    let Some(provisioner) = text(class.root(), "provisioner") else { return Encryption::Unknown };
    if ALWAYS.contains(&provisioner) {
        return Encryption::On;
    }
    let known = PARAMETERS.iter().find(|(end, _)| provisioner.ends_with(end));
    let Some(&(_, parameter)) = known else { return Encryption::Unknown };
    let own = class.at(&["parameters"]);
    let written = own.and_then(|own| {
        own.entries()
            .find(|entry| entry.name().is_some_and(|name| name.eq_ignore_ascii_case(parameter)))
    });
    let Some(entry) = written else { return Encryption::NotAsked(parameter) };
    match entry.value.text() {
        None => Encryption::NotAsked(parameter),
        Some(value) if is_placeholder(value) => Encryption::Unknown,
        Some(value) if value.eq_ignore_ascii_case("true") => Encryption::On,
        Some(_) => Encryption::Refused(parameter, entry),
    }
}
