//! The policy about signatures, made of the words of the configuration and the files they name.

use careen_policy::{Place, Problem, SignatureRule, SignerWords, Word};
use careen_signatures::{
    IdentityRule, ImagePattern, Pattern, PatternError, Policy, PolicyRule, PublicKey, TrustedRoot,
};

/// Makes the policy. `read` gives the bytes of a file that the configuration names, or why it
/// cannot, as a sentence fragment.
///
/// # Errors
///
/// Every word that does not hold, with its place in the configuration.
pub(crate) fn policy(
    rules: &[SignatureRule],
    read: &mut dyn FnMut(&Word) -> Result<Vec<u8>, String>,
) -> Result<Policy, Vec<Problem>> {
    let mut maker = Maker { read, problems: Vec::new() };
    let rules: Vec<_> = rules.iter().map(|rule| maker.rule(rule)).collect();
    if maker.problems.is_empty() { Ok(Policy { rules }) } else { Err(maker.problems) }
}

struct Maker<'a> {
    read: &'a mut dyn FnMut(&Word) -> Result<Vec<u8>, String>,
    problems: Vec<Problem>,
}

impl Maker<'_> {
    fn rule(&mut self, rule: &SignatureRule) -> PolicyRule {
        PolicyRule {
            images: rule
                .images
                .iter()
                .filter_map(|word| self.of(word, ImagePattern::parse))
                .collect(),
            keys: rule.keys.iter().filter_map(|word| self.key(word)).collect(),
            identities: rule.identities.iter().filter_map(|who| self.identity(who)).collect(),
            trusted_roots: rule.trusted_roots.iter().filter_map(|word| self.root(word)).collect(),
            unlogged: rule.unlogged,
            same_repository: rule.same_repository,
            attestations: rule.attestations.clone(),
            builders: rule.builders.clone(),
            sources: rule.sources.clone(),
        }
    }

    fn identity(&mut self, who: &SignerWords) -> Option<IdentityRule> {
        let mut claim =
            |word: &Option<Word>| word.as_ref().map(|word| self.of(word, Pattern::parse));
        let claims = [&who.repository, &who.reference, &who.trigger, &who.runner].map(&mut claim);
        // A claim that is no pattern must not become one that is not asked for.
        if claims.iter().any(|claim| matches!(claim, Some(None))) {
            return None;
        }
        let [repository, reference, trigger, runner] = claims.map(Option::flatten);
        let subject = self.of(&who.subject, Pattern::parse)?;
        let issuer = who.issuer.clone();
        Some(IdentityRule { issuer, subject, repository, reference, trigger, runner })
    }

    fn key(&mut self, word: &Word) -> Option<PublicKey> {
        let (path, place) = word;
        let pem = self.file(word)?;
        match PublicKey::from_pem(&pem) {
            Ok(key) => Some(key),
            Err(why) => self.refuse(place, format!("the key `{path}` cannot be used: {why}")),
        }
    }

    fn root(&mut self, word: &Word) -> Option<TrustedRoot> {
        if let Some(root) = TrustedRoot::named(&word.0) {
            return Some(root);
        }
        let json = self.file(word)?;
        Some(TrustedRoot::Custom { name: word.0.clone(), json })
    }

    fn file(&mut self, word: &Word) -> Option<Vec<u8>> {
        let (path, place) = word;
        match (self.read)(word) {
            Ok(bytes) => Some(bytes),
            Err(why) => self.refuse(place, format!("`{path}` cannot be read: {why}")),
        }
    }

    fn of<T>(
        &mut self,
        (text, place): &Word,
        parse: impl Fn(&str) -> Result<T, PatternError>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => self.refuse(place, error.to_string()),
        }
    }

    fn refuse<T>(&mut self, place: &Place, message: String) -> Option<T> {
        self.problems.push(Problem { place: place.clone(), message });
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a failed test is meant to panic")]

    use careen_text::Source;

    use super::policy;

    const KEY: &str = "-----BEGIN PUBLIC KEY-----\n\
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYI4heOTrNrZO27elFE8ynfrdPMik\n\
        ttRkbe+vJKQ50G6bfwQ3WyhLpRwwwohelDAm8xRzJ56nYsIa3VHivVvpmA==\n\
        -----END PUBLIC KEY-----\n";

    fn made(rule: &str) -> Result<usize, Vec<(u32, String)>> {
        let text = format!("images:\n  signatures:\n  - images: [\"a/*\"]\n    {rule}\n");
        let source = Source::new("careen.yaml", text);
        let (config, problems) = careen_policy::read(&source);
        assert!(problems.is_empty(), "{problems:?}");
        let mut read = |word: &careen_policy::Word| match word.0.as_str() {
            "cosign.pub" => Ok(KEY.as_bytes().to_vec()),
            "bad.pub" => Ok(b"x".to_vec()),
            _ => Err("it is not there".to_owned()),
        };
        let place =
            |problem: careen_policy::Problem| (problem.place.position().line, problem.message);
        policy(&config.signatures, &mut read)
            .map(|policy| policy.rules.len())
            .map_err(|problems| problems.into_iter().map(place).collect())
    }

    #[test]
    fn words_become_a_policy() {
        assert_eq!(made("keys: [cosign.pub]"), Ok(1));
        assert_eq!(
            made(
                "identities: [{issuer: \"https://i.test\", subject: \"regex:a+\", ref: \"v*\"}]\n    \
                 trusted-root: [staging, public-good]"
            ),
            Ok(1)
        );
    }

    #[test]
    fn what_does_not_hold_shows_its_place() {
        for (rule, line, expected) in [
            ("keys: [gone.pub]", 4, "`gone.pub` cannot be read: it is not there"),
            ("keys: [cosign.pub, bad.pub]", 4, "the key `bad.pub` cannot be used"),
            ("keys: [cosign.pub]\n    trusted-root: root.json", 5, "`root.json` cannot be read"),
            (
                "identities:\n    - {issuer: \"https://i.test\", subject: \"regex:(\"}",
                5,
                "no regular expression",
            ),
            (
                "identities:\n    - {issuer: \"https://i.test\", subject: a, ref: \"regex:[\"}",
                5,
                "no regular expression",
            ),
        ] {
            let problems = made(rule).unwrap_err();
            let [(at, message)] = problems.as_slice() else { panic!("{rule}: {problems:?}") };
            assert_eq!(*at, line, "{rule}");
            assert!(message.contains(expected), "{message}");
        }
    }
}
