/// Characters of a pattern or a text beyond which nothing matches.
const LENGTH_MAX: usize = 8 << 10;

/// Whether a pattern covers all of a text. `*` stands for any characters but `/`, `**` for any.
/// Nothing else is special. Time is bounded by the product of both lengths.
#[must_use]
pub fn covers(pattern: &str, text: &str) -> bool {
    if pattern.len() > LENGTH_MAX || text.len() > LENGTH_MAX {
        return false;
    }
    let text = text.as_bytes();
    // `open[n]`: what was read of the pattern can stand for the first `n` bytes of the text.
    let mut open = vec![false; text.len() + 1];
    if let Some(first) = open.first_mut() {
        *first = true;
    }
    let mut rest = pattern.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'*' {
            let mut before = false;
            for (at, slot) in open.iter_mut().enumerate() {
                let fits = at.checked_sub(1).and_then(|at| text.get(at)) == Some(&byte);
                let here = before && fits;
                before = *slot;
                *slot = here;
            }
            continue;
        }
        let deep = rest.first() == Some(&b'*');
        while let Some((b'*', after)) = rest.split_first() {
            rest = after;
        }
        let mut reached = false;
        for (at, slot) in open.iter_mut().enumerate() {
            let passed = at.checked_sub(1).and_then(|at| text.get(at));
            reached = *slot || (reached && (deep || passed != Some(&b'/')));
            *slot = reached;
        }
    }
    open.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn one_star_stops_at_a_slash_and_two_do_not() {
        for (pattern, text, fits) in [
            ("", "", true),
            ("", "a", false),
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*", "abc", true),
            ("*", "a/c", false),
            ("**", "a/c", true),
            ("***", "a/c", true),
            ("a*c", "abbc", true),
            ("a*c", "a/c", false),
            ("a**c", "a/b/c", true),
            (
                "https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*",
                "https://github.com/acme/shop/.github/workflows/release.yml@refs/tags/v1",
                true,
            ),
            (
                "https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*",
                "https://github.com/acme/evil/x/.github/workflows/release.yml@refs/tags/v1",
                false,
            ),
            ("*@example.com", "dev@example.com", true),
            ("*@example.com", "dev@example.com.evil.test", false),
            ("a.c", "abc", false),
            ("*a*a*a*b", &"a".repeat(2000), false),
        ] {
            assert_eq!(covers(pattern, text), fits, "{pattern} {text}");
        }
    }
}
