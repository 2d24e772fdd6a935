use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::CommandSite;

rule! {
    /// With `strict-ssl` off npm, yarn and pnpm take any certificate from the registry: whoever
    /// stands on the way chooses the code that is installed. `npm config set` also leaves the
    /// setting in the image.
    ///
    /// ```dockerfile bad
    /// FROM node:22.11.0
    /// RUN npm config set strict-ssl false
    /// #                  ^^^^^^^^^^ `strict-ssl` turns the check of the server's certificate off
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM node:22.11.0
    /// RUN npm config set cafile /etc/ssl/certs/ca.pem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-npm-strict-ssl",
        summary: "npm does not check the server's certificate",
        remedy: "Leave it out; name your own CA with `cafile`.",
        severity: High,
        check: Check::Command(check),
        peers: &["checkov:CKV2_DOCKER_13"],
        security: true,
        cwe: &[295],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.npmjs.com/cli/using-npm/config#strict-ssl"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["npm", "yarn", "pnpm", "npx"]) else { return };
    let mut words = call.arguments.iter();
    while let Some(word) = words.next() {
        let text = word.text.trim_start_matches('-');
        let next = || words.as_slice().first().map_or("", |word| word.text.as_str());
        let off = match text.split_once('=') {
            Some(("strict-ssl" | "enableStrictSsl", value)) => value == "false",
            _ if text == "strict-ssl" || text == "enableStrictSsl" => next() == "false",
            _ => text == "no-strict-ssl",
        };
        if off {
            let message = "`strict-ssl` turns the check of the server's certificate off";
            site.report(out, word.span, message);
        }
    }
}
