use careen_image_model::oci::Accounts;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::run_config::{is_number, is_read_whole, user};
use crate::subject::{Built, cut};

rule! {
    /// A user or a group given by name is looked up in the image's own `/etc/passwd` and
    /// `/etc/group` when the container starts. If it is not there, the container does not start:
    /// `unable to find user`. It happens where the last stage is `FROM scratch` or another base
    /// than the one the account was made in.
    ///
    /// ```image bad file=app
    /// # finds config.json @ "web": image `app` does not start: `etc/passwd` has no user `web`
    /// config: {User: web}
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\n"
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "web": image `app` does not start: it has no `etc/passwd` to find user `web` in
    /// config: {User: web}
    /// layers:
    ///   - app: {mode: "755", size: 8}
    /// ```
    /// ```image bad file=app
    /// # finds config.json @ "101:web": image `app` does not start: `etc/group` has no group `web`
    /// config: {User: "101:web"}
    /// layers:
    ///   - etc/group: "root:x:0:\n"
    /// ```
    /// ```image good file=app
    /// config: {User: "web:web"}
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\nweb:x:101:101::/:/sbin/nologin\n"
    ///     etc/group: "web:x:101:\n"
    /// ```
    /// ```image good file=app
    /// config: {User: "65532:65532"}
    /// layers:
    ///   - app: {mode: "755", size: 8}
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-user-unresolvable",
        summary: "image's user or group is not in the image",
        remedy: "Make the account in the last stage, or give the user as a number.",
        severity: High,
        check: Check::Image(check),
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://docs.docker.com/reference/dockerfile/#user"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(user) = user(built).filter(|_| is_read_whole(built)) else { return };
    let group = user.group.map(|group| ("group", group, "etc/group"));
    for (what, name, path) in [("user", user.user, "etc/passwd")].into_iter().chain(group) {
        // Runtimes know root without a file only by its number; `root` itself is harmless.
        if name.is_empty() || is_number(name) || name == "root" {
            continue;
        }
        let accounts = match built.merged.resolve(path) {
            Some(_) => match built.image.accounts(&built.merged, path) {
                Some(accounts) => Some(accounts),
                // It is there, but was not read.
                None => continue,
            },
            None => None,
        };
        let known = |accounts: &Accounts| accounts.list.iter().any(|one| one.name == name);
        let (image, name) = (built.name(), cut(name));
        let message = match &accounts {
            Some(accounts) if known(accounts) => continue,
            Some(_) => format!("image `{image}` does not start: `{path}` has no {what} `{name}`"),
            None => format!(
                "image `{image}` does not start: it has no `{path}` to find {what} `{name}` in"
            ),
        };
        built.report_config(out, Some(user.node), message).evidence(what);
    }
}
