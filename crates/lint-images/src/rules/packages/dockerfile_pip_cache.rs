use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::packages::{PipCall, keeps_cache_out, pip_arguments};
use crate::subject::CommandSite;

rule! {
    /// pip keeps the archives and wheels it has fetched or built below the home folder, where
    /// nothing in the image needs them. Leave the cache out, or keep it between builds in a cache
    /// mount. The same goes for `uv pip`. Stages that are not part of the image are not judged, nor
    /// is a file that names `PIP_NO_CACHE_DIR`.
    ///
    /// ```dockerfile bad
    /// FROM python:3.14.0
    /// RUN python3 -m pip install --upgrade shop==1.4.0
    /// #                  ^^^^^^^ `pip install` leaves its cache in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM python:3.14.0
    /// RUN pip install --no-cache-dir shop==1.4.0
    /// RUN --mount=type=cache,target=/root/.cache/pip pip install -r /src/requirements.txt
    /// RUN uv pip install --system shop==1.4.0 && rm -rf ~/.cache
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-pip-cache",
        summary: "`pip install` leaves its cache in the layer",
        remedy: "Add `--no-cache-dir`, or mount a cache at `/root/.cache/pip`.",
        severity: Info,
        check: Check::Command(check),
        peers: &["hadolint:DL3042", "kics:f2f903fb"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://pip.pypa.io/en/stable/topics/caching/"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    let Some(call) = PipCall::at(site) else { return };
    if call.is_dry() || !site.step.ships() || says_no(call) {
        return;
    }
    let variables: &[&'static str] = if call.is_uv {
        &["UV_NO_CACHE", "UV_CACHE_DIR"]
    } else {
        &["PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "no-cache-dir true", "XDG_CACHE_HOME"]
    };
    let purges = |call| {
        pip_arguments(call).is_some_and(|words| words.iter().any(|word| word.is("purge")))
            || (call.program() == "uv" && call.has("cache"))
    };
    if variables.iter().any(|name| site.step.build.mentions(name))
        || keeps_cache_out(site, "pip cache", &["pip", ".cache", "/uv"])
        || site.any_call("purges pip", purges)
    {
        return;
    }
    let span = call.subcommand.span;
    let option = if call.is_uv { " --no-cache" } else { " --no-cache-dir" };
    let edit = Edit { span: careen_text::Span::at(span.end), text: option.to_owned() };
    site.report(out, span, format!("`{}` leaves its cache in the layer", call.short())).fix(
        format!("Add `{}`", option.trim()),
        Safety::Safe,
        vec![edit],
    );
}

/// Whether the call itself does without the cache.
fn says_no(call: PipCall<'_>) -> bool {
    let call = call.call;
    ["--no-cache-dir", "--no-cache", "--cache-dir"].iter().any(|name| call.long(name).is_some())
        || (call.program() == "uv" && call.has("-n"))
        || call.may_have_more_options()
}
