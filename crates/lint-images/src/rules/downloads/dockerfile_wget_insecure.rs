use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Call, CommandSite, cut};

rule! {
    /// `wget --no-check-certificate` takes any certificate: whoever stands between the build and
    /// the server chooses what comes into the image. If the server's certificate is from a CA of
    /// your own, give it with `--ca-certificate`.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN wget --no-check-certificate https://example.com/tool
    /// #        ^^^^^^^^^^^^^^^^^^^^^^ `--no-check-certificate` turns the check of the server's certificate off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN wget https://example.com/tool
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-wget-insecure",
        summary: "`wget` does not check the server's certificate",
        remedy: "Leave the option out; name your own CA with `--ca-certificate`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_3"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &[
            "https://www.gnu.org/software/wget/manual/wget.html#HTTPS-_0028SSL_002fTLS_0029-Options",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["wget"]) else { return };
    let off = |text: &str| {
        matches!(
            text,
            "--no-check-certificate" | "--no-check-certificates" | "--check-certificate=off"
        )
    };
    let word = call.arguments.iter().find(|word| off(&word.text));
    if let Some(word) = word.filter(|_| !is_local(call)) {
        let message =
            format!("`{}` turns the check of the server's certificate off", cut(&word.text));
        site.report(out, word.span, message);
    }
}

/// Whether a call talks to its own machine only.
fn is_local(call: Call<'_>) -> bool {
    let hosts = ["//localhost", "//127.0.0.1", "//[::1]"];
    call.arguments.iter().any(|word| hosts.iter().any(|host| word.text.contains(host)))
}
