/// The candidate nearest to `name` by edit distance, if it is near enough to be what was meant.
#[must_use]
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Words longer than this are no slip of the keyboard; the bound also keeps hostile input cheap.
    const LONGEST: usize = 80;
    if name.len() > LONGEST {
        return None;
    }
    let most = (name.len() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|&(distance, _)| distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in bytes, ASCII case folded.
fn distance(a: &str, b: &str) -> usize {
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.bytes().enumerate() {
        let mut diagonal = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, right) in b.iter().enumerate() {
            let above = row.get(j + 1).copied().unwrap_or(0);
            let left_cell = row.get(j).copied().unwrap_or(0);
            let substitution = diagonal + usize::from(!left.eq_ignore_ascii_case(right));
            diagonal = above;
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = substitution.min(above + 1).min(left_cell + 1);
            }
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_what_was_meant() {
        let names = ["memory-limit-missing", "cpu-limit-missing", "profile"];
        assert_eq!(closest("memory-limits-missing", names), Some("memory-limit-missing"));
        assert_eq!(closest("profil", names), Some("profile"));
        assert_eq!(closest("weather", names), None);
    }
}
