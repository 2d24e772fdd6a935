//! The ports of `EXPOSE`.

use careen_image_model::Word;
use careen_image_model::dockerfile::Keyword;

use crate::subject::Step;

/// What a word of `EXPOSE` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Port {
    /// A port, or a range of ports from first to last.
    Range(u64, u64),
    /// Neither a number nor a range of numbers.
    Malformed,
    /// It has a variable.
    Unknown,
}

/// The words of an `EXPOSE` with what they say.
pub(crate) fn ports(step: Step<'_>) -> impl Iterator<Item = (&Word, Port)> {
    let words = if step.keyword() == Keyword::Expose { step.instruction.words() } else { &[] };
    words.iter().map(|word| (word, port(word)))
}

fn port(word: &Word) -> Port {
    if !word.literal || word.text.contains('$') {
        return Port::Unknown;
    }
    let number = word.text.split('/').next().unwrap_or_default();
    let (first, last) = number.split_once('-').unwrap_or((number, number));
    let digits = |text: &str| {
        let fine = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        fine.then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (digits(first), digits(last)) {
        (Some(first), Some(last)) => Port::Range(first, last),
        _ => Port::Malformed,
    }
}
