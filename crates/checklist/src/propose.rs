use crate::Item;

/// A control that an item may mean.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its id.
    pub id: &'a str,
    /// What is asked for, in one line.
    pub title: &'a str,
    /// Words and phrases that point to it, in lower case.
    pub words: &'a [&'a str],
}

/// A guess.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    /// The control's id.
    pub control: String,
    /// Between 0 and 1.
    pub confidence: f64,
}

/// What an item may mean, the likeliest first, at most three. The same item and candidates give the
/// same answer.
#[must_use]
pub fn propose(item: &Item, candidates: &[Candidate<'_>]) -> Vec<Proposal> {
    let _ = (item, candidates);
    Vec::new()
}
