use serde::Serialize;

/// What exactly was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The folder, relative to the repository's root; `.` is the root.
    pub path: String,
    /// The digest of everything that was looked at but evidence, sign-offs and waivers: `sha256:…`. It
    /// says the same with and without Git, and does not change when evidence about it is added.
    pub tree: String,
    /// The commit that is checked out, in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Whether files differ from that commit.
    pub dirty: bool,
    /// The version that is released, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The last release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Tag>,
    /// The checklist: its path.
    pub checklist: String,
    /// The digest of the checklist with its bindings: `sha256:…`.
    pub checklist_digest: String,
    /// The digest of the controls and of what was configured: `sha256:…`.
    pub rules_digest: String,
    /// The command that gives this report again.
    pub reproduce: String,
}

/// A release that Git knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// The commit it stands for, in full.
    pub commit: String,
    /// When it was made, in Unix seconds: the tagger's time, or the commit's.
    pub at: i64,
    /// Whether it is a tag of its own, with a message and an author, not just a name.
    pub annotated: bool,
}
