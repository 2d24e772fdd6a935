use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A process that runs as root in a container is root on the node as soon as it finds a way
    /// out. Kubernetes and `docker run --user` can set another user, but nothing makes them.
    /// `0`, `root`, `0:0` and every other name of uid 0 in the image's `/etc/passwd` mean root,
    /// and so does no user at all.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "toor:1000": image `app` runs as root: its user `toor` has uid 0
    /// config: {User: "toor:1000"}
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\n"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ {: image `app` runs as root: it sets no user
    /// config: {User: "", Cmd: [/app]}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "00": image `app` runs as root: its user is `00`
    /// config: {User: "00"}
    /// ```
    /// ```image good file=app
    /// config: {User: "65532:0"}
    /// ```
    /// ```image good file=app
    /// config: {User: web}
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\nweb:x:101:101::/:/sbin/nologin\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-user-root",
        summary: "image runs as root",
        remedy: "End the Dockerfile with `USER` and a number other than 0.",
        severity: High,
        check: Check::Image(check),
        peers: &["dockle:CIS-DI-0001", "trivy:DS-0002", "cis:4.1"],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://docs.docker.com/reference/dockerfile/#user"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let name = built.name();
    let Some(node) = built.image.config.user() else {
        built.report_config(out, None, format!("image `{name}` runs as root: it sets no user"));
        return;
    };
    let user = node.as_str().unwrap_or_default();
    let user = user.split(':').next().unwrap_or_default();
    if user == "root" || user.parse() == Ok(0_u64) {
        let message = format!("image `{name}` runs as root: its user is `{user}`");
        built.report_config(out, Some(node), message);
        return;
    }
    let account = built.passwd().and_then(|accounts| accounts.find(user));
    if account.is_some_and(|account| account.id == Some(0) && account.name == user) {
        let message = format!("image `{name}` runs as root: its user `{user}` has uid 0");
        built.report_config(out, Some(node), message);
    }
}
