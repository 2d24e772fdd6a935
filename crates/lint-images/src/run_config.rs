//! What the configuration of a built image says about how it runs.

use careen_yaml::Node;

use crate::subject::Built;

/// The user of a configuration, taken apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfigUser<'a> {
    /// The whole value.
    pub(crate) node: Node<'a>,
    /// The name or the number.
    pub(crate) user: &'a str,
    /// The name or the number behind the colon; absent where it is empty.
    pub(crate) group: Option<&'a str>,
}

/// The user that a Linux image sets.
pub(crate) fn user<'a>(built: &Built<'a>) -> Option<ConfigUser<'a>> {
    let node = built.image.config.user().filter(|_| !is_windows(built))?;
    let (user, group) = node.as_str()?.split_once(':').unwrap_or((node.as_str()?, ""));
    Some(ConfigUser { node, user, group: (!group.is_empty()).then_some(group) })
}

/// Whether a user or a group is given as a number.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the user is root, as far as the image tells.
pub(crate) fn is_root(built: &Built<'_>, user: &str) -> bool {
    let is_root_account = || {
        let account = built.passwd().and_then(|accounts| accounts.find(user));
        account.is_some_and(|account| account.id == Some(0))
    };
    user == "root" || user.parse() == Ok(0_u64) || is_root_account()
}

/// Whether the image is for Windows.
pub(crate) fn is_windows(built: &Built<'_>) -> bool {
    built.image.config.text(&["os"]) == Some("windows")
}

/// Whether it is an image that a runtime starts, and no other artifact in the shape of one.
pub(crate) fn is_runnable(built: &Built<'_>) -> bool {
    let manifest = &built.image.manifest;
    let kind = manifest.config.media_type.as_str();
    let fits = ["", "application/vnd.oci.image.config.v1+json"].contains(&kind)
        || kind.starts_with("application/vnd.docker.container.image");
    fits && manifest.artifact_type.is_none()
}

/// Whether all of the layers was read, so that what was not found is not there.
pub(crate) fn is_read_whole(built: &Built<'_>) -> bool {
    let layers = &built.image.layers;
    layers.len() == built.image.manifest.layers.len()
        && !layers.is_empty()
        && layers.iter().flat_map(|layer| &layer.problems).all(|it| !it.kind.is_incomplete())
}

/// Whether a path is one of those at which the kernel shows itself, or below one.
pub(crate) fn is_of_kernel(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let below = |folder: &str| {
        path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    ["/dev", "/proc", "/sys"].into_iter().any(below)
}

/// The ports that the image exposes, each with its text and its place.
pub(crate) fn ports<'a>(built: &Built<'a>) -> impl Iterator<Item = (u16, &'a str, Node<'a>)> {
    built.image.config.keys("ExposedPorts").filter_map(|(text, node)| {
        let port = text.split('/').next()?.parse().ok()?;
        Some((port, text, node))
    })
}
