use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::subject::{Call, CommandSite};

rule! {
    /// `useradd` enters the account in `/var/log/lastlog`, a table with 292 bytes for every user id
    /// from 0 on. A file system keeps the empty part for nothing, an image layer does not: with a
    /// high id the layer is as large as the table, and builds run out of space. `-l` leaves the
    /// entry out.
    ///
    /// Ids from 100000 on are judged (28 MiB), where they stand as a number. Distributions without
    /// `lastlog`, such as Debian 13, write no such file; there the option does no harm.
    ///
    /// ```dockerfile bad
    /// FROM debian:12.12
    /// RUN groupadd -g 1000700000 app && useradd -m -u 1000700000 app
    /// #                                 ^^^^^^^ `useradd` with user id 1000700000 and without `-l` makes a `/var/log/lastlog` of 272 GiB
    /// USER 1000700000
    /// ```
    /// ```dockerfile good
    /// FROM debian:12.12
    /// ARG UID=1000700000
    /// RUN useradd -lmu 1000700000 app && useradd --no-log-init --uid=1000700001 job
    /// RUN useradd --uid 10001 web && useradd -u ${UID} other
    /// USER 1000700000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-useradd-high-uid",
        summary: "`useradd` with a high user id writes a huge `lastlog`",
        remedy: "Add `-l`, or choose an id below 100000.",
        severity: Low,
        check: Check::Command(check),
        peers: &["hadolint:DL3046"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#user"],
    }
}

/// Short options that take a value.
const WITH_VALUE: &str = "bcdefgGkKpRPsuZ";
/// Size of an entry of `lastlog`.
const ENTRY: u64 = 292;

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = site.call_of(&["useradd"]) else { return };
    let Some(id) = user_id(call).filter(|id| *id >= 100_000) else { return };
    if !site.step.ships()
        || call.short('l', WITH_VALUE).is_some()
        || call.long("--no-log-init").is_some()
        || call.may_have_more_options()
        || site.leaves_nothing("/var/log/lastlog")
    {
        return;
    }
    let size = id.saturating_mul(ENTRY);
    let (size, unit) = match size >> 20 {
        mebibytes @ 0..1024 => (mebibytes, "MiB"),
        mebibytes => (mebibytes >> 10, "GiB"),
    };
    let message = format!(
        "`useradd` with user id {id} and without `-l` makes a `/var/log/lastlog` of {size} {unit}"
    );
    let span = call.name.span;
    let edit = Edit { span: careen_text::Span::at(span.end), text: " -l".to_owned() };
    site.report(out, span, message).fix("Add `-l`", Safety::Safe, vec![edit]);
}

/// The value of `-u` or `--uid`, where it is a number that is a user id.
fn user_id(call: Call<'_>) -> Option<u64> {
    let words = call.arguments;
    let value = words.iter().enumerate().find_map(|(at, word)| {
        let next = || words.get(at + 1).map(|next| next.text.as_str());
        if let Some(rest) = word.text.strip_prefix("--uid") {
            return if rest.is_empty() { next() } else { rest.strip_prefix('=') };
        }
        let cluster = word.text.strip_prefix('-').filter(|rest| !rest.starts_with('-'))?;
        let (_, rest) = cluster.split_at(cluster.find(|one| WITH_VALUE.contains(one))?);
        let rest = rest.strip_prefix('u')?;
        if rest.is_empty() { next() } else { Some(rest) }
    })?;
    value.parse::<u32>().ok().map(u64::from)
}
