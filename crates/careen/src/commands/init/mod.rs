//! `careen init`: looks at a repository and writes a configuration that says what it saw.

mod page;
mod surroundings;
mod survey;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use careen_rule::{Report, Safety};

use crate::args::InitArguments;
use crate::config::Loaded;
use crate::plan::Plan;
use crate::{complain, config, exclude, fresh, look};

use self::page::Sight;
use self::surroundings::Surroundings;
use self::survey::Survey;

/// From so many findings on, a baseline is the way to begin.
const MANY: usize = 20;

/// Looks, and writes `careen.yaml` or shows it.
pub(crate) fn run(arguments: &InitArguments) -> Result<u8> {
    let root = arguments.path.clone().unwrap_or_else(|| PathBuf::from("."));
    if !root.is_dir() {
        bail!("{} is no folder: `careen init` is for the root of a repository", root.display());
    }
    if !arguments.stdout {
        fresh::verify(config::held(&root).as_deref(), arguments.force, "careen init")?;
    }
    // As it is without a configuration: that is what the new one is to change nothing of.
    let check = look::arguments(Some(&root))?;
    let plan = Plan::with(&check, Loaded::default())?;
    let survey = Survey::default();
    let report = look::report(&check, &plan, Some(&survey))?;
    let sight = Sight {
        report: &report,
        seen: survey.seen(),
        surroundings: Surroundings::of(&root),
        prefix: prefix(&root)?,
        many: MANY,
    };
    let text = page::write(&sight);
    if arguments.stdout {
        crate::print(text.as_bytes())?;
    } else {
        let folder = if arguments.path.is_some() { root.as_path() } else { Path::new("") };
        let path = fresh::write(folder, &text)?;
        complain(&format!("{}: written, and changes nothing yet", path.display()));
    }
    if !report.is_complete() {
        complain("not everything could be looked at; `careen check` tells more");
    }
    next(arguments.path.as_deref(), &report, &sight);
    Ok(0)
}

/// What stands before reported paths of files below the root: the globs of its configuration are
/// relative to the root.
fn prefix(root: &Path) -> Result<String> {
    let (base, start) = exclude::base(&[root.to_path_buf()])?;
    let below = match start.strip_prefix(&base) {
        Ok(below) => below.to_path_buf(),
        // Outside of the working folder paths are reported in full.
        Err(_) => start,
    };
    let text = below.to_string_lossy().replace('\\', "/");
    Ok(if text.is_empty() { text } else { format!("{text}/") })
}

/// Three commands that bring most from here.
fn next(path: Option<&Path>, report: &Report, sight: &Sight<'_>) {
    let place = path.map_or_else(String::new, |path| format!(" {}", fresh::word(path)));
    let active = report.active().count();
    let fixable = report.active().filter(|it| is_safe(it.fix.as_ref())).count();
    let mut lines =
        vec![(format!("careen check{place}"), format!("shows the {}", plural(active, "finding")))];
    if !sight.surroundings.foreign.is_empty() {
        // It looks in the working folder.
        let migrate = "careen migrate --stdout";
        let command = match path {
            Some(path) => format!("(cd {} && {migrate})", fresh::word(path)),
            None => migrate.to_owned(),
        };
        lines.push((
            command,
            format!("says what {} would be here", sight.surroundings.foreign.join(", ")),
        ));
    } else if fixable > 0 {
        lines.push((
            format!("careen check --diff{place}"),
            format!("shows what `--fix` would mend: {}", plural(fixable, "finding")),
        ));
    } else if let Some((rule, _, _)) = page::noisiest(report).first() {
        lines.push((format!("careen explain {rule}"), "tells about the most frequent".to_owned()));
    } else {
        lines.push(("careen rules".to_owned(), "lists what is looked for".to_owned()));
    }
    lines.push(if active > MANY {
        let file = path.map(|path| fresh::word(&path.join("careen-baseline.json")));
        let file = file.map_or_else(String::new, |file| format!(" --baseline {file}"));
        (
            format!("careen baseline create{place}{file}"),
            "accepts them for now, so that only new ones fail".to_owned(),
        )
    } else {
        ("careen check --staged".to_owned(), "checks what is about to be committed".to_owned())
    });
    complain("next:");
    let width = lines.iter().map(|(command, _)| command.chars().count()).max().unwrap_or(0);
    for (command, what) in lines {
        complain(&format!("  {command:width$}  {}", careen_text::sanitize_line(&what)));
    }
}

fn is_safe(fix: Option<&careen_rule::JudgedFix>) -> bool {
    fix.is_some_and(|fix| fix.safety == Safety::Safe)
}

/// `1 finding`, `2 findings`.
fn plural(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
