//! Comments of other secret scanners. They hold for findings of secrets, whoever's rule it is.
//!
//! Most of these tools look for their words anywhere in a line, also in languages that have no
//! comments, so that is where they hold here too.

use std::borrow::Cow;
use std::sync::Arc;

use careen_rule::{Meta, SuppressionKind};
use careen_text::{Source, Span};
use memchr::memmem;

use super::super::Found;
use super::super::below::line_content;
use super::super::directive::Directive;

/// What a bare directive covers: the rules that find secrets.
const SECRETS: [&str; 2] = ["secrets", "images/secrets"];
/// Directives that are read of one file.
const MOST: usize = 10_000;
/// Identifiers of checks for hard-coded secrets: Bandit's and gosec's.
const NOSEC: [&str; 4] = ["B105", "B106", "B107", "G101"];
/// How a comment begins, for words that are too common to hold elsewhere.
const LEADERS: [&str; 8] = ["#", "//", "/*", "*", "<!--", "--", ";", "'"];

/// What a directive covers.
enum Reach {
    Line,
    Next,
    /// From here on, until the next [`Reach::End`].
    Start,
    End,
}

/// What a word says where it stands.
struct Said {
    reach: Reach,
    names: Vec<Cow<'static, str>>,
}

impl Said {
    fn all(reach: Reach) -> Option<Self> {
        Some(Self { reach, names: SECRETS.map(Cow::Borrowed).into() })
    }
}

/// A line, parted at a word.
struct Around<'t> {
    before: &'t str,
    after: &'t str,
    rules: &'t [&'static Meta],
}

/// A word that suppresses: what it is looked for by, what it is called, and what it says.
struct Word {
    mark: &'static str,
    name: &'static str,
    read: fn(&Around<'_>) -> Option<Said>,
}

const fn anywhere(mark: &'static str) -> Word {
    Word { mark, name: mark, read: |_| Said::all(Reach::Line) }
}

const WORDS: [Word; 9] = [
    anywhere("gitleaks:allow"),
    anywhere("betterleaks:allow"),
    anywhere("trufflehog:ignore"),
    anywhere("kingfisher:ignore"),
    Word { mark: "allowlist", name: "pragma: allowlist secret", read: pragma },
    Word { mark: "whitelist", name: "pragma: allowlist secret", read: pragma },
    Word { mark: "secretlint-", name: "secretlint-disable", read: secretlint },
    Word { mark: "nosec", name: "nosec", read: nosec },
    Word { mark: "ggignore", name: "ggignore", read: ggignore },
];

pub(super) fn read(source: &Arc<Source>, rules: &[&'static Meta], take: &mut dyn FnMut(Found<'_>)) {
    let text = source.text();
    let whole = Span::of(0..text.len());
    let mut left = MOST;
    for Word { mark, name, read } in WORDS {
        let mut open: Option<(u32, Said, Span)> = None;
        let mut read_to = 0;
        for at in memmem::find_iter(text.as_bytes(), mark) {
            let offset = Span::of(0..at).end;
            if offset < read_to {
                continue;
            }
            let line = source.lines().line_of(offset);
            let content = line_content(source, line);
            let end = offset + Span::of(0..mark.len()).end;
            let around = Around {
                before: source.slice(Span::new(content.start, offset)),
                after: source.slice(Span::new(end.min(content.end), content.end)),
                rules,
            };
            let Some(said) = read(&around) else { continue };
            // A line says it once.
            read_to = content.end;
            let Some(rest) = left.checked_sub(1) else { return };
            left = rest;
            let place = Span::new(offset, content.end.max(offset));
            match said.reach {
                Reach::Line => give(said, name, place, content, take),
                Reach::Next => give(said, name, place, line_content(source, line + 1), take),
                Reach::Start => {
                    open.get_or_insert((content.start, said, place));
                }
                Reach::End => {
                    if let Some((from, said, place)) = open.take() {
                        give(said, name, place, Span::new(from, content.start), take);
                    }
                }
            }
        }
        if let Some((from, said, place)) = open {
            give(said, name, place, Span::new(from, whole.end), take);
        }
    }
}

fn give(
    said: Said,
    name: &'static str,
    place: Span,
    covers: Span,
    take: &mut dyn FnMut(Found<'_>),
) {
    take(Found {
        kind: SuppressionKind::Comment,
        said: place,
        directive: Ok(Directive { whole_file: false, names: said.names, reason: "", dated: false }),
        covers,
        source: Some(name),
        foreign: true,
        // Its own tool may find what we do not.
        needed: true,
        removal: None,
    });
}

/// `pragma: allowlist secret` and `pragma: allowlist nextline secret` of detect-secrets, which
/// ripsecrets honours too.
fn pragma(around: &Around<'_>) -> Option<Said> {
    let before = around.before.trim_end();
    if !before.ends_with("pragma:") {
        return None;
    }
    let next = |text: &str, word: &str| {
        let text = text.strip_prefix([' ', '-'])?;
        text.strip_prefix(word).map(str::to_owned)
    };
    if let Some(rest) = next(around.after, "nextline") {
        return next(&rest, "secret").and_then(|_| Said::all(Reach::Next));
    }
    next(around.after, "secret").and_then(|_| Said::all(Reach::Line))
}

/// `secretlint-disable-line`, `secretlint-disable-next-line`, and `secretlint-disable` up to
/// `secretlint-enable`; each for all rules, or for those that are named.
fn secretlint(around: &Around<'_>) -> Option<Said> {
    if !is_led(around.before) {
        return None;
    }
    let end = around.after.find(|c: char| !c.is_ascii_lowercase() && c != '-');
    let (word, rest) = around.after.split_at(end.unwrap_or(around.after.len()));
    let reach = match word.trim_end_matches('-') {
        "disable-line" => Reach::Line,
        "disable-next-line" => Reach::Next,
        "disable" => Reach::Start,
        "enable" => Reach::End,
        _ => return None,
    };
    let rest = rest.split(" -- ").next().unwrap_or_default();
    let ids: Vec<&str> = rest
        .split([' ', ','])
        .filter_map(|word| word.rsplit_once("secretlint-rule-").map(|(_, id)| id))
        .collect();
    if ids.is_empty() || ids.iter().any(|id| id.starts_with("preset")) {
        return Said::all(reach);
    }
    let named = |rule: &&&'static Meta| {
        let own = rule.id.replace('-', "");
        rule.linter() == "secrets"
            && ids.iter().any(|id| match *id {
                "basicauth" => own.starts_with("url"),
                "database-connection-string" => own.contains("connectionstring"),
                id => own.contains(&id.replace('-', "")),
            })
    };
    let names = around.rules.iter().filter(named).map(|rule| Cow::Borrowed(rule.id)).collect();
    Some(Said { reach, names })
}

/// `# nosec` of Bandit and `#nosec` of gosec, for all checks or the ones that follow.
fn nosec(around: &Around<'_>) -> Option<Said> {
    let led = around.before.trim_end();
    if !led.ends_with('#') && !led.ends_with("//") {
        return None;
    }
    if around.after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') {
        return None;
    }
    let words = around.after.split([' ', ',', ':', '\t']).filter(|word| !word.is_empty());
    let ids = words.take_while(|word| {
        let is_code = word.len() == 4 && word.bytes().skip(1).all(|byte| byte.is_ascii_digit());
        is_code || word.contains('_')
    });
    let mut bare = true;
    for id in ids {
        bare = false;
        if NOSEC.contains(&id) || id.starts_with("hardcoded_password") {
            return Said::all(Reach::Line);
        }
    }
    if bare { Said::all(Reach::Line) } else { None }
}

/// `ggignore` and `pragma: ggignore` of GitGuardian.
fn ggignore(around: &Around<'_>) -> Option<Said> {
    let ends = !around.after.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
    let led = is_led(around.before) || around.before.trim_end().ends_with("pragma:");
    if ends && led { Said::all(Reach::Line) } else { None }
}

/// Whether a comment begins right before.
fn is_led(before: &str) -> bool {
    let before = before.trim_end();
    LEADERS.iter().any(|leader| before.ends_with(leader))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use careen_rule::Meta;
    use careen_text::Source;

    use super::read;

    static TOKEN: Meta = Meta {
        id: "npm-token",
        module: "careen_lint_secrets::rules::providers::npm_token",
        ..Meta::DEFAULT
    };

    /// `first-last` line of each cover, with the names if they are not all.
    fn covers(text: &str) -> Vec<String> {
        let source: Arc<Source> = Source::new("a.py", text);
        let mut found = Vec::new();
        read(&source, &[&TOKEN], &mut |it| {
            let line = |at| source.position(at).line;
            let names = it.directive.unwrap().names;
            let names =
                if names.len() == 2 { String::new() } else { format!(" {}", names.concat()) };
            found.push(format!("{}-{}{names}", line(it.covers.start), line(it.covers.end)));
        });
        found
    }

    #[test]
    fn words_cover_their_line() {
        for text in [
            "a\nx # gitleaks:allow\ny",
            "a\n{\"x\": 1, \"//\": \"gitleaks:allow gitleaks:allow\"}\ny",
            "a\nx betterleaks:allow",
            "a\nx // trufflehog:ignore",
            "a\nx /* kingfisher:ignore */",
            "a\nx # pragma: allowlist secret",
            "a\nx # pragma: allowlist-secret",
            "a\nx # pragma:whitelist secret",
            "a\n# pragma: allowlist secret is here",
            "# pragma: allowlist nextline secret\nx\ny",
            "a\nx # nosec",
            "a\nx # nosec B105,B301",
            "a\nx #nosec G101 -- it is a label",
            "a\nx # nosec: hardcoded_password_string",
            "a\nx # nosec it is fine",
            "a\nx # ggignore",
            "a\nx // pragma: ggignore",
            "a\nx # secretlint-disable-line",
            "<!-- secretlint-disable-next-line -->\nx\ny",
            "a\nx // secretlint-disable-line -- a sample",
        ] {
            assert_eq!(covers(text), ["2-2"], "{text}");
        }
    }

    #[test]
    fn other_words_cover_nothing() {
        for text in [
            "gitleaks: allow",
            "the allowlist secret",
            "pragma: allowlist",
            "# pragma: allowlist nextline",
            "x # nosec B603",
            "x # nosecure",
            "nosec",
            "ggignore",
            "# ggignored",
            "see secretlint-disable-line",
            "# secretlint-enable",
            "# secretlint-disabled",
        ] {
            assert!(covers(text).is_empty(), "{text}: {:?}", covers(text));
        }
    }

    #[test]
    fn blocks_end_where_they_are_ended() {
        let text = "a\n# secretlint-disable\nb\n# secretlint-disable\n# secretlint-enable\nc\n\
                    # secretlint-disable @secretlint/secretlint-rule-npm -- x\nd\ne";
        assert_eq!(covers(text), ["2-5", "7-9 npm-token"]);
        let other = "# secretlint-disable-line @secretlint/secretlint-rule-slack";
        assert_eq!(covers(other), ["1-1 "]);
    }

    #[test]
    fn a_page_of_words_is_cut() {
        let text = "# nosec\n".repeat(50_000);
        assert_eq!(covers(&text).len(), super::MOST);
    }
}
