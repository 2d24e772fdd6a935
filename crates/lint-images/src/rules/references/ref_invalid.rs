use careen_image_model::reference::ReferenceProblem;
use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::subject::ImageSite;

rule! {
    /// What is no image reference can be neither pulled nor built on: the pod stays in
    /// `InvalidImageName`, the build stops. References with variables or template marks that are
    /// filled in later are not judged.
    ///
    /// ```dockerfile bad
    /// FROM Acme/base:1.0
    /// USER 101
    /// COPY --from=acme/tools:1:0 /bin/tool /bin/
    /// #                      ^^^ image `acme/tools:1:0` of `COPY --from` is no reference: the tag is
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
    ///     image: registry.example.com/Shop/web:1.4.0
    /// #                               ^^^^ image `registry.example.com/Shop/web:1.4.0` of container `web` in Pod `shop/api` is no reference: the repository must be lower case
    /// ```
    /// ```dockerfile good
    /// ARG VERSION
    /// FROM acme/base:${VERSION}
    /// USER 101
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
    ///     image: registry.example.com/shop/web:1.4.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-invalid",
        summary: "image reference does not parse",
        remedy: "Write the reference as `registry/repository:tag@digest`, the repository in lower case.",
        severity: High,
        check: Check::ImageUse(check),
        peers: &["kics:invalid_image"],
        controls: &[control::IMAGE_IN_REGISTRY, control::MANIFESTS_VALID],
        references: &[
            "https://github.com/distribution/reference",
            "https://kubernetes.io/docs/concepts/containers/images/#image-names",
        ],
    }
}

fn check(image: &ImageSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Err(problem) = &image.reference else { return };
    if problem.is_unexpanded() || is_placeholder(&image.text, problem) {
        return;
    }
    // With an address in front there may be a password in it.
    let message = if matches!(problem, ReferenceProblem::Scheme(_)) {
        problem.to_string()
    } else {
        format!("{} is no reference: {problem}", image.display())
    };
    image.report(out, image.span_of(problem.span()), message);
}

/// Whether a tool fills the text in or takes it for something else: template marks, `ko://` of ko,
/// words in capitals such as `IMAGE_NAME`, an empty text (for the linter of manifests).
fn is_placeholder(text: &str, problem: &ReferenceProblem) -> bool {
    let marks = ["<", ">", "%", "{", "[[", "@@", "__", "|"];
    match problem {
        ReferenceProblem::Empty => true,
        // What a trigger of OpenShift fills in is written as a blank.
        _ if text.trim().is_empty() => true,
        ReferenceProblem::Scheme(_) => text.starts_with("ko://"),
        ReferenceProblem::RepositoryUppercase(span) => {
            let part = text.get(span.range()).unwrap_or_default();
            !part.bytes().any(|byte| byte.is_ascii_lowercase())
        }
        _ => marks.iter().any(|mark| text.contains(mark)),
    }
}
