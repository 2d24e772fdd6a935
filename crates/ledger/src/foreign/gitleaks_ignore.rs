//! `.gitleaksignore`: fingerprints `path:rule:line`, with the commit before them for findings of
//! the history.

use std::collections::HashMap;

use super::is_gitleaks_rule;
use crate::Subject;

/// Lines that are read. Nobody writes so many.
const MOST: usize = 200_000;

#[derive(Debug)]
pub(super) struct GitleaksIgnore {
    by_path: HashMap<String, Vec<Known>>,
}

#[derive(Debug)]
struct Known {
    rule: String,
    line: u32,
}

impl GitleaksIgnore {
    pub(super) fn read(text: &str, problems: &mut Vec<String>) -> Self {
        let mut by_path: HashMap<String, Vec<Known>> = HashMap::new();
        let mut wrong = 0;
        let lines = text.lines().map(str::trim);
        let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines.by_ref().take(MOST) {
            match fingerprint(line) {
                Some((path, known)) => by_path.entry(path.to_owned()).or_default().push(known),
                None => wrong += 1,
            }
        }
        if wrong > 0 {
            problems.push(format!("{wrong} lines are no fingerprint `path:rule:line`"));
        }
        if lines.next().is_some() {
            problems.push(format!("only the first {MOST} lines are used"));
        }
        Self { by_path }
    }

    /// A secret moves with the lines above it, and then the entry does not fit any more: it must
    /// not hide whatever stands there now.
    pub(super) fn accepts(&self, subject: &Subject<'_>) -> bool {
        let known = self.by_path.get(subject.path).map(Vec::as_slice).unwrap_or_default();
        let (first, last) = subject.lines;
        known.iter().any(|known| {
            (first..=last).contains(&known.line) && is_gitleaks_rule(subject, &known.rule)
        })
    }
}

fn fingerprint(line: &str) -> Option<(&str, Known)> {
    let (rest, number) = line.rsplit_once(':')?;
    let (rest, rule) = rest.rsplit_once(':')?;
    let number = number.parse().ok()?;
    let path = match rest.split_once(':') {
        Some((commit, path)) if is_commit(commit) => path,
        _ => rest,
    };
    let path = path.strip_prefix("./").unwrap_or(path);
    (!path.is_empty()).then(|| (path, Known { rule: rule.to_owned(), line: number }))
}

fn is_commit(text: &str) -> bool {
    text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
