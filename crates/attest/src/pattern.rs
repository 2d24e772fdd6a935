//! Lists of patterns, as OpenSSH has them: `*@example.com,!mallory@example.com`.

/// Patterns with commas between them. `*` stands for any text, `?` for one byte; a pattern after `!`
/// takes away what another one gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patterns(String);

impl Patterns {
    pub(crate) fn new(list: impl Into<String>) -> Self {
        Self(list.into())
    }

    /// Whether a pattern matches, and none after a `!` does. Upper and lower case differ.
    pub(crate) fn admit(&self, name: &str) -> bool {
        let mut admitted = false;
        for pattern in self.0.split(',') {
            match pattern.strip_prefix('!') {
                Some(pattern) if matches(pattern, name) => return false,
                Some(_) => {}
                None => admitted |= matches(pattern, name),
            }
        }
        admitted
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a pattern stands for a text. On a mismatch the last `*` takes in one byte more, so that the
/// work is bounded by the product of the lengths.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(&wanted) if wanted == b'?' || wanted == byte => {
                (p, t) = (p + 1, t + 1);
                continue;
            }
            _ => {}
        }
        let Some((at, taken)) = star else { return false };
        star = Some((at, taken + 1));
        (p, t) = (at + 1, taken + 1);
    }
    pattern.get(p..).unwrap_or_default().iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    fn admit(list: &str, name: &str) -> bool {
        Patterns::new(list).admit(name)
    }

    #[test]
    fn wildcards_and_negations() {
        assert!(admit("alice@example.com", "alice@example.com"));
        assert!(!admit("alice@example.com", "Alice@example.com"));
        assert!(admit("*@example.com,bob@example.org", "bob@example.org"));
        assert!(admit("*@*.example.com", "a@b.c.example.com"));
        assert!(!admit("*@example.com", "a@example.com.evil.org"));
        assert!(admit("?lice", "alice") && !admit("?lice", "lice"));
        assert!(!admit("*,!mallory@*", "mallory@example.com"));
        assert!(!admit("!mallory@*,*", "mallory@example.com"));
        assert!(!admit("!mallory@*", "alice@example.com"), "a negation alone gives nothing");
        assert!(!admit("", "alice") && !admit(",", "alice"));
        assert!(admit("a**b*", "axxb") && admit("*", "") && !admit("?", ""));
    }

    #[test]
    fn many_stars_cost_little() {
        let pattern = "*a".repeat(2_000);
        assert!(!admit(&pattern, &format!("{}b", "a".repeat(4_000))));
    }
}
