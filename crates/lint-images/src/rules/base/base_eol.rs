use careen_model::Context;
use careen_rule::{Confidence, Sink, control, rule};

use crate::Check;
use crate::subject::ImageSite;
use crate::support;

rule! {
    /// After the end of its life a distribution or runtime gets no security updates: what is found
    /// in it stays open, and rebuilding the image changes nothing. The release is told from the
    /// reference: `python:3.8-slim-bullseye` has both a Python and a Debian. The day that counts
    /// is the last one with updates for everyone; for those who pay, some vendors go on.
    ///
    /// Base images of stages that ship are judged, and images that are deployed as they are. A
    /// reference that does not tell the release, such as `debian:latest`, is not, nor is a release
    /// that the table does not know. The dates are built in; `--eol-data` takes newer ones.
    ///
    /// ```dockerfile bad
    /// FROM golang:1.20 AS build
    /// FROM python:3.8-slim-bullseye
    /// #           ^^^^^^^^^^^^^^^^^ base image `python:3.8-slim-bullseye` has Python 3.8, whose updates ended on 2024-10-07, 2 years ago, and Debian 11 (bullseye), whose updates ended on 2026-08-31, 3 months ago
    /// USER 101
    /// ```
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: store
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: store
    ///     image: postgres:11.22-alpine3.17
    /// #                   ^^^^^^^^^^^^^^^^ image `postgres:11.22-alpine3.17` of container `store` in Pod `shop/store` has PostgreSQL 11
    /// ```
    /// ```yaml bad file=compose.yaml
    /// services:
    ///   store:
    ///     image: mongo:${MONGO_TAG:-4.4}
    /// #          ^^^^^^^^^^^^^^^^^^^^^^^ image `mongo:4.4` of service `store` has MongoDB 4.4, whose updates ended on 2024-02-29
    /// ```
    /// ```yaml bad file=charts/shop/values.yaml
    /// store:
    ///   image:
    ///     repository: postgres
    ///     tag: "12"
    /// #         ^^ image `postgres:12` of `store.image` has PostgreSQL 12
    /// ```
    /// ```dockerfile good
    /// FROM golang:1.20 AS build
    /// FROM python:3.14-slim-trixie
    /// USER 101
    /// ```
    /// ```dockerfile good
    /// ARG TAG
    /// FROM debian:latest AS one
    /// FROM one
    /// FROM debian:${TAG}
    /// USER 101
    /// ```
    pub(crate) static RULE: Check = {
        id: "base-eol",
        summary: "image has a distribution or runtime past the end of its life",
        remedy: "Move to a release that gets updates.",
        severity: High,
        check: Check::ImageUse(check),
        confidence: Confidence::High,
        security: true,
        cwe: &[1104],
        peers: &["cis:4.4"],
        controls: &[control::IMAGE_BASE],
        references: &["https://endoflife.date/"],
    }
}

fn check(image: &ImageSite<'_>, context: &Context, out: &mut Sink<'_>) {
    let mut cycles = support::cycles(image, context);
    cycles.retain(|cycle| cycle.is_over(context.now));
    support::report(image, &cycles, context, out);
}
