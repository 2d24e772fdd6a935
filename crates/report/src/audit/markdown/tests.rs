use careen_audit_model::Audit;

use crate::audit::sample::{go, hostile, sample, waived};
use crate::{AuditFormat, Options, write_audit};

fn text(audit: &Audit, options: &Options) -> String {
    let mut bytes = Vec::new();
    write_audit(audit, AuditFormat::Markdown, options, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_first_screen() {
    let expected = "\
<!-- careen:audit -->
### ❌ NO-GO: 5 blockers

**Who must act:** security 2, dba 1, operations 1, nobody yet 1

| What was judged | |
| --- | --- |
| version | <code>1.5.0</code> |
| commit | <code title=\"3f9d2c61b07e4a58c1d6e9f2a4b8075c6d3e1f90\">3f9d2c61b07e</code>, and files differ from it |
";
    let shown = text(&sample(), &Options::default());
    assert!(shown.starts_with(expected), "{shown}");
    let blockers = "
#### Blockers

##### security: 2 blockers

- ❌ fail **Credentials come from a vault** <code>secrets-in-vault</code><br>2 credentials stand in files.<br>\
**Why:** Whoever can read the repository has them, and they stay in its history.<br>\
**Fix:** Revoke them, then name them in an <code>ExternalSecret</code>.
  - <code>deploy/api.yaml:24:18</code> <code>secret-in-env</code>: variable <code>DB\\_PASSWORD</code> in \
Deployment <code>shop/api</code> holds a password
";
    assert!(shown.contains(blockers), "{shown}");
    assert!(
        text(&waived(), &Options::default())
            .contains("\n### ⚠️ GO with waivers (1, next expires 2026-12-09)\n")
    );
    assert!(text(&go(), &Options::default()).contains("\n### ✅ GO\n\n| What was judged | |\n"));
}

#[test]
fn the_checklist_is_a_table_in_folds() {
    let shown = text(&sample(), &Options::default());
    let expected = "
<details>
<summary><b>Security</b>: 1 fail, 1 stale, 1 manual</summary>

| Line | Status | Item | Why, and what it rests on |
| ---: | --- | --- | --- |
| 13 | ❌ fail | No credential stands in the repository<br><code>secrets-in-vault</code> | 2 credentials \
stand in files<br>The box is ticked in the file, which proves nothing. |
";
    assert!(shown.contains(expected), "{shown}");
    assert!(shown.contains("| 31 | ⚪ not-run<br>after the deployment | The canary"), "{shown}");
    assert!(shown.ends_with("Z\n```\n"), "{shown}");
    // A box could be ticked by whoever may edit the comment.
    assert!(!shown.contains("- [") && !shown.contains("[ ]"));
}

#[test]
fn places_link_to_the_source() {
    let base = "https://github.com/o/r/blob/abc".to_owned();
    let shown = text(&sample(), &Options { source_url: Some(base), ..Options::default() });
    let link = "[<code>deploy/postgres.yaml:4:9</code>](https://github.com/o/r/blob/abc/deploy/postgres.yaml#L4)";
    assert!(shown.contains(link), "{shown}");
}

#[test]
fn the_checklist_is_left_out_first() {
    let mut audit = sample();
    for number in 0..60 {
        let more = sample().items.into_iter().map(|mut item| {
            item.line += number * 100;
            item.section.push(format!("Part {number}"));
            item
        });
        audit.items.extend(more);
    }
    for markdown_bytes in [14_000, 30_000, Options::COMMENT_BYTES] {
        let shown = text(&audit, &Options { markdown_bytes, ..Options::default() });
        assert!(shown.len() <= markdown_bytes, "{} of {markdown_bytes}", shown.len());
        assert!(
            shown.contains("backup-missing") && shown.contains("#### Not looked at"),
            "{shown}"
        );
        let rows = shown.lines().filter(|line| {
            line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(char::is_numeric))
        });
        let left = format!(" too long: {} lines of the checklist", 915 - rows.count());
        assert!(shown.contains(&left), "{left}\n{shown}");
        assert!(shown.ends_with("\n```\n"), "how to get it again stays");
        assert_eq!(shown.matches("<details").count(), shown.matches("</details>").count());
    }
    let summary = Options { markdown_bytes: Options::STEP_SUMMARY_BYTES, ..Options::default() };
    assert!(!text(&audit, &summary).contains("Left out here"));
}

#[test]
fn blockers_stay_when_nearly_nothing_fits() {
    let options = Options { markdown_bytes: 4_500, ..Options::default() };
    let shown = text(&sample(), &options);
    assert!(shown.len() <= 4_500, "{}", shown.len());
    assert!(
        shown.contains("Credentials come from a vault") && !shown.contains("<details>"),
        "{shown}"
    );
}

#[test]
fn hostile_text_makes_nothing() {
    let options = Options { markdown_bytes: Options::STEP_SUMMARY_BYTES, ..Options::default() };
    let shown = text(&hostile(), &options);
    let (prose, command) = shown.rsplit_once("again:\n").unwrap();
    for forbidden in [
        "@team",
        "<script",
        "<img",
        "<svg",
        "![i]",
        "(https://e.",
        "**b**",
        "\n::",
        "##vso",
        " #12",
    ] {
        assert!(!prose.contains(forbidden), "{forbidden}: {prose}");
    }
    assert!(!shown.contains(|character: char| character.is_control() && character != '\n'));
    assert_eq!(prose.matches("<details").count(), prose.matches("</details>").count());
    assert_eq!(prose.matches("<code").count(), prose.matches("</code>").count());
    // The command stands in a fence that nothing in it closes.
    let lines: Vec<&str> = command.trim().lines().collect();
    assert_eq!((lines.len(), lines[0], lines[2]), (3, "````console", "````"));
}
