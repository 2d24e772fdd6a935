//! Texts inside of texts: base64, gzip, hexadecimal digits and escapes taken off, with the way
//! back to the file.
//!
//! Whatever is decoded is bounded in size and in steps: a small file cannot ask for endless work.
//! This module judges nothing; it says what stands there.

mod base64;
mod budget;
mod escapes;
mod gzip;
mod hex;
mod trace;

#[allow(unused_imports, reason = "what the base64 forms of anchors lead to")]
pub(crate) use base64::around;
pub(crate) use budget::Budget;
pub(crate) use escapes::escaped_around;

use careen_text::Derived;

/// Decoding steps of one value: base64 of base64 of gzip is three.
const MOST_STEPS: usize = 4;
/// Shorter text is a word that happens to be base64, in bytes.
const LEAST: usize = 16;

/// What stands behind all encodings of `outer`, where it is encoded at all and what comes out is
/// text.
pub(crate) fn unwrapped(outer: &Derived, budget: &mut Budget<'_>) -> Option<Derived> {
    let mut inner: Option<Derived> = None;
    for _ in 0..MOST_STEPS {
        let from = inner.as_ref().unwrap_or(outer);
        let Some(next) = step(from, budget) else { break };
        inner = Some(next);
    }
    inner.filter(|inner| is_readable(&inner.bytes))
}

/// One step nearer to the text.
fn step(from: &Derived, budget: &mut Budget<'_>) -> Option<Derived> {
    if from.bytes.len() < LEAST {
        return None;
    }
    if gzip::is_gzip(&from.bytes) {
        let inner = gzip::inflate(from, budget.left())?;
        return budget.take(inner.bytes.len()).then_some(inner);
    }
    if !budget.has(from.bytes.len()) {
        return None;
    }
    // All hexadecimal digits are digits of base64 too.
    let inner = hex::decode(from).filter(|inner| is_readable(&inner.bytes)).or_else(|| {
        let inner = base64::decode(from)?;
        (gzip::is_gzip(&inner.bytes) || is_readable(&inner.bytes)).then_some(inner)
    })?;
    budget.take(inner.bytes.len()).then_some(inner)
}

/// Whether bytes are text a person could read: no control characters but white space.
pub(crate) fn is_readable(bytes: &[u8]) -> bool {
    let control = |byte: &u8| (*byte < 0x20 && !b"\t\n\r".contains(byte)) || *byte == 0x7f;
    !bytes.is_empty() && !bytes.iter().any(control) && std::str::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Budget, unwrapped};
    use careen_text::{Derived, Source, Span};
    use proptest::prelude::{any, proptest};

    fn of(text: &str) -> Option<(String, String)> {
        let source = Source::new("x", text);
        let outer = Derived::verbatim(&source, Span::of(0..text.len()));
        let inner = unwrapped(&outer, &mut Budget::of_file(crate::anchors::Anchors::get()))?;
        let last = Span::of(inner.bytes.len() - 4..inner.bytes.len());
        Some((inner.text()?.to_owned(), source.slice(inner.resolve(last)).to_owned()))
    }

    #[test]
    fn all_encodings_are_taken_off() {
        // `user=shop;colour=blue`, in base64, twice, in hexadecimal digits, in gzip and base64.
        let gzip = "H4sIAAAAAAACAystTi2yLc7IL7BOzs/JLy2yTcopTQUAJcBXDBUAAAA=".to_owned();
        for (text, tail) in [
            ("dXNlcj1zaG9wO2NvbG91cj1ibHVl", "1ibHVl"),
            ("ZFhObGNqMXphRzl3TzJOdmJHOTFjajFpYkhWbA==", "jFpYkhWbA"),
            ("757365723d73686f703b636f6c6f75723d626c7565", "626c7565"),
            ("dXNlcj1zaG9wO2Nv\n  bG91cj1ibHVl", "1ibHVl"),
            (&gzip, gzip.trim_end_matches('=')),
        ] {
            let (inner, marked) = of(text).unwrap();
            assert_eq!(inner, "user=shop;colour=blue", "{text}");
            assert_eq!(marked.trim_end_matches('='), tail, "{text}");
        }
    }

    #[test]
    fn words_and_digests_are_no_encodings() {
        for text in [
            "",
            "correcthorsebattery",
            "3c1d9be27fa04586d2e1bb703c1d9be27fa04586",
            "q8Rk2Lm5Tn7Vw9Xb3Cd4",
            "user=shop;colour=blue",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_bomb_is_cut_off() {
        let zeros = vec![b'a'; 8 << 20];
        let mut packed = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        packed.extend(super::gzip::tests::deflated(&zeros));
        let outer = Derived { bytes: packed, origin: careen_text::Origin::verbatim(0, 100) };
        let mut budget = Budget::of_file(crate::anchors::Anchors::get());
        let before = budget.left();
        let inner = unwrapped(&outer, &mut budget).unwrap();
        assert!(inner.bytes.len() <= before);
        assert_eq!(inner.bytes.len() + budget.left(), before);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_spans_stay_inside(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let len = u32::try_from(bytes.len()).unwrap();
            let outer = Derived { bytes, origin: careen_text::Origin::verbatim(0, len) };
            if let Some(inner) = unwrapped(&outer, &mut Budget::of_file(crate::anchors::Anchors::get())) {
                assert!(inner.whole().end <= len);
            }
        }

        #[test]
        fn runs_in_arbitrary_text(text in "[A-Za-z0-9+/=_ \\n%u\\\\-]{0,300}", at in 0usize..300) {
            for inner in [super::around(&text, at), super::escaped_around(&text, at)].into_iter().flatten() {
                assert!(inner.whole().end as usize <= text.len());
                assert!(inner.text().is_some());
            }
        }
    }
}
