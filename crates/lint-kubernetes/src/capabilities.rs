//! Linux capabilities, by what adding one to a container means.

use std::borrow::Cow;

use careen_kube_model::Container;
use careen_yaml::Node;

use crate::pss::allowed;

/// What reaches past the container: to the kernel, to other processes, to the node's network.
const DANGEROUS: &[&str] = &[
    "ALL",
    "BPF",
    "DAC_READ_SEARCH",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "NET_ADMIN",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_MODULE",
    "SYS_PTRACE",
    "SYS_RAWIO",
];

/// What is as good as root on the node by itself.
const NODE: &[&str] = &["ALL", "SYS_ADMIN", "SYS_MODULE"];

/// How far a capability reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Within the container.
    Container,
    /// Within the container, but not written as it should be.
    Misspelt,
    /// Not in the default set.
    Beyond,
    /// To other processes, the kernel or the network.
    Dangerous,
    /// The whole node.
    Node,
}

/// A capability's name as the kernel documents it, without `CAP_`; runtimes take any case.
pub(crate) fn name(written: &str) -> Cow<'_, str> {
    let upper = if written.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(written.to_ascii_uppercase())
    } else {
        Cow::Borrowed(written)
    };
    match upper {
        Cow::Borrowed(name) => Cow::Borrowed(name.strip_prefix("CAP_").unwrap_or(name)),
        Cow::Owned(name) => match name.strip_prefix("CAP_") {
            Some(rest) => Cow::Owned(rest.to_owned()),
            None => Cow::Owned(name),
        },
    }
}

/// How far a capability reaches.
pub(crate) fn reach(written: &str) -> Reach {
    let name = name(written);
    let in_list = |list: &[&str]| list.contains(&&*name);
    if in_list(NODE) {
        Reach::Node
    } else if in_list(DANGEROUS) {
        Reach::Dangerous
    } else if in_list(allowed::CAPABILITIES) {
        if name == written { Reach::Container } else { Reach::Misspelt }
    } else {
        Reach::Beyond
    }
}

/// The capabilities a container adds. None for a privileged one, which has all of them anyway.
pub(crate) fn added<'a>(
    container: Container<'a>,
) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
    let counts = container.privileged().is_none();
    counts.then(|| container.capabilities("add")).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::{Reach, name, reach};

    #[test]
    fn names_are_brought_into_one_form() {
        for (written, expected) in [
            ("NET_RAW", "NET_RAW"),
            ("CAP_NET_RAW", "NET_RAW"),
            ("cap_kill", "KILL"),
            ("all", "ALL"),
        ] {
            assert_eq!(name(written), expected);
        }
    }

    #[test]
    fn capabilities_reach_as_far_as_they_do() {
        assert_eq!(reach("CHOWN"), Reach::Container);
        assert_eq!(reach("chown"), Reach::Misspelt);
        assert_eq!(reach("CAP_CHOWN"), Reach::Misspelt);
        assert_eq!(reach("NET_RAW"), Reach::Beyond);
        assert_eq!(reach("no such thing"), Reach::Beyond);
        assert_eq!(reach("CAP_NET_ADMIN"), Reach::Dangerous);
        assert_eq!(reach("all"), Reach::Node);
    }
}
