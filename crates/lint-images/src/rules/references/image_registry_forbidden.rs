use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, rule};

use super::image_registry_not_allowed::is_from;
use crate::Check;
use crate::subject::{Holder, ImageSite};

rule! {
    /// Anybody can push to a public registry: a mistyped name, an abandoned account or a deleted
    /// image is somebody else's program, and anonymous pulls are rate-limited on the day when all
    /// nodes restart. A house with a registry of its own mirrors what it needs there. Many houses
    /// have none, so the rule must be asked for; `registries` replaces the list of public ones.
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
    ///     image: docker.io/someone/web:1.4.0
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ image `docker.io/someone/web:1.4.0` of container `web` in Pod `shop/api` comes from `docker.io`
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
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-registry-forbidden",
        summary: "image comes from a public registry",
        remedy: "Mirror the image in a registry of the house and name it there.",
        severity: Low,
        check: Check::ImageUse(check),
        security: true,
        cwe: &[829],
        peers: &["trivy:KSV-0034", "kubescape:C-0001"],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://kubernetes.io/docs/concepts/containers/images/"],
        default: false,
        options: &[RuleOption {
            name: "registries",
            kind: OptionKind::Words,
            summary: "The registries that no image may come from; without it, public ones.",
        }],
    }
}

/// Registries to which anybody may push.
const PUBLIC: [&str; 5] =
    ["docker.io", "ghcr.io", "quay.io", "public.ecr.aws", "registry.gitlab.com"];

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    if image.may_be_context() || matches!(image.holder, Holder::Syntax) {
        return;
    }
    let registry = reference.registry();
    let own = context.options.words(RULE.meta.id, "registries");
    let forbidden = if own.is_empty() {
        PUBLIC.contains(&registry)
    } else {
        let name = reference.name();
        own.iter().any(|pattern| is_from(pattern, registry, &name))
    };
    if forbidden {
        let message = format!("{} comes from `{registry}`", image.display());
        image.report(out, image.span(), message);
    }
}
