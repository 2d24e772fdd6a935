//! One pattern and how it fits a path.

use std::ops::RangeInclusive;

/// A pattern as a list of steps.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    steps: Vec<Step>,
    /// `**` in front of plain text: what ends with the text fits.
    ending: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// This character.
    One(char),
    /// Any character but `/`.
    Any,
    /// Any text without `/`.
    Star,
    /// Any folders, or none: `**/`.
    Folders,
    /// Whatever follows: `**` at the end.
    Rest,
    /// A character of a class.
    Class { negated: bool, ranges: Vec<RangeInclusive<char>> },
}

impl Glob {
    /// The steps of a pattern; nothing where it is malformed.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(character) = chars.next() {
            steps.push(match character {
                '*' if chars.next_if_eq(&'*').is_some() => {
                    chars.next_if_eq(&'/');
                    if chars.peek().is_none() { Step::Rest } else { Step::Folders }
                }
                '*' => Step::Star,
                '?' => Step::Any,
                '\\' => Step::One(chars.next()?),
                '[' => class(&mut chars)?,
                plain => Step::One(plain),
            });
        }
        let ending = text.strip_prefix("**").filter(|rest| {
            !rest.is_empty() && !rest.starts_with('*') && !rest.contains(['*', '?', '[', '\\'])
        });
        Some(Self { steps, ending: ending.map(str::to_owned) })
    }

    /// Whether the whole path fits; nothing where that takes more steps than are left.
    pub(super) fn fits(&self, path: &str, steps_left: &mut usize) -> Option<bool> {
        if let Some(ending) = &self.ending {
            *steps_left = steps_left.checked_sub(ending.len())?;
            return Some(path.ends_with(ending.as_str()) || ending.strip_prefix('/') == Some(path));
        }
        // All places in the pattern that the path read so far may stand at.
        let mut states = vec![false; self.steps.len() + 1];
        self.enter(0, &mut states);
        for character in path.chars() {
            *steps_left = steps_left.checked_sub(self.steps.len() + 1)?;
            let mut next = vec![false; self.steps.len() + 1];
            for (at, step) in self.steps.iter().enumerate() {
                if !states.get(at).copied().unwrap_or(false) {
                    continue;
                }
                match step {
                    Step::One(one) if *one == character => self.enter(at + 1, &mut next),
                    Step::Any if character != '/' => self.enter(at + 1, &mut next),
                    Step::Star if character != '/' => self.enter(at, &mut next),
                    Step::Rest => self.enter(at, &mut next),
                    Step::Folders => {
                        set(&mut next, at);
                        if character == '/' {
                            self.enter(at + 1, &mut next);
                        }
                    }
                    Step::Class { negated, ranges } => {
                        let within = ranges.iter().any(|range| range.contains(&character));
                        if within != *negated {
                            self.enter(at + 1, &mut next);
                        }
                    }
                    Step::One(_) | Step::Any | Step::Star => {}
                }
            }
            states = next;
        }
        Some(states.last().copied().unwrap_or(false))
    }

    /// Whether something below the folder may fit: the folder is a beginning of what is written,
    /// or there are wildcards before that is known.
    pub(super) fn may_fit_below(&self, folder: &str) -> bool {
        let mut steps = self.steps.iter();
        for character in folder.chars().chain(['/']) {
            match steps.next() {
                Some(Step::One(one)) if *one == character => {}
                Some(Step::One(_)) | None => return false,
                Some(_) => return true,
            }
        }
        steps.next().is_some()
    }

    /// Marks a place as reached, and those behind it that may be empty.
    fn enter(&self, at: usize, states: &mut [bool]) {
        let mut at = at;
        loop {
            set(states, at);
            match self.steps.get(at) {
                // Folders that are entered here may be none; further on they end with a slash.
                Some(Step::Star | Step::Rest | Step::Folders) => at += 1,
                _ => return,
            }
        }
    }
}

fn set(states: &mut [bool], at: usize) {
    if let Some(state) = states.get_mut(at) {
        *state = true;
    }
}

/// The class behind a `[`.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Step> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        let low = match chars.next()? {
            ']' if !ranges.is_empty() => return Some(Step::Class { negated, ranges }),
            '\\' => chars.next()?,
            // Nothing may stand for itself here.
            ']' | '-' => return None,
            plain => plain,
        };
        let high = if chars.next_if_eq(&'-').is_some() {
            match chars.next()? {
                ']' => return None,
                '\\' => chars.next()?,
                plain => plain,
            }
        } else {
            low
        };
        ranges.push(low..=high);
    }
}
