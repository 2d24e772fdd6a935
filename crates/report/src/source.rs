//! Where the files of a report can be looked at.

/// Bytes of a path in an address: half of a path leads nowhere.
const MAX_URI: usize = 1_000;

/// The address of a line of a file below `base`; none for a path outside of the repository.
pub(crate) fn address(base: Option<&str>, path: &str, line: u32) -> Option<String> {
    let base = base?;
    let uri = careen_sarif::artifact_uri(path);
    let leads = !uri.starts_with("file:") && uri.len() <= MAX_URI;
    leads.then(|| format!("{base}/{uri}#L{}", line.max(1)))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_what_is_in_the_repository_has_an_address() {
        let base = Some("https://example.org/blob/abc");
        let shown = address(base, "a b/[x](y).yaml", 0).unwrap();
        assert_eq!(shown, "https://example.org/blob/abc/a%20b/%5Bx%5D%28y%29.yaml#L1");
        assert_eq!(address(base, "/abs.yaml", 1), None);
        assert_eq!(address(base, &"a".repeat(2_000), 1), None);
        assert_eq!(address(None, "a", 1), None);
    }
}
