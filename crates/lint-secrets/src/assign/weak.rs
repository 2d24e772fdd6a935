//! Values that everybody writes where a password or a token would go.

/// Bases of passwords that everybody writes in tests and documents.
const WEAK_BASES: &[&str] = &[
    "pass",
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "test",
    "tests",
    "testing",
    "admin",
    "user",
    "root",
    "foo",
    "bar",
    "baz",
    "abc",
    "key",
    "value",
    "string",
    "demo",
    "temp",
    "tmp",
    "guest",
    "mypass",
    "mypassword",
    "mysecret",
    "mytoken",
    "testpass",
    "testpassword",
    "secretkey",
    "apikey",
    "some",
    "dev",
    "default",
    "postgres",
    "mysql",
    "bad",
    "good",
    "wrong",
    "correct",
    "old",
    "new",
    "my",
    "api",
    "line",
    "step",
    "item",
    "field",
    "version",
    "v",
    "a",
    "sha",
    "utf",
    "latin",
    "base",
    "md",
    "aes",
    "rsa",
    "hs",
    "rs",
    "es",
];

/// Whether the value is a base that everybody uses, with digits or marks around it.
pub(super) fn is_weak(value: &str) -> bool {
    let base =
        value.trim_matches(|letter: char| !letter.is_ascii_alphabetic()).to_ascii_lowercase();
    WEAK_BASES.contains(&base.as_str())
        || value
            .split(|letter: char| !letter.is_ascii_alphabetic())
            .filter(|part| !part.is_empty())
            .all(|part| WEAK_BASES.contains(&part.to_ascii_lowercase().as_str()))
        || describes_itself(value)
}

/// The words that say what a value is for.
const NOUNS: &[&str] =
    &["password", "passwd", "passphrase", "pass", "pwd", "secret", "secure", "token"];
/// Words that people put before them in samples.
const ADJECTIVES: &[&str] = &[
    "access",
    "another",
    "any",
    "api",
    "auth",
    "bad",
    "chap",
    "client",
    "correct",
    "encryption",
    "first",
    "incorrect",
    "initial",
    "invalid",
    "kind",
    "ldap",
    "long",
    "mutual",
    "my",
    "new",
    "of",
    "old",
    "other",
    "priv",
    "privacy",
    "private",
    "random",
    "readonly",
    "second",
    "short",
    "simple",
    "snmp",
    "some",
    "strong",
    "super",
    "temp",
    "temporary",
    "test",
    "the",
    "this",
    "valid",
    "very",
    "weak",
    "wrong",
    "your",
];
/// The most words of such a sample.
const MOST_WORDS: usize = 6;

/// Whether a value says no more than what it is: `MySecurePass123`, `WrongPassword@123`. A year
/// or any other number is no part of that.
fn describes_itself(value: &str) -> bool {
    let digits = |part: &str| {
        part.len() <= 2 || "1234567890".starts_with(part) || part.bytes().all(|b| b == b'0')
    };
    if value.len() > 40 || !value.split(|c: char| !c.is_ascii_digit()).all(digits) {
        return false;
    }
    let mut says = false;
    let mut count = 0;
    for run in value.split(|letter: char| !letter.is_ascii_alphabetic()) {
        let lower = run.to_ascii_lowercase();
        let mut rest = lower.as_str();
        // The version of SNMP and the like.
        if rest.len() == 1 && count == 0 {
            continue;
        }
        while !rest.is_empty() {
            let longest = |words: &[&'static str]| {
                let fit = words.iter().filter(|word| rest.starts_with(**word));
                fit.map(|word| word.len()).max().unwrap_or(0)
            };
            let (noun, adjective) = (longest(NOUNS), longest(ADJECTIVES));
            let length = noun.max(adjective);
            if length == 0 || count == MOST_WORDS {
                return false;
            }
            says |= noun >= adjective;
            count += 1;
            rest = rest.get(length..).unwrap_or_default();
        }
    }
    says
}

#[cfg(test)]
mod tests {
    use super::is_weak;

    #[test]
    fn samples_are_told_from_passwords_that_people_choose() {
        for value in
            ["test123", "password1!", "MySecurePass123", "WrongPassword@123", "v3authpass123"]
        {
            assert!(is_weak(value), "{value}");
        }
        for value in
            ["hunter2", "RootPassword2024!", "Company123!", "dragonball7", "secretAgent47x"]
        {
            assert!(!is_weak(value), "{value}");
        }
    }
}
