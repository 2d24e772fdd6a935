//! Which names of variables say that their value is a secret.

/// Last words that say so by themselves.
const NOUNS: [&str; 17] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "pass",
    "secret",
    "secrets",
    "token",
    "apikey",
    "secretkey",
    "accesskey",
    "privatekey",
    "authtoken",
    "accesstoken",
    "credential",
    "credentials",
];

/// Words in front of `key` that make it a secret one.
const KEYS: [&str; 18] = [
    "access",
    "account",
    "admin",
    "api",
    "app",
    "auth",
    "deploy",
    "encryption",
    "hmac",
    "jwt",
    "license",
    "master",
    "private",
    "rsa",
    "secret",
    "service",
    "signing",
    "ssh",
];

/// Words that make the name that of a setting, or of something public.
const HARMLESS: [&str; 23] = [
    "allow", "bos", "csrf", "disable", "empty", "enable", "eos", "expire", "generate", "has",
    "max", "min", "no", "num", "old", "pad", "public", "random", "require", "rotate", "skip",
    "unk", "use",
];

/// Whether a variable of that name holds a secret, as far as names tell.
pub(crate) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let Some((last, before)) = words.split_last() else { return false };
    if words.iter().any(|word| HARMLESS.contains(&word.as_str())) {
        return false;
    }
    match last.as_str() {
        // Alone these are the working directory, and a verb.
        "pwd" | "pass" => !before.is_empty(),
        "key" => before.last().is_some_and(|word| KEYS.contains(&word.as_str())),
        "auth" => before.last().is_some_and(|word| word == "rediscli" || word == "redis"),
        last => NOUNS.contains(&last) || last.ends_with("password") || last.ends_with("passwd"),
    }
}

/// The words of a name in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in name.chars() {
        let separates = !character.is_alphanumeric();
        if separates || (character.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = character.is_lowercase() || character.is_ascii_digit();
        if let Some(word) = words.last_mut()
            && !separates
        {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What the value of such a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// No secret: empty, a switch, a path or an address.
    None,
    /// Something to be replaced, that works where it is not.
    Filler,
    /// Anything else.
    Literal,
}

/// Tells what a literal value is.
pub(crate) fn value(text: &str) -> Value {
    const SWITCHES: [&str; 11] =
        ["true", "false", "yes", "no", "on", "off", "0", "1", "none", "null", "undefined"];
    const FILLERS: [&str; 16] = [
        "changeme",
        "change-me",
        "change_me",
        "change-it",
        "changeit",
        "replaceme",
        "replace-me",
        "replace_me",
        "password",
        "secret",
        "token",
        "example",
        "placeholder",
        "dummy",
        "todo",
        "test",
    ];
    let lower = text.trim().to_ascii_lowercase();
    let is_place = ["/", "./", "../", "~/", "http://", "https://"]
        .iter()
        .any(|start| lower.starts_with(start));
    if lower.is_empty() || is_place || SWITCHES.contains(&lower.as_str()) {
        Value::None
    } else if FILLERS.contains(&lower.as_str())
        || lower.starts_with(['<', '{', '['])
        || lower.starts_with("your")
        || lower.chars().all(|character| matches!(character, 'x' | '*' | '.' | '-'))
    {
        Value::Filler
    } else {
        Value::Literal
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, is_secret, value};

    #[test]
    fn names() {
        for name in [
            "PASSWORD",
            "DB_PASSWORD",
            "dbPassword",
            "PGPASSWORD",
            "MYSQL_PWD",
            "NPM_TOKEN",
            "STRIPE_API_KEY",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_KEY",
            "client-secret",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "PWD",
            "PASSWORD_FILE",
            "TOKEN_URL",
            "PUBLIC_KEY",
            "API_PUBLIC_KEY",
            "KEY",
            "AWS_ACCESS_KEY_ID",
            "MYSQL_ALLOW_EMPTY_PASSWORD",
            "MAX_TOKEN",
            "TOKENIZERS_PARALLELISM",
            "KEYSTORE",
            "",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn values() {
        assert_eq!(value(""), Value::None);
        assert_eq!(value("/run/secrets/db"), Value::None);
        assert_eq!(value("yes"), Value::None);
        assert_eq!(value("changeme"), Value::Filler);
        assert_eq!(value("<token>"), Value::Filler);
        assert_eq!(value("hunter2"), Value::Literal);
    }
}
