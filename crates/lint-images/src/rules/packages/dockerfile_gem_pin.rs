use careen_model::Context;
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::packages::{open_gems, report_open};
use crate::subject::CommandSite;

rule! {
    /// Without a version the same file gives another image tomorrow, and a bad release of a gem
    /// reaches production without a commit of yours. `bundle install` follows `Gemfile.lock`.
    ///
    /// `gem install a:1.2.3`, `-v 1.2.3` and `-v '~> 1.2'` name a version; `>=` does not.
    ///
    /// ```dockerfile bad
    /// FROM ruby:3.4.7
    /// RUN gem install --no-document puma rack:3.2.3 -- --with-openssl-dir=/opt
    /// #                             ^^^^ `gem install` leaves the version of `puma` open
    /// USER 1000
    /// ```
    /// ```dockerfile good
    /// FROM ruby:3.4.7
    /// RUN gem install puma:7.1.0 'rack:~> 3.2' && gem install bundler -v "$BUNDLER" && gem install ./shop.gem
    /// USER 1000
    /// ```
    pub(crate) static RULE: Check = {
        id: "dockerfile-gem-pin",
        summary: "`gem install` names no version",
        remedy: "Write `name:version`, or put the gem into the `Gemfile`.",
        severity: Low,
        check: Check::Command(check),
        default: false,
        peers: &["hadolint:DL3028", "kics:22cd11f7"],
        controls: &[control::IMAGE_BASE],
        references: &["https://guides.rubygems.org/command-reference/#gem-install"],
    }
}

fn check(site: &CommandSite<'_>, _: &Context, out: &mut Sink<'_>) {
    report_open(site, "gem install", site.call.and_then(open_gems), out);
}
