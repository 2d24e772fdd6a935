use careen_image_model::oci::Password;
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// A password of root that is baked into an image is the same in every container made of it,
    /// and whoever pulls the image has its hash to guess at. Nothing in a container needs it:
    /// `kubectl exec` and `docker exec --user root` ask for none. Looked at are the accounts with
    /// uid 0, in `/etc/shadow` and in `/etc/passwd`; a field that starts with `*` or `!` is
    /// locked.
    ///
    /// ```image bad file=app
    /// # finds layer-1/etc/shadow @ root: account `root` of image `app` has a password
    /// # finds layer-1/etc/shadow @ toor: account `toor` of image `app` has a password
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nweb:x:101:101::/:/bin/sh\n"
    ///     etc/shadow: "root:$6$abcdefgh$ijklmnopqrstuv:19000:0:99999:7:::\ntoor:$6$abcdefgh$ijklmnopqrstuv:19000:0:99999:7:::\nweb:$6$abcdefgh$ijklmnopqrstuv:19000:0:99999:7:::\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\n"
    ///     etc/shadow: "root:!$6$abcdefgh$ijklmnopqrstuv:19000:0:99999:7:::\nweb:$6$abcdefgh$ijklmnopqrstuv:19000:0:99999:7:::\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-root-password",
        summary: "root of an image has a password",
        remedy: "Lock the account with `RUN passwd -l root`, and treat the password as known.",
        severity: High,
        check: Check::Image(check),
        security: true,
        cwe: &[798],
        controls: &[control::IMAGE_BASE],
        references: &["https://man7.org/linux/man-pages/man5/shadow.5.html"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    let shadow = built.accounts("etc/shadow");
    let is_root = |name: &str| {
        let listed = || built.passwd().into_iter().flat_map(|accounts| &accounts.list);
        name == "root" || listed().any(|account| account.name == name && account.id == Some(0))
    };
    for accounts in built.passwd().into_iter().chain(shadow.as_ref()) {
        let open = accounts.list.iter().filter(|account| account.password == Password::Hash);
        for account in open.filter(|account| is_root(&account.name)) {
            let message =
                format!("account `{}` of image `{}` has a password", account.name, built.name());
            built
                .report(out, &accounts.source, account.name_span, message)
                .secret(account.password_span)
                .evidence(&*account.name);
        }
    }
}
