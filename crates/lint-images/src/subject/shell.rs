use careen_image_model::dockerfile::{BaseKind, Dockerfile, Instruction, Stage};

/// What runs the shell form of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shell {
    /// A shell of the POSIX family.
    Posix {
        /// Whether a pipeline fails where any of its commands fails.
        pipefail: bool,
        /// Whether a `SHELL` says so.
        explicit: bool,
    },
    /// `cmd`, PowerShell or another program whose text is not read.
    Foreign,
}

impl Shell {
    /// The shell that a stage starts with where it is built on an image.
    pub(crate) fn of_base(dockerfile: &Dockerfile, stage: &Stage) -> Self {
        if is_windows(dockerfile, stage) {
            Self::Foreign
        } else {
            Self::Posix { pipefail: false, explicit: false }
        }
    }

    /// The shell that a `SHELL` sets.
    pub(crate) fn of_instruction(shell: &Instruction) -> Self {
        let words = shell.words();
        let program = words.first().map_or("", |word| word.text.as_str());
        let program = program.rsplit('/').next().unwrap_or_default();
        let posix = ["sh", "bash", "ash", "dash", "ksh", "mksh", "zsh", "busybox", "env"];
        if posix.contains(&program) {
            let pipefail = words.iter().any(|word| word.text.contains("pipefail"));
            Self::Posix { pipefail, explicit: true }
        } else {
            Self::Foreign
        }
    }
}

/// Whether a stage that is built on an image is for Windows, as far as the file tells.
pub(crate) fn is_windows(dockerfile: &Dockerfile, stage: &Stage) -> bool {
    let platform = stage.platform.as_ref().map_or("", |word| word.text.as_str());
    let base = match &stage.base_kind {
        BaseKind::Image(text) => text.as_str(),
        _ => stage.base.text.as_str(),
    };
    dockerfile.escape == '`'
        || platform.starts_with("windows")
        || ["windows", "nanoserver", "servercore"].iter().any(|word| base.contains(word))
}
