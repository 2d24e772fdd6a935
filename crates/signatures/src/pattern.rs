//! Patterns of the policy.

use careen_image_model::ImageRef;
use careen_image_model::oci::covers;
use regex::{Regex, RegexBuilder};

/// Bytes of a compiled regular expression.
const REGEX_MAX: usize = 1 << 20;
const REGEX: &str = "regex:";

/// What a subject or a claim must be, from its first character to its last: a text in which `*`
/// stands for anything but `/` and `**` for anything, or `regex:` and a regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    regex: Option<Regex>,
}

/// Why a text is no pattern; one sentence fragment with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Where it is empty, or its regular expression is none or too large.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let Some(expression) = text.strip_prefix(REGEX) else {
            if text.is_empty() {
                return Err(PatternError("an empty pattern matches nothing: write one".into()));
            }
            return Ok(Self { text: text.to_owned(), regex: None });
        };
        // `^` and `$` of the user's own would end at a line; these are for the whole text.
        let regex = RegexBuilder::new(&format!(r"\A(?:{expression})\z"))
            .size_limit(REGEX_MAX)
            .build()
            .map_err(|_| {
                PatternError(format!("`{expression}` is no regular expression, or too large"))
            })?;
        // `a)|(b` would leave the brackets: it must hold on its own too.
        if Regex::new(expression).is_err() {
            return Err(PatternError(format!("`{expression}` is no regular expression")));
        }
        Ok(Self { text: text.to_owned(), regex: Some(regex) })
    }

    /// Whether it covers all of a text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match &self.regex {
            Some(regex) => regex.is_match(text),
            None => covers(&self.text, text),
        }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Which images a rule of the policy is for. `*` and `**` stand for any characters, also `/`: a
/// pattern of images that covers too much asks for a signature, one that covers too little does
/// not. Without a star, the name of a registry or a folder covers what is below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImagePattern {
    text: String,
    deep: String,
}

impl ImagePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Where it is empty.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let bare = text.trim_end_matches('/');
        if bare.is_empty() {
            return Err(PatternError("an empty pattern covers no image: write one".into()));
        }
        Ok(Self { text: text.to_owned(), deep: bare.replace('*', "**") })
    }

    /// Whether it covers an image. One without a name is covered by `*` only.
    #[must_use]
    pub fn covers(&self, name: Option<&ImageRef>) -> bool {
        let Some(name) = name else {
            return self.deep.bytes().all(|byte| byte == b'*');
        };
        let full = name.name();
        let below =
            |pattern: &str| full.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/'));
        covers(&self.deep, &full)
            || (!self.deep.contains('*') && below(&self.deep))
            // As people write the names of Docker Hub: `nginx`, `acme/shop`.
            || covers(&self.deep, full.strip_prefix("docker.io/").unwrap_or(&full))
            || covers(&self.deep, full.strip_prefix("docker.io/library/").unwrap_or(&full))
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use careen_image_model::reference::parse;

    use super::{ImagePattern, Pattern};

    #[test]
    fn regular_expressions_are_anchored() {
        let pattern = Pattern::parse("regex:[a-z]+@example\\.com").unwrap();
        assert!(pattern.matches("dev@example.com"));
        for other in ["dev@example.com.evil.test", "x dev@example.com", "dev@example.com\n", ""] {
            assert!(!pattern.matches(other), "{other}");
        }
        let either = Pattern::parse("regex:a|b").unwrap();
        assert!(either.matches("a") && either.matches("b"));
        assert!(!either.matches("ax") && !either.matches("xb"));
        for bad in ["", "regex:(", "regex:a)|(b", "regex:a{1000}{1000}{1000}"] {
            assert!(Pattern::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn images_are_covered_with_all_below() {
        for (pattern, name, covered) in [
            ("registry.example.com/*", "registry.example.com/team/app:v1", true),
            ("registry.example.com", "registry.example.com/app", true),
            ("registry.example.com/team", "registry.example.com/team/app", true),
            ("registry.example.com/team", "registry.example.com/teams/app", false),
            ("registry.example.com/team/", "registry.example.com/team/app", true),
            ("registry.example.com*", "registry.example.com.evil.test/app", true),
            ("*/app", "ghcr.io/acme/app", true),
            ("nginx", "nginx:1", true),
            ("docker.io/*", "nginx", true),
            ("nginx", "ghcr.io/nginx", false),
            ("*", "nginx", true),
        ] {
            let pattern = ImagePattern::parse(pattern).unwrap();
            let found = pattern.covers(Some(&parse(name).unwrap()));
            assert_eq!(found, covered, "{} {name}", pattern.as_str());
        }
        assert!(ImagePattern::parse("*").unwrap().covers(None));
        assert!(!ImagePattern::parse("a*").unwrap().covers(None));
    }
}
