//! What a folder or file of the node gives away when a pod mounts it.

use std::borrow::Cow;

/// What stands at a path of the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exposure {
    /// The socket of a container runtime, or a folder made for it.
    RuntimeSocket,
    /// Keys of a cloud provider.
    CloudCredentials,
    /// System files, devices, credentials or other pods' data.
    Sensitive,
    /// Anything else.
    Other,
}

/// Names of the sockets that container runtimes listen on.
const SOCKETS: &[&str] = &[
    "docker.sock",
    "containerd.sock",
    "crio.sock",
    "cri-dockerd.sock",
    "dockershim.sock",
    "podman.sock",
];

/// Folders with nothing but a runtime's sockets and state in them, below `/run`.
const SOCKET_FOLDERS: &[&str] = &["/run/containerd", "/run/crio", "/run/docker", "/run/podman"];

/// Folders that give the node away with everything below them.
const TREES: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib64",
    "/proc",
    "/root",
    "/sbin",
    "/sys",
    "/usr/bin",
    "/usr/lib",
    "/usr/sbin",
    "/var/lib/containerd",
    "/var/lib/containers",
    "/var/lib/docker",
    "/var/lib/etcd",
    "/var/lib/kubelet",
    "/var/lib/rancher",
];

/// Folders that give the node away as a whole, though not everything in them does.
const WHOLE: &[&str] = &["/", "/home", "/opt", "/run", "/usr", "/var", "/var/lib"];

/// Places below the trees that hold nothing secret and are mounted all the time.
const HARMLESS: &[&str] = &[
    "/dev/shm",
    "/etc/ca-certificates",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/ssl/certs",
    "/etc/timezone",
    "/lib/modules",
    "/usr/lib/os-release",
];

/// Where tools of the cloud providers keep keys, below anyone's home.
const CLOUD_FOLDERS: &[&str] =
    &["/.aliyun", "/.aws", "/.azure", "/.boto", "/.config/doctl", "/.config/gcloud", "/.oci"];

/// Where the node's own identity in the cloud is kept.
const CLOUD_FILES: &[&str] = &[
    "/etc/boto.cfg",
    "/etc/kubernetes/azure.json",
    "/etc/kubernetes/cloud-config",
    "/etc/kubernetes/cloud.conf",
    "/etc/kubernetes/cloud.config",
];

/// What a `hostPath` gives away.
pub(crate) fn exposure(path: &str) -> Exposure {
    if path.contains("docker_engine") || path.contains("containerd-containerd") {
        return Exposure::RuntimeSocket;
    }
    let path = normal(path);
    let last = path.rsplit('/').next().unwrap_or_default();
    if SOCKETS.contains(&last) || SOCKET_FOLDERS.contains(&&*path) {
        Exposure::RuntimeSocket
    } else if CLOUD_FILES.contains(&&*path) || is_cloud_folder(&path) {
        Exposure::CloudCredentials
    } else if below(&path, HARMLESS) {
        Exposure::Other
    } else if WHOLE.contains(&&*path) || below(&path, TREES) {
        Exposure::Sensitive
    } else {
        Exposure::Other
    }
}

/// Whether a sensitive path holds programs or the state of the kernel, which do harm when they are
/// written to and tell little when they are read.
pub(crate) fn holds_no_secret(path: &str) -> bool {
    below(&normal(path), &["/bin", "/boot", "/lib", "/lib64", "/proc", "/sbin", "/sys", "/usr"])
}

fn is_cloud_folder(path: &str) -> bool {
    CLOUD_FOLDERS.iter().any(|folder| {
        let (_, rest) = path.split_once(folder).unwrap_or(("", "."));
        rest.is_empty() || rest.starts_with('/')
    })
}

fn below(path: &str, folders: &[&str]) -> bool {
    folders.iter().any(|folder| {
        path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Without doubled and closing slashes, and with `/var/run` as what it is: a link to `/run`.
fn normal(path: &str) -> Cow<'_, str> {
    let is_tidy = !path.contains("//") && !path.contains("/./") && !path.ends_with(['/', '.']);
    let mut path = if is_tidy {
        Cow::Borrowed(path)
    } else {
        let mut tidy = String::with_capacity(path.len());
        for segment in path.split('/').filter(|segment| !matches!(*segment, "" | ".")) {
            tidy.push('/');
            tidy.push_str(segment);
        }
        if tidy.is_empty() {
            tidy.push('/');
        }
        Cow::Owned(tidy)
    };
    if path == "/var/run" || path.starts_with("/var/run/") {
        path = Cow::Owned(path.replacen("/var/run", "/run", 1));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::Exposure::{CloudCredentials, Other, RuntimeSocket, Sensitive};
    use super::exposure;

    #[test]
    fn paths_are_told_apart() {
        for (path, expected) in [
            ("/", Sensitive),
            ("//", Sensitive),
            ("/etc", Sensitive),
            ("/etc/", Sensitive),
            ("/etc/kubernetes/pki", Sensitive),
            ("/etcetera", Other),
            ("/etc/ssl/certs/", Other),
            ("/etc/localtime", Other),
            ("/lib/modules", Other),
            ("/root/.aws", CloudCredentials),
            ("/home/dev/.config/gcloud/", CloudCredentials),
            ("/home/dev/.aws/credentials", CloudCredentials),
            ("/etc/kubernetes/azure.json", CloudCredentials),
            ("/home/dev/.awsome", Other),
            ("/home/dev/.config", Other),
            ("/var/run", Sensitive),
            ("/run/xtables.lock", Other),
            ("/var/run/docker.sock", RuntimeSocket),
            ("/run//containerd/containerd.sock", RuntimeSocket),
            ("/run/k3s/containerd/containerd.sock", RuntimeSocket),
            ("/var/run/crio/", RuntimeSocket),
            ("\\\\.\\pipe\\docker_engine", RuntimeSocket),
            ("/var/log", Other),
            ("/var/lib", Sensitive),
            ("/var/lib/kubelet/pods", Sensitive),
            ("/var/lib/app", Other),
            ("/data", Other),
            ("", Other),
        ] {
            assert_eq!(exposure(path), expected, "{path}");
        }
    }
}
