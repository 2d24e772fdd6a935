//! A secret in a text, and which of several that overlap stays.

use careen_rule::{Confidence, Identity, Meta, Severity};
use careen_text::Span;

use crate::check::Find;

/// A secret in a text. Nothing in it but the spans leads to the secret.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The rule that found it.
    pub(crate) rule: &'static Meta,
    /// Where to point.
    pub(crate) span: Span,
    /// What to mask.
    pub(crate) secret: Span,
    /// The whole value it stands in, where that must be masked too.
    pub(crate) value: Option<Span>,
    /// The rule's severity, unless the find changed it.
    pub(crate) severity: Severity,
    /// How sure the find is.
    pub(crate) confidence: Confidence,
    /// What stands there, redacted.
    pub(crate) message: String,
    /// What tells this find from others of its rule, redacted.
    pub(crate) evidence: String,
    /// The field of the object it stands in, where that is known.
    pub(crate) field: Option<String>,
    /// How much the find knows.
    pub(crate) rank: u8,
    /// What the value is, where its bytes in the file do not tell: decoded from more than base64.
    pub(crate) identity: Option<Identity>,
}

/// How much a find knows: of two that overlap, the one that knows more stays. The confidence of
/// a token counts too.
pub(crate) mod rank {
    /// A value given to a name.
    pub(crate) const ASSIGNED: u8 = 10;
    /// The same, read from the structure of YAML or JSON.
    pub(crate) const NODE: u8 = 11;
    /// The same, read from the structure of a manifest.
    pub(crate) const FIELD: u8 = 12;
    /// A credential in a file or command that holds nothing else.
    pub(crate) const FILE: u8 = 14;
    /// A password in a connection string.
    pub(crate) const CONNECTION: u8 = 15;
    /// A password that a command is given.
    pub(crate) const COMMAND: u8 = 17;
    /// The signature of a URL.
    pub(crate) const SIGNED: u8 = 18;
    /// A password in a URL.
    pub(crate) const URL: u8 = 20;
    /// A literal `Authorization` value.
    pub(crate) const HEADER: u8 = 22;
    /// A token of a provider.
    pub(crate) const TOKEN: u8 = 40;
    /// What a token with a mark of its own gains when a word before it names its provider.
    pub(crate) const NAMED: u8 = 2;
    /// A secret beside the id it belongs to.
    pub(crate) const PAIR: u8 = 40;
    /// A private key.
    pub(crate) const KEY: u8 = 50;
}

impl Hit {
    /// A hit that points at what it masks, with the levels of its rule.
    pub(crate) fn new(
        rule: &'static Meta,
        secret: Span,
        rank: u8,
        message: String,
        evidence: String,
    ) -> Self {
        Self {
            rule,
            span: secret,
            secret,
            value: None,
            severity: rule.severity,
            confidence: rule.confidence,
            message,
            evidence,
            field: None,
            rank,
            identity: None,
        }
    }

    /// Says where inside of the file it stands: right behind the verb, where there is one.
    pub(crate) fn locate(&mut self, place: &str) {
        const VERB: &str = " is committed";
        let at = self.message.find(VERB).map_or(self.message.len(), |at| at + VERB.len());
        self.message.insert_str(at, place);
    }

    /// Whether the words around the value say more of it than the value itself.
    pub(crate) fn is_guessed(&self) -> bool {
        self.rank < rank::TOKEN || self.confidence <= Confidence::Medium
    }

    /// Whether nothing but the name tells that the value is a secret.
    pub(crate) fn is_by_name(&self) -> bool {
        let rules = [Find::Password.rule(), Find::Secret.rule()];
        rules.into_iter().flatten().any(|rule| std::ptr::eq(rule, self.rule))
    }
}

/// Orders hits and keeps the most specific of those that overlap; appends them to `hits`.
pub(crate) fn settle(mut found: Vec<Hit>, hits: &mut Vec<Hit>) {
    found.sort_by(|a, b| (a.secret, b.rank, a.rule.id).cmp(&(b.secret, a.rank, b.rule.id)));
    let first = hits.len();
    for hit in found {
        match hits.get_mut(first..).and_then(<[Hit]>::last_mut) {
            Some(last) if last.secret.overlaps(hit.secret) => {
                let longer = hit.rank == last.rank && hit.secret.len() > last.secret.len();
                if hit.rank > last.rank || longer {
                    *last = hit;
                }
            }
            _ => hits.push(hit),
        }
    }
}

/// Adds `found` to `hits`, in order and without overlaps.
pub(crate) fn join(mut found: Vec<Hit>, hits: &mut Vec<Hit>) {
    if !found.is_empty() {
        found.append(hits);
        settle(found, hits);
    }
}

/// Sorted spans without overlaps, to be asked whether they touch another.
#[derive(Debug, Default)]
pub(crate) struct Spans(Vec<Span>);

impl Spans {
    pub(crate) fn of(mut spans: Vec<Span>) -> Self {
        spans.sort_unstable();
        let mut merged: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match merged.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => merged.push(span),
            }
        }
        Self(merged)
    }

    /// Whether one of them shares a byte with `span`.
    pub(crate) fn touch(&self, span: Span) -> bool {
        let next = self.0.partition_point(|own| own.end <= span.start);
        self.0.get(next).is_some_and(|own| own.overlaps(span))
    }
}

#[cfg(test)]
mod tests {
    use super::Spans;
    use careen_text::Span;

    #[test]
    fn spans_touch_what_they_share_a_byte_with() {
        let spans = Spans::of(vec![Span::new(8, 9), Span::new(2, 4), Span::new(3, 6)]);
        for (span, touches) in [((0, 2), false), ((5, 6), true), ((6, 8), false), ((6, 9), true)] {
            assert_eq!(spans.touch(Span::new(span.0, span.1)), touches, "{span:?}");
        }
        assert!(!Spans::default().touch(Span::new(0, 9)));
    }
}
