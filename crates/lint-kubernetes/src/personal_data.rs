//! Personal data in text: mail addresses, account and card numbers.

use careen_text::Span;

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A mail address of a person.
    Mail,
    /// An IBAN with a valid checksum (ISO 13616).
    Iban,
    /// A card number with a valid checksum (ISO/IEC 7812).
    Card,
}

impl Kind {
    /// With its article, for a message.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Mail => "a mail address",
            Self::Iban => "a bank account number",
            Self::Card => "a card number",
        }
    }
}

/// Names in front of the `@` that no person has.
const ROLES: [&str; 14] = [
    "abuse",
    "admin",
    "alerts",
    "contact",
    "dev",
    "git",
    "hello",
    "info",
    "mail",
    "no-reply",
    "noreply",
    "postmaster",
    "root",
    "support",
];
/// Domains that documentation uses (RFC 2606) and that nobody reads.
const NOBODY: [&str; 5] = ["example.com", "example.org", "example.net", "localhost", "test"];

/// The first personal data in a text, with its place there.
pub(crate) fn find(text: &str) -> Option<(Kind, Span)> {
    let mut start = 0;
    for word in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '<' | '>' | '='))
    {
        let kind =
            if word.contains('@') { is_mail(word).then_some(Kind::Mail) } else { number(word) };
        if let Some(kind) = kind {
            let from = u32::try_from(start).ok()?;
            let length = u32::try_from(word.len()).ok()?;
            return Some((kind, Span::new(from, from + length)));
        }
        start += word.len() + separator(text, start + word.len());
    }
    None
}

/// Bytes of the separator at a place.
fn separator(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
}

fn is_mail(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else { return false };
    let local_ok = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let domain_ok = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let lower = local.to_ascii_lowercase();
    !local.is_empty()
        && local.chars().all(local_ok)
        && domain.chars().all(domain_ok)
        && domain.split('.').count() > 1
        && domain.split('.').all(|label| !label.is_empty())
        && domain
            .rsplit('.')
            .next()
            .is_some_and(|top| top.len() > 1 && top.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && !ROLES.contains(&lower.as_str())
        && !NOBODY.iter().any(|nobody| {
            domain == *nobody || domain.strip_suffix(nobody).is_some_and(|rest| rest.ends_with('.'))
        })
}

fn number(word: &str) -> Option<Kind> {
    let bytes = word.as_bytes();
    let compact = || bytes.iter().copied().filter(|byte| *byte != b'-');
    if (15..=34).contains(&bytes.len())
        && bytes.iter().take(2).all(u8::is_ascii_uppercase)
        && bytes.iter().skip(2).take(2).all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric)
    {
        return is_iban(bytes).then_some(Kind::Iban);
    }
    let digits = compact().count();
    ((13..=19).contains(&digits)
        && compact().all(|byte| byte.is_ascii_digit())
        && bytes.contains(&b'-') | (digits == 16)
        && matches!(bytes.first(), Some(b'3'..=b'6'))
        && is_luhn(compact()))
    .then_some(Kind::Card)
}

/// ISO 7064 MOD 97-10 with the first four characters at the end.
fn is_iban(bytes: &[u8]) -> bool {
    let (head, tail) = bytes.split_at(4);
    let mut rest: u32 = 0;
    for byte in tail.iter().chain(head) {
        let value = char::from(*byte).to_digit(36).unwrap_or(0);
        rest = (rest * if value > 9 { 100 } else { 10 } + value) % 97;
    }
    rest == 1
}

fn is_luhn(digits: impl Iterator<Item = u8>) -> bool {
    let digits: Vec<u32> = digits.map(|byte| u32::from(byte - b'0')).collect();
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

#[cfg(test)]
mod tests {
    use super::{Kind, find};

    #[test]
    fn persons_are_found_and_roles_are_not() {
        for (text, expected) in [
            ("contact: jane.roe@harbor.shop", Some(Kind::Mail)),
            ("iban GB82WEST12345698765432", Some(Kind::Iban)),
            ("card=4111-1111-1111-1111", Some(Kind::Card)),
            ("4111111111111111", Some(Kind::Card)),
            ("ü jane@harbor.shop", Some(Kind::Mail)),
            ("git@github.com", None),
            ("noreply@harbor.shop", None),
            ("jane@example.com", None),
            ("jane@mail.example.org", None),
            ("GB82WEST12345698765433", None),
            ("4111111111111112", None),
            ("1700000000000", None),
            ("image@sha256:abc", None),
            ("a@b", None),
        ] {
            assert_eq!(find(text).map(|(kind, _)| kind), expected, "{text}");
        }
        let text = "ü jane@harbor.shop";
        let (_, span) = find(text).unwrap();
        assert_eq!(&text[span.start as usize..span.end as usize], "jane@harbor.shop");
    }
}
