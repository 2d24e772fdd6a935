use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::CommandSite;

rule! {
    /// pip checks no certificate of a `--trusted-host`, and takes plain `http` from it: whoever
    /// stands on the way chooses the code that is installed. If the index has a certificate of your
    /// own CA, give it with `--cert`.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14.0
    /// RUN pip install --trusted-host pypi.example.com shop==1.4.0
    /// #               ^^^^^^^^^^^^^^ `--trusted-host` turns the check of the server's certificate off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM python:3.14.0
    /// RUN pip install --cert /etc/ssl/certs/ca.pem shop==1.4.0
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-pip-trusted-host",
        summary: "`pip` does not check the server's certificate",
        remedy: "Leave `--trusted-host` out; name your own CA with `--cert`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_4"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://pip.pypa.io/en/stable/cli/pip/#cmdoption-trusted-host"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call else { return };
    let program = call.program();
    let is_pip = program.starts_with("pip")
        || (program.starts_with("python") && call.has("pip"))
        || (program == "uv" && call.has("pip"));
    if !is_pip {
        return;
    }
    let set = |text: &str| text == "global.trusted-host" || text == "install.trusted-host";
    let word =
        call.long("--trusted-host").or_else(|| call.arguments.iter().find(|word| set(&word.text)));
    if let Some(word) = word {
        let message = "`--trusted-host` turns the check of the server's certificate off";
        site.report(out, word.span, message);
    }
}
