use std::collections::BTreeSet;

use careen_audit_model::{Audit, Item};
use careen_text::sanitize;

use super::{STYLE, STYLE_DIGEST};
use crate::audit::sample::{go, hostile, sample, waived};
use crate::html::markup::{body, digest, elements, values};
use crate::{AuditFormat, Options, write_audit};

fn page_with(audit: &Audit, options: &Options) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Html, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn page(audit: &Audit) -> String {
    page_with(audit, &Options::default())
}

#[test]
fn the_policy_names_what_stands_in_the_page() {
    assert_eq!(
        digest(STYLE),
        STYLE_DIGEST,
        "base.css or audit.css was changed: write its digest into audit/html/mod.rs"
    );
    let page = page(&sample());
    assert!(page.contains(&format!("<style>{STYLE}</style>")));
    assert!(page.contains(&format!("style-src 'sha256-{STYLE_DIGEST}'; script-src 'sha256-")));
    assert!(!STYLE.contains("</") && !STYLE.contains("url(") && !STYLE.contains("@import"));
}

#[test]
fn the_first_screen_says_who_must_act() {
    let page = page(&sample());
    let first = &page[..page.find("<h2 id=\"judged\">").unwrap()];
    for part in [
        "<title>NO-GO: 5 blockers · careen</title>",
        "<span class=\"word\">NO-GO</span><span class=\"colon\">:</span> <span class=\"rest\">5 blockers</span>",
        "<h3>security <span class=\"many\">2 blockers</span></h3>",
        "<h3>nobody yet <span class=\"many\">1 blocker</span></h3>",
        "<a href=\"#b1\">Credentials come from a vault</a>",
        "stale</span> <a href=\"#b2\">Images were scanned",
    ] {
        assert!(first.contains(part), "{part}\n{first}");
    }
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}\n{page}"));
    let order = [
        "judged",
        "blockers",
        "changes",
        "comparison",
        "waivers",
        "sign-offs",
        "unseen",
        "checklist",
        "evidence",
        "again",
    ];
    let places: Vec<usize> = order.iter().map(|id| at(&format!("<h2 id=\"{id}\">"))).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn everything_that_a_control_rests_on_is_there() {
    let audit = sample();
    let page = page(&audit);
    for part in [
        "<code class=\"digest\" title=\"3f9d2c61b07e4a58c1d6e9f2a4b8075c6d3e1f90\">3f9d2c61b07e</code>, and files differ",
        "<span class=\"path\">deploy/api.yaml:24:18</span> <code>secret-in-env</code>: variable <code>DB_PASSWORD</code>",
        "<li>and 4 more</li>",
        "<dt>Fix</dt><dd>Revoke them, then name them in an <code>ExternalSecret</code>.</dd>",
        "12 containers at <span class=\"path\">deploy/api.yaml:17:9</span>, ",
        "signed off by Grace Hopper as dba: <code>.careen/sign-offs/query-review.yaml</code>",
        "6 nodes are ready, seen in <code>evidence/cluster.json</code>",
        "with <code>SHA256:9fK1uOa2Yv0l8Qw3ZrTtXc5Jm7Ne4Pb6Hd1Gs8Lq0Ro</code>",
        "The box is ticked in the file, which proves nothing.",
        "<code>canary-watched</code> · operations · known after the deployment",
        "<pre class=\"command\">careen audit . --checklist docs/production.md",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    for record in &audit.evidence {
        assert!(page.contains(&record.sha256), "{}", record.path);
    }
    assert_eq!(page.matches("<li class=\"item\"").count(), audit.items.len());
    // What is settled is folded.
    assert!(
        page.contains("<details class=\"part fold\">")
            && page.contains("<details class=\"part fold\" open>")
    );
}

#[test]
fn verdicts_have_words_and_shapes() {
    let waived = page(&waived());
    assert!(
        waived.contains("<h1 class=\"with-waivers\"><span class=\"word\">GO with waivers</span>")
    );
    assert!(!waived.contains("id=\"who\"") && !waived.contains("id=\"blockers\""));
    let go = page(&go());
    assert!(go.contains("<h1 class=\"passes\"><span class=\"word\">GO</span></h1>"), "{go}");
    assert!(go.contains("<title>GO · careen</title>"));
    for class in ["passes", "fails", "with-waivers"] {
        assert!(STYLE.contains(&format!(".{class} .word::before {{ clip-path")), "{class}");
    }
}

#[test]
fn links_lead_somewhere() {
    let base = "https://github.com/o/r/blob/abc".to_owned();
    let options = Options { source_url: Some(base), ..Options::default() };
    let page = page_with(&sample(), &options);
    let link = "<a class=\"path\" href=\"https://github.com/o/r/blob/abc/deploy/postgres.yaml#L4\" \
                rel=\"noopener noreferrer\">deploy/postgres.yaml:4:9</a>";
    assert!(page.contains(link), "{page}");
    let ids = values(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len());
    for target in values(&page, "href").iter().filter_map(|it| it.strip_prefix('#')) {
        assert!(unique.contains(target), "#{target}");
    }
}

#[test]
fn hostile_text_is_text() {
    let options =
        Options { source_url: Some("javascript:alert(1)//".to_owned()), ..Options::default() };
    let page = page_with(&hostile(), &options);
    let body = body(&page, STYLE);
    let known = "a article b body code dd details div dl dt footer h1 h2 h3 h4 head header html li link main \
                 meta nav p pre script section span style summary time title ul";
    let known: BTreeSet<&str> = known.split_whitespace().collect();
    let unknown: Vec<&str> = elements(&body).difference(&known).copied().collect();
    assert_eq!(unknown, [""; 0]);
    assert_eq!((body.matches("<script").count(), body.matches("<style").count()), (1, 1));
    for address in values(&body, "href") {
        assert!(["#", "data:,"].iter().any(|start| address.starts_with(start)), "{address}");
    }
    for (line, text) in page.lines().enumerate() {
        assert_eq!(sanitize(text), text, "line {}", line + 1);
    }
}

#[test]
fn endless_checklists_are_cut_and_say_so() {
    let mut audit = sample();
    let item = audit.items[0].clone();
    audit.items = (1..=5_003).map(|line| Item { line, ..item.clone() }).collect();
    audit.verdict.blockers = (0..503).map(|_| "secrets-in-vault".to_owned()).collect();
    let page = page(&audit);
    assert!(page.contains("3 more lines are not on this page"));
    assert!(page.contains("3 more blockers are not on this page"));
    assert!(page.contains("<li class=\"more\">and 498 more</li>"));
    assert_eq!(page.matches("<li class=\"item\"").count(), 5_000);
}

#[test]
fn the_same_audit_gives_the_same_bytes() {
    assert_eq!(page(&hostile()), page(&hostile()));
}
