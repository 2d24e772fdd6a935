//! The manual pages: what clap knows of the arguments, and what it does not.

use std::fs;

use anyhow::{Context as _, Result, anyhow};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use crate::args::{Arguments, ManArguments};
use crate::moment;

/// Writes one page to standard output, or all into a folder.
pub(crate) fn run(arguments: &ManArguments) -> Result<u8> {
    let mut root = Arguments::command().disable_help_subcommand(true);
    root.build();
    let date = date()?;
    let Some(folder) = &arguments.dir else {
        let command = find(&root, &arguments.command)?;
        crate::print(&page(command, &date)?)?;
        return Ok(0);
    };
    let shown = folder.display();
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {shown}"))?;
    let mut commands = vec![&root];
    while let Some(command) = commands.pop() {
        let path = folder.join(format!("{}.1", name(command)));
        fs::write(&path, page(command, &date)?)
            .with_context(|| format!("cannot write {}", path.display()))?;
        commands.extend(command.get_subcommands());
    }
    Ok(0)
}

/// The day the page is made, by `SOURCE_DATE_EPOCH` if that is set. Without one the fields of its
/// title would move up by a place.
fn date() -> Result<String> {
    let moment = time::OffsetDateTime::from_unix_timestamp(moment::of(None)?)?;
    Ok(moment.date().to_string())
}

fn find<'c>(root: &'c Command, words: &[String]) -> Result<&'c Command> {
    let mut command = root;
    for word in words {
        command = command.find_subcommand(word).ok_or_else(|| {
            let known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
            let word = careen_text::sanitize_line(word);
            let there_is = if known.is_empty() {
                "it has none".to_owned()
            } else {
                format!("there is {}", known.join(", "))
            };
            anyhow!("`{}` has no command `{word}`: {there_is}", name(command))
        })?;
    }
    Ok(command)
}

/// The name of a page: `careen-baseline-create`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: &Command, date: &str) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone())
        .title(name(command).to_uppercase())
        .date(date)
        .source(concat!("careen ", env!("CARGO_PKG_VERSION")))
        .manual("Careen")
        .render(&mut page)?;
    let page = String::from_utf8(page)?;
    // The version stands in the foot of each page.
    let page = page.split("\n.SH VERSION\n").next().unwrap_or_default();
    let mut lines: Vec<&str> = page.lines().map(str::trim_end).collect();
    // An empty line breaks the line: to break it besides is a fault to mandoc.
    let spaces: Vec<bool> = lines.iter().map(|line| line.is_empty()).collect();
    let is_space = |at: Option<usize>| at.and_then(|at| spaces.get(at)).copied().unwrap_or(false);
    let mut at = 0_usize;
    lines.retain(|line| {
        let beside = is_space(at.checked_add(1)) || is_space(at.checked_sub(1));
        at += 1;
        *line != ".br" || !beside
    });
    let mut text = lines.join("\n");
    text.push('\n');
    text.push_str(&common(command).to_roff());
    Ok(text.into_bytes())
}

/// What holds for every command.
fn common(command: &Command) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    entry(&mut roff, bold("0"), "Nothing was found that counts, see --fail-on.");
    entry(&mut roff, bold("1"), "Findings. With --diff, something to fix.");
    let failure = "Wrong usage or configuration, a failure of Careen's own, or an analysis that is \
                   incomplete.";
    entry(&mut roff, bold("2"), failure);
    roff.control("SH", ["ENVIRONMENT"]);
    let epoch = "The moment of judgement in seconds since 1970, unless --at says another.";
    entry(&mut roff, bold("SOURCE_DATE_EPOCH"), epoch);
    entry(&mut roff, bold("NO_COLOR"), "No colours, whatever its value.");
    entry(&mut roff, bold("CLICOLOR_FORCE"), "Colours, also where there is no terminal.");
    roff.control("SH", ["FILES"]);
    let configuration = "The configuration, at the root of the repository or nearer to what is \
                         checked.";
    entry(&mut roff, italic("careen.yaml"), configuration);
    let ignored = "What is committed but not to be checked, in the syntax of .gitignore.";
    entry(&mut roff, italic(".careenignore"), ignored);
    entry(&mut roff, italic("careen-baseline.json"), "The findings that are known.");
    if name(command) != "careen" {
        roff.control("SH", ["SEE ALSO"]);
        roff.text([bold("careen"), roman("(1)")]);
    }
    roff
}

fn entry(roff: &mut Roff, term: Inline, text: &str) {
    roff.control("TP", []);
    roff.text([term]);
    roff.text([roman(text)]);
}
