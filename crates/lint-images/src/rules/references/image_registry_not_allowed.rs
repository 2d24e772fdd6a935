use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, fits, rule};

use crate::Check;
use crate::subject::{Holder, ImageSite};

rule! {
    /// Images from registries of the house are scanned, signed and still there tomorrow. What
    /// comes from elsewhere is none of these.
    ///
    /// Says nothing until `careen.yaml` tells it which registries are allowed: a registry
    /// (`registry.example.com`), or one with a path (`docker.io/library/*`), in which `*` stands
    /// for any text. An image without a registry comes from `docker.io`.
    ///
    /// ```config
    /// rules: {image-registry-not-allowed: {registries: [registry.example.com, "*.registry.example.com"]}}
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
    ///     image: nginx:1.29.3
    /// #          ^^^^^^^^^^^^ image `nginx:1.29.3` of container `web` in Pod `shop/api` comes from `docker.io/library/nginx`, which is not allowed
    /// ```
    /// ```config
    /// rules: {image-registry-not-allowed: {registries: [registry.example.com, "docker.io/library/*"]}}
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
    ///   - name: proxy
    ///     image: nginx:1.29.3
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-registry-not-allowed",
        summary: "image comes from a registry that the configuration does not allow",
        remedy: "Take the image from an allowed registry, or mirror it there.",
        severity: Medium,
        check: Check::ImageUse(check),
        security: true,
        cwe: &[829],
        aliases: &["base-registry-not-allowed", "ref-registry-not-allowed"],
        peers: &[
            "trivy:KSV-0125",
            "trivy:KSV-0032",
            "trivy:KSV-0033",
            "trivy:KSV-0035",
            "kubescape:C-0078",
            "popeye:113",
            "hadolint:DL3026",
            "dockle:CIS-DI-0002",
            "cis:4.2",
        ],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://kubernetes.io/docs/concepts/containers/images/"],
        options: &[RuleOption {
            name: "registries",
            kind: OptionKind::Words,
            summary: "The registries, with or without a path, that images may come from.",
        }],
    }
}

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let allowed = context.options.words(RULE.meta.id, "registries");
    let Ok(reference) = &image.reference else { return };
    if allowed.is_empty() || image.may_be_context() || matches!(image.holder, Holder::Syntax) {
        return;
    }
    let name = reference.name();
    let registry = reference.registry();
    if allowed.iter().any(|pattern| is_from(pattern, registry, &name)) {
        return;
    }
    let message = format!("{} comes from `{name}`, which is not allowed", image.display());
    image.report(out, image.span(), message);
}

/// Whether a registry or the whole name fits a pattern of the configuration.
pub(super) fn is_from(pattern: &str, registry: &str, name: &str) -> bool {
    let pattern = pattern.trim_end_matches('/');
    fits(pattern, registry)
        || fits(pattern, name)
        || (pattern.contains('/')
            && name.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/')))
}
