use std::collections::{BTreeMap, BTreeSet};

use crate::Item;
use crate::stem::stems;

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

/// Proposals for an item.
const MOST_PROPOSALS: usize = 3;

/// Less than this is no guess.
const LEAST: f64 = 0.05;

/// What counts for a word of a heading above the item, against one of the item itself.
const HEADING: f64 = 0.35;

/// What a phrase of several words is worth besides the sum of its words, for each further word.
const PHRASE: f64 = 0.5;

/// What a phrase counts of which only some words are there.
const PART: f64 = 0.3;

/// What an item may mean, the likeliest first, at most three. The same item and candidates give the
/// same answer.
///
/// Each candidate is scored by the phrases and the words of its title that the item holds, rare ones above
/// common ones; headings help a little. The confidence says how much of the item is explained, and how far
/// the next candidate is behind. To look at many items, make a [`Proposer`] once.
#[must_use]
pub fn propose(item: &Item, candidates: &[Candidate<'_>]) -> Vec<Proposal> {
    Proposer::new(candidates).propose(item)
}

/// The candidates, prepared for many items.
#[derive(Debug)]
pub struct Proposer {
    candidates: Vec<Prepared>,
    /// How telling a word is: the fewer candidates have it, the more.
    weights: BTreeMap<String, f64>,
}

#[derive(Debug)]
struct Prepared {
    id: String,
    phrases: Vec<Vec<String>>,
    title: BTreeSet<String>,
}

/// Words that stand in items of any kind.
const COMMON: [&str; 34] = [
    "acceptable",
    "application",
    "applied",
    "approved",
    "available",
    "check",
    "clean",
    "completed",
    "configured",
    "correct",
    "created",
    "current",
    "defined",
    "deployment",
    "documented",
    "done",
    "enabled",
    "implemented",
    "issue",
    "new",
    "passing",
    "performed",
    "place",
    "plan",
    "production",
    "ready",
    "release",
    "reviewed",
    "set",
    "team",
    "tested",
    "up",
    "updated",
    "verified",
];

impl Proposer {
    /// Prepares candidates.
    #[must_use]
    pub fn new(candidates: &[Candidate<'_>]) -> Self {
        let candidates: Vec<_> = candidates
            .iter()
            .map(|candidate| Prepared {
                id: candidate.id.to_owned(),
                phrases: candidate.words.iter().map(|words| stems(words)).collect(),
                title: stems(candidate.title).into_iter().collect(),
            })
            .collect();
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for candidate in &candidates {
            let words: BTreeSet<_> = candidate.phrases.iter().flatten().collect();
            for word in words.into_iter().chain(&candidate.title).collect::<BTreeSet<_>>() {
                *counts.entry(word.clone()).or_default() += 1;
            }
        }
        let common: BTreeSet<_> = COMMON.iter().flat_map(|word| stems(word)).collect();
        let total = number(candidates.len() + 1);
        let weights = counts
            .into_iter()
            .map(|(word, count)| {
                let rarity = (total / number(count)).ln().max(0.1);
                let weight = if common.contains(&word) { rarity * 0.3 } else { rarity };
                (word, weight)
            })
            .collect();
        Self { candidates, weights }
    }

    /// What an item may mean, the likeliest first, at most three.
    #[must_use]
    pub fn propose(&self, item: &Item) -> Vec<Proposal> {
        let words = stems(&item.text);
        let own: BTreeSet<_> = words.iter().map(String::as_str).collect();
        let above: Vec<_> = item.section.iter().flat_map(|heading| stems(heading)).collect();
        let above: BTreeSet<_> = above.iter().map(String::as_str).collect();
        let held = Held { words: &words, own, above };
        let mut scores: Vec<_> =
            self.candidates.iter().map(|it| (self.score(it, &held), it)).collect();
        scores.retain(|(score, _)| score.sum > 0.5);
        scores.sort_by(|(a, one), (b, other)| {
            b.sum.total_cmp(&a.sum).then_with(|| one.id.cmp(&other.id))
        });
        let runner_up = scores.get(1).map_or(0.0, |(score, _)| score.sum);
        let best = scores.first().map_or(0.0, |(score, _)| score.sum);
        scores
            .into_iter()
            .take(MOST_PROPOSALS)
            .enumerate()
            .map(|(place, (score, candidate))| {
                let rival = if place == 0 { runner_up } else { best };
                Proposal { control: candidate.id.clone(), confidence: score.confidence(rival) }
            })
            .filter(|proposal| proposal.confidence >= LEAST)
            .collect()
    }

    fn weight(&self, word: &str) -> f64 {
        self.weights.get(word).copied().unwrap_or(UNKNOWN)
    }

    fn score(&self, candidate: &Prepared, held: &Held<'_>) -> Score {
        let mut matches: Vec<_> = candidate
            .phrases
            .iter()
            .map(|phrase| self.fit(phrase, held))
            .filter(|found| found.sum > 0.0)
            .collect();
        matches.sort_by(|a, b| b.sum.total_cmp(&a.sum));
        let mut counted: BTreeSet<&str> = BTreeSet::new();
        let mut sum = 0.0;
        for found in matches {
            // A word counts once, however many phrases it stands in.
            let new = found.words.iter().filter(|word| !counted.contains(*word)).count();
            let share = number(new) / number(found.words.len().max(1));
            sum += if counted.is_empty() { found.sum } else { found.sum * share * 0.5 };
            counted.extend(found.words);
        }
        let title: Vec<_> =
            candidate.title.iter().filter(|it| held.own.contains(it.as_str())).collect();
        sum += 0.3 * title.iter().map(|word| self.weight(word)).sum::<f64>();
        counted.extend(title.into_iter().map(String::as_str));
        let own = held.own.iter().copied();
        let (known, all) = own.fold((0.0, 0.0), |(known, all), word| {
            let weight = self.weight(word);
            (if counted.contains(word) { known + weight } else { known }, all + weight)
        });
        Score { sum, explained: if all > 0.0 { known / all } else { 0.0 } }
    }

    /// How far a phrase is there.
    fn fit<'p>(&self, phrase: &'p [String], held: &Held<'_>) -> Match<'p> {
        let mut found = Match { sum: 0.0, words: Vec::new() };
        let mut own = 0;
        for word in phrase {
            let share = held.share(word);
            if share > 0.0 {
                own += usize::from(share >= 1.0);
                found.sum += share * self.weight(word);
                found.words.push(word.as_str());
            }
        }
        let length = number(phrase.len().max(1));
        let part = number(found.words.len()) / length;
        found.sum *= if found.words.len() < phrase.len() {
            PART * part * part
        } else if held.words.windows(phrase.len().max(1)).any(|window| window == phrase) {
            1.25 * (1.0 + PHRASE * (length - 1.0))
        } else {
            1.0 + PHRASE * (length - 1.0)
        };
        if own == 0 {
            found.sum *= 0.6;
        }
        found
    }
}

/// How telling a word is that no candidate has: it speaks against all of them.
const UNKNOWN: f64 = 2.5;

/// The words of an item.
struct Held<'a> {
    words: &'a [String],
    own: BTreeSet<&'a str>,
    above: BTreeSet<&'a str>,
}

impl Held<'_> {
    fn share(&self, word: &str) -> f64 {
        if self.own.contains(word) {
            1.0
        } else if self.above.contains(word) {
            HEADING
        } else {
            0.0
        }
    }
}

struct Match<'p> {
    sum: f64,
    words: Vec<&'p str>,
}

#[derive(Clone, Copy)]
struct Score {
    sum: f64,
    /// How much of the item's words is known to the candidate, between 0 and 1.
    explained: f64,
}

impl Score {
    /// How sure it is that the candidate is meant, against its best rival.
    fn confidence(self, rival: f64) -> f64 {
        let lead = if self.sum + rival > 0.0 { self.sum / (self.sum + rival) } else { 0.0 };
        // A lead of twice the rival is as good as no rival.
        let lead = (3.0 * lead - 1.0).clamp(0.0, 1.0);
        let strength = self.sum / (self.sum + 3.0);
        let value = lead * strength * (0.3 + 0.7 * self.explained) * 1.3;
        (value.min(0.99) * 100.0).round() / 100.0
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of words are small")]
fn number(count: usize) -> f64 {
    count as f64
}
