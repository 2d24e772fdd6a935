use std::collections::BTreeMap;

use careen_image_model::oci::{Entry, EntryKind};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::entries::mebibytes;
use crate::subject::Built;

rule! {
    /// What a later layer deletes or writes anew is still pulled by every node: a layer is never
    /// changed by those above it. A `RUN rm` in an instruction of its own, and a `RUN chown -R` of
    /// what `COPY` brought, double the image instead of making it smaller.
    ///
    /// ```config
    /// rules: {layer-waste: {mib: 1}}
    /// ```
    /// ```image bad file=app
    /// # finds layer-1: image `app` ships 2.5 MiB that no container sees, 2.0 MiB of it in layer 1: `tmp/b.tar` has 1.5 MiB
    /// layers:
    ///   - tmp/a.tar: {size: 524288}
    ///     tmp/b.tar: {size: 1572864}
    ///   - app/c: {size: 524288}
    ///     .wh.tmp: {}
    ///   - app/c: {size: 524288}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - tmp/a.tar: {size: 524288}
    ///   - tmp/.wh.a.tar: {}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-waste",
        summary: "layers hold much that later layers hide",
        remedy: "Delete in the `RUN` that made the files, use `COPY --chown` for what a later `chown` touches, or build in another stage.",
        severity: Info,
        check: Check::Image(check),
        peers: &["dive:efficiency"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds"],
        options: &[RuleOption {
            name: "mib",
            kind: OptionKind::Number,
            summary: "From how many MiB of hidden files on it counts; without it, 50.",
        }],
    }
}

/// What is hidden of one layer.
struct Hidden<'a> {
    bytes: u64,
    largest: &'a Entry,
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let mib = context.options.number(RULE.meta.id, "mib").unwrap_or(50);
    let least = u64::try_from(mib).unwrap_or_default().saturating_mul(1 << 20).max(1);
    let mut layers: BTreeMap<usize, Hidden<'_>> = BTreeMap::new();
    let mut all = 0_u64;
    for &(layer, entry, _) in built.merged.hidden() {
        if entry.kind != EntryKind::File {
            continue;
        }
        all = all.saturating_add(entry.size);
        let hidden = layers.entry(layer).or_insert(Hidden { bytes: 0, largest: entry });
        hidden.bytes = hidden.bytes.saturating_add(entry.size);
        if entry.size > hidden.largest.size {
            hidden.largest = entry;
        }
    }
    let worst = layers.into_iter().max_by_key(|(at, hidden)| (hidden.bytes, usize::MAX - at));
    let Some((at, Hidden { bytes, largest })) = worst.filter(|_| all >= least) else { return };
    let message = format!(
        "image `{}` ships {} that no container sees, {} of it in layer {}: `{}` has {}",
        built.name(),
        mebibytes(all),
        mebibytes(bytes),
        at + 1,
        largest.path,
        mebibytes(largest.size)
    );
    built.report_layer(out, at, message);
}
