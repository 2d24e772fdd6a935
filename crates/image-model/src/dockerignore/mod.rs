//! Which files of a build context the builder never gets to see: `.dockerignore`.
//!
//! The patterns are those of BuildKit: comments, `!` for exceptions, `*`, `?`, `[…]`, `**`, and
//! the last pattern that fits a file or a folder above it decides. Paths are relative to the build
//! context, wherever that is.

mod pattern;

use std::sync::Arc;

use careen_text::{Source, Span};

use pattern::Glob;

/// Patterns of one file; what follows is left out.
pub const PATTERNS_MAX: usize = 10_000;
/// Bytes of a pattern; longer ones are left out.
pub const PATTERN_LEN_MAX: usize = 4096;

/// A parsed `.dockerignore`.
#[derive(Clone, Debug)]
pub struct Dockerignore {
    /// The patterns in the order of the file.
    pub patterns: Vec<Pattern>,
    /// The file.
    pub source: Arc<Source>,
    /// Whether patterns were left out, so that its answers are not certain.
    pub cut: bool,
}

/// One line of a `.dockerignore`.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The pattern in its shortest form: no `!`, no slash at either end, no `.` and `..` that can
    /// be resolved.
    pub text: String,
    /// Whether it takes files back in: `!` stood in front.
    pub negated: bool,
    /// Where the line stands, white space left out.
    pub span: Span,
    glob: Glob,
}

/// Steps that questions to a [`Dockerignore`] may take, so that a hostile file cannot make them
/// last.
#[derive(Clone, Copy, Debug)]
pub struct Budget(pub usize);

impl Default for Budget {
    fn default() -> Self {
        Self(20_000_000)
    }
}

/// Reads a `.dockerignore`. Lines that are no pattern are left out.
#[must_use]
pub fn parse(source: &Arc<Source>) -> Dockerignore {
    let text = source.text();
    let mut patterns = Vec::new();
    let mut cut = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let offset = start;
        start += line.len();
        let line = if offset == 0 { line.trim_start_matches('\u{feff}') } else { line };
        let offset = start - line.len();
        // White space in front of `#` makes it a pattern.
        if line.starts_with('#') {
            continue;
        }
        let trimmed = line.trim();
        let (negated, body) = match trimmed.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, trimmed),
        };
        if body.is_empty() {
            continue;
        }
        if patterns.len() >= PATTERNS_MAX || body.len() > PATTERN_LEN_MAX {
            cut = true;
            continue;
        }
        let begin = offset + line.len() - line.trim_start().len();
        let text = clean(body);
        let text = if text.len() > 1 { text.trim_start_matches('/').to_owned() } else { text };
        match Glob::parse(&text) {
            Some(glob) => {
                let span = Span::of(begin..begin + trimmed.len());
                patterns.push(Pattern { text, negated, span, glob });
            }
            // The builder refuses the whole file.
            None => cut = true,
        }
    }
    Dockerignore { patterns, source: Arc::clone(source), cut }
}

impl Dockerignore {
    /// The pattern that keeps a path of the build context away from the builder, if one does for
    /// certain: nothing where a later exception takes it, or may take something below it, back
    /// in, and nothing where the budget is used up.
    #[must_use]
    pub fn excludes(&self, path: &str, budget: &mut Budget) -> Option<&Pattern> {
        if self.cut {
            return None;
        }
        let path = clean(path);
        let path = path.trim_start_matches('/');
        if path.is_empty() || path == "." || path.starts_with("..") {
            return None;
        }
        let mut excluding = None;
        for pattern in &self.patterns {
            if pattern.negated {
                if excluding.is_some()
                    && (pattern.fits(path, budget)? || pattern.glob.may_fit_below(path))
                {
                    excluding = None;
                }
            } else if excluding.is_none() && pattern.fits(path, budget)? {
                excluding = Some(pattern);
            }
        }
        excluding
    }
}

impl Pattern {
    /// Whether the pattern fits the path or a folder above it; nothing if that takes too long.
    fn fits(&self, path: &str, budget: &mut Budget) -> Option<bool> {
        let folders = path.char_indices().filter(|(_, one)| *one == '/').map(|(at, _)| at);
        let mut prefixes = folders.chain([path.len()]).filter_map(|end| path.get(..end));
        // From the path itself upwards or downwards makes no difference for the answer.
        prefixes.try_fold(false, |fits, prefix| {
            if fits { Some(true) } else { self.glob.fits(prefix, &mut budget.0) }
        })
    }
}

/// A path in its shortest form: no empty parts, no `.`, and `..` resolved where it can be.
#[must_use]
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.last().is_some_and(|last| *last != "..") {
                    parts.pop();
                } else if !rooted {
                    parts.push("..");
                }
            }
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests;
