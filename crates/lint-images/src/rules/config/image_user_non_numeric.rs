use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::run_config::{is_number, is_read_whole, is_root, user};
use crate::subject::{Built, cut};

rule! {
    /// The kubelet does not look into the image: of a user given by name it cannot tell whether it
    /// is root. A pod with `runAsNonRoot: true` and no `runAsUser` stops at
    /// `CreateContainerConfigError`. Fine for images that never run under Kubernetes, and where
    /// every manifest sets `runAsUser`.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "web:web": image `app` runs as `web` (uid 101), a name that `runAsNonRoot` cannot prove
    /// config: {User: "web:web"}
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\nweb:x:101:101::/:/sbin/nologin\n"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "web": image `app` runs as `web`, a name
    /// config: {User: web}
    /// ```
    /// ```image good file=app
    /// config: {User: "101:web"}
    /// ```
    /// ```image good file=app
    /// config: {User: web}
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\n"
    /// ```
    /// ```image good file=app
    /// platform: windows/amd64
    /// config: {User: ContainerUser}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-user-non-numeric",
        summary: "image's user is a name where a number is needed",
        remedy: "Write the number of the user in the Dockerfile: `USER 1000`.",
        severity: Low,
        check: Check::Image(check),
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(user) = user(built) else { return };
    if user.user.is_empty() || is_number(user.user) || is_root(built, user.user) {
        return;
    }
    let account = built.passwd().and_then(|accounts| accounts.find(user.user));
    // That the image has no such user is what `image-user-unresolvable` says.
    let is_missing = built.passwd().is_some() || built.merged.resolve("etc/passwd").is_none();
    if account.is_none() && is_missing && is_read_whole(built) {
        return;
    }
    let number = account.and_then(|account| account.id);
    let number = number.map(|id| format!(" (uid {id})")).unwrap_or_default();
    let message = format!(
        "image `{}` runs as `{}`{number}, a name that `runAsNonRoot` cannot prove to be no root",
        built.name(),
        cut(user.user)
    );
    built.report_config(out, Some(user.node), message);
}
