/// What may be shown of a secret: nothing of a short one, else its first characters up to
/// `public` (a provider's prefix such as `ghp_`, which every token shares) and its length.
///
/// `public` is the number of leading bytes that are the same for every secret of the kind; it is
/// cut so that at least twelve characters and three quarters of the value stay hidden.
#[must_use]
pub fn redact(secret: &str, public: usize) -> String {
    let length = secret.chars().count();
    let most = length.saturating_sub(12).min(length / 4);
    let shown: String = secret.chars().take(public.min(most)).collect();
    format!("{shown}… ({length} characters)")
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn shows_the_prefix_and_the_length_only() {
        assert_eq!(
            redact("ghp_0123456789012345678901234567890123456789", 4),
            "ghp_… (44 characters)"
        );
        assert_eq!(redact("hunter2", 4), "… (7 characters)");
        assert_eq!(redact("", 0), "… (0 characters)");
    }
}
