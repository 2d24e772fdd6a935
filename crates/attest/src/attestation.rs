use std::sync::Arc;

use careen_audit_model::Vouched;

/// A file below `.careen`.
#[derive(Clone, Debug)]
pub struct Document {
    /// The path as reported.
    pub path: Arc<str>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A piece of evidence that a person looked at before signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceHash {
    /// The path, relative to the audited folder.
    pub path: String,
    /// Digest of its bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// A sign-off, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOff {
    /// The file.
    pub path: Arc<str>,
    /// The control it is for.
    pub control: String,
    /// What is stated.
    pub statement: String,
    /// As what.
    pub role: String,
    /// Who: the principal of the signature, an address.
    pub by: String,
    /// Whether the person says that it is so; a person may also sign that it is not.
    pub approved: bool,
    /// When, in Unix seconds.
    pub at: i64,
    /// Until when, in Unix seconds: the first second that is no longer covered.
    pub expires: Option<i64>,
    /// The commit it is for.
    pub commit: Option<String>,
    /// The content it is for: `sha256:…`.
    pub tree: Option<String>,
    /// What the person looked at.
    pub evidence: Vec<EvidenceHash>,
    /// What stands behind it.
    pub vouched: Vouched,
}

/// A waiver, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The file.
    pub path: Arc<str>,
    /// The control that is waived.
    pub control: String,
    /// Who answers for it.
    pub owner: String,
    /// Why it is acceptable to go without.
    pub reason: String,
    /// What is done instead.
    pub compensating: String,
    /// When it was given, in Unix seconds.
    pub at: i64,
    /// Until when, in Unix seconds: the first second that is no longer covered.
    pub expires: i64,
    /// What stands behind it.
    pub vouched: Vouched,
}

impl SignOff {
    /// Whether it has run out. One without an end never does.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.expires.is_some_and(|expires| now >= expires)
    }
}

impl Waiver {
    /// Whether it has run out.
    #[must_use]
    pub const fn is_over(&self, now: i64) -> bool {
        now >= self.expires
    }
}

/// Something wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    /// The file.
    pub path: Arc<str>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in Unicode code points.
    pub column: u32,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

/// Everything that people said.
#[derive(Clone, Debug, Default)]
pub struct Attestations {
    /// The sign-offs, in order of path. One that contradicts another is refused, and so is the other.
    pub sign_offs: Vec<SignOff>,
    /// The waivers, in order of path.
    pub waivers: Vec<Waiver>,
    /// What is wrong; what it is about is not among the others, unless it can be told as refused.
    pub troubles: Vec<Trouble>,
}
