use careen_evidence::{Claim, Class, Kind};
use careen_probes::Probe;
use careen_rule::Severity;

use crate::Subject;

/// What decides a control.
#[derive(Clone, Debug)]
pub enum Decider {
    /// No finding of these rules counts, and there was something to look at.
    Rules(RuleSet),
    /// A report says so.
    Evidence(Wanted),
    /// The running cluster says so.
    Cluster {
        /// The question.
        probe: Probe,
        /// Seconds after which the answer is stale.
        max_age: i64,
    },
    /// Git says so.
    Git(GitProbe),
    /// A person says so.
    SignOff {
        /// As what; `any` for whoever may sign.
        role: String,
        /// Seconds after which it is stale.
        max_age: Option<i64>,
        /// What it must speak of.
        binds: Binds,
    },
    /// All of them.
    All(Vec<Self>),
    /// One of them.
    Any(Vec<Self>),
}

impl Decider {
    /// Ids of the rules that it asks for though they are off.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found.into_iter()
    }

    /// What is asked of a word in that role: how old it may be, and what it must speak of.
    pub(crate) fn asks_of(&self, word: &str) -> Option<(Option<i64>, Binds)> {
        match self {
            Self::SignOff { role, max_age, binds } => {
                (role == "any" || role == word).then_some((*max_age, *binds))
            }
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(|part| part.asks_of(word)),
            Self::Rules(_) | Self::Evidence(_) | Self::Cluster { .. } | Self::Git(_) => None,
        }
    }

    fn collect<'d>(&'d self, found: &mut Vec<&'d str>) {
        match self {
            Self::Rules(set) => found.extend(set.also.iter().map(String::as_str)),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().for_each(|part| part.collect(found));
            }
            Self::Evidence(_) | Self::Cluster { .. } | Self::Git(_) | Self::SignOff { .. } => {}
        }
    }
}

/// Rules that decide.
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// What must have been looked at: without one, nothing is proven.
    pub over: Subject,
    /// Rules besides those that name the control; they run though they are off.
    pub also: Vec<String>,
    /// Whether every rule about security counts, whatever controls it names.
    pub security: bool,
    /// The mildest severity that counts.
    pub at_least: Severity,
}

/// A report that decides.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What it speaks of, one of these; any if there are none.
    pub classes: Vec<Class>,
    /// Its format, one of these; any if there are none.
    pub kinds: Vec<Kind>,
    /// Globs of its path; any if there are none.
    pub files: Vec<String>,
    /// What the tests are, one of these; any if there are none.
    pub suites: Vec<String>,
    /// Where it was made.
    pub environment: Option<String>,
    /// What must hold.
    pub claims: Vec<Claim>,
    /// Seconds after which it is stale.
    pub max_age: Option<i64>,
    /// What it must speak of.
    pub binds: Binds,
    /// Whether it only says no: where no report speaks against it, it is content, and rests on nothing.
    pub only_against: bool,
}

/// What a report or a sign-off must speak of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Binds {
    /// The very content, or a commit that has the same.
    #[default]
    Content,
    /// Every image that the manifests name, by digest.
    Images,
    /// One or the other.
    ContentOrImage,
    /// Nothing: only its age counts.
    Nothing,
}

/// A question to Git.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitProbe {
    /// Does every commit since the last release carry a review?
    Reviewed,
    /// Is the last release tagged?
    PreviousVersionTagged,
}
