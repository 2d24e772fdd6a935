//! Texts with `*` for anything.

/// Steps of one pattern against all items, so that a hostile pattern costs no more than a bounded time.
pub(crate) const MOST_STEPS: u64 = 200_000_000;

/// Whether a text fits a pattern; takes its steps from `budget`, and fits nothing when that is spent.
pub(crate) fn fits(pattern: &str, text: &str, budget: &mut u64) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where the last star stands, and what of the text it holds so far.
    let mut star: Option<(usize, usize)> = None;
    loop {
        if *budget == 0 {
            return false;
        }
        *budget -= 1;
        match (pattern.get(p), text.get(t)) {
            (Some(b'*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(expected), Some(found)) if expected == found => {
                p += 1;
                t += 1;
            }
            (None, None) => return true,
            (_, None) => return false,
            _ => {
                let Some((at, held)) = star else { return false };
                star = Some((at, held + 1));
                p = at + 1;
                t = held + 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    fn check(pattern: &str, text: &str) -> bool {
        fits(pattern, text, &mut 10_000)
    }

    #[test]
    fn stars_stand_for_anything() {
        assert!(check("a*c", "abc") && check("a*c", "ac") && check("*", "") && check("*b*", "abc"));
        assert!(check("*üb*", "grüße über"));
        assert!(!check("a*c", "abcd") && !check("", "a") && !check("a", ""));
        assert!(check("*a*b", "aXbYaZb"));
    }

    #[test]
    fn a_spent_budget_fits_nothing() {
        assert!(!fits("*a*a*a*b", &"a".repeat(1_000), &mut 100));
    }
}
