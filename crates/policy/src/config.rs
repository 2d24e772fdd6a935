use std::sync::Arc;

use careen_detectors::Detector;
use careen_rule::Severity;
use careen_text::{Source, Span, closest};
use careen_yaml::{Kind, Limits, Node, parse};

use crate::options::{Told, told};
use crate::signatures::{SignatureRule, rules};
use crate::{profile, profiles};

/// What `careen.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The profile to start from.
    pub profile: Option<String>,
    /// Rules or groups to run instead of the profile's.
    pub select: Vec<String>,
    /// Rules or groups to leave out.
    pub ignore: Vec<String>,
    /// Severities by rule or group.
    pub severity: Vec<(String, Severity)>,
    /// The mildest severity that makes the run fail.
    pub fail_on: Option<Severity>,
    /// Globs of paths, relative to the configuration file, that are not looked at.
    pub exclude: Vec<String>,
    /// The baseline of known findings, relative to the configuration file.
    pub baseline: Option<String>,
    /// The Kubernetes that manifests are judged for.
    pub kubernetes_version: Option<(String, Span)>,
    /// Whether all certificates are judged by the rules for those that browsers trust, or none;
    /// what each says of itself decides where it is not given.
    pub public_pki: Option<bool>,
    /// Files and folders with detectors of the user's own, relative to the configuration file.
    pub detector_files: Vec<(String, Span)>,
    /// Detectors that stand in the configuration itself.
    pub detectors: Vec<Detector>,
    /// Who must sign which images.
    pub signatures: Vec<SignatureRule>,
    /// What rules are told; [`options`](crate::options()) gives it to them.
    pub rules: Vec<Told>,
}

/// A mistake in the configuration, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key or value.
    pub span: Span,
    /// One sentence with the remedy.
    pub message: String,
}

const KEYS: [&str; 12] = [
    "detectors",
    "profile",
    "select",
    "ignore",
    "severity",
    "fail-on",
    "exclude",
    "baseline",
    "kubernetes-version",
    "images",
    "pki",
    "rules",
];

/// Mistakes that are told at once.
const MOST_PROBLEMS: usize = 20;
/// Names or globs in one list. Globs cost time for each file.
const MOST_WORDS: usize = 1_000;
/// Characters of a word that are repeated in a message.
const MOST_SHOWN: usize = 60;

/// Reads a configuration. Mistakes do not hide each other; with any, the run must not start.
#[must_use]
pub fn read(source: &Arc<Source>) -> (Config, Vec<Problem>) {
    let tree = parse(source, &Limits::default());
    let mut reader = Reader { config: Config::default(), problems: Vec::new() };
    for problem in tree.problems() {
        reader.problem(problem.span, problem.message.clone());
    }
    let mut documents = tree.documents();
    if let Some(root) = documents.next().and_then(|document| document.root()) {
        reader.root(root);
    }
    if let Some(second) = documents.next() {
        reader.problem(second.span(), "a configuration is one document: remove the second");
    }
    (reader.config, reader.problems)
}

struct Reader {
    config: Config,
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, span: Span, message: impl Into<String>) {
        match self.problems.len() {
            MOST_PROBLEMS => {
                let message = "there are more mistakes: mend those above first".to_owned();
                self.problems.push(Problem { span, message });
            }
            0..MOST_PROBLEMS => self.problems.push(Problem { span, message: message.into() }),
            _ => {}
        }
    }

    fn root(&mut self, root: Node<'_>) {
        if root.is_null() {
            return;
        }
        if root.kind() != Kind::Mapping {
            self.problem(root.span(), "a configuration is a mapping of keys to values");
            return;
        }
        for entry in root.entries() {
            let key = entry.key.text().unwrap_or_default();
            match key {
                "profile" => self.profile(entry.value),
                "select" => self.config.select = self.words(entry.value, key),
                "ignore" => self.config.ignore = self.words(entry.value, key),
                "exclude" => self.config.exclude = self.words(entry.value, key),
                "fail-on" => self.config.fail_on = self.level(entry.value),
                "severity" => self.severities(entry.value),
                "detectors" => self.detectors(entry.value),
                "baseline" => match entry.value.as_str().filter(|path| !path.is_empty()) {
                    Some(path) => self.config.baseline = Some(path.to_owned()),
                    None => self.problem(entry.value.span(), "`baseline` is the path of a file"),
                },
                "images" => self.images(entry.value),
                "rules" => told(entry.value, &mut self.config.rules, &mut self.problems),
                "pki" => match entry.value.text() {
                    Some("public") => self.config.public_pki = Some(true),
                    Some("private") => self.config.public_pki = Some(false),
                    _ => self.problem(entry.value.span(), "`pki` is `public` or `private`"),
                },
                "kubernetes-version" => match entry.value.text() {
                    Some(text) => {
                        self.config.kubernetes_version =
                            Some((text.to_owned(), entry.value.span()));
                    }
                    None => self.problem(entry.value.span(), "a version is written like `1.33`"),
                },
                _ => {
                    let hint = closest(key, KEYS)
                        .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
                    let message = format!(
                        "unknown key `{}`{hint}: the keys are {}",
                        cut(key),
                        KEYS.join(", ")
                    );
                    self.problem(entry.key.span(), message);
                }
            }
        }
    }

    fn images(&mut self, value: Node<'_>) {
        if value.kind() != Kind::Mapping && !value.is_null() {
            self.problem(value.span(), "`images` maps `signatures` to a list of rules");
        }
        for entry in value.entries() {
            let key = entry.key.text().unwrap_or_default();
            if key == "signatures" {
                let mut problems = Vec::new();
                rules(entry.value, &mut self.config.signatures, &mut problems);
                for problem in problems {
                    self.problem(problem.span, problem.message);
                }
            } else {
                let hint = closest(key, ["signatures"])
                    .map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
                let message = format!("`images` has no key `{}`{hint}", cut(key));
                self.problem(entry.key.span(), message);
            }
        }
    }

    fn detectors(&mut self, value: Node<'_>) {
        if value.kind() != Kind::Sequence && !value.is_null() {
            self.problem(value.span(), "`detectors` is a list of files, folders and detectors");
        }
        for item in value.items().take(MOST_WORDS) {
            match item.text() {
                Some(path) => self.config.detector_files.push((path.to_owned(), item.span())),
                None => {
                    let (detector, problems) = careen_detectors::read_one(item);
                    self.config.detectors.extend(detector);
                    for problem in problems {
                        self.problem(problem.span, problem.message);
                    }
                }
            }
        }
    }

    fn profile(&mut self, value: Node<'_>) {
        let name = value.as_str().unwrap_or_default();
        if profile(name).is_some() {
            self.config.profile = Some(name.to_owned());
        } else {
            let known: Vec<_> = profiles().iter().map(|profile| profile.name).collect();
            let message = format!("no profile is called `{}`: use {}", cut(name), known.join(", "));
            self.problem(value.span(), message);
        }
    }

    fn words(&mut self, value: Node<'_>, key: &str) -> Vec<String> {
        let mut words = Vec::new();
        if value.kind() != Kind::Sequence && !value.is_null() {
            self.problem(value.span(), format!("`{key}` is a list of names"));
        }
        for (count, item) in value.items().enumerate() {
            if count == MOST_WORDS {
                self.problem(item.span(), format!("`{key}` holds more than {MOST_WORDS} items"));
                break;
            }
            match item.as_str() {
                Some(word) if !word.is_empty() => words.push(word.to_owned()),
                _ => self.problem(item.span(), format!("an item of `{key}` is a name")),
            }
        }
        words
    }

    fn severities(&mut self, value: Node<'_>) {
        if value.kind() != Kind::Mapping && !value.is_null() {
            self.problem(value.span(), "`severity` maps rules to levels");
        }
        for (count, entry) in value.entries().enumerate() {
            if count == MOST_WORDS {
                let message = format!("`severity` holds more than {MOST_WORDS} rules");
                self.problem(entry.key.span(), message);
                break;
            }
            if let (Some(rule), Some(level)) = (entry.key.text(), self.level(entry.value)) {
                self.config.severity.push((rule.to_owned(), level));
            }
        }
    }

    fn level(&mut self, value: Node<'_>) -> Option<Severity> {
        match value.text().unwrap_or_default().parse() {
            Ok(level) => Some(level),
            Err(message) => {
                self.problem(value.span(), message);
                None
            }
        }
    }
}

/// The start of a word, for a message.
pub(crate) fn cut(word: &str) -> &str {
    word.char_indices().nth(MOST_SHOWN).map_or(word, |(end, _)| word.get(..end).unwrap_or(word))
}

#[cfg(test)]
mod tests {
    use careen_rule::Severity;
    use careen_text::Source;

    use super::read;

    #[test]
    fn every_key_is_read() {
        let source = Source::new(
            "careen.yaml",
            "profile: strict\nselect: [kubernetes]\nignore: [host-port]\n\
             severity: {host-port: info}\nfail-on: high\nexclude: ['vendor/**']\n\
             baseline: known.json\n",
        );
        let (config, problems) = read(&source);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(config.profile.as_deref(), Some("strict"));
        assert_eq!(config.severity, [("host-port".to_owned(), Severity::Info)]);
        assert_eq!(config.fail_on, Some(Severity::High));
        assert_eq!(config.exclude, ["vendor/**"]);
        assert_eq!(config.baseline.as_deref(), Some("known.json"));
    }

    #[test]
    fn mistakes_show_their_place() {
        let source = Source::new("careen.yaml", "profil: strict\nfail-on: loud\nselect: all\n");
        let (_, problems) = read(&source);
        let shown: Vec<_> = problems
            .iter()
            .map(|problem| (source.position(problem.span.start).line, problem.message.as_str()))
            .collect();
        assert_eq!(shown.len(), 3, "{shown:?}");
        assert_eq!(shown[0].0, 1);
        assert!(shown[0].1.contains("did you mean `profile`?"));
        assert_eq!(shown[1].0, 2);
        assert_eq!(shown[2], (3, "`select` is a list of names"));
    }

    #[test]
    fn hostile_files_end_in_a_few_words() {
        let deep = format!("profile: {}", "[".repeat(500_000));
        let keys: String = (0..100_000).map(|key| format!("k{key}: 1\n")).collect();
        let globs = format!("exclude: [{}]\n", "a,".repeat(100_000));
        let mut anchors = "a0: &a0 {x: 1}\n".to_owned();
        for at in 1..20_000 {
            anchors.push_str(&format!("a{at}: &a{at} {{<<: *a{}, b: *a0}}\n", at - 1));
        }
        let levels: String = (0..50_000).map(|at| format!("  r{at}: loud\n")).collect();
        let long = format!("{}: 1\nprofile: {}\n", "k".repeat(100_000), "p".repeat(100_000));
        for text in [deep, keys, globs, anchors, format!("severity:\n{levels}"), long] {
            let (_, problems) = read(&Source::new("careen.yaml", text));
            assert!(!problems.is_empty() && problems.len() <= 21, "{}", problems.len());
            assert!(problems.iter().all(|problem| problem.message.len() < 400), "{problems:?}");
        }
    }

    #[test]
    fn an_empty_file_is_no_mistake() {
        assert!(read(&Source::new("careen.yaml", "")).1.is_empty());
    }
}
