use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::subject::ImageSite;

rule! {
    /// `k8s.gcr.io` has been frozen since 3 April 2023: no image there gets a fix any more, and the
    /// redirect that still answers may go at any time. The same holds for
    /// `gcr.io/google-containers`, which it once stood for. The images live on at
    /// `registry.k8s.io`.
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
    ///     image: k8s.gcr.io/pause:3.9
    /// #          ^^^^^^^^^^ image `k8s.gcr.io/pause:3.9` of container `web` in Pod `shop/api` comes from a frozen registry
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
    ///     image: registry.k8s.io/pause:3.10
    /// ```
    pub(crate) static RULE: Check = {
        id: "image-registry-deprecated",
        summary: "image comes from a registry that is frozen",
        remedy: "Take the image from `registry.k8s.io`.",
        severity: High,
        check: Check::ImageUse(check),
        peers: &["kubescape:C-0253"],
        controls: &[control::IMAGE_IN_REGISTRY, control::IMAGE_BASE],
        references: &["https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/"],
    }
}

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Ok(reference) = &image.reference else { return };
    let Some(registry) = reference.registry_span() else { return };
    let repository = reference.repository();
    let frozen = match reference.registry() {
        "k8s.gcr.io" => true,
        "gcr.io" => {
            repository.starts_with("google-containers/")
                || repository.starts_with("google_containers/")
        }
        _ => false,
    };
    if frozen {
        let message = format!("{} comes from a frozen registry", image.display());
        let span = image.span_of(registry);
        let is_plain = out.source().slice(span) == "k8s.gcr.io";
        let finding = image.report(out, span, message);
        // `registry.k8s.io` has every image of `k8s.gcr.io`, under the same path and digest.
        if is_plain {
            let edit = Edit { span, text: "registry.k8s.io".to_owned() };
            finding.fix("use `registry.k8s.io`", Safety::Safe, vec![edit]);
        }
    }
}
