use std::collections::HashMap;

use careen_image_model::oci::{Account, Accounts};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;

rule! {
    /// Two accounts with one number are one account to the kernel: each may read and kill what is
    /// the other's. Of two entries with one name only the first is ever found, so the second is an
    /// edit that has no effect. Both come from tools that append to `/etc/passwd` and `/etc/group`
    /// without looking. A second uid 0 is reported as what it is.
    ///
    /// ```image bad file=app
    /// # finds layer-1/etc/passwd @ b: users `a` and `b` of image `app` have the same uid 101
    /// # finds layer-1/etc/passwd @ a: user `a` of image `app` is listed twice
    /// # finds layer-1/etc/group @ y: groups `x` and `y` of image `app` have the same gid 5
    /// layers:
    ///   - etc/passwd: "a:x:101:101::/:/bin/sh\nb:x:101:102::/:/bin/sh\na:x:103:103::/:/bin/sh\n"
    ///     etc/group: "x:x:5:\ny:x:5:a\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/passwd: "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\nweb:x:1:1::/:/bin/sh\n"
    ///     etc/group: "root:x:0:\nweb:x:1:\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-duplicate-uid",
        summary: "accounts of an image share a number or a name",
        remedy: "Give every account a number and a name of its own.",
        severity: Medium,
        check: Check::Image(check),
        peers: &["dockle:DKL-LI-0002"],
        security: true,
        cwe: &[694],
        controls: &[control::IMAGE_BASE],
        references: &["https://man7.org/linux/man-pages/man5/passwd.5.html"],
    }
}

fn check(built: &Built<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    if let Some(users) = built.passwd() {
        check_list(built, users, ("user", "uid"), out);
    }
    if let Some(groups) = built.accounts("etc/group") {
        check_list(built, &groups, ("group", "gid"), out);
    }
}

fn check_list(
    built: &Built<'_>,
    accounts: &Accounts,
    (what, number): (&str, &str),
    out: &mut SnapshotSink<'_>,
) {
    let mut names: HashMap<&str, &Account> = HashMap::new();
    let mut numbers: HashMap<u64, &Account> = HashMap::new();
    let image = built.name();
    for account in &accounts.list {
        let name = &account.name;
        let message = if names.insert(name, account).is_some() {
            format!("{what} `{name}` of image `{image}` is listed twice")
        } else {
            let Some(id) = account.id else { continue };
            let first = *numbers.entry(id).or_insert(account);
            if first.name == *name || id == 0 && number == "uid" {
                continue;
            }
            let first = &first.name;
            format!("{what}s `{first}` and `{name}` of image `{image}` have the same {number} {id}")
        };
        built
            .report(out, &accounts.source, account.name_span, message)
            .secret(account.password_span)
            .evidence(name.as_str());
    }
}
