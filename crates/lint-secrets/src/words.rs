//! How much of a value is made of known words: what tells `primary-database` from `pR1m7dQa`.

use std::collections::HashSet;
use std::sync::OnceLock;

/// Values are looked at no further than this, in bytes.
const LOOK: usize = 96;
/// The longest word worth trying.
const LONGEST: usize = 15;

fn words() -> &'static HashSet<&'static [u8]> {
    static WORDS: OnceLock<HashSet<&'static [u8]>> = OnceLock::new();
    WORDS.get_or_init(|| include_str!("words.txt").lines().map(str::as_bytes).collect())
}

/// The share of letters and digits that known words cover, from 0 to 100. Words of four letters
/// and more count anywhere, shorter ones only as a whole run of letters.
pub(crate) fn coverage(value: &str) -> usize {
    let mut lower = [0u8; LOOK];
    let mut length = 0;
    for (slot, byte) in lower.iter_mut().zip(value.bytes()) {
        *slot = byte.to_ascii_lowercase();
        length += 1;
    }
    let (mut covered, mut counted) = (0, 0);
    let mut at = 0;
    while at < length {
        let rest = lower.get(at..length).unwrap_or_default();
        let run = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        if run == 0 {
            counted += usize::from(rest.first().is_some_and(u8::is_ascii_digit));
            at += 1;
            continue;
        }
        counted += run;
        covered += covered_letters(rest.get(..run).unwrap_or_default());
        at += run;
    }
    (covered * 100usize).checked_div(counted).unwrap_or(0)
}

/// The most letters of a run that words can cover without overlapping.
fn covered_letters(run: &[u8]) -> usize {
    if run.len() <= LONGEST && words().contains(run) {
        return run.len();
    }
    let mut best = [0usize; LOOK + 1];
    for end in 1..=run.len().min(LOOK) {
        let mut most = best.get(end - 1).copied().unwrap_or(0);
        for length in 4..=LONGEST.min(end) {
            let start = end - length;
            let word = run.get(start..end).unwrap_or_default();
            let before = best.get(start).copied().unwrap_or(0);
            if before + length > most && words().contains(word) {
                most = before + length;
            }
        }
        if let Some(slot) = best.get_mut(end) {
            *slot = most;
        }
    }
    best.get(run.len().min(LOOK)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::coverage;

    #[test]
    fn words_cover_names_but_not_random_text() {
        assert_eq!(coverage("main-database-password"), 100);
        assert_eq!(coverage("PasswordInputField"), 100);
        assert!(coverage("q8Rk2Lm5Tn7Vw9Xb3Cd4") < 20);
        assert_eq!(coverage(""), 0);
    }

    #[test]
    fn the_list_is_sorted_and_lower_case() {
        let list: Vec<&str> = include_str!("words.txt").lines().collect();
        assert!(list.is_sorted());
        assert!(list.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
