//! Flags of a command line, each with its place.

use std::borrow::Cow;

use careen_text::Span;

use super::normal;

/// One setting, from a command line or a field.
#[derive(Clone, Debug)]
pub(crate) struct Flag<'a> {
    /// Its name without dashes, such as `anonymous-auth`.
    pub(crate) name: Cow<'a, str>,
    /// What it is set to; `true` where nothing follows the name. None where a variable decides.
    pub(crate) value: Option<Cow<'a, str>>,
    /// The word it is set by; only the value where that is a word of its own, or a field.
    pub(crate) span: Span,
    /// The value alone, where its place is known, else as `span`.
    pub(super) value_span: Span,
}

impl Flag<'_> {
    /// The value, where it is known.
    pub(crate) fn text(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Whether it is set to true or false, where it is known.
    pub(crate) fn switch(&self) -> Option<bool> {
        let text = self.text()?;
        if is_true(text) {
            return Some(true);
        }
        matches!(text, "0" | "f" | "F" | "false" | "FALSE" | "False").then_some(false)
    }
}

/// Whether Go reads the text as true.
pub(crate) fn is_true(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "TRUE" | "True")
}

/// A word of a command line.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: Cow<'a, str>,
    /// Where it stands, without quotes where the text stands there as it is.
    pub(super) span: Span,
    /// Whether it is what the program sees: no variable in it.
    pub(super) literal: bool,
}

impl Piece<'_> {
    /// The span from byte `start` of the text on.
    fn tail(&self, start: usize) -> Span {
        let exact = self.span.range().len() == self.text.len();
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        if exact && start <= self.span.len() {
            Span::new(self.span.start.saturating_add(start), self.span.end)
        } else {
            self.span
        }
    }
}

/// Flags that need no value, so that a word that follows is none. Only those that rules ask for,
/// and those often written without a value, have to be here.
const SWITCHES: &[&str] = &[
    "allocate-node-cidrs",
    "allow-privileged",
    "anonymous-auth",
    "auto-tls",
    "client-cert-auth",
    "enable-aggregator-routing",
    "enable-bootstrap-token-auth",
    "kubelet-https",
    "leader-elect",
    "make-iptables-util-chains",
    "peer-auto-tls",
    "peer-client-cert-auth",
    "profiling",
    "protect-kernel-defaults",
    "rotate-certificates",
    "rotate-server-certificates",
    "service-account-extend-token-expiration",
    "service-account-lookup",
    "use-service-account-credentials",
];

/// The flags among words, and whether they are all there are.
pub(super) fn read<'a>(words: Vec<Piece<'a>>) -> (Vec<Flag<'a>>, bool) {
    let mut flags = Vec::new();
    let mut complete = true;
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if word.text == "--" {
            break;
        }
        let Some(start) = start_of_name(&word.text) else {
            // `$EXTRA_ARGS` may be any number of flags.
            complete &= word.literal;
            continue;
        };
        let equals = word.text.find('=');
        let name = match &word.text {
            Cow::Borrowed(text) => {
                Cow::Borrowed(text.get(start..equals.unwrap_or(text.len())).unwrap_or_default())
            }
            Cow::Owned(text) => Cow::Owned(
                text.get(start..equals.unwrap_or(text.len())).unwrap_or_default().to_owned(),
            ),
        };
        complete &= !name.contains('$');
        let name = normal(name);
        let (value, span, value_span) = if let Some(equals) = equals {
            let value = match &word.text {
                Cow::Borrowed(text) => Cow::Borrowed(text.get(equals + 1..).unwrap_or_default()),
                Cow::Owned(text) => {
                    Cow::Owned(text.get(equals + 1..).unwrap_or_default().to_owned())
                }
            };
            (word.literal.then_some(value), word.span, word.tail(equals + 1))
        } else {
            let takes = |next: &Piece<'_>| !next.text.starts_with('-');
            let is_switch = SWITCHES.contains(&&*name);
            match if is_switch { None } else { words.next_if(takes) } {
                Some(next) => (next.literal.then_some(next.text), next.span, next.span),
                None => (Some(Cow::Borrowed("true")), word.span, word.span),
            }
        };
        flags.push(Flag { name, value, span, value_span });
    }
    (flags, complete)
}

/// Where the name of a flag starts in a word that is one.
fn start_of_name(word: &str) -> Option<usize> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    name.starts_with(|first: char| first.is_ascii_alphabetic()).then(|| word.len() - name.len())
}
