//! The configuration that `careen init` writes.
//!
//! A comment with one blank after its `#` explains; one that goes on at once, or with more blanks, is
//! configuration that takes effect when its `#` is removed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use careen_model::PathClass;
use careen_policy::profiles;
use careen_rule::{Judged, Report, Severity};
use careen_text::sanitize_line;

use super::surroundings::Surroundings;
use super::survey::Seen;
use super::{is_safe, plural};

const SCHEMA: &str =
    "# yaml-language-server: $schema=https://careen.dev/schemas/careen.schema.json";
/// Things of one kind that are listed.
const MOST_SHOWN: usize = 8;
/// Rules that are proposed to be ignored.
const MOST_RULES: usize = 5;
/// Findings of a rule that make it a noisy one.
const NOISY: usize = 3;
/// Folders of one name that are written as one glob.
const ALIKE: usize = 3;

/// All that is known.
pub(super) struct Sight<'a> {
    pub(super) report: &'a Report,
    pub(super) seen: Seen,
    pub(super) surroundings: Surroundings,
    /// What stands before the paths of files below the root.
    pub(super) prefix: String,
    pub(super) many: usize,
}

/// Writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $($what:tt)*) => {{
        let _ = writeln!($out, $($what)*);
    }};
}

pub(super) fn write(sight: &Sight<'_>) -> String {
    let mut out = String::new();
    head(&mut out, sight);
    profile(&mut out);
    kubernetes(&mut out, sight);
    exclude(&mut out, sight);
    overrides(&mut out, sight);
    noisy(&mut out, sight);
    registries(&mut out, sight);
    baseline(&mut out, sight);
    line!(out, "\n# What a suppression must say, here and in comments: required or optional.");
    line!(out, "#suppressions: {{reason: required, owner: optional, expiry: optional}}");
    out
}

fn head(out: &mut String, sight: &Sight<'_>) {
    let Sight { report, seen, surroundings, .. } = sight;
    let summary = &report.summary;
    line!(out, "{SCHEMA}");
    line!(out, "#");
    line!(
        out,
        "# Written by `careen init`. It changes nothing yet: proposals stand behind `#` without a"
    );
    line!(out, "# blank, and take effect when you remove the `#`.");
    line!(out, "#");
    line!(
        out,
        "# Looked at: {}, in them {}, {} and {}.",
        plural(summary.files, "file"),
        plural(summary.objects, "Kubernetes object"),
        plural(summary.dockerfiles, "Dockerfile"),
        plural(summary.certificates, "certificate")
    );
    if summary.templates > 0 {
        line!(out, "# Not rendered, and so not judged: {}.", plural(summary.templates, "template"));
    }
    let named = |out: &mut String, title: &str, names: Vec<String>| {
        if !names.is_empty() {
            line!(out, "# {title}: {}", several(&names));
        }
    };
    let shown = |paths: &BTreeSet<String>| {
        paths.iter().filter_map(|path| sight.below(path)).map(shown).collect::<Vec<_>>()
    };
    named(out, "Helm charts", shown(&seen.charts));
    named(out, "Kustomizations", shown(&seen.kustomizations));
    named(out, "Compose files", shown(&seen.compose));
    let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    named(out, "Configurations of other linters", own(&surroundings.foreign));
    let pipelines = surroundings.pipelines.iter().map(|(path, name)| format!("{name} ({path})"));
    named(out, "Continuous integration", pipelines.collect());
    named(out, "Hooks", own(&surroundings.hooks));
    if !surroundings.git {
        line!(
            out,
            "# There is no Git repository here, so `--staged` and `--since` have nothing to compare."
        );
    }
    let active: Vec<_> = report.active().collect();
    let of = |level: Severity| active.iter().filter(|it| it.severity == level).count();
    let levels = Severity::ALL.into_iter().rev().filter(|&level| of(level) > 0);
    let levels: Vec<_> = levels.map(|level| format!("{} {level}", of(level))).collect();
    let mut linters: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &active {
        *linters.entry(finding.rule.linter()).or_insert(0) += 1;
    }
    let linters: Vec<_> =
        linters.iter().map(|(name, count)| format!("{count} of {name}")).collect();
    if active.is_empty() {
        line!(out, "# Found: nothing.");
    } else {
        let count = plural(active.len(), "finding");
        line!(out, "# Found: {count}: {}; {}.", levels.join(", "), linters.join(", "));
    }
}

fn profile(out: &mut String) {
    line!(
        out,
        "\n# The rules to start from. `default` is what holds without this line. There are also:"
    );
    for profile in profiles().iter().filter(|profile| profile.name != "default") {
        line!(out, "# {}: {}", profile.name, profile.description);
    }
    line!(out, "profile: default");
    line!(
        out,
        "\n# The mildest severity that makes a run fail: critical, high, medium, low or info. The"
    );
    line!(out, "# default profile fails from low on.");
    line!(out, "#fail-on: high");
}

fn kubernetes(out: &mut String, sight: &Sight<'_>) {
    if sight.report.summary.objects == 0 {
        return;
    }
    line!(
        out,
        "\n# The Kubernetes that manifests are judged for; without it the newest that is known."
    );
    let Some((oldest, _, _)) = sight.seen.versions.first() else {
        line!(out, "# No file names a version.");
        line!(out, "#kubernetes-version: {}", careen_model::KubernetesVersion::NEWEST);
        return;
    };
    for (version, path, number) in sight.seen.versions.iter().take(MOST_SHOWN) {
        let path = sight.below(path).unwrap_or(path);
        line!(out, "# {}:{number} names {version}.", shown(path));
    }
    line!(out, "#kubernetes-version: {oldest}");
}

fn exclude(out: &mut String, sight: &Sight<'_>) {
    let vendored = sight.globs(&[PathClass::Vendored]);
    line!(out, "\n# Paths in which nothing is looked for, not even secrets.");
    if vendored.is_empty() {
        line!(out, "# Nothing here looks like code of others.");
        line!(out, "#exclude: [\"third_party/**\"]");
        return;
    }
    line!(
        out,
        "# By its name this is code of others; findings there are one level milder already."
    );
    line!(out, "#exclude:");
    for glob in vendored.iter().take(MOST_SHOWN) {
        line!(out, "# {}, {}", plural(glob.files, "file"), plural(glob.findings, "finding"));
        line!(out, "#  - {}", quoted(&glob.pattern));
    }
    more(out, vendored.len());
}

fn overrides(out: &mut String, sight: &Sight<'_>) {
    let classes = [PathClass::Test, PathClass::Example, PathClass::Documentation];
    let globs: Vec<_> = sight.globs(&classes).into_iter().filter(|it| it.findings > 0).collect();
    if globs.is_empty() {
        return;
    }
    line!(
        out,
        "\n# Other rules for some paths. These look like tests, examples or documentation; findings"
    );
    line!(out, "# there are milder already. Secrets in them may be real: keep looking.");
    line!(out, "#overrides:");
    for glob in globs.iter().take(MOST_SHOWN) {
        line!(out, "# {}, {}", plural(glob.files, "file"), plural(glob.findings, "finding"));
        line!(out, "#  - paths: [{}]", quoted(&glob.pattern));
        line!(out, "#    ignore: [kubernetes]");
    }
    more(out, globs.len());
}

/// Rules with their findings and how many of these can be fixed, the most frequent first.
pub(super) fn noisiest(report: &Report) -> Vec<(&'static str, usize, usize)> {
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for finding in report.active() {
        let (all, fixable) = counts.entry(finding.rule.id).or_default();
        *all += 1;
        *fixable += usize::from(is_safe(finding.fix.as_ref()));
    }
    let mut rules: Vec<_> = counts.into_iter().map(|(id, (all, fix))| (id, all, fix)).collect();
    rules.sort_by_key(|&(id, all, _)| (std::cmp::Reverse(all), id));
    rules
}

fn noisy(out: &mut String, sight: &Sight<'_>) {
    let all = noisiest(sight.report);
    let rule = |id: &str| sight.report.rules.iter().find(|rule| rule.id == id);
    // A secret is to be revoked, not ignored.
    let is_secret = |id: &str| rule(id).is_some_and(|rule| rule.linter() == "secrets");
    let noisy = all.iter().filter(|(id, count, _)| *count >= NOISY && !is_secret(id));
    let noisy: Vec<_> = noisy.take(MOST_RULES).collect();
    line!(
        out,
        "\n# Rules that do not count, with the reason. A name alone ignores a rule everywhere."
    );
    if noisy.is_empty() {
        line!(out, "# No rule has many findings here.");
        line!(out, "#ignore: []");
        return;
    }
    line!(
        out,
        "# The most frequent here; mending is better than ignoring. `careen explain RULE` tells more."
    );
    line!(out, "#ignore:");
    for (id, count, fixable) in noisy {
        let advice = rule(id).map_or("", |rule| rule.remedy);
        line!(out, "# {}: {}", plural(*count, "finding"), shown(advice));
        if *fixable > 0 {
            line!(out, "# `careen check --fix` mends {fixable} of them.");
        }
        line!(out, "#  - rule: {id}");
        line!(out, "#    reason: \"say why it is fine here\"");
    }
    let secrets: usize =
        all.iter().filter(|(id, ..)| is_secret(id)).map(|(_, count, _)| count).sum();
    if secrets > 0 {
        line!(
            out,
            "# Of secrets there are {}: revoke them; they are no matter of taste.",
            plural(secrets, "finding")
        );
    }
}

fn registries(out: &mut String, sight: &Sight<'_>) {
    let registries = &sight.seen.registries;
    if registries.is_empty() {
        return;
    }
    line!(
        out,
        "\n# Options of rules. Once it knows which registries are allowed, `image-registry-not-allowed`"
    );
    line!(out, "# reports images from elsewhere. These are named here, and how often:");
    for (registry, count) in registries.iter().take(MOST_SHOWN) {
        line!(out, "# {} ({})", shown(registry), plural(*count, "time"));
    }
    more(out, registries.len());
    let names: Vec<_> = registries.keys().take(MOST_SHOWN).map(|name| quoted(name)).collect();
    line!(out, "#rules:");
    line!(out, "#  image-registry-not-allowed:");
    line!(out, "#    registries: [{}]", names.join(", "));
}

fn baseline(out: &mut String, sight: &Sight<'_>) {
    let active = sight.report.active().count();
    if active > sight.many {
        line!(
            out,
            "\n# {active} findings are many to begin with. `careen baseline create` writes them down; with"
        );
        line!(
            out,
            "# the line below only new ones count, and `careen baseline prune` forgets what was mended."
        );
        line!(out, "#baseline: careen-baseline.json");
    }
    if !sight.surroundings.foreign.is_empty() {
        let names: Vec<_> = sight.surroundings.foreign.iter().map(|&it| it.to_owned()).collect();
        line!(out, "\n# `careen migrate --stdout` says in the words of this file what stands in");
        line!(out, "# {}.", several(&names));
    }
}

/// A glob with what is below it.
struct Glob {
    pattern: String,
    files: usize,
    findings: usize,
}

impl Sight<'_> {
    /// A reported path as one relative to the configuration; none if it is elsewhere.
    fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = path.strip_prefix(self.prefix.as_str());
        below.or_else(|| (path == self.prefix.trim_end_matches('/')).then_some("."))
    }

    /// Globs for the folders of some classes. Many folders of one name are one glob.
    fn globs(&self, classes: &[PathClass]) -> Vec<Glob> {
        let folders = self.seen.folders.iter().filter(|((class, _), _)| classes.contains(class));
        let mut by_name: BTreeMap<&str, Vec<(&str, usize)>> = BTreeMap::new();
        for ((_, folder), files) in folders {
            // What the configuration could not name is not proposed.
            let Some(folder) = self.below(folder).filter(|folder| is_plain(folder)) else {
                continue;
            };
            let name = folder.rsplit('/').next().unwrap_or(folder);
            by_name.entry(name).or_default().push((folder, *files));
        }
        let mut globs = Vec::new();
        for (name, folders) in by_name {
            if folders.len() > ALIKE {
                let files = folders.iter().map(|(_, files)| files).sum();
                let findings = folders.iter().map(|(folder, _)| self.findings(folder)).sum();
                globs.push(Glob { pattern: format!("**/{name}/**"), files, findings });
            } else {
                globs.extend(folders.into_iter().map(|(folder, files)| Glob {
                    pattern: format!("{folder}/**"),
                    files,
                    findings: self.findings(folder),
                }));
            }
        }
        globs
    }

    fn findings(&self, folder: &str) -> usize {
        let is_below = |finding: &&Judged| {
            let rest = self.below(&finding.path).and_then(|path| path.strip_prefix(folder));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        self.report.active().filter(is_below).count()
    }
}

/// Whether a glob of these letters means just them.
fn is_plain(path: &str) -> bool {
    !path.is_empty() && path.chars().all(|c| c.is_alphanumeric() || "-_./+@~ ".contains(c))
}

fn more(out: &mut String, count: usize) {
    if count > MOST_SHOWN {
        line!(out, "# and {} more", count - MOST_SHOWN);
    }
}

fn several(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST_SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(MOST_SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn shown(text: &str) -> String {
    sanitize_line(text).into_owned()
}

/// A word between quotes. What is written so holds letters that need no escape, or is made to.
fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text).replace('\\', "\\\\").replace('"', "\\\""))
}
