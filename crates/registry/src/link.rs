/// Where the next page is, by `Link` headers (RFC 8288): the target as written.
pub(crate) fn next(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some(open) = rest.find('<') {
        let after = rest.get(open + 1..)?;
        let (target, parameters) = after.split_once('>')?;
        let end = end_of_link(parameters);
        let (own, others) = parameters.split_at_checked(end)?;
        if own.split(';').any(is_next) {
            return Some(target.trim());
        }
        rest = others;
    }
    None
}

/// The comma that ends a link, outside of quotes.
fn end_of_link(parameters: &str) -> usize {
    let mut quoted = false;
    for (at, character) in parameters.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => return at,
            _ => {}
        }
    }
    parameters.len()
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("rel")
        && value
            .trim()
            .trim_matches('"')
            .split_ascii_whitespace()
            .any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::next;

    #[test]
    fn the_next_page_is_found() {
        assert_eq!(next(r#"</v2/a/referrers/b?n=1>; rel="next""#), Some("/v2/a/referrers/b?n=1"));
        assert_eq!(next("<a>; title=\"x, y\"; rel=prev, <b>;rel=next"), Some("b"));
        assert_eq!(next("< c >; REL=\"last next\""), Some("c"));
        for none in ["", "<a>", "<a>; rel=prev", "<a; rel=next", "rel=next"] {
            assert_eq!(next(none), None, "{none}");
        }
    }
}
