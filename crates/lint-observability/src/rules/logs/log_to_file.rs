use careen_kube_model::{Container, field};
use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};
use careen_text::Span;

use crate::Check;
use crate::place::cut;

rule! {
    /// Agents read what containers write to standard output. A log in a file inside of the container is
    /// read by nobody, fills the node's disk, and is gone with the pod. It is fine where a sidecar reads
    /// the file from a volume that both mount; then nothing is said.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     args: ["--log-file=/var/log/web.log"]
    /// #                      ^^^^^^^^^^^^^^^^ container `web` in Pod `shop/web` logs to the file `/var/log/web.log` (`--log-file`)
    ///     env:
    ///     - {name: ACCESS_LOG_FILE, value: /var/log/access.log}
    /// #                                    ^^^^^^^^^^^^^^^^^^^ container `web` in Pod `shop/web` logs to the file `/var/log/access.log` (`ACCESS_LOG_FILE`)
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1
    ///     args: ["--log-file=/dev/stdout"]
    ///   - name: old
    ///     image: registry.example.com/old:1
    ///     env: [{name: LOG_FILE, value: /logs/old.log}]
    ///     volumeMounts: [{name: logs, mountPath: /logs}]
    ///   - name: tail
    ///     image: registry.example.com/tail:1
    ///     volumeMounts: [{name: logs, mountPath: /logs}]
    ///   volumes: [{name: logs, emptyDir: {}}]
    /// ```
    pub(crate) static RULE: Check = {
        id: "log-to-file",
        summary: "container logs to a file that no agent reads",
        remedy: "Log to standard output, or to `/dev/stdout` where the program wants a file.",
        severity: Medium,
        check: Check::Container(check),
        confidence: Confidence::Medium,
        default: false,
        fragments: true,
        controls: &[control::LOG_AGGREGATION],
        references: &["https://kubernetes.io/docs/concepts/cluster-administration/logging/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    if !container.is_long_running() {
        return;
    }
    let mut say = |span: Span, path: &str, how: &str| {
        if is_file(path) && !is_shared(container, path) {
            let message = format!(
                "{} logs to the file `{}` (`{}`)",
                container.display(),
                cut(path),
                cut(how)
            );
            out.report(span, message).evidence(how);
        }
    };
    for variable in container.env() {
        let Some((node, path)) = variable.value.and_then(|node| Some((node, node.text()?))) else {
            continue;
        };
        if is_log_variable(variable.name) {
            say(node.span(), path, variable.name);
        }
    }
    let mut flag = None;
    for (word, node) in container.words() {
        if let Some(flag) = flag.take() {
            say(node.span(), word, flag);
        }
        match word.split_once('=') {
            Some((name, path)) if is_log_flag(name) => {
                let start = name.len() + 1;
                let derived = node.derived();
                let span = derived.map_or_else(
                    || node.span(),
                    |derived| derived.resolve(Span::of(start..start + path.len())),
                );
                say(span, path, name);
            }
            None if is_log_flag(word) => flag = Some(word),
            _ => {}
        }
    }
}

fn is_log_flag(flag: &str) -> bool {
    let name = flag.trim_start_matches('-').replace('_', "-");
    flag.starts_with('-')
        && matches!(
            name.as_str(),
            "log-file"
                | "logfile"
                | "log-path"
                | "access-log-file"
                | "error-log-file"
                | "log.file"
                | "logging.file.name"
        )
}

fn is_log_variable(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    [
        "LOG_FILE",
        "LOGFILE",
        "LOG_FILENAME",
        "LOG_FILE_PATH",
        "LOGGING_FILE_NAME",
        "LOGGING_FILE_PATH",
        "LOGGING_FILE",
    ]
    .iter()
    .any(|known| name == *known || name.strip_suffix(known).is_some_and(|rest| rest.ends_with('_')))
}

/// Whether a path is that of a file rather than of a stream.
fn is_file(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("/dev/") && !path.starts_with("/proc/")
}

/// Whether the path is on a volume that another container mounts too.
fn is_shared(container: Container<'_>, path: &str) -> bool {
    let text = |node, key: &str| field(node, key).and_then(|node| node.text());
    let volume = container.volume_mounts().find_map(|mount| {
        let at = text(mount, "mountPath")?.trim_end_matches('/');
        let below =
            path.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        below.then(|| text(mount, "name")).flatten()
    });
    let Some(volume) = volume else { return false };
    container.pod.containers().any(|other| {
        other.node != container.node
            && other.volume_mounts().any(|mount| text(mount, "name") == Some(volume))
    })
}
