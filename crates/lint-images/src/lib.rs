//! Lints Dockerfiles, image references and built images.
//!
//! Each Dockerfile is taken apart once (`subject`): its stages, its instructions, the commands
//! of its `RUN`s, the images it names; so are the images of Kubernetes manifests, Compose files
//! and others, and images that were built. Rules are told about the subject they ask for (`Check`)
//! and never walk by themselves.
//!
//! A stage *ships* if its layers end up in the image: the final stage, and the stages it is built
//! `FROM`. Rules about size and hygiene look at those only; what a builder stage leaves lying
//! about is thrown away. Rules about correctness and about what can be tampered with look at all.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a failed test is meant to panic"
    )
)]

mod attestations;
mod base_evidence;
mod capability;
mod credential_file;
mod distribution;
mod entries;
mod environment;
mod expose;
mod history;
mod known_images;
mod labels;
mod licenses;
mod linter;
mod moment;
mod mounts;
mod nonroot;
mod packages;
mod platforms;
mod rules;
mod run_config;
mod scans;
mod secret_name;
mod secret_place;
mod shell_checks;
mod signing;
mod subject;
mod support;
mod variables;

use careen_model::{Context, Snapshot};
use careen_rule::{Sink, SnapshotSink};

pub use linter::ImagesLinter;
use subject::{Build, Built, CommandSite, Examined, FileSite, ImageSite, StageSite, Step};

/// What a rule looks at, with its check.
#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// A whole Dockerfile.
    Dockerfile(fn(&Build<'_>, &Context, &mut Sink<'_>)),
    /// Every build stage.
    Stage(fn(StageSite<'_>, &Context, &mut Sink<'_>)),
    /// Every instruction, also those in front of the first `FROM`; of an `ONBUILD`, what it
    /// triggers.
    Instruction(fn(Step<'_>, &Context, &mut Sink<'_>)),
    /// Every command of every `RUN` that a POSIX shell runs, nested ones too.
    Command(fn(&CommandSite<'_>, &Context, &mut Sink<'_>)),
    /// Every image that a Dockerfile, a manifest or another file names.
    ImageUse(fn(&ImageSite<'_>, &Context, &mut Sink<'_>)),
    /// Every built image: its configuration, its layers, and the evidence about it.
    Image(fn(&Built<'_>, &Context, &mut SnapshotSink<'_>)),
    /// Every file, whatever it holds.
    File(fn(&FileSite<'_>, &Context, &mut Sink<'_>)),
    /// Every image about which something is known besides its layers: built ones, and those that
    /// files name.
    Evidence(fn(&Examined<'_>, &Context, &mut SnapshotSink<'_>)),
    /// All files together.
    Snapshot(fn(&Snapshot, &Context, &mut SnapshotSink<'_>)),
}
