use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{NodeCall, keeps_cache_out};
use crate::subject::{Call, CommandSite};

rule! {
    /// Yarn 1 keeps a copy of every package it has fetched, which doubles what `node_modules`
    /// weighs. Clean up in the same `RUN`, or keep the cache between builds in a cache mount.
    /// Stages that are not part of the image are not judged, nor are files for Yarn 2 and later,
    /// which may run from its cache.
    ///
    /// ```dockerfile bad
    /// FROM node:24.11.0
    /// COPY package.json yarn.lock /app/
    /// RUN cd /app && yarn install --frozen-lockfile --production
    /// #                   ^^^^^^^ `yarn install` leaves its cache in the layer
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM node:24.11.0
    /// COPY package.json yarn.lock /app/
    /// RUN yarn --cwd /app install --frozen-lockfile --production && yarn cache clean
    /// RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn global add serve@14
    /// RUN yarn global add pm2@6 && rm -rf "$(yarn cache dir)"
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-yarn-cache",
        summary: "`yarn` leaves its cache in the layer",
        remedy: "End the `RUN` with `yarn cache clean`.",
        severity: Info,
        check: Check::Command(check),
        peers: &["hadolint:DL3060"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://classic.yarnpkg.com/lang/en/docs/cli/cache/"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    const LATER: [&str; 6] =
        [".yarnrc.yml", ".yarn/", "yarn set version", "YARN_ENABLE", "yarn@stable", "berry"];
    let Some(call) = NodeCall::at(site).filter(|call| call.call.program().starts_with("yarn"))
    else {
        return;
    };
    let options = ["--immutable", "--cache-folder", "--inline-builds"];
    if !site.step.ships()
        || options.iter().any(|name| call.call.long(name).is_some())
        || call.call.may_have_more_options()
    {
        return;
    }
    let cleans = |call: Call<'_>| {
        call.program().starts_with("yarn") && call.has("cache") && call.has("clean")
    };
    let mentions = |text: &&'static str| site.step.build.mentions(text);
    if LATER.iter().any(mentions)
        || mentions(&"YARN_CACHE_FOLDER")
        || site.any_call("cleans yarn", cleans)
        || keeps_cache_out(site, "yarn cache", &["yarn", ".cache"])
    {
        return;
    }
    let name = call.call.program();
    let (span, message) = match call.subcommand {
        Some(word) => (word.span, format!("`{name} {}` leaves its cache in the layer", word.text)),
        None => (call.call.name.span, format!("`{name}` leaves its cache in the layer")),
    };
    site.report(out, span, message);
}
