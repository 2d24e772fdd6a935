//! `.careen/sign-offs/<control>/<role>.yaml`.

use std::fmt::Write as _;

use careen_audit_model::Vouched;
use careen_yaml::{Kind, Node};

use crate::fields::{Fields, parse, quoted};
use crate::names::{is_control, is_principal, is_role};
use crate::quote::{shell, yaml, yaml_word};
use crate::{Document, EvidenceHash, NAMESPACE, SignOff, Trouble, moment};

const SCHEMA: &str = "sign-off/1";
const KEYS: [&str; 11] = [
    "careen",
    "control",
    "statement",
    "approved",
    "role",
    "by",
    "at",
    "expires",
    "commit",
    "tree",
    "evidence",
];
/// Files that one person looked at.
const MOST_EVIDENCE: usize = 1_000;

/// How names are written.
pub(crate) const NAME: &str = "a name of a-z, 0-9, `-` and `_`";
/// How moments are written.
pub(crate) const TIME: &str = "a time, such as 2026-11-25T10:00:00Z";
/// How ends are written.
pub(crate) const END: &str = "a day or a time, such as 2027-02-23";

impl SignOff {
    /// The file: what [`read`](crate::read) reads again. The first line says how to verify it by hand.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut text = verification(&self.path, &self.by);
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key}: {value}");
        };
        line("careen", SCHEMA);
        line("control", &self.control);
        line("statement", &yaml(&self.statement));
        line("approved", if self.approved { "true" } else { "false" });
        line("role", &self.role);
        line("by", &yaml_word(&self.by));
        line("at", &moment::show(self.at));
        if let Some(expires) = self.expires {
            line("expires", &moment::show_end(expires));
        }
        if let Some(commit) = &self.commit {
            line("commit", &yaml(commit));
        }
        if let Some(tree) = &self.tree {
            line("tree", &yaml(tree));
        }
        if !self.evidence.is_empty() {
            text.push_str("evidence:\n");
        }
        for EvidenceHash { path, sha256 } in &self.evidence {
            let _ = writeln!(text, "- file: {}\n  sha256: {}", yaml(path), yaml(sha256));
        }
        text
    }

    /// Reads a file. Nothing is vouched for yet.
    pub(crate) fn read(document: &Document) -> Result<Self, Vec<Trouble>> {
        let tree = parse(document);
        let mut fields = Fields::open(document, &tree, "a sign-off", &KEYS)?;
        verify_schema(&mut fields, SCHEMA);
        let name = |text: &str| is_control(text).then(|| text.to_owned());
        let control = fields.required_parsed("control", NAME, name);
        let statement = fields.required_text("statement").map(str::to_owned);
        let approved = fields.required_parsed("approved", "`true` or `false`", |text| match text {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        });
        let role = |text: &str| is_role(text).then(|| text.to_owned());
        let role = fields.required_parsed("role", NAME, role);
        let person = |text: &str| is_principal(text).then(|| text.to_owned());
        let by = fields.required_parsed("by", "an address, such as alice@example.com", person);
        let at = fields.required_parsed("at", TIME, moment::start);
        let expires = fields.optional_parsed("expires", END, moment::end);
        let commit = fields.optional_parsed("commit", "the full id of a commit", |text| {
            (matches!(text.len(), 40 | 64) && is_hex(text)).then(|| text.to_owned())
        });
        let digest = "`sha256:` and 64 hexadecimal digits";
        let content = fields.optional_parsed("tree", digest, |text| {
            let digits = text.strip_prefix("sha256:")?;
            (digits.len() == 64 && is_hex(digits)).then(|| text.to_owned())
        });
        let evidence = evidence(&mut fields);
        let troubles = fields.finish();
        match (control, statement, approved, role, by, at) {
            (Some(control), Some(statement), Some(approved), Some(role), Some(by), Some(at))
                if troubles.is_empty() =>
            {
                Ok(Self {
                    path: document.path.clone(),
                    control,
                    statement,
                    role,
                    by,
                    approved,
                    at,
                    expires,
                    commit,
                    tree: content,
                    evidence,
                    vouched: Vouched::Claimed,
                })
            }
            _ => Err(troubles),
        }
    }
}

/// Tells where a file is of another kind or version.
pub(crate) fn verify_schema(fields: &mut Fields<'_>, schema: &str) {
    if let Some(value) = fields.required("careen")
        && value.text() != Some(schema)
    {
        let found = quoted(value.text().unwrap_or_default());
        fields.say(value, format!("`careen` is `{found}`: this version reads `{schema}`"));
    }
}

/// The line that says how to verify a file by hand.
pub(crate) fn verification(path: &str, by: &str) -> String {
    let (by, path, signature) = (shell(by), shell(path), shell(&format!("{path}.sig")));
    format!(
        "# Verify: ssh-keygen -Y verify -n {NAMESPACE} -f .careen/allowed_signers -I {by} -s {signature} < {path}\n"
    )
}

fn evidence<'t>(fields: &mut Fields<'t>) -> Vec<EvidenceHash> {
    let Some(list) = fields.optional("evidence") else { return Vec::new() };
    if list.kind() != Kind::Sequence {
        fields.say(list, "`evidence` is a list of `file` and `sha256`".to_owned());
        return Vec::new();
    }
    let mut hashes = Vec::new();
    for (count, item) in list.items().enumerate() {
        if count == MOST_EVIDENCE {
            fields.say(item, format!("`evidence` lists more than {MOST_EVIDENCE} files"));
            break;
        }
        hashes.extend(hash(fields, item));
    }
    hashes
}

fn hash<'t>(fields: &mut Fields<'t>, item: Node<'t>) -> Option<EvidenceHash> {
    if item.kind() != Kind::Mapping {
        fields.say(item, "an item of `evidence` is a mapping of `file` and `sha256`".to_owned());
        return None;
    }
    fields.verify_keys(item, "an item of `evidence`", &["file", "sha256"]);
    let (Some(file), Some(digest)) = (item.get("file"), item.get("sha256")) else {
        fields.say(item, "an item of `evidence` has `file` and `sha256`".to_owned());
        return None;
    };
    let form = "a path in the audited folder, with `/`";
    let path = fields.parsed(file, "file", form, |text| is_inside(text).then(|| text.to_owned()));
    let sha256 = fields.parsed(digest, "sha256", "64 hexadecimal digits", |text| {
        (text.len() == 64 && is_hex(text)).then(|| text.to_owned())
    });
    Some(EvidenceHash { path: path?, sha256: sha256? })
}

/// Lower case only, so that what is the same is written the same.
fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn is_inside(path: &str) -> bool {
    !path.contains('\\') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}
