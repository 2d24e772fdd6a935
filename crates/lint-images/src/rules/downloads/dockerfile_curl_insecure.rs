use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::{Call, CommandSite, cut};

rule! {
    /// `curl -k` takes any certificate: whoever stands between the build and the server chooses
    /// what comes into the image. If the server's certificate is from a CA of your own, give it
    /// with `--cacert`. Calls to the own machine are not judged.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN curl -fsSLk -o /tool https://example.com/tool
    /// #        ^^^^^^ `-fsSLk` turns the check of the server's certificate off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN curl -fsSL -o /tool https://example.com/tool
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-curl-insecure",
        summary: "`curl` does not check the server's certificate",
        remedy: "Leave `-k` out; name your own CA with `--cacert`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_2"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://curl.se/docs/sslcerts.html"],
    }
}

/// Short options of curl that take a value.
const WITH_VALUE: &str = "AbcCdDeEFhHKmoPQrTtuUwxXyYz";

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["curl"]) else { return };
    let word = call.short('k', WITH_VALUE).or_else(|| {
        let long = |text: &str| text == "--insecure" || text == "--proxy-insecure";
        call.arguments.iter().find(|word| long(&word.text))
    });
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
