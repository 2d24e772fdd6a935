//! `careen config show`: what holds for a path, and who says so.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use careen_model::KubernetesVersion;
use careen_policy::{Because, Demands, Place, Profile, Selection, profile};
use careen_rule::Meta;
use careen_text::sanitize_line;
use serde_json::{Value, json};

use crate::args::ListFormat;
use crate::config::{self, Loaded};
use crate::linters::Linters;
use crate::{detectors, exclude};

/// The contract of the JSON.
const SCHEMA: &str = "careen-config/1";

/// A setting, and who says so.
struct Setting {
    name: &'static str,
    value: Value,
    because: String,
}

/// A rule as it holds for the path.
struct Row {
    rule: &'static Meta,
    enabled: bool,
    because: String,
    severity: &'static str,
    /// Who gave the severity, if it is not the rule's own.
    severity_because: Option<String>,
    /// Whether nobody but the rule itself has a say.
    plain: bool,
}

/// Shows what holds for a path, or for the working folder.
///
/// Of rules, text shows those that somebody has a say in, or `all`.
pub(super) fn run(
    path: Option<&Path>,
    file: Option<&Path>,
    format: ListFormat,
    all: bool,
) -> Result<u8> {
    // What is not there yet has a configuration as well.
    let there = path.and_then(|path| path.ancestors().find(|path| path.exists()));
    let roots: Vec<PathBuf> = there.map(Path::to_path_buf).into_iter().collect();
    let loaded = config::load(file, &roots)?;
    let name = loaded.config.profile.as_ref().map_or("default", |(name, _)| name.as_str());
    let profile = profile(name).ok_or_else(|| anyhow!("no profile is called `{name}`"))?;
    let linters = Linters::with(&detectors::load(&loaded)?);
    let rules = careen_engine::rules(&linters.all());
    let selection = Selection::resolve(&rules, profile, &loaded.config, &[], &[])?;
    loaded.options(&rules)?;
    loaded.kubernetes()?;
    let base = Path::new(&loaded.config.anchor.base);
    let shown = shown(path.unwrap_or(Path::new(".")), base);
    let here = selection.of_path(&shown);
    let excluded = exclude::globs(&loaded)?.is_match(loaded.config.anchor.absolute(&shown));
    let rows: Vec<Row> = rules
        .iter()
        .map(|rule| {
            let (enabled, because) = here.decision(rule);
            let level = here.level(rule);
            Row {
                rule,
                enabled,
                plain: *because == Because::Default && level.is_none(),
                because: by(because),
                severity: level.as_ref().map_or(rule.severity, |(level, _)| *level).as_str(),
                severity_because: level.map(|(_, because)| by(because)),
            }
        })
        .collect();
    let settings = settings(&loaded, profile);
    let out = match format {
        ListFormat::Text => text(&loaded, (&shown, excluded), &settings, &rows, all),
        ListFormat::Json => {
            let value = json(&loaded, &shown, excluded, &settings, &rows);
            format!("{}\n", serde_json::to_string_pretty(&value)?)
        }
    };
    crate::print(out.as_bytes())?;
    Ok(0)
}

/// The path as findings have it.
fn shown(path: &Path, base: &Path) -> String {
    let mut missing = Vec::new();
    let mut there = path;
    while !there.exists() {
        let (Some(name), Some(parent)) = (there.file_name(), there.parent()) else { break };
        missing.push(name);
        there = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    }
    let mut real = fs::canonicalize(there).unwrap_or_else(|_| there.to_path_buf());
    real.extend(missing.iter().rev());
    let below = real.strip_prefix(base).unwrap_or(&real);
    let parts: Vec<_> = below.components().map(|it| it.as_os_str().to_string_lossy()).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

fn by(because: &Because) -> String {
    match because {
        Because::Default => "default".to_owned(),
        Because::Profile(name) => format!("profile {name}"),
        Because::Configuration(place) => place.to_string(),
        Because::CommandLine => "command line".to_owned(),
    }
}

fn settings(loaded: &Loaded, profile: &Profile) -> Vec<Setting> {
    let config = &loaded.config;
    let of_profile = || format!("profile {}", profile.name);
    let default = || "default".to_owned();
    let told = |place: &Place| place.to_string();
    let mut all = Vec::new();
    let mut add = |name, value, because| all.push(Setting { name, value, because });
    let because = config.profile.as_ref().map_or_else(default, |(_, place)| told(place));
    add("profile", json!(profile.name), because);
    match &config.fail_on {
        Some((level, place)) => add("fail-on", json!(level.as_str()), told(place)),
        None => add("fail-on", json!(profile.fail_on), of_profile()),
    }
    match &config.kubernetes_version {
        Some((version, place)) => add("kubernetes-version", json!(version), told(place)),
        None => {
            let newest = KubernetesVersion::NEWEST.to_string();
            add("kubernetes-version", json!(newest), default());
        }
    }
    match &config.public_pki {
        _ if profile.public_pki => add("pki", json!("public"), of_profile()),
        Some((true, place)) => add("pki", json!("public"), told(place)),
        Some((false, place)) => add("pki", json!("private"), told(place)),
        None => add("pki", json!("inferred"), default()),
    }
    if let Some((path, place)) = &config.baseline {
        add("baseline", json!(path), told(place));
    }
    let audit = &config.audit;
    for (name, word) in [
        ("audit.checklist", &audit.checklist),
        ("audit.bindings", &audit.bindings),
        ("audit.signers", &audit.signers),
    ] {
        if let Some((path, place)) = word {
            add(name, json!(path), told(place));
        }
    }
    for (path, place) in &audit.evidence {
        add("audit.evidence", json!(path), told(place));
    }
    for control in &audit.controls {
        add("audit.controls", json!(control.control.0), told(&control.control.1));
    }
    let Demands { reason, owner, expiry } = &config.demands;
    let asked = profile.suppressions;
    for (name, said, asked) in [
        ("suppressions.reason", reason, asked.reason),
        ("suppressions.owner", owner, asked.owner),
        ("suppressions.expiry", expiry, asked.expiry),
    ] {
        let word = |required| json!(if required { "required" } else { "optional" });
        match said {
            Some((required, place)) => add(name, word(*required), told(place)),
            None => add(name, word(asked), if asked { of_profile() } else { default() }),
        }
    }
    all
}

fn text(
    loaded: &Loaded,
    (path, excluded): (&str, bool),
    settings: &[Setting],
    rows: &[Row],
    all: bool,
) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "For {}\n", sanitize_line(path));
    if excluded {
        let _ = writeln!(out, "`exclude` lists it: it is not looked at.\n");
    }
    match loaded.files.as_slice() {
        [] => out.push_str("No configuration was found.\n"),
        [only] => {
            let _ = writeln!(out, "Configuration: {}", sanitize_line(only.source.path()));
        }
        files => {
            out.push_str("Configuration, later files win:\n");
            for file in files {
                let _ = writeln!(out, "  {}", sanitize_line(file.source.path()));
            }
        }
    }
    out.push('\n');
    for Setting { name, value, because } in settings {
        let value = value.as_str().unwrap_or_default();
        let (value, because) = (sanitize_line(value), sanitize_line(because));
        let _ = writeln!(out, "{name:20}  {value:16}  {because}");
    }
    let config = &loaded.config;
    for (name, words) in [("exclude", &config.exclude), ("detectors", &config.detector_files)] {
        for (word, place) in words {
            let (word, place) = (sanitize_line(word), place.to_string());
            let _ = writeln!(out, "{name:20}  {word:16}  {}", sanitize_line(&place));
        }
    }
    for entry in &config.ignored {
        let names: Vec<_> = entry.rules.iter().map(|(name, _)| name.as_str()).collect();
        let (names, place) = (names.join(", "), entry.place.to_string());
        let (names, place) = (sanitize_line(&names), sanitize_line(&place));
        let _ = writeln!(out, "{:20}  {names:16}  {place}", "ignore");
    }
    for told in &config.rules {
        let (option, place) = told.option();
        let (option, place) = (format!("{}.{option}", told.rule()), place.to_string());
        let (option, place) = (sanitize_line(&option), sanitize_line(&place));
        let _ = writeln!(out, "{:20}  {option:16}  {place}", "rules");
    }
    let on = rows.iter().filter(|row| row.enabled).count();
    let _ = writeln!(out, "\nRules: {on} on, {} off", rows.len() - on);
    let shown: Vec<&Row> = rows.iter().filter(|row| all || !row.plain).collect();
    if shown.len() < rows.len() {
        let rest = rows.len() - shown.len();
        let _ = writeln!(out, "{rest} of them are as they come; `--all` lists them too");
    }
    if !shown.is_empty() {
        out.push('\n');
    }
    let width = shown.iter().map(|row| row.rule.id.len()).max().unwrap_or(0);
    for row in shown {
        let switch = if row.enabled { "on " } else { "off" };
        let because = sanitize_line(&row.because);
        let _ = write!(out, "{switch}  {:width$}  {:8}  {because}", row.rule.id, row.severity);
        if let Some(because) = &row.severity_because {
            let _ = write!(out, "; severity: {}", sanitize_line(because));
        }
        out.push('\n');
    }
    out
}

fn json(loaded: &Loaded, path: &str, excluded: bool, settings: &[Setting], rows: &[Row]) -> Value {
    let config = &loaded.config;
    let files: Vec<_> = loaded.files.iter().map(|file| file.source.path()).collect();
    let settings: Vec<_> = settings
        .iter()
        .map(|it| json!({"name": it.name, "value": it.value, "because": it.because}))
        .collect();
    let words = |words: &[(String, Place)]| -> Vec<Value> {
        let word =
            |(word, place): &(String, Place)| json!({"value": word, "because": place.to_string()});
        words.iter().map(word).collect()
    };
    let ignore: Vec<_> = config
        .ignored
        .iter()
        .map(|entry| {
            let text = |word: &Option<(String, Place)>| word.as_ref().map(|(text, _)| text.clone());
            let list = |words: &[(String, Place)]| -> Vec<String> {
                words.iter().map(|(word, _)| word.clone()).collect()
            };
            json!({
                "rules": list(&entry.rules),
                "paths": list(&entry.paths),
                "objects": list(&entry.objects),
                "reason": text(&entry.reason),
                "owner": text(&entry.owner),
                "expires": entry.expires.as_ref().map(|(_, (text, _))| text),
                "because": entry.place.to_string(),
            })
        })
        .collect();
    let options: Vec<_> = config
        .rules
        .iter()
        .map(|told| {
            let (option, place) = told.option();
            json!({"rule": told.rule(), "option": option, "because": place.to_string()})
        })
        .collect();
    let rules: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.rule.id,
                "enabled": row.enabled,
                "because": row.because,
                "severity": row.severity,
                "severity_because": row.severity_because,
            })
        })
        .collect();
    json!({
        "schema": SCHEMA,
        "path": path,
        "excluded": excluded,
        "files": files,
        "settings": settings,
        "exclude": words(&config.exclude),
        "detectors": words(&config.detector_files),
        "ignore": ignore,
        "options": options,
        "rules": rules,
    })
}
