//! Reviews of merged changes, as JSON of a forge: a list with one object a change.
//!
//! Of GitHub:
//!
//! ```console
//! $ gh pr list --state merged --limit 1000 \
//!     --json number,title,author,mergeCommit,reviews,mergedAt
//! ```
//!
//! ```json
//! [{"number": 7, "title": "…", "author": {"login": "ada"}, "mergedAt": "2026-11-02T10:00:00Z",
//!   "mergeCommit": {"oid": "…"}, "reviews": [{"author": {"login": "bob"}, "state": "APPROVED"}]}]
//! ```
//!
//! Of GitLab: the merge requests of its API (`iid`, `title`, `author.username`, `merged_at`), each with
//! the `approved_by` of its approvals.
//!
//! A change counts as reviewed if the last word of somebody other than its author is an approval; a
//! machine is nobody. A change that was not merged does not count. The list does not say when it was
//! made, so that the time of the newest merge stands for it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::scan::{self, each};
use crate::{Evidence, Kind, Measure, Trouble};

const TOOL: &str = "the forge";

#[derive(Deserialize)]
struct Change {
    #[serde(alias = "iid")]
    number: u64,
    title: Option<String>,
    author: Option<Person>,
    #[serde(rename = "mergedAt", alias = "merged_at")]
    merged_at: Option<String>,
    reviews: Option<Vec<Review>>,
    approved_by: Option<Vec<Approval>>,
}

#[derive(Deserialize)]
struct Person {
    #[serde(alias = "username")]
    login: Option<String>,
    #[serde(default)]
    is_bot: bool,
}

#[derive(Deserialize)]
struct Review {
    author: Option<Person>,
    state: String,
}

#[derive(Deserialize)]
struct Approval {
    user: Person,
}

pub(super) fn is_it(text: &str) -> bool {
    let Some(list) = text.trim_start().strip_prefix('[') else { return false };
    scan::has_keys(list, &["number", "reviews"]) || scan::has_keys(list, &["iid", "approved_by"])
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let changes: Vec<Change> = scan::decode(text, TOOL)?;
    let mut evidence = Evidence::new(Kind::Reviews);
    let mut counts = [0, 0];
    for change in changes.iter().filter(|change| change.merged_at.is_some()) {
        let number = change.number;
        if change.reviews.is_none() && change.approved_by.is_none() {
            let message = format!("does not say who reviewed change {number}: ask for `reviews`");
            return Err(Trouble::new(message));
        }
        let merged_at = change.merged_at.as_deref().and_then(scan::when);
        evidence.produced_at = evidence.produced_at.max(merged_at);
        let reviewed = is_reviewed(change);
        counts[usize::from(reviewed)] += 1;
        if !reviewed {
            let title = change.title.as_deref().unwrap_or("no title");
            let message = format!("nobody but its author approved “{title}”");
            evidence.push(scan::issue(&format!("#{number}"), &message));
        }
    }
    let [unreviewed, reviewed] = counts;
    if unreviewed + reviewed == 0 {
        return Err(Trouble::new("lists no merged change, which proves nothing"));
    }
    evidence.measures.set(Measure::Changes, scan::number(unreviewed + reviewed));
    evidence.measures.set(Measure::Unreviewed, scan::number(unreviewed));
    Ok(evidence)
}

/// Reviews stand in the order of their time. A comment does not take back an approval; a request for
/// changes and a dismissal do.
fn is_reviewed(change: &Change) -> bool {
    // Whose change it is must be known, to tell that somebody else approved it.
    let Some(author) = change.author.as_ref().and_then(login) else { return false };
    let mut last = BTreeMap::new();
    for review in each(&change.reviews) {
        if let Some(name) =
            review.author.as_ref().filter(|person| !is_machine(person)).and_then(login)
        {
            match review.state.to_ascii_uppercase().as_str() {
                "APPROVED" => last.insert(name, true),
                "CHANGES_REQUESTED" | "DISMISSED" => last.insert(name, false),
                _ => None,
            };
        }
    }
    for approval in each(&change.approved_by) {
        last.extend(
            login(&approval.user).filter(|_| !is_machine(&approval.user)).map(|name| (name, true)),
        );
    }
    last.iter().any(|(name, approved)| *approved && *name != author)
}

/// Names of accounts are the same in any case.
fn login(person: &Person) -> Option<String> {
    let name = person.login.as_deref()?.trim().to_ascii_lowercase();
    Some(name).filter(|name| !name.is_empty())
}

fn is_machine(person: &Person) -> bool {
    let name = person.login.as_deref().unwrap_or_default();
    person.is_bot || name.ends_with("[bot]") || name.starts_with("app/")
}
