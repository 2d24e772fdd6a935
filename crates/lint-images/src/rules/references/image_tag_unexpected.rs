use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, Sink, control, fits, rule};

use crate::Check;
use crate::subject::ImageSite;

rule! {
    /// Where a platform says which version of an image is to be run, another version is a mistake
    /// or a leftover.
    ///
    /// Says nothing until `careen.yaml` names images and the tags they are to have, both patterns
    /// in which `*` stands for any text. The image is written as in the manifest, without its tag.
    ///
    /// ```config
    /// rules: {image-tag-unexpected: {tags: {"registry.example.com/web": "1.4.*"}}}
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
    ///     image: registry.example.com/web:1.3.9
    /// #                                   ^^^^^ image `registry.example.com/web:1.3.9` of container `web` in Pod `shop/api` has not the tag `1.4.*`
    /// ```
    /// ```config
    /// rules: {image-tag-unexpected: {tags: {"registry.example.com/web": "1.4.*"}}}
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
        id: "image-tag-unexpected",
        summary: "image has another tag than the configuration asks for",
        remedy: "Name the version that is to be run.",
        severity: Low,
        check: Check::ImageUse(check),
        peers: &["kubeaudit:ImageTagIncorrect"],
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://kubernetes.io/docs/concepts/containers/images/#image-names"],
        options: &[RuleOption {
            name: "tags",
            kind: OptionKind::Map,
            summary: "Patterns of images, each with the pattern its tag must fit.",
        }],
    }
}

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let wanted = context.options.map(RULE.meta.id, "tags");
    let Ok(reference) = &image.reference else { return };
    if wanted.is_empty() || image.may_be_context() {
        return;
    }
    let full = reference.name();
    let written = image.text.split('@').next().unwrap_or_default();
    let written = match reference.tag() {
        Some(tag) => written.strip_suffix(tag).map_or(written, |rest| rest.trim_end_matches(':')),
        None => written,
    };
    let Some((_, tag)) = wanted.iter().find(|(name, _)| fits(name, written) || fits(name, &full))
    else {
        return;
    };
    let unexpected = match reference.tag() {
        Some(own) => !fits(tag, own),
        None => reference.digest().is_none(),
    };
    if unexpected {
        let span = reference.tag_span().map_or(image.span(), |tag| image.span_of(tag));
        let message = format!("{} has not the tag `{tag}`", image.display());
        image.report(out, span, message);
    }
}
