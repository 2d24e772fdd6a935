use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{Family, PackageCall};
use crate::subject::CommandSite;

rule! {
    /// With `--allow-untrusted` apk installs packages that no key in `/etc/apk/keys` has signed.
    /// Put the key of the repository there instead. Fine for a package that was built in the same
    /// file.
    ///
    /// ```dockerfile bad
    /// FROM alpine:3.22
    /// RUN apk add --no-cache --allow-untrusted tool.apk
    /// #                      ^^^^^^^^^^^^^^^^^ `--allow-untrusted` lets packages without a valid signature in
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22
    /// RUN apk add --no-cache tool
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-apk-untrusted",
        summary: "apk installs packages without checking their signatures",
        remedy: "Put the key of the repository into `/etc/apk/keys`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_7", "cis:4.11"],
        security: true,
        cwe: &[347],
        controls: &[control::IMAGE_BASE],
        references: &["https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let call = PackageCall::at(site).filter(|call| call.family == Family::Apk);
    if let Some(word) = call.and_then(|call| call.call.long("--allow-untrusted")) {
        let message = "`--allow-untrusted` lets packages without a valid signature in";
        site.report(out, word.span, message);
    }
}
