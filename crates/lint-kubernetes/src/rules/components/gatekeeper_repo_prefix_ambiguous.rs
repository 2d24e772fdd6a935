use careen_kube_model::{ObjectView, strings};
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::place::cut;

rule! {
    /// Gatekeeper's `K8sAllowedRepos` compares the beginning of an image's name as text. A prefix
    /// that does not end at a slash allows more than it says: `registry.example.com` also allows
    /// `registry.example.com.attacker.net/anything`, and `docker.io/shop` also `docker.io/shopping`.
    ///
    /// ```yaml bad
    /// apiVersion: constraints.gatekeeper.sh/v1beta1
    /// kind: K8sAllowedRepos
    /// metadata:
    ///   name: repositories
    /// spec:
    ///   parameters:
    ///     repos:
    ///     - registry.example.com
    /// #     ^^^^^^^^^^^^^^^^^^^^ K8sAllowedRepos `repositories` allows every image whose name begins with `registry.example.com`
    /// ```
    /// ```yaml good
    /// apiVersion: constraints.gatekeeper.sh/v1beta1
    /// kind: K8sAllowedRepos
    /// metadata:
    ///   name: repositories
    /// spec:
    ///   parameters:
    ///     repos:
    ///     - registry.example.com/
    ///     - docker.io/library/nginx:1.29.3
    /// ```
    pub(crate) static RULE: Check = {
        id: "gatekeeper-repo-prefix-ambiguous",
        summary: "constraint allows images by a prefix that ends in the middle of a name",
        remedy: "End the prefix with `/`, or name the image with its tag or digest.",
        severity: High,
        check: Check::Kind(&["K8sAllowedRepos"], check),
        security: true,
        cwe: &[183],
        peers: &["trivy:KSV-0124"],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &[
            "https://open-policy-agent.github.io/gatekeeper-library/website/validation/allowedrepos/",
        ],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    if view.group() != "constraints.gatekeeper.sh" {
        return;
    }
    let Some(list) = view.at(&["spec", "parameters", "repos"]) else { return };
    for (prefix, node) in strings(list) {
        let name = prefix.rsplit('/').next().unwrap_or(prefix);
        let is_exact = prefix.ends_with('/')
            || prefix.contains('@')
            || (prefix.contains('/') && name.contains(':'));
        if !is_exact {
            let prefix = cut(prefix);
            let message =
                format!("{} allows every image whose name begins with `{prefix}`", view.display());
            out.report(node.span(), message).evidence(prefix);
        }
    }
}
