//! The table itself.

use super::{Key, Keys, Shape, TextKind};

/// Names or globs in one list.
const MOST_WORDS: usize = 1_000;
/// Items of `ignore`.
const MOST_IGNORED: usize = 5_000;
/// Items of `overrides`. Each that covers a path is asked about each of its findings.
const MOST_OVERRIDES: usize = 200;
/// Files that one file extends.
const MOST_EXTENDED: usize = 20;

const fn key(name: &'static str, about: &'static str, shape: Shape) -> Key {
    Key { name, about, shape, required: false }
}

const fn needed(name: &'static str, about: &'static str, shape: Shape) -> Key {
    Key { name, about, shape, required: true }
}

const fn list(of: &'static Shape) -> Shape {
    Shape::List { of, most: MOST_WORDS, or_one: false, filled: false }
}

const fn some(of: &'static Shape) -> Shape {
    Shape::List { of, most: MOST_WORDS, or_one: true, filled: true }
}

static NAME: Shape = Shape::Text(TextKind::Name);
static GLOB: Shape = Shape::Text(TextKind::Glob);
static OBJECT: Shape = Shape::Text(TextKind::Object);
static PATH: Shape = Shape::Text(TextKind::Path);
static SOURCE: Shape = Shape::Text(TextKind::FileOrFolder);
static WORD: Shape = Shape::Text(TextKind::Word);
static NUMBER: Shape = Shape::Text(TextKind::Word);

const DEMAND: Shape = Shape::Choice(&["required", "optional"]);

/// Everything that stands at the top.
pub static ROOT: Keys = Keys {
    what: "a configuration",
    any_of: &[],
    exclusive: false,
    keys: &[
        key(
            "extend",
            "Other configurations to start from, as paths relative to this file. What stands in \
             this file wins over them, and later ones win over earlier ones.",
            Shape::List { of: &PATH, most: MOST_EXTENDED, or_one: true, filled: false },
        ),
        key("profile", "The profile to start from.", Shape::Profile),
        key(
            "select",
            "Rules, groups or linters that run instead of those of the profile.",
            list(&NAME),
        ),
        key(
            "ignore",
            "What does not count. A name takes a rule, group or linter out; a mapping suppresses \
             its findings, for some paths or objects, with a reason.",
            Shape::List {
                of: &Shape::Either(&NAME, &Shape::Mapping(&IGNORED)),
                most: MOST_IGNORED,
                or_one: false,
                filled: false,
            },
        ),
        key("severity", "Severities of rules, groups or linters, by name.", Shape::Levels),
        key("fail-on", "The mildest severity that makes a run fail.", Shape::Severity),
        key(
            "exclude",
            "Globs of paths that are not looked at, relative to the folder of the configuration.",
            list(&GLOB),
        ),
        key(
            "overrides",
            "What holds for some paths only. Later ones win over earlier ones.",
            Shape::List {
                of: &Shape::Mapping(&OVERRIDE),
                most: MOST_OVERRIDES,
                or_one: false,
                filled: false,
            },
        ),
        key(
            "suppressions",
            "What a suppression must say, so that it holds: one in a comment, in an annotation or \
             below `ignore`.",
            Shape::Mapping(&DEMANDS),
        ),
        key(
            "baseline",
            "The baseline of known findings, as a path relative to this file.",
            Shape::Text(TextKind::Path),
        ),
        key(
            "kubernetes-version",
            "The Kubernetes that manifests are judged for; the newest known without it.",
            Shape::Version,
        ),
        key(
            "pki",
            "Whether all certificates are judged by the rules for those that browsers trust \
             (`public`) or none (`private`). Without it, each is judged by what it says of itself.",
            Shape::Choice(&["public", "private"]),
        ),
        key("images", "What is asked of container images.", Shape::Mapping(&IMAGES)),
        key(
            "rules",
            "Options of single rules; `careen explain RULE` lists those of a rule.",
            Shape::Elsewhere(&Shape::Options),
        ),
        key(
            "detectors",
            "Detectors of credentials of your own: files and folders relative to this file, or \
             detectors written here.",
            Shape::List {
                of: &Shape::Either(&SOURCE, &Shape::Elsewhere(&Shape::Mapping(&DETECTOR))),
                most: MOST_WORDS,
                or_one: false,
                filled: false,
            },
        ),
        key("audit", "What `careen audit` is told.", Shape::Mapping(&AUDIT)),
    ],
};

/// The value of `audit`.
static AUDIT: Keys = Keys {
    what: "`audit`",
    any_of: &[],
    exclusive: false,
    keys: &[
        key(
            "checklist",
            "The checklist, as a path relative to this file; careen's own without it.",
            Shape::Text(TextKind::Path),
        ),
        key(
            "bindings",
            "What decides the items of the checklist, as a path relative to this file; \
             `NAME.careen.yaml` beside the checklist without it.",
            Shape::Text(TextKind::Path),
        ),
        key(
            "evidence",
            "Files and folders with reports, relative to this file, besides `.careen/evidence`.",
            list(&SOURCE),
        ),
        key(
            "signers",
            "Who may sign, as a path of an `allowed_signers` file relative to this file; \
             `.careen/allowed_signers` without it.",
            Shape::Text(TextKind::Path),
        ),
        key(
            "controls",
            "What is different about single controls; `careen audit controls` lists them.",
            Shape::List {
                of: &Shape::Mapping(&AUDIT_CONTROL),
                most: MOST_WORDS,
                or_one: false,
                filled: false,
            },
        ),
    ],
};

/// An item of `controls` below `audit`.
static AUDIT_CONTROL: Keys = Keys {
    what: "an item of `controls`",
    any_of: &[],
    exclusive: false,
    keys: &[
        needed("control", "The control.", Shape::Text(TextKind::Word)),
        key(
            "claims",
            "What reports must say, like `line-coverage>=85%` or `p99<=300ms`, instead of what the \
             control asks of the same measure.",
            some(&WORD),
        ),
        key(
            "max-age",
            "How old evidence and sign-offs may be, like `30d` or `12h`.",
            Shape::Text(TextKind::Word),
        ),
        key(
            "not-applicable",
            "Why the control does not apply to this repository; it then holds nothing up.",
            Shape::Text(TextKind::Prose),
        ),
    ],
};

/// An item of `ignore` with more to say than a name.
pub(crate) static IGNORED: Keys = Keys {
    what: "an item of `ignore`",
    any_of: &["rule", "rules"],
    exclusive: true,
    keys: &[
        key("rule", "The rule, group or linter.", Shape::Text(TextKind::Name)),
        key("rules", "Several rules, groups or linters.", some(&NAME)),
        key(
            "paths",
            "Globs of the paths it holds for, relative to the folder of the configuration; all \
             without it.",
            some(&GLOB),
        ),
        key(
            "objects",
            "Kubernetes objects it holds for, as `Kind/namespace/name` or `Kind/name`, with `*` \
             for any text; all without it.",
            some(&OBJECT),
        ),
        key("reason", "Why, for people.", Shape::Text(TextKind::Prose)),
        key("owner", "Who answers for it.", Shape::Text(TextKind::Prose)),
        key("expires", "The last day it holds, in UTC.", Shape::Day),
    ],
};

/// An item of `overrides`.
pub(crate) static OVERRIDE: Keys = Keys {
    what: "an override",
    any_of: &["select", "ignore", "severity"],
    exclusive: false,
    keys: &[
        needed(
            "paths",
            "Globs of the paths it holds for, relative to the folder of the configuration.",
            some(&GLOB),
        ),
        key(
            "select",
            "Rules, groups or linters that run there instead of those that would.",
            list(&NAME),
        ),
        key("ignore", "Rules, groups or linters that do not count there.", list(&NAME)),
        key("severity", "Severities there, by name.", Shape::Levels),
    ],
};

/// The value of `suppressions`.
pub(crate) static DEMANDS: Keys = Keys {
    what: "`suppressions`",
    any_of: &[],
    exclusive: false,
    keys: &[
        key("reason", "Whether a suppression says why.", DEMAND),
        key(
            "owner",
            "Whether a suppression says who answers for it: `owner` below `ignore`, a word like \
             `@team` in the reason of a comment or an annotation.",
            DEMAND,
        ),
        key("expiry", "Whether a suppression says until when it holds.", DEMAND),
    ],
};

static IMAGES: Keys = Keys {
    what: "`images`",
    any_of: &[],
    exclusive: false,
    keys: &[key(
        "signatures",
        "Who must sign which images. The first rule whose images cover an image counts.",
        Shape::Elsewhere(&Shape::List {
            of: &Shape::Mapping(&SIGNATURES),
            most: MOST_WORDS,
            or_one: false,
            filled: false,
        }),
    )],
};

/// A rule about signatures.
pub(crate) static SIGNATURES: Keys = Keys {
    what: "a rule about signatures",
    any_of: &["keys", "identities"],
    exclusive: false,
    keys: &[
        needed("images", "Patterns of the images it covers.", some(&WORD)),
        key("keys", "Files with public keys that may sign, relative to this file.", some(&PATH)),
        key(
            "identities",
            "Identities that may sign with a certificate.",
            Shape::List {
                of: &Shape::Mapping(&IDENTITY),
                most: MOST_WORDS,
                or_one: false,
                filled: false,
            },
        ),
        key(
            "trusted-root",
            "`public-good`, `staging`, `github`, or files relative to this file.",
            some(&PATH),
        ),
        key(
            "transparency",
            "Whether a signature must be in a transparency log.",
            Shape::Choice(&["required", "optional"]),
        ),
        key(
            "repository",
            "Whether a signature must name the repository it is found in.",
            Shape::Choice(&["same", "any"]),
        ),
        key("attestations", "What must be attested: URIs or short names.", some(&WORD)),
        key("builders", "Builders whose provenance is accepted, as patterns.", some(&WORD)),
        key("sources", "Repositories that provenance may name, as patterns.", some(&WORD)),
    ],
};

/// An identity that may sign.
pub(crate) static IDENTITY: Keys = Keys {
    what: "an identity",
    any_of: &[],
    exclusive: false,
    keys: &[
        needed("issuer", "The OIDC issuer, exactly.", Shape::Text(TextKind::Word)),
        needed(
            "subject",
            "The subject of the certificate: a pattern, or `regex:` and a regular expression.",
            Shape::Text(TextKind::Word),
        ),
        key("repository", "The repository in the certificate.", Shape::Text(TextKind::Word)),
        key("ref", "The reference that was built.", Shape::Text(TextKind::Word)),
        key("trigger", "The event that started the run.", Shape::Text(TextKind::Word)),
        key("runner", "Where the run took place.", Shape::Text(TextKind::Word)),
    ],
};

const CONFIDENCE: Shape = Shape::Choice(&["low", "medium", "high", "certain"]);

/// A detector, whose reader is `careen_detectors`.
static DETECTOR: Keys = Keys {
    what: "a detector",
    any_of: &[],
    exclusive: false,
    keys: &[
        needed("id", "The id of the rule: lower-case words.", Shape::Text(TextKind::Word)),
        needed("summary", "The defect in one line.", Shape::Text(TextKind::Prose)),
        needed("about", "Why it hurts.", Shape::Text(TextKind::Prose)),
        needed("remedy", "What to do.", Shape::Text(TextKind::Prose)),
        needed("severity", "Its severity.", Shape::Severity),
        key("confidence", "How sure a finding is.", CONFIDENCE),
        key("references", "Where to read more.", list(&WORD)),
        key("covers", "Detectors of other tools that it covers.", list(&WORD)),
        key("peers", "Names that other tools have for it.", list(&WORD)),
        key("cwe", "Numbers of weaknesses.", list(&NUMBER)),
        key("default", "Whether it runs without being asked for.", Shape::Truth),
        needed(
            "forms",
            "What the credential looks like.",
            Shape::List { of: &Shape::Mapping(&FORM), most: 200, or_one: false, filled: true },
        ),
        key("find", "Lines in which it is found, the credential between « and ».", list(&WORD)),
        key("leave", "Lines in which nothing is found.", list(&WORD)),
    ],
};

static FORM: Keys = Keys {
    what: "a form",
    any_of: &[],
    exclusive: false,
    keys: &[
        needed("kind", "What it is called in messages.", Shape::Text(TextKind::Prose)),
        needed("form", "Literals and counted classes.", Shape::Text(TextKind::Word)),
        key("near", "Lower-case words that stand before it.", list(&WORD)),
        key("judge", "A check of the text by code.", Shape::Text(TextKind::Word)),
        key("confidence", "How sure a finding is.", CONFIDENCE),
        key("severity", "Its severity, where it is not the detector's.", Shape::Severity),
    ],
};
