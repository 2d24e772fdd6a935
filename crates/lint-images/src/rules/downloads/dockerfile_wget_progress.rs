use careen_model::Context;
use careen_rule::{Sink, rule};

use crate::Check;
use crate::subject::{Call, CommandSite};

rule! {
    /// Without a terminal wget prints a line of dots for every 50 kilobytes: hundreds of lines in
    /// the log of the build, among which errors get lost. `-nv` prints one line for each file.
    ///
    /// Off by default: the image is the same.
    ///
    /// ```dockerfile bad
    /// FROM debian:13.2
    /// RUN wget -O /tmp/a.tar https://example.com/a.tar
    /// #   ^^^^ `wget` fills the log of the build with its progress
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM debian:13.2
    /// RUN wget -nv https://example.com/a.tar && wget -qO- https://example.com/b.tar | tar x
    /// RUN wget --progress=dot:giga https://example.com/c.tar && wget -o /dev/null https://example.com/d
    /// RUN wget https://example.com/e 2> wget.log
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-wget-progress",
        summary: "`wget` prints its progress",
        remedy: "Add `-nv` or `--progress=dot:giga`.",
        severity: Info,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3047"],
        references: &[
            "https://www.gnu.org/software/wget/manual/wget.html#Logging-and-Input-File-Options",
        ],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["wget"]) else { return };
    let is_error = |descriptor: Option<u32>, operator: &str| {
        descriptor == Some(2) || operator.starts_with("&>") || operator == ">&"
    };
    let redirects = &site.command.redirects;
    let elsewhere = redirects.iter().any(|one| is_error(one.descriptor, &one.operator));
    if call.arguments.is_empty()
        || is_quiet(call)
        || elsewhere
        || call.may_have_more_options()
        || site.step.build.mentions("wgetrc")
    {
        return;
    }
    site.report(out, call.name.span, "`wget` fills the log of the build with its progress");
}

/// Whether a call prints no progress, little of it, or somewhere else.
fn is_quiet(call: Call<'_>) -> bool {
    const WITH_VALUE: &str = "oaeitOTwQPUlADRXIB";
    const LONG: [&str; 9] = [
        "--append-output",
        "--help",
        "--no-verbose",
        "--output-file",
        "--progress",
        "--quiet",
        "--spider",
        "--version",
        "--background",
    ];
    LONG.iter().any(|option| call.long(option).is_some())
        || ['q', 'o', 'a', 'b', 'V', 'h'].into_iter().any(|letter| short(call, letter, WITH_VALUE))
        || call.arguments.iter().any(|word| word.text.starts_with("-nv"))
}

/// Whether the short option `letter` stands in a cluster; it may take a value itself.
fn short(call: Call<'_>, letter: char, with_value: &str) -> bool {
    call.arguments.iter().any(|word| {
        let Some(cluster) = word.text.strip_prefix('-').filter(|rest| !rest.starts_with('-'))
        else {
            return false;
        };
        let end = cluster.find(|one| with_value.contains(one));
        cluster.find(letter).is_some_and(|at| end.is_none_or(|end| at <= end))
    })
}
