use crate::{Confidence, Control, RuleOption, Severity};

/// Everything there is to say about a rule, declared once.
#[derive(Debug)]
pub struct Meta {
    /// Kebab-case name of the defect. One id, one meaning, for ever.
    pub id: &'static str,
    /// Other names of ours for the same defect.
    pub aliases: &'static [&'static str],
    /// Names the peers have for it, as `tool:id`; accepted wherever a rule is named.
    pub peers: &'static [&'static str],
    /// The defect in one line, without a full stop.
    pub summary: &'static str,
    /// The manual in Markdown: why it hurts, when it is fine; then the examples.
    pub docs: &'static str,
    /// What to do, in the imperative, one sentence.
    pub remedy: &'static str,
    /// Default severity.
    pub severity: Severity,
    /// Default confidence.
    pub confidence: Confidence,
    /// Whether this is a security rule for code scanning (carries `security-severity`).
    pub security: bool,
    /// CWE numbers, for taxonomies and tags.
    pub cwe: &'static [u16],
    /// The checklist controls the rule answers.
    pub controls: &'static [Control],
    /// Where to read more.
    pub references: &'static [&'static str],
    /// Whether the rule runs without being asked for.
    pub default: bool,
    /// Whether what the rule says of a fragment, such as a Kustomize patch, is true of the whole:
    /// it looks at values that stand there, never at what is missing.
    pub fragments: bool,
    /// What a user may tell the rule in the configuration.
    pub options: &'static [RuleOption],
    /// The module that declares it: `careen_lint_<linter>::rules::<group>::<rule>`.
    pub module: &'static str,
}

impl Meta {
    /// What a declaration may leave out.
    pub const DEFAULT: Self = Self {
        id: "",
        aliases: &[],
        peers: &[],
        summary: "",
        docs: "",
        remedy: "",
        severity: Severity::Medium,
        confidence: Confidence::Certain,
        security: false,
        cwe: &[],
        controls: &[],
        references: &[],
        default: true,
        fragments: false,
        options: &[],
        module: "",
    };

    /// The linter that owns the rule: `kubernetes`, `images`, `secrets`, `tls`, or `engine`.
    #[must_use]
    pub fn linter(&self) -> &'static str {
        let own = self.module.split("::").next().unwrap_or_default();
        let own = own.strip_prefix("careen_").unwrap_or(own);
        own.strip_prefix("lint_").unwrap_or(own)
    }

    /// The group inside the linter: the folder the rule's file stands in.
    #[must_use]
    pub fn group(&self) -> &'static str {
        let mut parts = self.module.rsplit("::");
        let _rule = parts.next();
        parts.next().unwrap_or_default()
    }

    /// Whether `name` is this rule's id, an alias, or a peer's id with or without its tool.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.id == name
            || self.aliases.contains(&name)
            || self.peers.iter().any(|peer| {
                peer.eq_ignore_ascii_case(name)
                    || peer.split_once(':').is_some_and(|(_, id)| id.eq_ignore_ascii_case(name))
            })
    }

    /// The address that says most about the defect.
    #[must_use]
    pub fn url(&self) -> Option<&'static str> {
        self.references.first().copied()
    }

    /// The manual without its examples, lines joined, ready for a reader.
    #[must_use]
    pub fn prose(&self) -> String {
        let mut prose = String::new();
        let mut fenced = false;
        for line in self.docs.lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            if line.starts_with("```") {
                fenced = !fenced;
            } else if !fenced {
                prose.push_str(line);
                prose.push('\n');
            }
        }
        prose.trim().to_owned()
    }

    /// The examples of the manual, in order.
    #[must_use]
    pub fn examples(&self) -> Vec<Example> {
        let mut examples: Vec<Example> = Vec::new();
        let mut open: Option<Example> = None;
        for line in self.docs.lines() {
            let line = line.strip_prefix(' ').unwrap_or(line);
            if let Some(info) = line.strip_prefix("```") {
                match open.take() {
                    Some(example) => examples.push(example),
                    None => {
                        open = Some(Example { info: info.trim().to_owned(), body: String::new() });
                    }
                }
            } else if let Some(example) = &mut open {
                example.body.push_str(line);
                example.body.push('\n');
            }
        }
        examples
    }
}

/// A fenced block of a rule's manual.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// What follows the fence: language, `bad` or `good`, and `key=value` words.
    pub info: String,
    /// The block's text, carets included.
    pub body: String,
}

impl Example {
    /// The first word: `yaml`, `dockerfile`, `pem`, `text`, `recipe`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or_default()
    }

    /// Whether one of the words after the language is `word`.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        self.info.split_whitespace().skip(1).any(|each| each == word)
    }

    /// The value of a `key=value` word.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.info
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    /// The text a reader is shown: the block without its caret lines.
    #[must_use]
    pub fn shown(&self) -> String {
        let is_caret = |line: &str| {
            let comment = line.trim_start().strip_prefix('#').map(str::trim_start);
            line.starts_with('^')
                || comment.is_some_and(|rest| rest.starts_with('^') || rest.starts_with("also:"))
        };
        self.body.lines().filter(|line| !is_caret(line)).fold(String::new(), |mut text, line| {
            text.push_str(line);
            text.push('\n');
            text
        })
    }
}

/// A rule: what it says of itself and what it checks. `C` is the linter's own enum of subjects.
#[derive(Debug)]
pub struct Rule<C: 'static> {
    /// The metadata, shared by every finding.
    pub meta: Meta,
    /// The check function with its subject.
    pub check: C,
}

/// Declares a rule: documentation, metadata and check function in one place.
///
/// ```text
/// rule! {
///     /// Why it hurts, when it is fine.
///     ///
///     /// ```yaml bad
///     /// …
///     /// ```
///     pub(crate) static RULE: Check = {
///         id: "memory-limit-missing",
///         summary: "container has no memory limit",
///         remedy: "Set `resources.limits.memory`.",
///         severity: High,
///         check: Check::Container(check),
///     }
/// }
/// ```
///
/// The five fields above stand in this order; other fields of [`Meta`] may follow and default to
/// those of [`Meta::DEFAULT`].
#[macro_export]
macro_rules! rule {
    (
        $(#[doc = $doc:literal])*
        $visibility:vis static $name:ident: $subject:ty = {
            id: $id:literal,
            summary: $summary:literal,
            remedy: $remedy:literal,
            severity: $severity:ident,
            check: $check:expr
            $(, $field:ident: $value:expr)* $(,)?
        }
    ) => {
        $(#[doc = $doc])*
        $visibility static $name: $crate::Rule<$subject> = $crate::Rule {
            meta: $crate::Meta {
                id: $id,
                summary: $summary,
                remedy: $remedy,
                severity: $crate::Severity::$severity,
                docs: concat!($($doc, "\n",)*),
                module: module_path!(),
                $($field: $value,)*
                ..$crate::Meta::DEFAULT
            },
            check: $check,
        };
    };
}

#[cfg(test)]
mod tests {
    rule! {
        /// It hurts.
        ///
        /// ```yaml bad file=a.yaml
        /// a: 1
        /// # ^ here
        /// ```
        /// Still prose.
        static RULE: u8 = {
            id: "a-thing-missing",
            summary: "a thing is missing",
            remedy: "Add the thing.",
            severity: High,
            check: 7,
            peers: &["checkov:CKV_K8S_1", "kube-linter:no-thing"],
            security: true,
        }
    }

    #[test]
    fn a_declaration_holds_everything() {
        let meta = &RULE.meta;
        assert_eq!(RULE.check, 7);
        assert_eq!(meta.prose(), "It hurts.\n\nStill prose.");
        let examples = meta.examples();
        assert_eq!(examples.len(), 1);
        assert!(examples[0].has("bad"));
        assert_eq!(examples[0].value("file"), Some("a.yaml"));
        assert_eq!(examples[0].shown(), "a: 1\n");
        assert!(meta.is_called("ckv_k8s_1"));
        assert!(meta.is_called("kube-linter:no-thing"));
        assert!(!meta.is_called("no"));
        assert_eq!(meta.linter(), "rule");
    }
}
