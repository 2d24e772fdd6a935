//! The files behind the paths that a component is told, so that two components can be compared.

use careen_kube_model::field;
use careen_text::Span;

use super::Component;

/// A file that a component trusts.
#[derive(Debug)]
pub(crate) struct Trusted {
    /// Where it is written.
    pub(crate) span: Span,
    /// What it is outside the container: `hostPath /etc/kubernetes/pki/ca.crt`, or the key of a
    /// Secret or ConfigMap.
    pub(crate) file: String,
}

/// The file a flag names, where it can be told what it is.
pub(crate) fn trusted(component: &Component<'_>, flag: &str) -> Option<Trusted> {
    let flag = component.flag(flag)?;
    let path = flag.text().filter(|path| path.starts_with('/'))?;
    let container = component.container?;
    // The mount with the longest path is the one the file is seen in.
    let mounts = container.volume_mounts().filter_map(|mount| {
        let at = field(mount, "mountPath")?.text()?.trim_end_matches('/');
        let rest = path.strip_prefix(at)?;
        (rest.is_empty() || rest.starts_with('/')).then_some((mount, at.len(), rest))
    });
    let Some((mount, _, rest)) = mounts.max_by_key(|(_, len, _)| *len) else {
        // The manifest leaves out its mounts: static pods use the paths of their node.
        return Some(Trusted { span: flag.span, file: format!("hostPath {path}") });
    };
    let name = field(mount, "name")?.text()?;
    let volume = container.pod.volumes().find(|volume| volume.name == name)?;
    let sub = field(mount, "subPath").and_then(|node| node.text()).map(|sub| format!("/{sub}"));
    let sub = sub.unwrap_or_default();
    let text = |source: &str, key: &str| {
        let node = volume.source_of(source)?;
        field(node, key)?.text().map(|text| text.trim_end_matches('/').to_owned())
    };
    let namespace = component.object.namespace().unwrap_or_default();
    let file = if let Some(folder) = text("hostPath", "path") {
        format!("hostPath {folder}{sub}{rest}")
    } else if let Some(secret) = text("secret", "secretName") {
        format!("Secret {namespace}/{secret}{sub}{rest}")
    } else {
        let map = text("configMap", "name")?;
        format!("ConfigMap {namespace}/{map}{sub}{rest}")
    };
    Some(Trusted { span: flag.span, file })
}
