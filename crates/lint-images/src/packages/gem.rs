//! Versions of the gems of Ruby.

use super::operands;
use super::pin::Open;
use crate::subject::Call;

/// The gems of a `gem install` whose version it leaves open.
pub(crate) fn open_gems<'a>(call: Call<'a>) -> Option<Open<'a>> {
    const WITH_VALUE: &[&str] = &[
        "-B",
        "-P",
        "-g",
        "-i",
        "-n",
        "-p",
        "-s",
        "-v",
        "--bindir",
        "--build-root",
        "--bulk-threshold",
        "--document",
        "--file",
        "--http-proxy",
        "--install-dir",
        "--platform",
        "--source",
        "--target-rbconfig",
        "--trust-policy",
        "--version",
    ];
    if call.program() != "gem" || call.has("--explain") {
        return None;
    }
    // What follows `--` is for the compiler.
    let words = call.arguments.split(|word| word.text == "--").next()?;
    let mut names = operands::of(words, WITH_VALUE);
    names.next().filter(|word| matches!(word.text.as_str(), "install" | "i" | "inst"))?;
    let is_range = |text: &str| text.trim_start().starts_with(['>', '<', '!']);
    let asked = words.iter().enumerate().find_map(|(at, word)| match word.text.as_str() {
        "-v" | "--version" => words.get(at + 1).map(|next| next.text.as_str()),
        text if text.starts_with("--") => text.strip_prefix("--version="),
        text => text.strip_prefix("-v"),
    });
    if asked.is_some_and(|version| !is_range(version)) {
        return None;
    }
    Open::among(names, |text| match text.split_once(':') {
        Some((name, version)) => is_range(version).then_some(name),
        None => {
            let is_file = text.ends_with(".gem") || text.contains('/') || text.contains("~>");
            (!is_file).then_some(text)
        }
    })
}

#[cfg(test)]
mod tests {
    use careen_image_model::Joined;
    use careen_image_model::shell::commands;

    use super::open_gems;
    use crate::subject::Call;

    #[test]
    fn gems() {
        let name = |text: &str| {
            let commands = commands(&Joined::verbatim(text, 0));
            open_gems(Call::of(&commands[0])?).map(|open| open.name.to_owned())
        };
        for text in [
            "gem install rails",
            "gem install --no-document rails",
            "gem i rails -- --with-opt=x",
            "gem install rails -v '>= 7'",
            "gem install 'rails:>7'",
            "gem install bundler:2.6 rails",
        ] {
            assert_eq!(name(text).as_deref(), Some("rails"), "{text}");
        }
        for text in [
            "gem install rails -v 8.0.1",
            "gem install -v8.0.1 rails",
            "gem install rails --version '~> 8'",
            "gem install rails --version=8",
            "gem install rails:8.0.1",
            "gem install ./rails.gem",
            "gem install rails -v $VERSION",
            "gem update rails",
            "gem install -- rails",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
