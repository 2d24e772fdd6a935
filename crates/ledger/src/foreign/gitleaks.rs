//! Allowlists of `.gitleaks.toml`: global ones, and those of its rules.

use regex::RegexSet;
use serde::Deserialize;

use super::is_gitleaks_rule;
use super::patterns::compile;
use crate::Subject;

/// Allowlists of one file.
const MOST: usize = 1_000;

#[derive(Debug)]
pub(super) struct Gitleaks {
    allowed: Vec<Allowed>,
}

/// An allowlist.
#[derive(Debug)]
struct Allowed {
    /// The rules it is for; empty for all.
    rules: Vec<String>,
    reason: String,
    paths: Option<RegexSet>,
    regexes: Option<RegexSet>,
    target: Target,
    stopwords: Vec<String>,
    /// Whether everything it lists must fit.
    all: bool,
}

/// What `regexes` are held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Secret,
    /// What the rule's pattern matches, which is about the line, or the line itself.
    Line,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    allowlist: Option<List>,
    #[serde(default)]
    allowlists: Vec<List>,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    #[serde(default)]
    id: String,
    allowlist: Option<List>,
    #[serde(default)]
    allowlists: Vec<List>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct List {
    #[serde(default)]
    description: String,
    #[serde(default)]
    condition: String,
    #[serde(default)]
    commits: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    regex_target: String,
    #[serde(default, alias = "stopWords")]
    stopwords: Vec<String>,
    #[serde(default)]
    target_rules: Vec<String>,
}

impl Gitleaks {
    pub(super) fn read(text: &str, problems: &mut Vec<String>) -> Option<Self> {
        let document: Document = match toml::from_str(text) {
            Ok(document) => document,
            Err(error) => {
                // The error's own text quotes the file.
                let before = text.get(..error.span().unwrap_or_default().start);
                let line = before.unwrap_or_default().matches('\n').count() + 1;
                problems.push(format!(
                    "does not hold what its name says, as line {line} tells: it accepts nothing"
                ));
                return None;
            }
        };
        let of_rules = document.rules.into_iter().flat_map(|rule| {
            let lists = rule.allowlist.into_iter().chain(rule.allowlists);
            let own = move |list: List| List { target_rules: vec![rule.id.clone()], ..list };
            lists.map(own)
        });
        let global = document.allowlist.into_iter().chain(document.allowlists);
        let mut lists = global.chain(of_rules);
        let allowed =
            lists.by_ref().take(MOST).filter_map(|list| allowed(list, problems)).collect();
        if lists.next().is_some() {
            problems.push(format!("only the first {MOST} allowlists are used"));
        }
        Some(Self { allowed })
    }

    pub(super) fn accepts(&self, subject: &Subject<'_>) -> Option<String> {
        let fits = |allowed: &&Allowed| {
            let rules = &allowed.rules;
            let ours = rules.is_empty() || rules.iter().any(|id| is_gitleaks_rule(subject, id));
            ours && allowed.fits(subject)
        };
        self.allowed.iter().find(fits).map(|allowed| allowed.reason.clone())
    }
}

fn allowed(list: List, problems: &mut Vec<String>) -> Option<Allowed> {
    let all = list.condition.eq_ignore_ascii_case("and") || list.condition == "&&";
    if !list.commits.is_empty() {
        let what = "an allowlist names commits, which only a search of the history could tell";
        problems.push(if all {
            format!("{what}: it accepts nothing")
        } else {
            format!("{what}: the rest of it holds")
        });
        if all {
            return None;
        }
    }
    let mut set = |patterns: &[String], what: &str| {
        (!patterns.is_empty()).then(|| compile(patterns, what, problems))
    };
    let target = match list.regex_target.as_str() {
        "match" | "line" => Target::Line,
        _ => Target::Secret,
    };
    Some(Allowed {
        rules: list.target_rules,
        reason: list.description,
        paths: set(&list.paths, "`paths`"),
        regexes: set(&list.regexes, "`regexes`"),
        target,
        stopwords: list.stopwords.iter().map(|word| word.to_lowercase()).collect(),
        all,
    })
}

impl Allowed {
    fn fits(&self, subject: &Subject<'_>) -> bool {
        let path = self.paths.as_ref().map(|paths| paths.is_match(subject.path));
        let regex = self.regexes.as_ref().map(|regexes| match self.target {
            Target::Secret => subject.secrets.iter().any(|secret| regexes.is_match(secret)),
            Target::Line => regexes.is_match(subject.text),
        });
        let word = (!self.stopwords.is_empty()).then(|| {
            subject.secrets.iter().any(|secret| {
                let secret = secret.to_lowercase();
                self.stopwords.iter().any(|word| !word.is_empty() && secret.contains(word.as_str()))
            })
        });
        let mut conditions = [path, regex, word].into_iter().flatten().peekable();
        if self.all {
            conditions.peek().is_some() && conditions.all(|holds| holds)
        } else {
            conditions.any(|holds| holds)
        }
    }
}
