//! Why nothing could be looked at.

/// A failure that leaves no listing at all. Every message ends with what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A root is neither a file nor a folder.
    #[error("`{path}` does not exist; check the spelling and the working directory")]
    NoSuchRoot {
        /// The root as the user wrote it, fit for a terminal.
        path: String,
    },
    /// A root is there but cannot be looked at.
    #[error("`{path}` cannot be opened: {reason}; check the permissions of the folders above it")]
    Unreachable {
        /// The root as the user wrote it, fit for a terminal.
        path: String,
        /// The operating system's reason.
        reason: String,
    },
    /// The working directory is gone or unreadable.
    #[error("the working directory cannot be found: {0}; change to a folder that exists")]
    WorkingDirectory(#[source] std::io::Error),
    /// `--staged`, `--since`, `--changed` or `--history` outside a repository.
    #[error(
        "`{path}` is in no Git repository; run inside one, or leave out `--staged`, `--since`, \
         `--changed` and `--history`"
    )]
    NotARepository {
        /// Where a repository was looked for, fit for a terminal.
        path: String,
    },
    /// The revision of `--since` or `--changed` is not in the repository.
    #[error(
        "the revision `{revision}` is not in this repository; check its name, and fetch the history \
         if this is a shallow clone"
    )]
    UnknownRevision {
        /// The revision as the user wrote it, fit for a terminal.
        revision: String,
    },
    /// `HEAD` and the revision have no commit in common, as far as this clone knows.
    #[error(
        "`HEAD` and `{revision}` have no commit in common in this {clone}; {remedy}, or name a commit \
         that `HEAD` was made from"
    )]
    NoMergeBase {
        /// The revision as the user wrote it, fit for a terminal.
        revision: String,
        /// `shallow clone` or `repository`.
        clone: &'static str,
        /// What may help.
        remedy: &'static str,
    },
    /// The range of `--history` is not in the repository.
    #[error(
        "`{range}` is no range of commits in this repository; write a revision, for all that leads \
         up to it, or two, such as `main..HEAD`, and paths before `--history`"
    )]
    UnknownRange {
        /// The range as the user wrote it, fit for a terminal.
        range: String,
    },
    /// The repository is there but cannot be read.
    #[error("the Git repository cannot be read: {reason}; `git fsck` may say more")]
    Repository {
        /// What failed.
        reason: String,
    },
}
