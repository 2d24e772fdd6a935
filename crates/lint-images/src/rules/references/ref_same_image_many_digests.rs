use std::collections::BTreeMap;

use careen_image_model::end_of_life::canonical_name;
use careen_model::{Context, File, ImageHolder, NamedImage, PathClass, Snapshot, named_images};
use careen_rule::{SnapshotSink, control, rule};

use crate::Check;
use crate::subject::{cut, lasting, path_of};

rule! {
    /// Workloads that stand side by side run one image in several versions. Now and then that is
    /// meant, for a step-by-step move; mostly one place was forgotten when the others were
    /// renewed, and keeps the old faults.
    ///
    /// Containers in manifests of one folder are compared: folders for staging and production
    /// differ on purpose.
    ///
    /// ```yaml bad file=deploy/api.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: proxy
    ///     image: envoyproxy/envoy:v1.36.2
    /// ```
    /// ```yaml bad file=deploy/web.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: web, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: proxy
    ///     image: envoyproxy/envoy:v1.34.0
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^^ image `envoyproxy/envoy:v1.34.0` of container `proxy` in Pod `shop/web` is another version than that of container `proxy` in Pod `shop/api`, `v1.36.2`
    /// ```
    /// ```yaml good file=staging/api.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: proxy
    ///     image: envoyproxy/envoy:v1.36.2
    /// ```
    /// ```yaml good file=production/api.yaml
    /// apiVersion: v1
    /// kind: Pod
    /// metadata: {name: api, namespace: shop}
    /// spec:
    ///   containers:
    ///   - name: proxy
    ///     image: envoyproxy/envoy:v1.34.0
    /// ```
    pub(crate) static RULE: Check = {
        id: "ref-same-image-many-digests",
        summary: "one image is deployed in several versions side by side",
        remedy: "Name the same version everywhere.",
        severity: Info,
        check: Check::Snapshot(check),
        default: false,
        controls: &[control::IMAGE_IN_REGISTRY],
        references: &["https://kubernetes.io/docs/concepts/containers/images/#image-names"],
    }
}

/// The first container with an image in a folder.
type First<'a> = (&'a File, NamedImage<'a>, String);

fn check(snapshot: &Snapshot, _: &Context, out: &mut SnapshotSink<'_>) {
    let mut first: BTreeMap<(&str, String), First<'_>> = BTreeMap::new();
    for file in snapshot.files() {
        if file.class != PathClass::Production || file.objects.is_empty() {
            continue;
        }
        let folder = file.source.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        for image in named_images(file) {
            let ImageHolder::Container(_) = image.holder else { continue };
            let Ok(reference) = &image.reference else { continue };
            // A digest says it all; two tags may be one, which is for people to see.
            let version = reference.digest().or_else(|| reference.tag()).unwrap_or("latest");
            let key = (folder, canonical_name(reference));
            let version = version.to_owned();
            match first.get(&key) {
                None => {
                    first.insert(key, (file, image, version));
                }
                Some(known) if known.2 != version => report(file, &image, known, out),
                Some(_) => {}
            }
        }
    }
}

fn report(file: &File, image: &NamedImage<'_>, first: &First<'_>, out: &mut SnapshotSink<'_>) {
    let (other_file, other, version) = first;
    let (ImageHolder::Container(container), ImageHolder::Container(known)) =
        (&image.holder, &other.holder)
    else {
        return;
    };
    let message = format!(
        "image `{}` of {} is another version than that of {}, `{}`",
        cut(&image.text),
        container.display(),
        known.display(),
        cut(version),
    );
    let finding = out.report(&file.source, image.span(), message);
    finding.object(path_of(*container)).evidence(lasting(&image.text));
    finding.related(&other_file.source, other.span(), "the other version");
}
