use std::collections::BTreeSet;

use careen_rule::{Meta, Report, Severity};
use careen_text::sanitize;

use super::markup::{self, digest, elements, values};
use super::{SCRIPT, SCRIPT_DIGEST, STYLE, STYLE_DIGEST, write};
use crate::sample::{CPU, empty, finding, history, hostile, lowered, usual};
use crate::{Format, Options};

fn page_with(report: &Report, options: &Options) -> String {
    let mut bytes = Vec::new();
    write(report, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn page(report: &Report) -> String {
    page_with(report, &Options { show_suppressed: true, ..Options::default() })
}

fn body(page: &str) -> String {
    markup::body(page, STYLE)
}

#[test]
fn the_policy_names_what_stands_in_the_page() {
    assert_eq!(
        digest(STYLE),
        STYLE_DIGEST,
        "base.css or page.css was changed: write its digest into html/mod.rs"
    );
    assert_eq!(
        digest(SCRIPT),
        SCRIPT_DIGEST,
        "page.js was changed: write its digest into html/mod.rs"
    );
    let page = page(&usual());
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(page.contains(&format!("<script>{SCRIPT}</script>")));
    assert!(page.contains(&format!("style-src 'sha256-{STYLE_DIGEST}'; script-src 'sha256-")));
    // Nothing can end them early.
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
}

#[test]
fn the_page_needs_no_network_and_no_inline_style() {
    let page = page(&usual());
    let body = body(&page);
    assert!(!body.contains(" style=") && !body.contains(" onload") && !body.contains(" src="));
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    assert!(!SCRIPT.contains("fetch(") && !SCRIPT.contains("innerHTML"));
    assert_eq!(values(&body, "href").iter().filter(|it| it.starts_with("http")).count(), 2);
}

#[test]
fn the_first_screen_says_what_counts() {
    let mut report = usual();
    report.rules.clear();
    let options = Options { fail_on: Severity::High, ..Options::default() };
    let page = page_with(&report, &options);
    let until = page.find("<h2 id=\"findings\">").unwrap();
    let first = &page[..until];
    for part in [
        "<title>Fails: 2 of 3 findings at high or above · careen</title>",
        "judged as of <time datetime=\"2026-11-22T00:04:05Z\">2026-11-22 00:04:05 UTC</time>",
        "<b>careen</b> 0.1.0",
        "<span>kubernetes</span> <b>2</b>",
        "<span>secrets</span> <b>1</b>",
        "<span>Kubernetes objects</span> <b>40</b>",
        "<span>read</span> <b>3.4 kB</b>",
        "3 binary files; 7 templates, as nothing is rendered.",
        "<span class=\"path\">b.yaml:3</span>: no mapping here",
        "<span class=\"path\">d</span> and 3 more places: template is not rendered",
        "1 suppressed finding does not count and is not on this page",
    ] {
        assert!(first.contains(part), "{part}\n{first}");
    }
}

#[test]
fn findings_of_one_place_share_its_lines() {
    let page = page(&usual());
    assert_eq!(values(&page, "id").iter().filter(|id| id.starts_with('p')).count(), 4);
    let place = "<span class=\"number\">7</span><span class=\"text\">    - name: \
                 <mark>web # schön 🚢</mark></span>";
    assert_eq!(page.matches(place).count(), 1, "{page}");
    // The worst file first, and the worst finding of a place.
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}\n{page}"));
    assert!(at(">src/a.env</h3>") < at(">deploy/web.yaml</h3>"));
    assert!(at("has no memory limit</h4>") < at("has no CPU request</h4>"));
    assert!(page.contains(
        "<b>Fix:</b> set a memory limit (<code class=\"option\">--fix --unsafe-fixes</code>;"
    ));
    assert!(page.contains("Deployment shop/web · container web"), "{page}");
    assert!(page.contains("<b>Suppressed</b> by a comment: runs once"));
    assert!(page.contains("the variable: <span class=\"path\">src/a.env:2:1</span>"), "{page}");
}

#[test]
fn a_rule_is_explained_once() {
    let page = page(&usual());
    assert_eq!(page.matches("A container without a memory limit").count(), 1);
    assert_eq!(page.matches("href=\"https://kubernetes.io/docs/\"").count(), 1);
    assert!(page.contains("rel=\"noopener noreferrer\">https://kubernetes.io/docs/</a>"));
    let ids: BTreeSet<&str> = values(&page, "id").into_iter().collect();
    for target in values(&page, "href").iter().filter_map(|it| it.strip_prefix('#')) {
        assert!(ids.contains(target), "#{target}");
    }
}

#[test]
fn why_a_severity_is_milder_and_since_when_it_stands_there() {
    let mut report = lowered();
    report.findings[0].history = Some(Box::new(history()));
    report.summary.commits = 3;
    let page = page(&report);
    assert!(page.contains("· lowered from critical: by its path the file is a test"), "{page}");
    assert!(page.contains("by <code>trivy:ignore</code>: runs once"), "{page}");
    assert!(page.contains("In commit 1a2b3c4d of 2024-03-01, no longer in HEAD."), "{page}");
    assert!(page.contains("<span>versions of files</span>"));
}

#[test]
fn a_clean_page() {
    let mut report = empty();
    report.summary.files = 3;
    let page = page(&report);
    assert!(page.contains("<title>Passes: no findings · careen</title>"));
    assert!(page.contains("Nothing was found.") && page.contains("Nothing that was chosen was"));
    assert!(!page.contains("href=\"#rules\"") && !page.contains("class=\"file\""));
}

#[test]
fn hostile_text_is_text() {
    static EVIL: Meta = Meta {
        id: "x\"><script>alert(1)</script>",
        summary: "<img src=x onerror=alert(1)>",
        remedy: "</style><script>alert(1)</script>",
        docs: "<script>alert(1)</script> [a](javascript:alert(1)) \u{202e}\0",
        references: &["javascript:alert(1)", "https://a.example/\"><script>alert(1)</script>"],
        ..CPU
    };
    let mut report = hostile();
    let evil = "</script></style></title><script>window.pwned=1</script>\"'><img src=x onerror=\
                alert(1)>\u{202e}\u{0}\u{1b}[31m`</code><svg onload=alert(1)>`";
    let mut worst = finding(0, evil, "a: <script>alert(1)</script>", "<script>");
    worst.message = evil.to_owned();
    worst.rule = &EVIL;
    report.findings.push(worst);
    report.tool.version = evil.to_owned();
    let page = page(&report);
    let body = body(&page);
    let known = "a article b body br code dd details div dl dt footer h1 h2 h3 h4 head header html li \
                 link main mark meta nav p pre script section span style summary time title ul";
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    let unknown: Vec<&str> = elements(&body).difference(&known).copied().collect();
    assert_eq!(unknown, [""; 0]);
    assert_eq!(body.matches("<script").count(), 1);
    assert_eq!(body.matches("<style").count(), 1);
    for address in values(&body, "href") {
        let is_known = ["#", "https://", "data:,"].iter().any(|start| address.starts_with(start));
        assert!(is_known, "{address}");
    }
    for (line, text) in page.lines().enumerate() {
        assert_eq!(sanitize(text), text, "line {}", line + 1);
    }
}

#[test]
fn identifiers_are_unique() {
    let page = page(&hostile());
    let ids = values(&page, "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[test]
fn endless_reports_are_cut_and_say_so() {
    let mut report = empty();
    let mut one = |rule: usize, number: usize| {
        report.findings.push(finding(rule, &format!("{}.yaml", number / 50), "k: v", "v"));
    };
    (0..9_990).for_each(|number| one(0, number));
    (0..20).for_each(|number| one(2, number));
    let page = page(&report);
    assert!(page.contains("10 more findings, the mildest, are not on this page"));
    assert!(page.contains("<li>and 9,890 more</li>"));
    assert_eq!(page.matches("data-severity=\"critical\"").count(), 20);
    assert_eq!(page.matches("data-severity=\"medium\"").count(), 9_980);
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let write = |report: &Report| {
        let mut bytes = Vec::new();
        crate::write(report, Format::Html, &Options::default(), &mut bytes).unwrap();
        bytes
    };
    assert_eq!(write(&hostile()), write(&hostile()));
}
