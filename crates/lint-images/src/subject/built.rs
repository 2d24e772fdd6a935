use std::sync::{Arc, OnceLock};

use careen_image_model::oci::{Accounts, Entry, Evidence, Image, Merged, OsRelease};
use careen_rule::{Finding, ObjectPath, SnapshotSink};
use careen_text::{Source, Span};
use careen_yaml::Node;

/// A built image.
pub(crate) struct Built<'a> {
    /// What was read of it.
    pub(crate) image: &'a Image,
    /// What a container sees.
    pub(crate) merged: Merged<'a>,
    passwd: OnceLock<Option<Accounts>>,
    os_release: OnceLock<Option<OsRelease>>,
}

impl<'a> Built<'a> {
    pub(crate) fn new(image: &'a Image) -> Self {
        Self { image, merged: image.merged(), passwd: OnceLock::new(), os_release: OnceLock::new() }
    }

    /// What reports call it: its reference, or else where it lies.
    pub(crate) fn name(&self) -> &str {
        self.image.reference.as_ref().map_or(&self.image.name, |it| it.as_written())
    }

    /// The accounts of `/etc/passwd`.
    pub(crate) fn passwd(&self) -> Option<&Accounts> {
        let accounts = || self.image.accounts(&self.merged, "etc/passwd");
        self.passwd.get_or_init(accounts).as_ref()
    }

    /// The entries of `/etc/shadow` or `/etc/group`.
    pub(crate) fn accounts(&self, path: &str) -> Option<Accounts> {
        self.image.accounts(&self.merged, path)
    }

    /// What the system says it is.
    pub(crate) fn os_release(&self) -> Option<&OsRelease> {
        self.os_release.get_or_init(|| self.image.os_release(&self.merged)).as_ref()
    }

    /// What was found about who built it.
    pub(crate) fn evidence(&self) -> &'a Evidence {
        &self.image.evidence
    }

    /// Reports a defect at a value of the configuration, or at the whole of it.
    pub(crate) fn report_config<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        node: Option<Node<'_>>,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        // Of a whole that lacks something, the beginning is enough.
        let span = node.map_or(Span::new(0, 1), |node| node.span());
        self.report(out, self.image.config.source(), span, message)
    }

    /// Reports a defect of the manifest.
    pub(crate) fn report_manifest<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        self.report(out, &self.image.manifest_source, Span::new(0, 1), message)
    }

    /// Reports a defect of an entry of a layer: what it is, not what it holds.
    pub(crate) fn report_entry<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        layer: usize,
        entry: &Entry,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        self.report_path(out, layer, &entry.path, message)
    }

    /// Reports a defect of what lies at a path of a layer, which may be a folder without an entry
    /// of its own.
    pub(crate) fn report_path<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        layer: usize,
        path: &str,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        let source = Source::new(self.path(layer, path), "");
        self.report(out, &source, Span::at(0), message)
    }

    /// Reports a defect of a layer.
    pub(crate) fn report_layer<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        layer: usize,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        let source = Source::new(format!("{}!layer-{}", self.image.name, layer + 1), "");
        self.report(out, &source, Span::at(0), message)
    }

    /// Reports a defect at a place of a text.
    pub(crate) fn report<'s>(
        &self,
        out: &'s mut SnapshotSink<'_>,
        source: &Arc<Source>,
        span: Span,
        message: impl Into<String>,
    ) -> &'s mut Finding {
        out.report(source, span, message).object(self.object())
    }

    /// The path that reports give an entry of a layer.
    fn path(&self, layer: usize, path: &str) -> String {
        format!("{}!layer-{}/{path}", self.image.name, layer + 1)
    }

    fn object(&self) -> ObjectPath {
        ObjectPath {
            kind: "Image".to_owned(),
            name: self.name().to_owned(),
            ..ObjectPath::default()
        }
    }
}
