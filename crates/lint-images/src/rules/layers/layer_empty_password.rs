use careen_image_model::oci::Password;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// An account with an empty password field asks for no password: whoever has any account in
    /// the container becomes that user with `su`, and where an SSH server or a login runs, so does
    /// whoever reaches it. Both `/etc/passwd` and `/etc/shadow` are looked at; an `x` in the first
    /// means that the second has it. `*` and `!` mean that no password opens the account.
    ///
    /// A plain Debian or Alpine image has none since Alpine 3.9.3.
    ///
    /// ```image bad file=app
    /// # finds layer-1/etc/passwd @ web: account `web` of image `app` has an empty password
    /// # finds layer-1/etc/shadow @ root: account `root` of image `app` has an empty password
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\nweb::101:101::/:/bin/sh\n"
    ///     etc/shadow: "root::19000:0:99999:7:::\nweb:!:19000:0:99999:7:::\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/shadow: "root::19000:0:99999:7:::\n"
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\n"
    ///     etc/shadow: "root:*:19000:0:99999:7:::\nweb:!:19000:0:99999:7:::\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-empty-password",
        summary: "account of an image has an empty password",
        remedy: "Lock the account with `RUN passwd -l NAME`.",
        severity: Critical,
        check: Check::Image(check),
        peers: &["dockle:DKL-LI-0001"],
        security: true,
        cwe: &[258],
        controls: &[control::IMAGE_BASE],
        references: &["https://man7.org/linux/man-pages/man5/shadow.5.html"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let shadow = built.accounts("etc/shadow");
    for accounts in built.passwd().into_iter().chain(shadow.as_ref()) {
        for account in accounts.list.iter().filter(|it| it.password == Password::Empty) {
            let message = format!(
                "account `{}` of image `{}` has an empty password",
                account.name,
                built.name()
            );
            built
                .report(out, &accounts.source, account.name_span, message)
                .evidence(&*account.name);
        }
    }
}
