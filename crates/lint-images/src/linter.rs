use careen_model::{Context, File, Linter, SnapshotCheck};
use careen_rule::{Findings, Meta, Rule};

use crate::Check;
use crate::rules::ALL;
use crate::rules::layers::layer_credential_file::RULE as LAYER_CREDENTIAL_FILE;
use crate::subject::{self, Build, Built, FileSite, ImageSite};

/// The linter of Dockerfiles and image references.
#[derive(Clone, Copy, Debug)]
pub struct ImagesLinter;

impl Linter for ImagesLinter {
    fn name(&self) -> &'static str {
        "images"
    }

    fn rules(&self) -> Vec<&'static Meta> {
        ALL.iter().map(|rule| &rule.meta).collect()
    }

    fn check_file(&self, file: &File, context: &Context, findings: &mut Findings) {
        let build = file.dockerfile.as_ref().map(Build::new);
        if let Some(build) = &build {
            check_build(build, file, context, findings);
        }
        let site = FileSite { file, build: build.as_ref() };
        for rule in ALL {
            if let Check::File(check) = rule.check {
                check(&site, context, &mut findings.sink(&rule.meta, &file.source));
            }
        }
        if !file.objects.is_empty() || file.images.is_some() {
            let images = subject::images_of_file(file);
            check_images(&images, file, context, findings);
        }
        if let Some(image) = &file.image {
            let built = Built::new(image);
            for rule in ALL {
                if let Check::Image(check) = rule.check {
                    check(&built, context, &mut findings.across(&rule.meta));
                }
            }
        }
    }

    fn judges_reference(&self, rule: &Meta) -> bool {
        let is_it = |known: &&Rule<Check>| std::ptr::eq(&raw const known.meta, rule);
        ALL.iter().any(|known| is_it(known) && matches!(known.check, Check::ImageUse(_)))
    }

    fn asks_registries(&self, rule: &Meta) -> bool {
        let is_it = |known: &&Rule<Check>| std::ptr::eq(&raw const known.meta, rule);
        ALL.iter().any(|known| is_it(known) && matches!(known.check, Check::Evidence(_)))
    }

    fn knows_by_name(&self, rule: &Meta) -> bool {
        rule.id == LAYER_CREDENTIAL_FILE.meta.id
    }

    fn snapshot_checks(&self) -> Vec<SnapshotCheck> {
        let checks = ALL.iter().filter_map(|rule| match rule.check {
            Check::Snapshot(run) => Some(SnapshotCheck { rule: &rule.meta, run }),
            Check::Evidence(_) => Some(SnapshotCheck { rule: &rule.meta, run: subject::examine }),
            _ => None,
        });
        checks.collect()
    }
}

fn check_build(build: &Build<'_>, file: &File, context: &Context, findings: &mut Findings) {
    if build.dockerfile.stages.is_empty() {
        // Not enough of a Dockerfile for more than the syntax.
        for rule in ALL {
            if let Check::Dockerfile(check) = rule.check {
                check(build, context, &mut findings.sink(&rule.meta, &file.source));
            }
        }
        return;
    }
    let commands = build.command_sites();
    for rule in ALL {
        let mut sink = findings.sink(&rule.meta, &file.source);
        match rule.check {
            Check::Dockerfile(check) => check(build, context, &mut sink),
            Check::Stage(check) => {
                build.stages().for_each(|stage| check(stage, context, &mut sink));
            }
            Check::Instruction(check) => {
                build.steps().for_each(|step| check(step, context, &mut sink));
            }
            Check::Command(check) => {
                commands.iter().for_each(|command| check(command, context, &mut sink));
            }
            Check::ImageUse(_)
            | Check::File(_)
            | Check::Image(_)
            | Check::Evidence(_)
            | Check::Snapshot(_) => {}
        }
    }
    check_images(&subject::images_of_build(build), file, context, findings);
}

fn check_images(images: &[ImageSite<'_>], file: &File, context: &Context, findings: &mut Findings) {
    if images.is_empty() {
        return;
    }
    for rule in ALL {
        if let Check::ImageUse(check) = rule.check {
            let mut sink = findings.sink(&rule.meta, &file.source);
            images.iter().for_each(|image| check(image, context, &mut sink));
        }
    }
}
