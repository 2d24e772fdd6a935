//! What a dNSName may look like (RFC 5280 §4.2.1.6, RFC 9525 §6.3).

use std::fmt;

use careen_x509_model::{Certificate, San};

/// Longest label and longest name, in bytes (RFC 1035 §2.3.4; 253 without the root's dot).
const LABEL: usize = 63;
const NAME: usize = 253;

/// Why text is no name of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Empty,
    /// Of so many bytes.
    TooLong(usize),
    LeadingDot,
    TrailingDot,
    EmptyLabel,
    LabelTooLong,
    /// A scheme, port or path belongs to it.
    Address,
    Character(char),
    /// A label begins or ends with a hyphen.
    Hyphen,
    /// A label begins with `xn--` and is no internationalised one.
    Idn,
    /// Two hyphens in third and fourth place are set aside for encodings.
    Reserved,
    /// Resolvers and most clients take it; the rules for public certificates do not.
    Underscore,
}

impl Fault {
    /// The first and worst that is wrong with a name. Asterisks are let be: where they may stand
    /// is said by [`is_sound_wildcard`].
    pub(crate) fn of(name: &str) -> Option<Self> {
        if name.is_empty() || name == " " {
            return Some(Self::Empty);
        }
        if name.contains("://") {
            return Some(Self::Address);
        }
        let stray = |character: &char| {
            !character.is_ascii_alphanumeric() && !matches!(character, '-' | '.' | '*' | '_')
        };
        if let Some(character) = name.chars().find(stray) {
            let address = matches!(character, ':' | '/');
            return Some(if address { Self::Address } else { Self::Character(character) });
        }
        if name.len() > NAME {
            return Some(Self::TooLong(name.len()));
        }
        if name.starts_with('.') {
            return Some(Self::LeadingDot);
        }
        let inner = name.strip_suffix('.').unwrap_or(name);
        if let Some(fault) = inner.split('.').find_map(of_label) {
            return Some(fault);
        }
        if inner.len() < name.len() {
            return Some(Self::TrailingDot);
        }
        name.contains('_').then_some(Self::Underscore)
    }

    /// Whether only the rules for public certificates forbid it, and clients match it none the
    /// less.
    pub(crate) const fn is_formal(self) -> bool {
        matches!(self, Self::Underscore | Self::Reserved)
    }
}

fn of_label(label: &str) -> Option<Fault> {
    if label.is_empty() {
        return Some(Fault::EmptyLabel);
    }
    if label.len() > LABEL {
        return Some(Fault::LabelTooLong);
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Some(Fault::Hyphen);
    }
    if label.get(2..4) != Some("--") {
        return None;
    }
    let marked = label.get(..2).is_some_and(|mark| mark.eq_ignore_ascii_case("xn"));
    if !marked {
        return Some(Fault::Reserved);
    }
    let sound = idna::domain_to_unicode(label).1.is_ok();
    (!sound).then_some(Fault::Idn)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooLong(bytes) => write!(f, "it has {bytes} characters, and 253 are the most"),
            Self::LeadingDot => f.write_str("it begins with a dot"),
            Self::TrailingDot => f.write_str("it ends with a dot"),
            Self::EmptyLabel => f.write_str("two of its dots stand side by side"),
            Self::LabelTooLong => f.write_str("a label has more than 63 characters"),
            Self::Address => f.write_str("a scheme, port or path is no part of a name"),
            Self::Character(character) if character.is_control() => {
                write!(f, "it holds the character U+{:04X}", u32::from(*character))
            }
            Self::Character('?') => f.write_str("a label is blackened out with `?`"),
            Self::Character('`') => f.write_str("it holds a backtick"),
            Self::Character(' ') => f.write_str("it holds a space"),
            Self::Character(character) => write!(f, "it holds the character `{character}`"),
            Self::Hyphen => f.write_str("a label begins or ends with a hyphen"),
            Self::Idn => f.write_str("a label that begins with `xn--` stands for no text"),
            Self::Reserved => {
                f.write_str("a label has hyphens in third and fourth place and is not `xn--`")
            }
            Self::Underscore => f.write_str("it holds an underscore"),
        }
    }
}

/// Whether a name has no asterisk, or just one that is the whole left-most label (RFC 9525 §6.3).
pub(crate) fn is_sound_wildcard(name: &str) -> bool {
    match name.strip_prefix("*.") {
        Some(rest) => !rest.is_empty() && !rest.contains('*'),
        None => !name.contains('*'),
    }
}

/// The dNSNames of a certificate.
pub(crate) fn dns_names(certificate: &Certificate) -> impl Iterator<Item = &str> {
    certificate.san.iter().filter_map(|name| match name {
        San::Dns(name) => Some(name.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Fault, is_sound_wildcard};

    #[test]
    fn names_of_hosts() {
        for name in [
            "shop.example.com",
            "SHOP.Example.COM",
            "*.example.com",
            "localhost",
            "a",
            "1.2.3",
            "xn--mnchen-3ya.de",
            "web.shop.svc.cluster.local",
        ] {
            assert_eq!(Fault::of(name), None, "{name}");
        }
    }

    #[test]
    fn faults() {
        let long = format!("{}.com", "a.".repeat(130));
        let label = format!("{}.com", "a".repeat(64));
        for (name, fault) in [
            ("", Fault::Empty),
            (" ", Fault::Empty),
            (&long, Fault::TooLong(264)),
            (&label, Fault::LabelTooLong),
            (".example.com", Fault::LeadingDot),
            ("example.com.", Fault::TrailingDot),
            ("a..example.com", Fault::EmptyLabel),
            ("https://example.com", Fault::Address),
            ("example.com:443", Fault::Address),
            ("example.com/shop", Fault::Address),
            ("a\0.example.com", Fault::Character('\0')),
            ("münchen.de", Fault::Character('ü')),
            ("?.example.com", Fault::Character('?')),
            ("a b.example.com", Fault::Character(' ')),
            ("-a.example.com", Fault::Hyphen),
            ("xn--\u{61}\u{61}\u{61}\u{61}\u{61}\u{61}--.com", Fault::Hyphen),
            ("xn--0.example.com", Fault::Idn),
            ("ab--c.example.com", Fault::Reserved),
            ("a_b.example.com", Fault::Underscore),
        ] {
            assert_eq!(Fault::of(name), Some(fault), "{name}");
        }
    }

    #[test]
    fn wildcards() {
        for name in ["a.b", "*.example.com", "*.com"] {
            assert!(is_sound_wildcard(name), "{name}");
        }
        for name in ["*", "*.", "f*.b.c", "a.*.c", "*.*.c", "*f.b.c", "a.b*"] {
            assert!(!is_sound_wildcard(name), "{name}");
        }
    }
}
