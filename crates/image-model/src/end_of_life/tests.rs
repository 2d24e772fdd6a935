use std::collections::BTreeSet;

use super::{DAY, EndOfLife, EndOfLifeError, day};
use crate::reference;

fn of(text: &str) -> Vec<String> {
    let table = EndOfLife::embedded();
    let reference = reference::parse(text).unwrap();
    table.of_reference(&reference).iter().map(ToString::to_string).collect()
}

#[test]
fn the_table_can_be_read_in_full() {
    let table = EndOfLife::embedded();
    let written = super::TABLE.lines().filter(|line| line.starts_with("      \"")).count();
    let read: usize = table.products.iter().map(|product| product.releases.len()).sum();
    assert_eq!(read, written, "a release is written twice, or could not be read");
    assert!(table.products.len() > 25, "{}", table.products.len());
    let mut names = BTreeSet::new();
    for product in &table.products {
        assert!(names.insert(&product.title), "{} is there twice", product.title);
        assert!(product.rolling || !product.releases.is_empty(), "{}", product.title);
        for release in &product.releases {
            assert!(release.as_of.is_some());
            if let (Some(eol), Some(extended)) = (release.eol, release.extended) {
                assert!(eol < extended, "{} {}", product.title, release.name);
            }
        }
    }
    let days = super::TABLE.matches("eol: 2").count();
    let with_eol = table.products.iter().flat_map(|product| &product.releases);
    assert_eq!(with_eol.filter(|release| release.eol.is_some()).count(), days, "a day is wrong");
}

#[test]
fn references_tell_releases() {
    for (text, cycles) in [
        ("debian:bookworm-slim", vec!["Debian 12 (bookworm)"]),
        ("debian:12.5", vec!["Debian 12 (bookworm)"]),
        ("debian:bookworm-20231030-slim", vec!["Debian 12 (bookworm)"]),
        ("python:3.8-slim-bullseye", vec!["Python 3.8", "Debian 11 (bullseye)"]),
        ("node:18-alpine3.17", vec!["Node.js 18", "Alpine 3.17"]),
        ("node:iron-bookworm", vec!["Node.js 20", "Debian 12 (bookworm)"]),
        ("node:bullseye-slim", vec!["Debian 11 (bullseye)"]),
        ("ubuntu:focal-20230101", vec!["Ubuntu 20.04 (focal)"]),
        ("ubuntu:22.04", vec!["Ubuntu 22.04 (jammy)"]),
        ("eclipse-temurin:17-jre-jammy", vec!["Eclipse Temurin 17", "Ubuntu 22.04 (jammy)"]),
        ("eclipse-temurin:17.0.9_9-jdk-focal", vec!["Eclipse Temurin 17", "Ubuntu 20.04 (focal)"]),
        ("eclipse-temurin:8u302-b08-jre-centos7", vec!["Eclipse Temurin 8", "CentOS 7"]),
        ("alpine:3.17", vec!["Alpine 3.17"]),
        ("alpine:3.17.3", vec!["Alpine 3.17"]),
        ("mcr.microsoft.com/dotnet/aspnet:6.0", vec![".NET 6"]),
        (
            "mcr.microsoft.com/dotnet/sdk:6.0.4-bullseye-slim",
            vec![".NET 6", "Debian 11 (bullseye)"],
        ),
        ("mcr.microsoft.com/dotnet/core/aspnet:3.1-alpine3.12", vec![".NET 3.1", "Alpine 3.12"]),
        ("mcr.microsoft.com/dotnet/aspnet:8.0-cbl-mariner2.0", vec![".NET 8", "Azure Linux 2.0"]),
        ("registry.access.redhat.com/ubi8/ubi-minimal:8.9", vec!["RHEL 8"]),
        ("registry.access.redhat.com/ubi8:latest", vec!["RHEL 8"]),
        ("registry.redhat.io/ubi9/python-39", vec!["RHEL 9"]),
        ("gcr.io/distroless/base-debian11", vec!["Debian 11 (bullseye)"]),
        ("gcr.io/distroless/nodejs18-debian11:nonroot", vec!["Node.js 18", "Debian 11 (bullseye)"]),
        ("bitnami/postgresql:11.22.0-debian-11-r4", vec!["PostgreSQL 11", "Debian 11 (bullseye)"]),
        ("nvidia/cuda:11.8.0-base-ubuntu20.04", vec!["Ubuntu 20.04 (focal)"]),
        ("public.ecr.aws/docker/library/python:3.9", vec!["Python 3.9"]),
        ("arm64v8/debian:buster", vec!["Debian 10 (buster)"]),
        ("centos:centos7.9.2009", vec!["CentOS 7"]),
        ("centos:7", vec!["CentOS 7"]),
        ("quay.io/centos/centos:stream8", vec!["CentOS stream8"]),
        ("amazonlinux:2.0.20230727.0", vec!["Amazon Linux 2"]),
        ("postgres:9.6.24-alpine", vec!["PostgreSQL 9.6"]),
        (
            "postgres:16@sha256:5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f5b4f",
            vec!["PostgreSQL 16"],
        ),
        ("maven:3.9-eclipse-temurin-17-focal", vec!["Ubuntu 20.04 (focal)"]),
        ("opensuse/leap:15.4", vec!["openSUSE Leap 15.4"]),
        ("archlinux:base-20230101", vec!["Arch Linux rolling"]),
        // What moves, and what is not known.
        ("debian", vec![]),
        ("debian:latest", vec![]),
        ("debian:stable-slim", vec![]),
        ("python:3", vec![]),
        ("python:3.99", vec![]),
        ("golang:1", vec![]),
        ("nginx:1.2.9-alpine", vec![]),
        ("alpine:edge", vec![]),
        ("alpine:20230901", vec![]),
        ("acme/api:jessie", vec![]),
        ("acme/python:3.8", vec![]),
        ("registry.example.com/debian:8", vec![]),
    ] {
        assert_eq!(of(text), cycles, "{text}");
    }
}

#[test]
fn os_release_tells_releases() {
    let table = EndOfLife::embedded();
    for (id, version, cycle) in [
        ("debian", "12", Some("Debian 12 (bookworm)")),
        ("ubuntu", "22.04", Some("Ubuntu 22.04 (jammy)")),
        ("alpine", "3.17.3", Some("Alpine 3.17")),
        ("rhel", "8.9", Some("RHEL 8")),
        ("amzn", "2018.03", Some("Amazon Linux 1")),
        ("centos", "8", Some("CentOS Stream 8")),
        ("ol", "7.9", Some("Oracle Linux 7")),
        ("wolfi", "20230201", Some("Wolfi rolling")),
        ("debian", "", None),
        ("debian", "99", None),
        ("plan9", "4", None),
    ] {
        let found = table.of_os(id, version).map(|cycle| cycle.to_string());
        assert_eq!(found.as_deref(), cycle, "{id} {version}");
    }
}

#[test]
fn the_last_day_counts() {
    let table = EndOfLife::embedded();
    let cycle = table.of_os("debian", "11").unwrap();
    let last = day::parse("2026-08-31").unwrap();
    assert_eq!(cycle.eol, Some(last));
    assert!(!cycle.is_over(last + DAY - 1));
    assert!(cycle.is_over(last + DAY));
    assert_eq!(cycle.days_left(last + 5), Some(0));
    assert_eq!(cycle.days_left(last - 3 * DAY), Some(3));
    assert_eq!(cycle.days_left(last + DAY + 1), Some(-1));
}

#[test]
fn days_are_civil() {
    for (text, seconds) in [
        ("1970-01-01", Some(0)),
        ("2024-02-29", Some(1_709_164_800)),
        ("2026-12-01T00:00:00Z", Some(1_796_083_200)),
        ("2000-03-01", Some(951_868_800)),
        ("2023-02-29", None),
        ("2023-13-01", None),
        ("2023-1-01", None),
        ("true", None),
        ("", None),
        ("+023-01-01", None),
    ] {
        assert_eq!(day::parse(text), seconds, "{text}");
    }
}

#[test]
fn the_first_form_of_the_api_is_laid_over() {
    let text = r#"{"debian": [{"cycle": "12", "codename": "Bookworm", "eol": "2026-06-10", "extendedSupport": "2028-06-30"}],
                   "python": [{"cycle": "3.8", "eol": "2031-01-01"}, {"cycle": "3.99", "eol": false}, {"cycle": "1.0", "eol": true}]}"#;
    let table = EndOfLife::read(text).unwrap();
    let bookworm = table.of_os("debian", "12").unwrap();
    assert_eq!(bookworm.eol, day::parse("2028-06-30"), "the LTS of Debian is open to all");
    assert_eq!((bookworm.alias, bookworm.as_of), (Some("bookworm"), None));
    let reference = reference::parse("python:3.8-bullseye").unwrap();
    let cycles = table.of_reference(&reference);
    assert_eq!(cycles.first().unwrap().eol, day::parse("2031-01-01"));
    assert_eq!(cycles.get(1).unwrap().name, "11", "what the data leaves out stays");
    let unknown = table.of_reference(&reference::parse("python:1.0").unwrap());
    assert_eq!(unknown.first().unwrap().eol, None);
}

#[test]
fn the_second_form_of_the_api_is_laid_over() {
    let text = r#"{"schema_version": "1.2.0", "generated_at": "2027-01-02T03:04:05+00:00", "result": [
        {"name": "alpine-linux", "releases": [{"name": "3.17", "codename": null, "isEol": true, "eolFrom": "2024-11-22", "eoesFrom": null}]},
        {"name": "traefik", "label": "Traefik", "category": "server-app", "identifiers": [{"type": "purl", "id": "pkg:docker/library/traefik"}],
         "releases": [{"name": "2.9", "eolFrom": "2023-04-24"}]}]}"#;
    let table = EndOfLife::read(text).unwrap();
    let cycle = table.of_os("alpine", "3.17").unwrap();
    assert_eq!((cycle.eol, cycle.as_of), (day::parse("2024-11-22"), day::parse("2027-01-02")));
    let cycles = table.of_reference(&reference::parse("traefik:v2.9.1").unwrap());
    assert_eq!(cycles.first().unwrap().to_string(), "Traefik 2.9");

    let single =
        r#"{"result": {"name": "nginx", "releases": [{"name": "1.29", "eolFrom": "2026-04-14"}]}}"#;
    let table = EndOfLife::read(single).unwrap();
    let cycles = table.of_reference(&reference::parse("nginx:1.29.3").unwrap());
    assert_eq!(cycles.first().unwrap().eol, day::parse("2026-04-14"));
}

#[test]
fn what_is_no_data_is_refused() {
    assert_eq!(EndOfLife::read("").err(), Some(EndOfLifeError::Syntax));
    assert_eq!(EndOfLife::read("{\"a\": [").err(), Some(EndOfLifeError::Syntax));
    for text in
        ["[]", "{}", "text", "{\"result\": []}", "[{\"cycle\": \"1\", \"eol\": \"2020-01-01\"}]"]
    {
        assert_eq!(EndOfLife::read(text).err(), Some(EndOfLifeError::Form), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn no_data_is_too_strange(text in "\\PC{0,200}") {
        let _ = EndOfLife::read(&text);
    }

    #[test]
    fn no_tag_is_too_strange(tag in "[a-z0-9._-]{1,60}") {
        if let Ok(reference) = reference::parse(&format!("python:{tag}")) {
            let _ = EndOfLife::embedded().of_reference(&reference);
        }
    }
}
