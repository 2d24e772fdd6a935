use careen_model::Context;
use careen_rule::{Confidence, OptionKind, RuleOption, Sink, control, rule};

use crate::Check;
use crate::subject::ImageSite;
use crate::support;

/// How far ahead the rule looks where nothing else is said.
const DAYS: i64 = 90;

rule! {
    /// A distribution or runtime is about to get no more security updates. Moving to the next
    /// release takes a while: better begin before the day. How far ahead the rule looks is said in
    /// `careen.yaml`; without, it is 90 days.
    ///
    /// An image with a release that is over already is left to `base-eol`.
    ///
    /// ```dockerfile bad
    /// FROM php:8.2-fpm
    /// #        ^^^^^^^ base image `php:8.2-fpm` has PHP 8.2, whose updates end on 2026-12-31, in 30 days
    /// USER 101
    /// ```
    /// ```config
    /// rules: {base-eol-soon: {days: 400}}
    /// ```
    /// ```dockerfile bad
    /// FROM python:3.11
    /// #           ^^^^ base image `python:3.11` has Python 3.11, whose updates end on 2027-10-31, in 11 months
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// FROM python:3.11
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-eol-soon",
        summary: "image has a distribution or runtime that soon gets no more updates",
        remedy: "Plan the move to a later release.",
        severity: Medium,
        check: Check::ImageUse(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[1104],
        peers: &["cis:4.4"],
        controls: &[control::IMAGE_BASE],
        references: &["https://endoflife.date/"],
        options: &[RuleOption {
            name: "days",
            kind: OptionKind::Number,
            summary: "How many days before the end to speak; 90 without it.",
        }],
    }
}

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let mut cycles = support::cycles(image, context);
    if cycles.iter().any(|cycle| cycle.is_over(context.now)) {
        return;
    }
    let ahead = context.options.number(RULE.meta.id, "days").unwrap_or(DAYS);
    cycles.retain(|cycle| cycle.days_left(context.now).is_some_and(|days| days <= ahead));
    support::report(image, &cycles, context, out);
}
