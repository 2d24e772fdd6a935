use careen_kube_model::Container;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;

rule! {
    /// A container that starts its program through `sudo` runs as a user who may become root
    /// without asking, or as root anyway. Either way `runAsNonRoot` and `allowPrivilegeEscalation:
    /// false` cannot be set. Whatever needs root belongs into the image's build or into a
    /// capability.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     command: [sh, -c, "sudo chown app /data && exec app"]
    /// #                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ container `web` in Pod `shop/api` starts by `sudo`
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     command: [/usr/bin/sudo, -u, app, app]
    /// #             ^^^^^^^^^^^^^ container `web` in Pod `shop/api` starts by `sudo`
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     command: [app, --mode, sudo]
    /// ```
    pub(crate) static RULE: Check = {
        id: "sudo-in-command",
        summary: "container starts its program by sudo",
        remedy: "Run as the user that the program needs by `runAsUser`, and prepare files in the image or by `fsGroup`.",
        severity: Medium,
        check: Check::Container(check),
        peers: &["kubescape:C-0062"],
        security: true,
        fragments: true,
        cwe: &[250],
        controls: &[control::STATIC_ANALYSIS_CLEAN],
        references: &["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
    }
}

fn check(container: Container<'_>, _: &Context, out: &mut Sink<'_>) {
    for (index, (word, node)) in container.words().enumerate() {
        // The first word is a program; a longer text is the script of a shell.
        let is_found = if word.contains([' ', '\n', '\t']) {
            runs_sudo(word)
        } else {
            index == 0 && is_sudo(word)
        };
        if is_found {
            let message = format!("{} starts by `sudo`", container.display());
            out.report(node.span(), message).field("command");
            return;
        }
    }
}

fn is_sudo(word: &str) -> bool {
    word == "sudo" || word.ends_with("/sudo")
}

/// Whether a command of the script is `sudo`, as far as one sees without parsing the shell.
fn runs_sudo(script: &str) -> bool {
    let commands = script.split(['\n', ';', '|', '&', '(', '`', '{']);
    commands.take(COMMANDS).any(|command| {
        let mut words = command.split_whitespace().skip_while(|word| {
            word.contains('=') || matches!(*word, "exec" | "then" | "do" | "else" | "if" | "!")
        });
        words.next().is_some_and(is_sudo)
    })
}

/// Commands of a script that are looked at.
const COMMANDS: usize = 10_000;
