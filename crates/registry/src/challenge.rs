/// What a registry wants to see (RFC 9110, section 11.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token that is had at `realm`.
    Bearer { realm: String, service: Option<String>, scope: Option<String> },
    /// Name and password.
    Basic,
}

/// Bytes of a header that are looked at.
const HEADER_MAX: usize = 8 << 10;

/// The strongest challenge of a `WWW-Authenticate` header that is understood.
pub(crate) fn challenge(header: &str) -> Option<Challenge> {
    let mut rest = header.get(..header.len().min(HEADER_MAX))?;
    let mut basic = None;
    let mut bearer: Option<[Option<String>; 3]> = None;
    let mut in_bearer = false;
    while let Some((item, after)) = item(rest) {
        rest = after;
        match item {
            Item::Scheme(scheme) => {
                in_bearer = scheme.eq_ignore_ascii_case("bearer") && bearer.is_none();
                if in_bearer {
                    bearer = Some([None, None, None]);
                } else if scheme.eq_ignore_ascii_case("basic") {
                    basic = Some(Challenge::Basic);
                }
            }
            Item::Parameter(name, value) if in_bearer => {
                let at = ["realm", "service", "scope"]
                    .iter()
                    .position(|known| name.eq_ignore_ascii_case(known));
                let slot = at.and_then(|at| bearer.as_mut()?.get_mut(at));
                if let Some(slot) = slot {
                    slot.get_or_insert(value);
                }
            }
            Item::Parameter(..) => {}
        }
    }
    if let Some([Some(realm), service, scope]) = bearer {
        return Some(Challenge::Bearer { realm, service, scope });
    }
    basic
}

enum Item<'a> {
    Scheme(&'a str),
    Parameter(&'a str, String),
}

/// The next scheme or parameter, and what follows.
fn item(text: &str) -> Option<(Item<'_>, &str)> {
    let text = text.trim_start_matches([' ', '\t', ',']);
    let end = text.find([' ', '\t', ',', '=']).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    if word.is_empty() {
        // A stray `=`: nothing after it can be trusted.
        return None;
    }
    let Some(value) = rest.trim_start_matches([' ', '\t']).strip_prefix('=') else {
        return Some((Item::Scheme(word), rest));
    };
    let (value, rest) = value_of(value.trim_start_matches([' ', '\t']))?;
    Some((Item::Parameter(word, value), rest))
}

/// A token or a quoted string, and what follows.
fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Challenge, challenge};

    fn bearer(realm: &str, service: Option<&str>, scope: Option<&str>) -> Option<Challenge> {
        let own = |text: &str| text.to_owned();
        Some(Challenge::Bearer {
            realm: realm.to_owned(),
            service: service.map(own),
            scope: scope.map(own),
        })
    }

    #[test]
    fn challenges_of_registries() {
        assert_eq!(
            challenge(
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/a:pull,push""#
            ),
            bearer(
                "https://auth.docker.io/token",
                Some("registry.docker.io"),
                Some("repository:library/a:pull,push")
            )
        );
        assert_eq!(challenge(r#"bearer Realm = "a\"b" , x=y"#), bearer("a\"b", None, None));
        assert_eq!(challenge(r#"Basic realm="x""#), Some(Challenge::Basic));
        assert_eq!(challenge("BASIC"), Some(Challenge::Basic));
        assert_eq!(
            challenge(r#"Basic realm="x", Bearer realm="https://a/""#),
            bearer("https://a/", None, None)
        );
        assert_eq!(
            challenge(r#"Bearer realm="https://a/", Basic realm="x""#),
            bearer("https://a/", None, None)
        );
    }

    #[test]
    fn what_is_no_challenge() {
        for text in ["", "Negotiate", "Bearer", "Bearer service=\"a\"", "Bearer realm=\"open", "=="]
        {
            assert_eq!(challenge(text), None, "{text}");
        }
        assert_eq!(challenge(&"Bearer a=b, ".repeat(10_000)), None);
    }
}
