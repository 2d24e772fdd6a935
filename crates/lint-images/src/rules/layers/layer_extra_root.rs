use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// Rights go with the number: every account with uid 0 is root, whatever its name is. A second
    /// one is the classic back door, and hides that a process which `ps` shows as `backup` may do
    /// everything.
    ///
    /// ```image bad file=app
    /// # finds layer-1/etc/passwd @ toor: account `toor` of image `app` has uid 0
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nweb:x:101:101::/:/bin/sh\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\nsync:x:4:0::/:/bin/sync\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/passwd: "admin:x:0:0::/root:/bin/sh\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-extra-root",
        summary: "image has a second account with uid 0",
        remedy: "Remove the account with `userdel`, or give it a uid of its own.",
        severity: High,
        check: Check::Image(check),
        peers: &["dockle:DKL-LI-0002"],
        security: true,
        cwe: &[250],
        controls: &[control::IMAGE_NON_ROOT],
        references: &["https://man7.org/linux/man-pages/man5/passwd.5.html"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let Some(accounts) = built.passwd() else { return };
    let mut roots = accounts.list.iter().filter(|account| account.id == Some(0));
    let Some(first) = roots.next() else { return };
    // A repeated name is another defect.
    for account in roots.filter(|account| account.name != first.name) {
        let message = format!(
            "account `{}` of image `{}` has uid 0, which `{}` has too",
            account.name,
            built.name(),
            first.name
        );
        built
            .report(out, &accounts.source, account.name_span, message)
            .secret(account.password_span)
            .evidence(&*account.name);
    }
}
