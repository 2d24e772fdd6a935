//! The forms that values of labels have.

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
    use super::{is_email, is_git_hash, is_semver, is_url};

    fn check(is: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        good.iter().for_each(|text| assert!(is(text), "{text}"));
        bad.iter().for_each(|text| assert!(!is(text), "{text}"));
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
