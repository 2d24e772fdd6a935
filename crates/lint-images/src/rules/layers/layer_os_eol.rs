use careen_model::Context;
use careen_rule::{Confidence, Date, SnapshotSink, control, rule};

use crate::Check;
use crate::subject::Built;
use crate::support;

rule! {
    /// After the end of its life a distribution gets no security updates: what is found in it stays
    /// open, and rebuilding the image changes nothing. What counts is what `/etc/os-release` of the
    /// merged layers says. A release that the table does not know is not judged. The dates are
    /// built in; `--eol-data` takes newer ones.
    ///
    /// ```image bad file=app
    /// # finds layer-2/etc/os-release @ VERSION_ID="10": image `app` has Debian 10 (buster), whose updates ended on 2024-06-30, 2 years ago
    /// layers:
    ///   - etc/os-release: "ID=debian\nVERSION_ID=13\n"
    ///   - etc/os-release: "PRETTY_NAME=\"Debian GNU/Linux 10 (buster)\"\nVERSION_ID=\"10\"\nID=debian\n"
    /// ```
    /// ```image bad file=app
    /// # finds layer-1/usr/lib/os-release @ VERSION_ID=3.17.1: image `app` has Alpine 3.17
    /// layers:
    ///   - etc/os-release: {link: ../usr/lib/os-release}
    ///     usr/lib/os-release: "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.17.1\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/os-release: "ID=debian\nVERSION_ID=13\n"
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - etc/os-release: "ID=wolfi\nVERSION_ID=20230201\n"
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-os-eol",
        summary: "built image has a distribution past the end of its life",
        remedy: "Build on a release that gets updates.",
        severity: High,
        check: Check::Image(check),
        peers: &["cis:4.4"],
        confidence: Confidence::High,
        security: true,
        cwe: &[1104],
        controls: &[control::IMAGE_BASE],
        references: &["https://endoflife.date/"],
    }
}

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let Some(release) = built.os_release() else { return };
    let Some(version) = &release.version else { return };
    let Some(cycle) = context.end_of_life.of_os(&release.id, version) else { return };
    if !cycle.is_over(context.now) {
        return;
    }
    let Some(end) = support::end(&cycle, context.now) else { return };
    let message = format!("image `{}` has {end}", built.name());
    let finding = built.report(out, &release.source, release.span, message);
    if let Some(as_of) = cycle.as_of {
        let note = format!("by dates as of {}", Date(as_of));
        finding.related(&release.source, release.span, note);
    }
}
