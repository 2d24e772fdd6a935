use std::fmt;

use std::sync::Arc;

use careen_image_model::EndOfLife;
use careen_kube_model::KubernetesVersion;
use careen_rule::{Findings, Meta, Options, SnapshotSink};
use careen_text::Source;

use crate::{File, Snapshot};

/// What every check may know besides the files.
#[derive(Clone, Debug)]
pub struct Context {
    /// The moment of judgement, in Unix seconds. Checks never look at a clock.
    pub now: i64,
    /// The Kubernetes that manifests are judged for.
    pub kubernetes: KubernetesVersion,
    /// What the user told the rules.
    pub options: Arc<Options>,
    /// Definitions of custom resources that the user gave besides the files.
    pub definitions: Arc<Snapshot>,
    /// Which rules certificates are under.
    pub pki: Pki,
    /// How far ahead the user wants to see what expires, in seconds; none where not asked.
    pub forecast: Option<i64>,
    /// Until when releases of distributions and runtimes get updates.
    pub end_of_life: Arc<EndOfLife>,
    /// The version that is released, if that is known: without a leading `v`.
    pub release: Option<Arc<str>>,
}

/// The public key infrastructure that certificates belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pki {
    /// What each certificate says of itself decides.
    #[default]
    Inferred,
    /// All are to be trusted by browsers: the rules of the CA/Browser Forum hold.
    Public,
    /// All are the user's own.
    Private,
}

impl Context {
    /// The context of that moment for the newest Kubernetes, with nothing told by the user.
    #[must_use]
    pub fn at(now: i64) -> Self {
        Self {
            now,
            kubernetes: KubernetesVersion::NEWEST,
            options: Arc::default(),
            definitions: Arc::default(),
            pki: Pki::default(),
            forecast: None,
            end_of_life: EndOfLife::embedded(),
            release: None,
        }
    }
}

/// A check that needs relations across files.
#[derive(Clone, Copy)]
pub struct SnapshotCheck {
    /// The rule.
    pub rule: &'static Meta,
    /// Runs once per snapshot.
    pub run: fn(&Snapshot, &Context, &mut SnapshotSink<'_>),
}

impl fmt::Debug for SnapshotCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotCheck").field("rule", &self.rule.id).finish_non_exhaustive()
    }
}

/// A linter: a set of rules with one walk over what they look at.
pub trait Linter: Sync + Send {
    /// `kubernetes`, `images`, `secrets`, `tls`.
    fn name(&self) -> &'static str;

    /// Every rule, in order of id.
    fn rules(&self) -> Vec<&'static Meta>;

    /// Looks at a file that is no text, by its `start`: its first 8 KiB, or the `whole` of a
    /// shorter one. The source has the path and no text. Called once per such file, in parallel.
    fn check_binary(
        &self,
        source: &Arc<Source>,
        start: &[u8],
        whole: bool,
        context: &Context,
        findings: &mut Findings,
    ) {
        let _ = (source, start, whole, context, findings);
    }

    /// Runs every rule that needs one file only. Called once per file, in parallel, also for
    /// files that are no artifact: those are dropped afterwards.
    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings);

    /// A linter with those of the rules that are wanted, if leaving the others out is worth it.
    /// What it finds beyond them is dropped all the same.
    fn only(&self, wanted: &dyn Fn(&Meta) -> bool) -> Option<Box<dyn Linter>> {
        let _ = wanted;
        None
    }

    /// Whether what the rule says holds for whole objects only: the engine drops it where the
    /// object turns out to be a fragment, such as a file that a Kustomization names as a patch.
    fn needs_whole(&self, rule: &Meta) -> bool {
        let _ = rule;
        false
    }

    /// Whether the rule says something about the image that a manifest names: the engine drops it
    /// where a Kustomization puts another version in its place, which is judged there.
    fn judges_reference(&self, rule: &Meta) -> bool {
        let _ = rule;
        false
    }

    /// Whether the rule has something to say only where registries were asked.
    fn asks_registries(&self, rule: &Meta) -> bool {
        let _ = rule;
        false
    }

    /// Whether the rule knows a file in a layer by its name only: the engine drops it where
    /// somebody found secrets in the file.
    fn knows_by_name(&self, rule: &Meta) -> bool {
        let _ = rule;
        false
    }

    /// Whether the linter has something to say about what is no longer there: of the history of a
    /// repository, it sees every version of every file.
    fn reads_history(&self) -> bool {
        false
    }

    /// Whether the linter looks at the files in the layers of built images.
    fn reads_layers(&self) -> bool {
        false
    }

    /// The rules that need the whole snapshot; the engine runs them in parallel.
    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        Vec::new()
    }
}
