//! Comments of other linters.

use std::borrow::Cow;
use std::sync::Arc;

use careen_model::File;
use careen_rule::SuppressionKind;
use careen_text::{Source, Span};

use super::super::Found;
use super::super::below::{Below, line_content};
use super::super::comments::{Lexed, Place};
use super::super::directive::{Directive, Slip, end_of_day};

/// What a comment covers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Its line, or what begins below it.
    Here,
    /// The object it stands in, or the file where there are no objects.
    Object,
    /// The whole file.
    File,
}

/// What a comment says.
struct Said<'t> {
    reach: Reach,
    names: Vec<Cow<'t, str>>,
    reason: &'t str,
    /// The last day it holds, if it has one.
    until: Option<&'t str>,
}

impl<'t> Said<'t> {
    fn new(reach: Reach, names: Vec<Cow<'t, str>>) -> Self {
        Self { reach, names, reason: "", until: None }
    }
}

/// A way to suppress: the words that begin it, and what they say.
struct Convention {
    mark: &'static str,
    read: fn(&str) -> Vec<Said<'_>>,
}

const CONVENTIONS: [Convention; 5] = [
    Convention { mark: "trivy:ignore:", read: trivy },
    Convention { mark: "checkov:skip=", read: checkov },
    Convention { mark: "kics-scan", read: kics },
    Convention { mark: "hadolint ", read: hadolint },
    Convention { mark: "check=", read: build_checks },
];

pub(super) fn read(
    source: &Arc<Source>,
    file: Option<&File>,
    now: i64,
    take: &mut dyn FnMut(Found<'_>),
) {
    let text = source.text();
    let mut lexed = None;
    let mut below = None;
    for Convention { mark, read } in CONVENTIONS {
        let mut read_to = 0;
        for at in memchr::memmem::find_iter(text.as_bytes(), mark) {
            if at < read_to {
                continue;
            }
            let line = source.lines().line_of(Span::of(0..at).end);
            let lexed = lexed.get_or_insert_with(|| Lexed::new(file));
            let Some(place) = lexed.place(source, line, at) else { continue };
            let Place { leader, own_line, text: comment, .. } = place;
            read_to = at + comment.len();
            for said in read(comment.get(mark.len()..).unwrap_or_default()) {
                let covers = match said.reach {
                    Reach::File => whole(source),
                    Reach::Object => object_around(file, at).unwrap_or_else(|| whole(source)),
                    Reach::Here if own_line => {
                        below.get_or_insert_with(|| Below::new(source, file)).of(line, leader)
                    }
                    Reach::Here => line_content(source, line),
                };
                let directive = match said.until {
                    Some(date) if end_of_day(date).is_none_or(|end| end <= now) => {
                        Err(Slip::expired(format!(
                            "this suppression expired on {date}: mend the finding or renew it"
                        )))
                    }
                    until => Ok(Directive {
                        whole_file: false,
                        names: said.names,
                        reason: said.reason,
                        dated: until.is_some(),
                    }),
                };
                take(Found {
                    kind: SuppressionKind::Comment,
                    said: Span::of(at..at + comment.len()),
                    directive,
                    covers,
                    source: Some(mark.trim_end_matches([':', '=', ' '])),
                    foreign: true,
                    needed: false,
                    removal: None,
                });
            }
        }
    }
}

fn whole(source: &Source) -> Span {
    Span::of(0..source.text().len())
}

fn object_around(file: Option<&File>, at: usize) -> Option<Span> {
    let at = Span::of(0..at).end;
    let mut objects = file?.views().map(|view| view.root().span());
    objects.find(|object| object.contains(at))
}

/// `trivy:ignore:AVD-KSV-0013:exp:2027-03-01 trivy:ignore:KSV-0014`. What filters by attributes
/// (`[name=x]`) covers something we cannot tell, so it covers nothing.
fn trivy(text: &str) -> Vec<Said<'_>> {
    let words = text.split_whitespace().map(|word| {
        let word = word.trim_start_matches(['#', '/']);
        word.strip_prefix("trivy:ignore:").unwrap_or(word)
    });
    let mut all = Vec::new();
    for (at, word) in words.enumerate() {
        // Prose follows.
        if at > 0 && !text.contains("trivy:ignore:") {
            break;
        }
        let mut parts = word.split(':');
        let id = parts.next().unwrap_or_default();
        if id.contains('[') || !id.chars().any(|c| c.is_ascii_digit() || c == '*') {
            continue;
        }
        let mut said = Said::new(Reach::Here, vec![trivy_name(id).into()]);
        while let Some(key) = parts.next() {
            if key == "exp" {
                said.until = parts.next();
            }
        }
        all.push(said);
    }
    all
}

/// `KSV-0013` for `AVD-KSV-0013` and `KSV013`.
fn trivy_name(id: &str) -> String {
    let id = id.strip_prefix("AVD-").unwrap_or(id);
    let digits = id.find(|c: char| c.is_ascii_digit()).unwrap_or(id.len());
    let (family, number) = id.split_at(digits);
    let old = !family.ends_with('-') && number.len() == 3;
    if old { format!("trivy:{family}-0{number}") } else { format!("trivy:{id}") }
}

/// `checkov:skip=CKV_K8S_20:reason`. Checkov has it cover the resource.
fn checkov(text: &str) -> Vec<Said<'_>> {
    let (names, reason) = text.split_once(':').unwrap_or((text, ""));
    let names: Vec<_> = names
        .split(',')
        .map(str::trim)
        .filter(|name| name.starts_with("CK"))
        .filter_map(|name| name.split_whitespace().next())
        .map(|name| Cow::Owned(format!("checkov:{name}")))
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    vec![Said { reason: reason.trim(), ..Said::new(Reach::Object, names) }]
}

/// `kics-scan ignore`, `ignore-line`, `ignore-block`, `disable=id,id`. Of the ids, which are UUIDs,
/// our rules know the first eight characters.
fn kics(text: &str) -> Vec<Said<'_>> {
    let text = text.trim();
    let word = text.split_whitespace().next().unwrap_or_default();
    let everything = || vec![Cow::Borrowed("kics:*")];
    match word {
        "ignore" => vec![Said::new(Reach::File, everything())],
        "ignore-line" | "ignore-block" => vec![Said::new(Reach::Here, everything())],
        _ => {
            let Some(ids) = text.strip_prefix("disable=") else { return Vec::new() };
            let names = ids.split(',').filter_map(|id| id.trim().get(..8));
            let names = names.map(|id| Cow::Owned(format!("kics:{id}"))).collect();
            vec![Said::new(Reach::File, names)]
        }
    }
}

/// `hadolint ignore=DL3008,SC2086` for the next instruction, `hadolint global ignore=DL3003`.
fn hadolint(text: &str) -> Vec<Said<'_>> {
    let text = text.trim_start();
    let (reach, text) = match text.strip_prefix("global") {
        Some(text) => (Reach::File, text.trim_start()),
        None => (Reach::Here, text),
    };
    let Some(list) = text.strip_prefix("ignore").map(str::trim_start) else { return Vec::new() };
    let Some(list) = list.strip_prefix('=') else { return Vec::new() };
    let names = list
        .split(',')
        .filter_map(|name| name.split_whitespace().next())
        .map(|name| Cow::Owned(format!("hadolint:{name}")))
        .collect();
    vec![Said::new(reach, names)]
}

/// `check=skip=JSONArgsRecommended,StageNameCasing;error=true` of BuildKit.
fn build_checks(text: &str) -> Vec<Said<'_>> {
    let lists = text.split(';').filter_map(|part| part.trim().strip_prefix("skip="));
    let names: Vec<_> = lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| match name {
            "all" => Cow::Borrowed("buildx:*"),
            name => Cow::Owned(format!("buildx:{name}")),
        })
        .collect();
    if names.is_empty() { Vec::new() } else { vec![Said::new(Reach::File, names)] }
}

#[cfg(test)]
mod tests {
    use super::{build_checks, checkov, hadolint, kics, trivy};

    fn names(said: &[super::Said<'_>]) -> Vec<String> {
        said.iter().flat_map(|said| said.names.iter().map(ToString::to_string)).collect()
    }

    #[test]
    fn names_are_those_of_the_peers() {
        assert_eq!(names(&trivy("AVD-KSV-0013")), ["trivy:KSV-0013"]);
        assert_eq!(
            names(&trivy("KSV013 trivy:ignore:DS-0002:exp:2027-01-01")),
            ["trivy:KSV-0013", "trivy:DS-0002"]
        );
        assert_eq!(names(&trivy("KSV-0001 needed for 2 weeks")), ["trivy:KSV-0001"]);
        assert!(trivy("KSV-0001[name=web]").is_empty());
        assert_eq!(names(&trivy("AVD-KSV-*")), ["trivy:KSV-*"]);
        assert_eq!(names(&checkov("CKV_K8S_20:not ours")), ["checkov:CKV_K8S_20"]);
        assert_eq!(checkov("CKV_K8S_20: not ours")[0].reason, "not ours");
        assert_eq!(names(&kics(" ignore-block")), ["kics:*"]);
        assert_eq!(
            names(&kics(" disable=f45ea400-6bbe-4501-9fc7-1c3d75c32067")),
            ["kics:f45ea400"]
        );
        assert!(kics(" enable=x").is_empty());
        assert_eq!(
            names(&hadolint("ignore=DL3008, SC2086 old")),
            ["hadolint:DL3008", "hadolint:SC2086"]
        );
        assert_eq!(names(&hadolint("global ignore=DL3003")), ["hadolint:DL3003"]);
        assert!(hadolint("is a linter").is_empty());
        assert_eq!(
            names(&build_checks("skip=StageNameCasing;error=true")),
            ["buildx:StageNameCasing"]
        );
        assert!(build_checks("error=true").is_empty());
    }
}
