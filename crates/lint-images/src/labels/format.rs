//! The forms that values of labels have.

/// Whether a text is a date with time by RFC 3339, section 5.6: `2026-11-25T08:30:00Z`. A blank in
/// place of the `T`, which the RFC allows and `date --rfc-3339` writes, is taken; dates are those
/// of the calendar.
pub(crate) fn is_time(text: &str) -> bool {
    parse_time(text).is_some()
}

fn parse_time(text: &str) -> Option<()> {
    let mut rest = Rest(text);
    let year = rest.number(4)?;
    rest.one_of("-")?;
    let month = rest.number(2)?;
    rest.one_of("-")?;
    let day = rest.number(2)?;
    rest.one_of("Tt ")?;
    let hour = rest.number(2)?;
    rest.one_of(":")?;
    let minute = rest.number(2)?;
    rest.one_of(":")?;
    let second = rest.number(2)?;
    if rest.one_of(".").is_some() {
        let digits = rest.0.bytes().take_while(u8::is_ascii_digit).count();
        rest.0 = rest.0.get(digits..).filter(|_| digits > 0)?;
    }
    if rest.one_of("Zz").is_none() {
        rest.one_of("+-")?;
        let hour = rest.number(2)?;
        rest.one_of(":")?;
        let minute = rest.number(2)?;
        (hour < 24 && minute < 60).then_some(())?;
    }
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    // A leap second is the sixtieth.
    let in_range = (1..=days).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    (in_range && rest.0.is_empty()).then_some(())
}

struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn number(&mut self, digits: usize) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        if !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        number.parse().ok()
    }

    fn one_of(&mut self, characters: &str) -> Option<()> {
        let first = self.0.chars().next().filter(|first| characters.contains(*first))?;
        self.0 = self.0.get(first.len_utf8()..)?;
        Some(())
    }
}

/// Whether a text is an address with a scheme and a host by RFC 3986: `https://example.com/x`,
/// `git+ssh://git@example.com/x`. Of `file:` the host may be missing.
pub(crate) fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_allowed = |character: char| {
        // Letters beyond ASCII are for browsers, but everybody takes them.
        !character.is_ascii()
            || character.is_ascii_alphanumeric()
            || "-._~:/?#[]@!$&'()*+,;=%".contains(character)
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let has_host = !host.is_empty() && !host.starts_with(':');
    is_scheme && rest.chars().all(is_allowed) && (has_host || scheme.eq_ignore_ascii_case("file"))
}

/// Whether a text is a semantic version by version 2.0.0 of that specification: `1.4.0-rc.1+5`.
pub(crate) fn is_semver(text: &str) -> bool {
    let (rest, build) = match text.split_once('+') {
        Some((rest, build)) => (rest, Some(build)),
        None => (text, None),
    };
    let (core, pre) = match rest.split_once('-') {
        Some((core, pre)) => (core, Some(pre)),
        None => (rest, None),
    };
    let is_identifier = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let has_no_zeros = |part: &str| part.len() == 1 || !part.starts_with('0');
    let is_number = |part: &str| !part.is_empty() && is_digits(part) && has_no_zeros(part);
    let is_pre = |part: &str| is_identifier(part) && (!is_digits(part) || has_no_zeros(part));
    core.split('.').count() == 3
        && core.split('.').all(is_number)
        && pre.is_none_or(|pre| pre.split('.').all(is_pre))
        && build.is_none_or(|build| build.split('.').all(is_identifier))
}

/// Whether a text is the name of a commit: SHA-1 or SHA-256 in full, or an abbreviation of at
/// least the seven digits that Git shows.
pub(crate) fn is_git_hash(text: &str) -> bool {
    matches!(text.len(), 7..=40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text is a plain e-mail address by RFC 5321, without quoted parts and without a name in
/// front.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_atom = |part: &str| {
        !part.is_empty()
            && part.chars().all(|one| {
                !one.is_ascii()
                    || one.is_ascii_alphanumeric()
                    || "!#$%&'*+-/=?^_`{|}~".contains(one)
            })
    };
    let is_label = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|one| !one.is_ascii() || one.is_ascii_alphanumeric() || one == '-')
    };
    local.len() <= 64 && local.split('.').all(is_atom) && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::{is_email, is_git_hash, is_semver, is_time, is_url};

    fn check(is: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        good.iter().for_each(|text| assert!(is(text), "{text}"));
        bad.iter().for_each(|text| assert!(!is(text), "{text}"));
    }

    #[test]
    fn times() {
        check(
            is_time,
            &[
                "2026-11-25T08:30:00Z",
                "2026-11-25t08:30:00.123+01:00",
                "2026-11-25 08:30:00-08:00",
                "2024-02-29T00:00:00Z",
                "2016-12-31T23:59:60Z",
            ],
            &[
                "",
                "2026-11-25",
                "2026-11-25T08:30:00",
                "2026-11-25T08:30Z",
                "2026-02-29T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-11-31T00:00:00Z",
                "2026-11-25T24:00:00Z",
                "2026-11-25T08:30:00.Z",
                "2026-11-25T08:30:00+0100",
                "2026-11-25T08:30:00Zulu",
                "20261125T083000Z",
                "1764059400",
                "ä026-11-25T08:30:00Z",
                "+026-11-25T08:30:00Z",
            ],
        );
    }

    #[test]
    fn urls() {
        check(
            is_url,
            &[
                "https://example.com",
                "http://user@[::1]:8080/a?b#c",
                "git+ssh://git@github.com/a/b.git",
                "file:///srv/a",
                "https://müller.example/ä",
            ],
            &[
                "",
                "example.com/a",
                "git@github.com:a/b.git",
                "https:/example.com",
                "https://",
                "https:///a",
                "https://:80/",
                "https://github.com/<org>/b",
                "https://example.com/a b",
                "1https://example.com",
                "mailto:a@example.com",
            ],
        );
    }

    #[test]
    fn versions() {
        check(
            is_semver,
            &["0.0.0", "1.4.0", "1.0.0-rc.1", "1.0.0-0a.b--c+001.sha-1", "10.20.30+x"],
            &[
                "", "1", "1.4", "v1.4.0", "01.4.0", "1.4.0-", "1.4.0-01", "1.4.0+", "1.4.0.1",
                "a.b.c",
            ],
        );
    }

    #[test]
    fn hashes() {
        check(
            is_git_hash,
            &["0c6da5b", "0C6DA5B0123456789abcdef0123456789abcdef0"],
            &["", "0c6da5", "v1.4.0x", "main123", &"a".repeat(41), &"a".repeat(65)],
        );
        assert!(is_git_hash(&"a".repeat(64)));
    }

    #[test]
    fn addresses() {
        check(
            is_email,
            &[
                "a@example.com",
                "a.b+c@mail.example.com",
                "root@localhost",
                "a_b@xn--mller-kva.example",
            ],
            &[
                "",
                "a",
                "a@",
                "@example.com",
                "a b@example.com",
                "A <a@example.com>",
                "a@b@c",
                "a..b@c",
                "a@-b",
            ],
        );
    }
}
