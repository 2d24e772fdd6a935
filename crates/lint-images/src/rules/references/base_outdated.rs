use careen_image_model::oci::{Digest, Image, Remote};
use careen_model::Context;
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{Examined, Role, cut};

const NAME: &str = "org.opencontainers.image.base.name";
const DIGEST: &str = "org.opencontainers.image.base.digest";

rule! {
    /// The tag of the base leads to a newer image than the one that is pinned, or than the one the
    /// image was built on: fixes of the distribution have not arrived. A bot that renews digests
    /// keeps this short. Needs a registry to ask. What an image was built on, it says itself: in
    /// the annotations `org.opencontainers.image.base.name` and `.base.digest`.
    ///
    /// ```registry
    /// alpine:3.22@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f: {tag-digest: "sha256:6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a"}
    /// ```
    /// ```dockerfile bad
    /// FROM alpine:3.22@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// #    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ base image `alpine:3.22@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f` is out of date: its tag leads to `sha256:6a6a6a6a6a6a` by now
    /// USER 101
    /// ```
    /// ```registry
    /// docker.io/library/alpine:3.22: {digest: "sha256:6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a"}
    /// ```
    /// ```image bad file=app
    /// # finds manifest.json: image `app` was built on `sha256:5b4f5b4f5b4f`, and `docker.io/library/alpine:3.22` leads to `sha256:6a6a6a6a6a6a` by now
    /// annotations:
    ///   org.opencontainers.image.base.name: docker.io/library/alpine:3.22
    ///   org.opencontainers.image.base.digest: sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// ```
    /// ```registry
    /// alpine:3.22@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f: {}
    /// ```
    /// ```dockerfile good
    /// FROM alpine:3.22@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// USER 101
    /// ```
    /// ```registry
    /// docker.io/library/alpine:3.22: {digest: "sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f"}
    /// ```
    /// ```image good file=app
    /// annotations:
    ///   org.opencontainers.image.base.name: docker.io/library/alpine:3.22
    ///   org.opencontainers.image.base.digest: sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-outdated",
        summary: "base image is out of date",
        remedy: "Renew the digest of the base and build again.",
        severity: Medium,
        check: Check::Evidence(check),
        peers: &["cis:4.4"],
        security: true,
        cwe: &[1104],
        controls: &[control::IMAGE_BASE],
        references: &["https://docs.docker.com/scout/policy/#up-to-date-base-images"],
    }
}

fn check(examined: &Examined<'_>, _: &Context, out: &mut SnapshotSink<'_>) {
    match examined.role {
        Role::Base => {
            let Some(Remote::Image { tag_digest: Some(now), .. }) = examined.remote else { return };
            let (image, now) = (examined.display(), now.short());
            let message = format!("{image} is out of date: its tag leads to `{now}` by now");
            examined.report(out, message);
        }
        Role::Built => {
            let Some(image) = examined.image else { return };
            let (Some(name), Some(built_on)) = (noted(image, NAME), noted(image, DIGEST)) else {
                return;
            };
            let Some(Remote::Image { digest: now, image: base, .. }) =
                examined.snapshot.remote(name)
            else {
                return;
            };
            // Some note the digest of the index, some that of the image for the platform.
            let current = [Some(now), base.digest.as_ref()];
            let Some(built_on) = Digest::parse(built_on) else { return };
            if current.into_iter().flatten().all(|digest| *digest != built_on) {
                let (image, name, then, now) =
                    (examined.display(), cut(name), built_on.short(), now.short());
                let message =
                    format!("{image} was built on `{then}`, and `{name}` leads to `{now}` by now");
                examined.report(out, message);
            }
        }
        Role::Deployed => {}
    }
}

fn noted<'i>(image: &'i Image, name: &str) -> Option<&'i str> {
    let annotation = image.manifest.annotations.get(name).map(String::as_str);
    annotation.or_else(|| image.config.label(name))
}
