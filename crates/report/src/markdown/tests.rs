use careen_rule::{Report, Severity};

use crate::sample::{empty, finding, hostile, usual};
use crate::{Format, Options, write};

fn text(report: &Report, options: &Options) -> String {
    let mut bytes = Vec::new();
    write(report, Format::Markdown, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_usual_report() {
    let expected = "\
<!-- careen:report -->
### ❌ Careen: 3 findings

| critical | high | medium | low | info | suppressed |
| ---: | ---: | ---: | ---: | ---: | ---: |
| 1 | 1 | 1 | 0 | 0 | 1 |

<details open>
<summary><b>critical</b> <code>token-in-file</code>: a token stands in a file</summary>

Revoke the token, then take it out.

- <code>src/a.env:2:7</code> a token stands in a file

</details>

<details open>
<summary><b>high</b> <code>memory-limit-missing</code>: container has no memory limit</summary>

Set <code>resources.limits.memory</code>. [Read more](https://kubernetes.io/docs/) \
`careen check --fix --unsafe-fixes` mends 1 finding.

- <code>deploy/web.yaml:7:13</code> container <code>web</code> in Deployment <code>shop/web</code> has no memory limit

</details>

<details>
<summary><b>medium</b> <code>cpu-request-missing</code>: container has no CPU request</summary>
";
    let shown = text(&usual(), &Options::default());
    assert!(shown.starts_with(expected), "{shown}");
    assert!(shown.contains("<summary>8 notes</summary>\n\n- **note** template: template is not"));
    assert!(shown.ends_with("1 suppressed. Version 0.1.0.</sub>\n"), "{shown}");
}

#[test]
fn the_verdict_is_the_exit_code() {
    let verdict = |report: &Report, fail_on| {
        let text = text(report, &Options { fail_on, ..Options::default() });
        text.lines().nth(1).unwrap().to_owned()
    };
    assert_eq!(verdict(&empty(), Severity::Low), "### ✅ Careen: no findings");
    let mut mild = usual();
    mild.findings.truncate(2);
    assert_eq!(
        verdict(&mild, Severity::Critical),
        "### ✅ Careen: 2 findings, none fails below critical"
    );
    assert_eq!(
        verdict(&mild, Severity::High),
        "### ❌ Careen: 2 findings, 1 fails at high and above"
    );
    assert!(verdict(&hostile(), Severity::Low).starts_with("### ⚠️ Careen: the analysis is inc"));
}

#[test]
fn places_link_to_the_source() {
    let options = Options {
        source_url: Some("https://github.com/o/r/blob/abc".to_owned()),
        ..Options::default()
    };
    let mut report = usual();
    report.findings[0].path = "a b)/[x](y).yaml".into();
    report.findings[1].path = "/abs.yaml".into();
    let text = text(&report, &options);
    let link = "](https://github.com/o/r/blob/abc/a%20b%29/%5Bx%5D%28y%29.yaml#L7) container ";
    assert!(text.contains(link), "{text}");
    assert!(text.contains("- <code>/abs.yaml:7:13</code> "), "{text}");
}

#[test]
fn what_does_not_fit_is_counted() {
    let mut report = empty();
    for number in 0..2_000 {
        report.findings.push(finding(0, &format!("mild/{number}.yaml"), "a: 1", "1"));
    }
    report.findings.push(finding(2, "z.env", "a: 1", "1"));
    for number in 0..60 {
        report.findings.push(finding(1, &format!("bad/{number}.yaml"), "a: 1", "1"));
    }
    for markdown_bytes in [2_000, 9_000, Options::COMMENT_BYTES] {
        let text = text(&report, &Options { markdown_bytes, ..Options::default() });
        assert!(text.len() <= markdown_bytes, "{} of {markdown_bytes}", text.len());
        let rows = text.lines().filter(|line| line.starts_with("- <code>")).count();
        let words = format!("\n{} findings are left out here,", 2_061 - rows);
        assert!(text.contains(&words), "{rows} {text}");
        assert!(text.contains("z.env:1:4"), "the most severe stays");
        assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
    }
}

#[test]
fn hostile_text_makes_nothing() {
    let options = Options { show_suppressed: true, ..Options::default() };
    let mut report = hostile();
    let evil = "</details></code>|@team **b** <script>x</script> ![i](https://e.example/x.png) `";
    report.findings[0].path = evil.into();
    report.findings[0].message = format!("{evil}\n## heading\n```\n{evil}");
    report.notes.push(careen_rule::Note::about(careen_rule::NoteKind::Limit, evil, evil));
    let text = text(&report, &options);
    for forbidden in ["@team", "<script", "<img", "![i]", "(https://e", "**b**", "\n## h", "\n```"]
    {
        assert!(!text.contains(forbidden), "{forbidden}: {text}");
    }
    assert!(!text.contains(|character: char| character.is_control() && character != '\n'));
    assert_eq!(text.matches("<details").count(), text.matches("</details>").count());
    assert_eq!(text.matches("<code>").count(), text.matches("</code>").count());
    assert!(text.len() <= Options::COMMENT_BYTES);
}
