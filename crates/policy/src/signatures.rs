//! Who must sign which images: `images: {signatures: […]}`. What stands here is the words and their
//! places; whoever opens files makes a policy of them.

use careen_yaml::{Entry, Kind, Node};

use crate::config::cut;
use crate::keys::{IDENTITY, Keys, SIGNATURES, unknown};
use crate::place::{Place, Problems, Word};

/// One rule about who must sign. The first whose images cover an image counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignatureRule {
    /// Patterns of images.
    pub images: Vec<Word>,
    /// Files with public keys, relative to the configuration file.
    pub keys: Vec<Word>,
    /// Identities that may sign with a certificate.
    pub identities: Vec<SignerWords>,
    /// `public-good`, `staging`, `github`, or files relative to the configuration file; the first
    /// where none is named.
    pub trusted_roots: Vec<Word>,
    /// Whether a signature need not be in a transparency log.
    pub unlogged: bool,
    /// Whether a signature of cosign's older form must name the repository it is found in.
    pub same_repository: bool,
    /// What must be attested: URIs or short names.
    pub attestations: Vec<String>,
    /// Builders whose provenance is accepted, as patterns.
    pub builders: Vec<String>,
    /// Source repositories that provenance may name, as patterns.
    pub sources: Vec<String>,
}

/// An identity that may sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignerWords {
    /// The OIDC issuer, exactly.
    pub issuer: String,
    /// The subject of the certificate: a pattern, or `regex:` and a regular expression.
    pub subject: Word,
    /// The source repository that the certificate names, as a pattern.
    pub repository: Option<Word>,
    /// The reference that was built, as a pattern.
    pub reference: Option<Word>,
    /// The event that started the run, as a pattern.
    pub trigger: Option<Word>,
    /// Where the run took place, as a pattern.
    pub runner: Option<Word>,
}

/// Types of predicates that have a name of their own.
const ATTESTATIONS: [&str; 8] = [
    "slsaprovenance",
    "slsaprovenance02",
    "slsaprovenance1",
    "vuln",
    "spdx",
    "cyclonedx",
    "openvex",
    "link",
];

/// Rules, and words in one list.
const MOST: usize = 1_000;

/// Reads the value of `signatures`.
pub(crate) fn rules(value: Node<'_>, into: &mut Vec<SignatureRule>, problems: &mut Problems) {
    let mut reader = Reader { problems };
    if value.kind() != Kind::Sequence && !value.is_null() {
        return reader.say(value, "`signatures` is a list of rules");
    }
    for item in value.items() {
        if into.len() == MOST {
            return reader.say(item, "`signatures` holds more than 1,000 rules");
        }
        into.extend(reader.rule(item));
    }
}

struct Reader<'a> {
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn say(&mut self, node: Node<'_>, message: impl Into<String>) {
        self.problems.at(node, message);
    }

    fn unknown(&mut self, entry: &Entry<'_>, keys: &Keys) {
        let message = unknown(keys, entry.key.text().unwrap_or_default());
        self.say(entry.key, message);
    }

    fn rule(&mut self, item: Node<'_>) -> Option<SignatureRule> {
        if item.kind() != Kind::Mapping {
            self.say(item, "a rule about signatures is a mapping with `images`");
            return None;
        }
        let mut rule = SignatureRule::default();
        let mut transparency = None;
        for entry in item.entries() {
            let value = entry.value;
            match entry.key.text().unwrap_or_default() {
                "images" => rule.images = self.words(value, "images"),
                "keys" => rule.keys = self.words(value, "keys"),
                "identities" => rule.identities = self.identities(value),
                "trusted-root" => rule.trusted_roots = self.words(value, "trusted-root"),
                "transparency" => match value.text() {
                    Some("required") => transparency = Some(true),
                    Some("optional") => transparency = Some(false),
                    _ => self.say(value, "`transparency` is `required` or `optional`"),
                },
                "repository" => match value.text() {
                    Some("same") => rule.same_repository = true,
                    Some("any") => rule.same_repository = false,
                    _ => self.say(value, "`repository` is `same` or `any`"),
                },
                "attestations" => rule.attestations = self.attestations(value),
                "builders" => rule.builders = bare(self.words(value, "builders")),
                "sources" => rule.sources = bare(self.words(value, "sources")),
                _ => self.unknown(&entry, &SIGNATURES),
            }
        }
        rule.unlogged = transparency == Some(false);
        if rule.images.is_empty() {
            self.say(item, "a rule covers no image: add `images: [\"registry/*\"]`");
        }
        if item.get("keys").is_none() && item.get("identities").is_none() {
            self.say(item, "nobody may sign: add `keys` or `identities`");
        }
        let github = |(name, _): &Word| name == "github";
        if !rule.unlogged && !rule.trusted_roots.is_empty() && rule.trusted_roots.iter().all(github)
        {
            let message = "the instance of GitHub has no transparency log, so that no signature \
                           could pass: add `transparency: optional`";
            self.say(item, message);
        }
        Some(rule)
    }

    fn identities(&mut self, value: Node<'_>) -> Vec<SignerWords> {
        if value.kind() != Kind::Sequence {
            self.say(value, "`identities` is a list of mappings with `issuer` and `subject`");
            return Vec::new();
        }
        let items: Vec<_> = value.items().take(MOST).collect();
        items.into_iter().filter_map(|item| self.identity(item)).collect()
    }

    fn identity(&mut self, item: Node<'_>) -> Option<SignerWords> {
        if item.kind() != Kind::Mapping {
            self.say(item, "an identity is a mapping with `issuer` and `subject`");
            return None;
        }
        let before = self.problems.len();
        let mut signer = SignerWords::default();
        for entry in item.entries() {
            let key = entry.key.text().unwrap_or_default();
            if !IDENTITY.names().any(|name| name == key) {
                self.unknown(&entry, &IDENTITY);
                continue;
            }
            let Some(word) = word(entry.value) else {
                self.say(entry.value, format!("`{key}` is a word"));
                continue;
            };
            match key {
                "issuer" => signer.issuer = self.issuer(word),
                "subject" => signer.subject = word,
                "repository" => signer.repository = Some(word),
                "ref" => signer.reference = Some(word),
                "trigger" => signer.trigger = Some(word),
                _ => signer.runner = Some(word),
            }
        }
        if item.get("issuer").is_none() {
            let message = "an identity has no issuer, so that any provider could vouch for it: add \
                           `issuer: https://token.actions.githubusercontent.com`, or the URL of \
                           yours";
            self.say(item, message);
        }
        if item.get("subject").is_none() {
            let message = "an identity has no subject, so that anybody with an account at the \
                           issuer could sign: add `subject: https://github.com/OWNER/REPO/**`";
            self.say(item, message);
        }
        (self.problems.len() == before).then_some(signer)
    }

    fn issuer(&mut self, (issuer, place): Word) -> String {
        let url = issuer.starts_with("https://") || issuer.starts_with("http://");
        if !url || issuer.contains('*') {
            let message = format!(
                "the issuer `{}` is no URL: it is compared exactly, so write it as the certificate \
                 has it",
                cut(&issuer)
            );
            self.problems.say(place, message);
        }
        issuer
    }

    fn attestations(&mut self, value: Node<'_>) -> Vec<String> {
        let words = self.words(value, "attestations");
        for (word, place) in &words {
            if !word.contains(':') && !ATTESTATIONS.contains(&word.as_str()) {
                let message = format!(
                    "`{}` is no type of attestation: write a URI or one of {}",
                    cut(word),
                    ATTESTATIONS.join(", ")
                );
                self.problems.say(place.clone(), message);
            }
        }
        bare(words)
    }

    /// A list of words, or one.
    fn words(&mut self, value: Node<'_>, key: &str) -> Vec<Word> {
        let mut words = Vec::new();
        if value.kind() == Kind::Scalar {
            words.extend(word(value));
            if words.is_empty() {
                self.say(value, format!("`{key}` is empty"));
            }
            return words;
        }
        if value.kind() == Kind::Mapping {
            self.say(value, format!("`{key}` is a list of words"));
            return words;
        }
        for (count, item) in value.items().enumerate() {
            if count == MOST {
                self.say(item, format!("`{key}` holds more than {MOST} words"));
                break;
            }
            match word(item) {
                Some(word) => words.push(word),
                None => self.say(item, format!("an item of `{key}` is a word")),
            }
        }
        if words.is_empty() {
            self.say(value, format!("`{key}` is empty"));
        }
        words
    }
}

fn word(value: Node<'_>) -> Option<Word> {
    let text = value.text().filter(|text| !text.is_empty() && !value.is_null())?;
    Some((text.to_owned(), Place::of(value)))
}

fn bare(words: Vec<Word>) -> Vec<String> {
    words.into_iter().map(|(word, _)| word).collect()
}

#[cfg(test)]
mod tests {
    use careen_text::Source;

    use crate::read;

    #[test]
    fn every_key_is_read() {
        let text = "images:\n  signatures:\n  - images: [\"registry.example.com/*\"]\n    \
                    identities:\n    - issuer: https://token.actions.githubusercontent.com\n      \
                    subject: https://github.com/acme/*/.github/workflows/*@refs/tags/*\n      \
                    ref: regex:refs/tags/v.*\n    trusted-root: [public-good, keys/root.json]\n    \
                    transparency: optional\n    repository: same\n    \
                    attestations: [slsaprovenance1, \"https://example.com/a/v1\"]\n    \
                    builders: [\"https://github.com/actions/**\"]\n    \
                    sources: [\"https://github.com/acme/*\"]\n  - images: \"**\"\n    \
                    keys: [cosign.pub]\n";
        let (config, problems) = read(&Source::new("careen.yaml", text));
        assert!(problems.is_empty(), "{problems:?}");
        let [first, second] = config.signatures.as_slice() else { panic!("{config:?}") };
        assert_eq!(first.images[0].0, "registry.example.com/*");
        assert!(first.identities[0].subject.0.ends_with("@refs/tags/*"));
        assert_eq!(first.identities[0].reference.as_ref().unwrap().0, "regex:refs/tags/v.*");
        assert_eq!(first.trusted_roots.len(), 2);
        assert!(first.unlogged && first.same_repository && !second.unlogged);
        assert_eq!(first.attestations.len(), 2);
        assert_eq!((second.keys[0].0.as_str(), second.images[0].0.as_str()), ("cosign.pub", "**"));
    }

    #[test]
    fn mistakes_show_line_and_remedy() {
        let rule = |rest: &str| format!("images:\n  signatures:\n  - images: [a]\n{rest}");
        for (text, line, expected) in [
            ("images: [a]".to_owned(), 1, "`images` is a mapping with the keys"),
            ("images: {signature: []}".to_owned(), 1, "did you mean `signatures`?"),
            ("images:\n  signatures: x".to_owned(), 2, "a list of rules"),
            ("images:\n  signatures: [x]".to_owned(), 2, "is a mapping"),
            ("images:\n  signatures:\n  - keys: [a.pub]".to_owned(), 3, "add `images"),
            (rule("    keyz: [a]\n"), 4, "did you mean `keys`?"),
            (rule(""), 3, "add `keys` or `identities`"),
            (rule("    keys: []\n"), 4, "`keys` is empty"),
            (rule("    identities:\n    - subject: a\n"), 5, "add `issuer: https://"),
            (rule("    identities:\n    - issuer: https://a.test\n"), 5, "add `subject: "),
            (rule("    identities:\n    - issuer: a.test\n      subject: a\n"), 5, "is no URL"),
            (
                rule("    identities:\n    - {issuer: \"https://*\", subject: a}\n"),
                5,
                "compared exactly",
            ),
            (rule("    identities: a\n"), 4, "a list of mappings"),
            (rule("    keys: [a]\n    transparency: no\n"), 5, "`required` or `optional`"),
            (rule("    keys: [a]\n    repository: mine\n"), 5, "`same` or `any`"),
            (rule("    keys: [a]\n    attestations: [sbom]\n"), 5, "write a URI or one of"),
            (rule("    keys: [a]\n    trusted-root: github\n"), 3, "`transparency: optional`"),
        ] {
            let source = Source::new("careen.yaml", text.as_str());
            let (_, problems) = read(&source);
            let shown: Vec<_> =
                problems.iter().map(|it| (it.place.position().line, it.message.as_str())).collect();
            assert!(
                shown.iter().any(|(at, message)| *at == line && message.contains(expected)),
                "{text}\n{shown:?}"
            );
        }
    }
}
