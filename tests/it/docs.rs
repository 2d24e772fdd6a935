//! The README and the pages of `docs/`: their commands run, their files parse, their links lead
//! somewhere.
//!
//! A page is one story, told in a scratch copy of a fixture repository under Git. A `console` block
//! holds commands after `$` and, below each, lines that its output must have, in order; `…` stands
//! for anything. A comment before a block tells more:
//!
//! * `<!-- test: in=galleon -->`: a fresh copy of another fixture; `in=nothing` is an empty folder;
//! * `<!-- test: code=2 -->`: the code that the last command ends with; else it must not be 2;
//! * `<!-- test: skip, why -->`: is not run;
//! * `<!-- test: file=careen.yaml -->`: the block is that file of the scratch folder from here on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::{careen, copy_folder, root};

/// A fenced block and what the comment before it says.
struct Block {
    line: usize,
    language: String,
    directive: String,
    body: String,
}

impl Block {
    fn value(&self, key: &str) -> Option<&str> {
        self.directive
            .split_whitespace()
            .filter_map(|word| word.split_once('='))
            .find_map(|(name, value)| (name == key).then_some(value))
    }

    fn is_skipped(&self) -> bool {
        self.directive.starts_with("skip,")
    }
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md"), root().join("CONTRIBUTING.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

fn name(page: &Path) -> String {
    page.strip_prefix(root()).unwrap().display().to_string()
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(Block, String, usize)> = None;
    let mut directive = String::new();
    for (at, line) in text.lines().enumerate() {
        let inside = line.trim_start();
        if let Some((block, fence, indent)) = &mut open {
            if inside == fence {
                blocks.extend(open.take().map(|(block, ..)| block));
            } else {
                block.body.push_str(line.get(*indent..).unwrap_or(inside));
                block.body.push('\n');
            }
        } else if inside.starts_with("```") {
            let fence: String = inside.chars().take_while(|c| *c == '`').collect();
            let language = inside.trim_start_matches('`').trim().to_owned();
            let directive = std::mem::take(&mut directive);
            let block = Block { line: at + 1, language, directive, body: String::new() };
            open = Some((block, fence, line.len() - inside.len()));
        } else if let Some(words) = inside.strip_prefix("<!-- test:") {
            words.trim_end_matches("-->").trim().clone_into(&mut directive);
        } else if !inside.is_empty() {
            directive.clear();
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// A folder that the commands of a page run in.
struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    fn of(fixture: &str) -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap() };
        let work = scratch.work();
        if fixture == "nothing" {
            fs::create_dir(&work).unwrap();
        } else {
            copy_folder(&root().join("fixtures/repos").join(fixture), &work);
            let begin = "git init -q -b main && git add -A && git commit -qm begin \
                         && git update-ref refs/remotes/origin/main HEAD";
            let (code, output) = scratch.run(begin);
            assert_eq!(code, 0, "{output}");
        }
        scratch
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Runs a command as the shell does; the exit code, and what it printed.
    fn run(&self, command: &str) -> (i32, String) {
        let programs = Path::new(env!("CARGO_BIN_EXE_careen")).parent().unwrap();
        let others = std::env::var("PATH").unwrap_or_default();
        // Takes the environment from the harness: this is what keeps tests apart from the machine.
        let told = careen(&self.work());
        let mut shell = Command::new("sh");
        for (key, value) in told.get_envs() {
            match value {
                Some(value) => shell.env(key, value),
                None => shell.env_remove(key),
            };
        }
        let output = shell
            .arg("-c")
            .arg(format!("{command}\n"))
            .current_dir(self.work())
            .env("PATH", format!("{}:{others}", programs.display()))
            .env("HOME", self.folder.path())
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "Ann")))
            .envs(
                ["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "ann@example.com")),
            )
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
        (output.status.code().unwrap_or(-1), text.concat())
    }
}

/// The commands of a block, each with the lines that are shown below it.
fn commands(body: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    let mut open = false;
    for line in body.lines() {
        if let Some((command, _)) = commands.last_mut().filter(|_| open) {
            command.push('\n');
            command.push_str(line);
        } else if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), Vec::new()));
        } else if let Some((_, shown)) = commands.last_mut() {
            shown.push(line.to_owned());
        }
        open = line.ends_with('\\');
    }
    commands
}

/// Whether `line` is what `shown` says; `…` stands for anything.
fn fits(line: &str, shown: &str) -> bool {
    let mut parts = shown.trim_end().split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.trim_end().strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The first line that is shown and was not printed, if there is one.
fn missing<'s>(output: &str, shown: &'s [String]) -> Option<&'s str> {
    let mut lines = output.lines();
    shown
        .iter()
        .map(String::as_str)
        .filter(|line| !matches!(line.trim(), "" | "…"))
        .find(|shown| !lines.any(|line| fits(line, shown)))
}

fn follow(page: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut scratch: Option<Scratch> = None;
    for block in blocks(&fs::read_to_string(page).unwrap()) {
        let place = format!("{}:{}", name(page), block.line);
        let runs = block.language == "console";
        let file = block.value("file");
        if block.is_skipped() || (!runs && file.is_none()) {
            continue;
        }
        if let Some(fixture) = block.value("in") {
            scratch = Some(Scratch::of(fixture));
        }
        let scratch = scratch.get_or_insert_with(|| Scratch::of("harbor"));
        if let Some(file) = file {
            let path = scratch.work().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &block.body).unwrap();
            continue;
        }
        let commands = commands(&block.body);
        if commands.is_empty() {
            wrong.push(format!("{place}: a console block without a command"));
        }
        let last = commands.len().saturating_sub(1);
        for (at, (command, shown)) in commands.iter().enumerate() {
            let (code, output) = scratch.run(command);
            let right = match block.value("code").filter(|_| at == last) {
                Some(wanted) => code.to_string() == wanted,
                None => matches!(code, 0 | 1),
            };
            if !right {
                wrong.push(format!("{place}: `{command}` ends with {code}: {output}"));
            } else if let Some(line) = missing(&output, shown) {
                wrong.push(format!("{place}: `{command}` does not print `{line}`, but: {output}"));
            }
        }
    }
    wrong
}

#[test]
fn every_command_does_what_the_page_says() {
    let wrong: Vec<String> = pages().iter().flat_map(|page| follow(page)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A shell block that nobody runs may say anything, so there is none.
#[test]
fn every_command_is_in_a_block_that_runs() {
    let mut wrong = Vec::new();
    for page in pages() {
        for block in blocks(&fs::read_to_string(&page).unwrap()) {
            let shell = matches!(block.language.as_str(), "sh" | "bash" | "shell" | "");
            let commands = block.body.lines().any(|line| {
                let line = line.trim_start().trim_start_matches("$ ");
                line.starts_with("careen ") && !line.contains("…")
            });
            let file = block.value("file").is_some();
            if shell && commands && !file && !block.is_skipped() {
                wrong.push(format!("{}:{}: write a console block", name(&page), block.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_link_leads_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut fenced = false;
        for (at, line) in text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            for rest in line.split("](").skip(1) {
                let Some((target, _)) = rest.split_once(')') else { continue };
                let (path, _) = target.split_once('#').unwrap_or((target, ""));
                let outside = path.contains("://") || path.starts_with("mailto:");
                // The book has pages of the root beside those of `docs/`.
                let in_book = page.ends_with("docs/SUMMARY.md") && root().join(path).exists();
                let there = path.is_empty() || page.parent().unwrap().join(path).exists();
                if !outside && !in_book && !there {
                    wrong.push(format!("{}:{}: `{target}` is not there", name(&page), at + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn blocks_and_lines_are_read_as_written() {
    let text = "a\n<!-- test: in=galleon code=2 -->\n```console\n$ careen x \\\n  --y\nout …\n```\n\
                ````rust\n```\n````\n";
    let blocks = blocks(text);
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].value("in"), blocks[0].value("code")), (Some("galleon"), Some("2")));
    let commands = commands(&blocks[0].body);
    assert_eq!(commands, [("careen x \\\n  --y".to_owned(), vec!["out …".to_owned()])]);
    assert!(fits("out of it", "out …") && fits("a b c", "a … c") && fits("same", "same"));
    assert!(!fits("a b c", "a … d") && !fits("same", "sam") && !fits("x same", "same"));
    assert_eq!(missing("a\nb\n", &["b".to_owned(), "a".to_owned()]), Some("a"));
}
