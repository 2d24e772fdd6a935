use std::path::PathBuf;

use careen_model::KubernetesVersion;
use careen_report::{Fingerprints, Format};
use careen_rule::Severity;
use clap::{Args, ValueEnum};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum When {
    /// Where standard output can show it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `FORMAT=PATH`.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) format: Format,
    pub(crate) path: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct CheckArguments {
    /// What to check: folders, files, or `-` for standard input. Without one, the working folder.
    /// Built images are `oci:DIR[:NAME]`, `oci-archive:FILE[:NAME]` and `docker-archive:FILE[:NAME]`.
    pub(crate) paths: Vec<PathBuf>,
    /// The built images among what to check.
    #[arg(skip)]
    pub(crate) images: Vec<String>,
    /// Asks registries: images may be named by their reference, and those that files name are looked
    /// up.
    #[arg(long)]
    pub(crate) online: bool,
    /// As `--online`, but answers from the cache alone.
    #[arg(long, conflicts_with = "online", requires = "image_cache")]
    pub(crate) offline: bool,
    /// Where manifests and layers from registries are kept.
    #[arg(long, value_name = "DIR")]
    pub(crate) image_cache: Option<PathBuf>,
    /// A registry to ask over plain HTTP, besides those on this machine.
    #[arg(long, value_name = "HOST")]
    pub(crate) insecure_registry: Vec<String>,
    /// A registry and the mirror that is asked before it, such as docker.io=mirror.gcr.io.
    #[arg(long, value_name = "HOST=MIRROR", value_parser = mirror)]
    pub(crate) registry_mirror: Vec<(String, String)>,
    /// Certificates of authorities that registries have theirs from, besides the system's.
    #[arg(long, value_name = "FILE")]
    pub(crate) registry_ca: Vec<PathBuf>,
    /// Of an image that was built for several platforms, the one to look at.
    #[arg(long, value_name = "OS/ARCH", default_value = "linux/amd64")]
    pub(crate) platform: String,
    /// Format of standard output: text, concise, json, jsonl, sarif, github, gitlab, junit, markdown,
    /// html, rdjson, azure or agent. Else agent where a program that writes code runs us, github in
    /// GitHub Actions, and text.
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub(crate) format: Option<Format>,
    /// Writes another report into a file; may be given several times.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = output)]
    pub(crate) output: Vec<Output>,
    /// Runs only these rules, groups or linters.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leaves these rules, groups or linters out.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// The profile to start from: default, relaxed, strict, pss-baseline, pss-restricted
    /// or public-pki.
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// The Kubernetes that manifests are judged for, such as 1.33; else the configuration's, else
    /// the newest known.
    #[arg(long, value_name = "VERSION")]
    pub(crate) kubernetes_version: Option<KubernetesVersion>,
    /// A file or folder with CustomResourceDefinitions to check custom resources against, besides
    /// those among what is checked; may be given several times.
    #[arg(long, value_name = "PATH")]
    pub(crate) schema: Vec<PathBuf>,
    /// Newer ends of life of distributions and languages, in the form of endoflife.date's API.
    #[arg(long, value_name = "FILE")]
    pub(crate) eol_data: Option<PathBuf>,
    /// Also lists certificates that expire within this time, such as 90d, 12w or 1y.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) forecast: Option<i64>,
    /// The mildest severity that makes the run fail.
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub(crate) fail_on: Option<Severity>,
    /// Judges as of this moment, such as 2026-11-22T00:00:00Z; else `SOURCE_DATE_EPOCH`, else now.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// The configuration; else the nearest `careen.yaml` of the repository.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The baseline of known findings, which do not count; else the one that the configuration
    /// names. `careen baseline` writes it.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Does not look at what was accepted for other secret scanners: `.gitleaks.toml`,
    /// `.gitleaksignore`, `.secrets.baseline` and the like at the root of the repository.
    #[arg(long)]
    pub(crate) no_foreign: bool,
    /// Checks the files that Git tracks, as they are on disk: what is not added yet is left out.
    #[arg(long, conflicts_with_all = ["staged", "since", "history"])]
    pub(crate) tracked: bool,
    /// Checks what is staged for the next commit.
    #[arg(long, conflicts_with_all = ["since", "changed"])]
    pub(crate) staged: bool,
    /// Tells only what was introduced since a revision: what was found at the commit where HEAD and REV
    /// parted (their merge base) does not count. All files are checked, as they are and as they were, so
    /// that a finding in a file that nobody touched is told if a change elsewhere made it.
    #[arg(long, value_name = "REV", conflicts_with = "changed")]
    pub(crate) since: Option<String>,
    /// Checks only the files that changed since HEAD and REV parted, with all that is found in them, old
    /// or new. Faster than `--since`, and blind to the other files.
    #[arg(long, value_name = "REV")]
    pub(crate) changed: Option<String>,
    /// Searches the history for secrets: every version of every file that a branch, a tag or another
    /// reference leads to, or what RANGE brought in: `A..B`, or a revision for all up to it.
    #[arg(long, value_name = "RANGE", num_args = 0..=1, default_missing_value = "",
        conflicts_with_all = ["staged", "since", "changed", "mending", "stdin_name"])]
    pub(crate) history: Option<String>,
    /// With `--history`: shows who wrote the commits, which reports leave out else.
    #[arg(long, requires = "history")]
    pub(crate) show_authors: bool,
    /// Fixes in place what can be fixed without changing how anything behaves, takes suppressions away
    /// that cover nothing, then reports the rest.
    #[arg(long, group = "mending", conflicts_with = "staged")]
    pub(crate) fix: bool,
    /// Shows what `--fix` would change, as a diff, and writes nothing. Ends with 1 if there is
    /// something.
    #[arg(long, group = "mending", conflicts_with_all = ["staged", "format", "output"])]
    pub(crate) diff: bool,
    /// With `--fix` or `--diff`: also fixes what may change behaviour, and takes suppressions away whose
    /// last day is over. Look at the result.
    #[arg(long, requires = "mending")]
    pub(crate) unsafe_fixes: bool,
    /// Also checks what `.gitignore` leaves out.
    #[arg(long)]
    pub(crate) no_gitignore: bool,
    /// The name that standard input has in reports; tells its kind too.
    #[arg(long, visible_alias = "stdin-path", value_name = "NAME")]
    pub(crate) stdin_name: Option<String>,
    /// Remembers which texts are clean, so that the next run need not look at them again: in the
    /// user's folder for caches, or in another outside of what is checked.
    #[arg(long, value_name = "DIR", num_args = 0..=1, require_equals = true)]
    pub(crate) cache: Option<Option<PathBuf>>,
    /// Files above this size are noted, not read.
    #[arg(long, value_name = "MIB", default_value_t = 5,
        value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub(crate) max_file_mib: u64,
    /// Text: shows every finding with its lines; else many are grouped by rule.
    #[arg(long)]
    pub(crate) full: bool,
    /// Also shows suppressed findings.
    #[arg(long)]
    pub(crate) show_suppressed: bool,
    /// Ends with 0 although there are findings, for uploads.
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// The category of the SARIF run, to tell several uploads apart.
    #[arg(long, value_name = "NAME")]
    pub(crate) sarif_category: Option<String>,
    /// What tells two alerts of code scanning apart: `github`, the lines as GitHub hashes them, or
    /// `semantic`, which survives edits of other lines.
    #[arg(long, value_name = "KIND", default_value = "github", value_parser = fingerprints)]
    pub(crate) sarif_fingerprint: Fingerprints,
    /// When to use colours. `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE` are heeded.
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// When rule names link to their manual page.
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) hyperlinks: When,
    /// Worker threads; 0 is one per processor.
    #[arg(long, value_name = "N", default_value_t = 0,
        value_parser = clap::value_parser!(u16).range(0..=256))]
    pub(crate) threads: u16,
}

fn format(text: &str) -> Result<Format, String> {
    text.parse()
}

fn fingerprints(text: &str) -> Result<Fingerprints, String> {
    text.parse()
}

fn severity(text: &str) -> Result<Severity, String> {
    text.parse()
}

fn mirror(text: &str) -> Result<(String, String), String> {
    let parts =
        text.split_once('=').filter(|(host, mirror)| !host.is_empty() && !mirror.is_empty());
    let (host, mirror) = parts.ok_or("write it as HOST=MIRROR")?;
    Ok((host.to_owned(), mirror.to_owned()))
}

/// A length of time in seconds: a number and `d`, `w` or `y`.
fn duration(text: &str) -> Result<i64, String> {
    let days = text.strip_suffix('d').map(|number| (number, 1));
    let weeks = text.strip_suffix('w').map(|number| (number, 7));
    let years = text.strip_suffix('y').map(|number| (number, 365));
    let whole = days.or(weeks).or(years).and_then(|(number, days)| {
        number.parse::<u16>().ok().map(|number| i64::from(number) * days * 24 * 60 * 60)
    });
    whole.ok_or_else(|| "write a number and d, w or y, such as 90d".to_owned())
}

fn output(text: &str) -> Result<Output, String> {
    let (format, path) = text
        .split_once('=')
        .ok_or_else(|| "write FORMAT=PATH, such as sarif=out.sarif".to_owned())?;
    if path.is_empty() {
        return Err("the path after `=` is missing".to_owned());
    }
    Ok(Output { format: format.parse()?, path: PathBuf::from(path) })
}
