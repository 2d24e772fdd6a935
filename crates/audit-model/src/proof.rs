use serde::Serialize;

use crate::Place;

/// Something that a control rests on. What is a list of its own in the audit is named by its place there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Proof {
    /// Something in the repository.
    File {
        /// What it is: ``Deployment `shop/api` ``.
        what: String,
        /// Where.
        place: Place,
    },
    /// Many things of one kind in the repository, with the first of them.
    Files {
        /// What they are: `12 containers`.
        what: String,
        /// How many.
        count: usize,
        /// The first places, in order.
        places: Vec<Place>,
    },
    /// A report.
    Evidence {
        /// [`EvidenceRecord::path`].
        path: String,
        /// [`EvidenceRecord::sha256`].
        sha256: String,
        /// What it says: `p99 212 ms, error rate 0.02 %`.
        what: String,
    },
    /// A person's word.
    SignOff {
        /// [`SignOffRecord::path`].
        path: String,
        /// Who.
        by: String,
        /// As what.
        role: String,
    },
    /// Somebody answers for going without.
    Waiver {
        /// [`WaiverRecord::path`].
        path: String,
        /// Who.
        owner: String,
    },
    /// Something that Git knows.
    Git {
        /// What: ``tag `v1.4.0` ``.
        what: String,
        /// The object it is about.
        id: String,
    },
    /// Something in the running cluster.
    Cluster {
        /// The dump it was seen in.
        path: String,
        /// What: `6 nodes are ready`.
        what: String,
    },
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvidenceRecord {
    /// The path as reported.
    pub path: String,
    /// Digest of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Its bytes.
    pub size: u64,
    /// What it is: `junit`, `k6`, …; `unknown` if it could not be told.
    pub kind: String,
    /// The program that made it, as it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// When it was made, in Unix seconds, as it says or as its record says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub produced_at: Option<i64>,
    /// The commit it speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The content it speaks of, as [`Subject::tree`](crate::Subject::tree).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<String>,
    /// What is measured, as words: `p99 212 ms, error rate 0.02 %`.
    pub says: String,
    /// Why it proves nothing, if it does not: stale, unreadable, of something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// Ids of the controls that rest on it, or would.
    pub controls: Vec<String>,
}

/// What stands behind a person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "vouched", rename_all = "kebab-case")]
pub enum Vouched {
    /// A signature of somebody who may sign in that role.
    Signed {
        /// The principal in the file of allowed signers.
        principal: String,
        /// The key: `SHA256:…`.
        fingerprint: String,
    },
    /// Nothing but the file itself.
    Claimed,
    /// A signature that does not hold, or a word that cannot be taken.
    Refused {
        /// Why, in one sentence. Written as `refused`: what is vouched for has a reason of its own.
        #[serde(rename = "refused")]
        reason: String,
    },
}

/// A sign-off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignOffRecord {
    /// The file.
    pub path: String,
    /// The control it is for.
    pub control: String,
    /// What is stated.
    pub statement: String,
    /// As what.
    pub role: String,
    /// Who.
    pub by: String,
    /// When, in Unix seconds.
    pub at: i64,
    /// Until when, in Unix seconds: the first second that is no longer covered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<i64>,
    /// The commit it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The content it is for, as [`Subject::tree`](crate::Subject::tree).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree: Option<String>,
    /// What stands behind it.
    #[serde(flatten)]
    pub vouched: Vouched,
    /// Why it does not hold, though the signature may: expired, of another commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<String>,
}

/// A waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaiverRecord {
    /// The file.
    pub path: String,
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
    #[serde(flatten)]
    pub vouched: Vouched,
    /// Whether it has run out.
    pub expired: bool,
    /// Whether the control would not be settled without it.
    pub needed: bool,
}
