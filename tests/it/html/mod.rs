//! The page in a real browser: inert, readable with and without script, by keyboard, on paper.

mod audit;
mod browser;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use self::browser::Browser;
use crate::harness::{AT, POD, folder, root, run};

const CHECKS: &str = include_str!("checks.js");
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

/// The report on a folder as a page, in a folder that lives as long.
fn page(directory: &Path, arguments: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let output = format!("html={}", path.display());
    let usual = ["check", "--format", "json", "--at", AT, "--output", &output];
    let run = run(directory, &[&usual, arguments].concat());
    assert!(run.code < 2, "{}", run.stderr);
    (folder, path)
}

fn harbor() -> (TempDir, PathBuf) {
    page(&root(), &["fixtures/repos/harbor"])
}

#[test]
fn standard_output_is_the_same_page() {
    let (_folder, path) = harbor();
    let run = run(&root(), &["check", "fixtures/repos/harbor", "--format", "html", "--at", AT]);
    assert_eq!(run.code, 1);
    assert!(run.stdout == fs::read_to_string(path).unwrap(), "two pages of one report differ");
    assert!(run.stdout.starts_with("<!doctype html>") && run.stdout.ends_with("</html>\n"));
}

#[test]
fn secrets_are_not_on_the_page() {
    let (_folder, path) = harbor();
    let html = fs::read_to_string(path).unwrap();
    let secrets = fs::read_to_string(root().join("fixtures/repos/harbor/.env")).unwrap();
    let values = secrets.lines().filter_map(|line| line.split_once("SECRET=")).map(|it| it.1);
    for value in values {
        assert!(!html.contains(value.trim_matches('"')), "a secret is on the page");
    }
    assert!(html.contains("********"));
}

/// A repository whose names and texts would be markup, script and disguise, with notes and something
/// suppressed.
fn hostile() -> (TempDir, PathBuf) {
    let markup = "\"'><img src=x onerror=window.pwned=1><script>window.pwned=2<";
    let spec = "spec: {containers: [{name: 'a\u{202e}<b>', image: ''}]}";
    let name = "</script></style><script>window.pwned=3</script><svg onload=alert(1)>";
    let pod = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: '{name}', namespace: \"\\0\\e[31m\"}}\n{spec}\n"
    );
    let reason =
        "# careen: ignore[host-port] </script><img src=x onerror=alert(1)> javascript:alert(1)";
    let quiet = format!("{POD}    ports: [{{hostPort: 80}}] {reason}\n");
    let files: [(&str, &[u8]); 6] = [
        (&format!("{markup}.yaml"), pod.as_bytes()),
        ("bidi\u{202e}\u{2066}lmay.yaml", pod.as_bytes()),
        ("Dockerfile", b"FROM \"'><img/src=x/onerror=alert(1)>\nRUN curl -k https://a | sh\n"),
        ("z.yaml", quiet.as_bytes()),
        ("chart/Chart.yaml", b"apiVersion: v2\nname: a\nversion: 1.0.0\n"),
        ("chart/templates/<i>.yaml", b"kind: {{ .Values.kind }}\nmetadata: {name: {{ .a }}}\n"),
    ];
    let folder = folder(&files);
    page(folder.path(), &["--show-suppressed"])
}

#[test]
fn hostile_repositories_are_inert() {
    let Some(browser) = Browser::start() else { return };
    let (_page, path) = hostile();
    browser.open(&path);
    assert_eq!(browser.console(), [""; 0]);
    let found = browser.run(
        "return {pwned: String(window.pwned), images: document.images.length,
            scripts: document.scripts.length, styles: document.querySelectorAll('style').length,
            svg: document.querySelectorAll('svg').length, bold: document.querySelectorAll('h4 b').length,
            handlers: document.querySelectorAll('[onerror], [onload], [onclick]').length,
            odd: [...document.links].filter((it) => !/^(https?|file):/.test(it.href)).length,
            hidden: /[\\u0000-\\u0008\\u000b-\\u001f\\u202a-\\u202e\\u2066-\\u2069]/
                .test(document.body.textContent),
            marks: document.querySelectorAll('.raw').length > 3,
            names: document.body.textContent.includes('onerror=window.pwned=1><script>window.pwned=2<.yaml'),
        }",
    );
    let expected = json!({"pwned": "undefined", "images": 0, "scripts": 1, "styles": 1, "svg": 0,
        "bold": 0, "handlers": 0, "odd": 0, "hidden": false, "marks": true, "names": true});
    assert_eq!(found, expected);
}

#[test]
fn what_is_added_to_the_page_does_not_run() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = harbor();
    // As if escaping had failed somewhere: the policy of the page is a second wall.
    let html = fs::read_to_string(&path).unwrap();
    let evil = "<main><script>window.pwned=1</script><img src=x onerror=window.pwned=2>\
                <p id=probe style='color:red'>a</p>";
    fs::write(&path, html.replacen("<main>", evil, 1)).unwrap();
    browser.open(&path);
    assert!(!browser.console().is_empty(), "the browser says what it refused");
    let script =
        "return [String(window.pwned), getComputedStyle(document.getElementById('probe')).color]";
    let found = browser.run(script);
    assert_eq!(found[0], "undefined");
    assert_ne!(found[1], "rgb(255, 0, 0)");
    assert_eq!(browser.run("return document.querySelectorAll('#search').length"), 1);
}

#[test]
fn everyone_can_read_it() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, harbor) = harbor();
    let clean = folder(&[("a.txt", b"nothing\n")]);
    let (_clean, clean) = page(clean.path(), &[]);
    let (_hostile, hostile) = hostile();
    for page in [harbor, clean, hostile] {
        for (width, scheme) in [(1_400, "light"), (1_400, "dark"), (360, "light"), (360, "dark")] {
            browser.resize(width, 900);
            browser.prefer("screen", scheme);
            browser.open(&page);
            for folded in
                ["", "for (const it of document.querySelectorAll('details')) it.open = true;"]
            {
                browser.run(folded);
                let faults = browser.run(CHECKS);
                assert_eq!(faults, json!([]), "{} at {width}, {scheme}", page.display());
            }
        }
    }
    assert_eq!(browser.console(), [""; 0]);
}

const SHOWN: &str = "return [...document.querySelectorAll('.finding')].filter((it) => \
                     it.checkVisibility()).length";

#[test]
fn filters_work_by_keyboard() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = harbor();
    browser.open(&path);
    let all = browser.run(SHOWN).as_u64().unwrap();
    assert!(all > 60, "{all}");
    let focus = "const it = document.activeElement; const style = getComputedStyle(it);\
                 return [it.textContent || it.value || it.id, style.outlineStyle, parseFloat(style.outlineWidth) > 1]";
    browser.press(TAB);
    assert_eq!(browser.run(focus), json!(["Skip to the findings", "solid", true]));
    browser.press(ENTER);
    browser.press(TAB);
    let at = browser.run("return [document.activeElement.id, location.hash]");
    assert_eq!(at, json!(["search", "#findings"]));

    browser.press("memory");
    let status = "return document.getElementById('status').textContent";
    let said = browser.run_after_frame(status);
    let shown = browser.run(SHOWN).as_u64().unwrap();
    assert!(0 < shown && shown < all, "{shown}");
    assert_eq!(said, json!(format!("{shown} of {all} findings shown.")));
    let messages = browser.run(
        "return [...document.querySelectorAll('.finding:not([hidden])')].every((it) => \
         it.closest('.place').textContent.toLowerCase().includes('memory'))",
    );
    assert_eq!(messages, true);

    browser.press(TAB);
    assert_eq!(browser.run(focus), json!(["critical", "solid", true]));
    browser.press(TAB);
    browser.press(" ");
    browser.run_after_frame("");
    let high =
        "return document.querySelectorAll('.finding[data-severity=high]:not([hidden])').length";
    assert_eq!(browser.run(high), 0);
    let empty = "return [...document.querySelectorAll('.file, .place')].filter((it) => \
                 it.checkVisibility() && !it.querySelector('.finding:not([hidden])')).length";
    assert_eq!(browser.run(empty), 0);

    for _ in 0..12 {
        browser.press(TAB);
        if browser.run("return document.activeElement.localName") == "button" {
            break;
        }
    }
    assert_eq!(browser.run(focus), json!(["Show all", "solid", true]));
    browser.press(ENTER);
    browser.run_after_frame("");
    assert_eq!(browser.run(SHOWN), all);
    assert_eq!(browser.run(status), "");
    assert_eq!(browser.run("return document.activeElement.id"), "search");
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn no_script_is_needed() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = harbor();
    browser.command("Emulation.setScriptExecutionDisabled", &json!({"value": true}));
    browser.prefer("screen", "light");
    browser.open(&path);
    let page = browser.run(
        "return [document.querySelectorAll('input, button').length, \
         document.querySelectorAll('.finding').length > 60, \
         document.querySelectorAll('.rule[open]').length]",
    );
    assert_eq!(page, json!([0, true, 0]));
    // A link to a rule opens what is folded around it.
    browser.click(".finding .meta a");
    let opened = browser.run(
        "const at = document.querySelector(location.hash);\
         return [location.hash.startsWith('#r'), at.closest('details').open, at.checkVisibility()]",
    );
    assert_eq!(opened, json!([true, true, true]));
    browser.click(".rule[open] > summary");
    assert_eq!(browser.run("return document.querySelectorAll('.rule[open]').length"), 0);
}

#[test]
fn it_prints() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = harbor();
    browser.prefer("print", "dark");
    browser.open(&path);
    let found = browser.run(
        "const seen = (it) => it.getBoundingClientRect().height > 0;
         const all = (selector) => [...document.querySelectorAll(selector)];
         return {
            folded: all('.manual, .finding').filter((it) => !seen(it)).length,
            screen: all('.contents, .filter, .skip').filter(seen).length,
            torn: all('.finding, .card').filter((it) => getComputedStyle(it).breakInside !== 'avoid').length,
            page: getComputedStyle(document.body).backgroundColor,
            addresses: all('.manual a[href^=http]').every((it) => it.textContent === it.getAttribute('href')
                || it.textContent.startsWith('CWE-')),
         }",
    );
    let expected = json!({"folded": 0, "screen": 0, "torn": 0, "page": "rgb(255, 255, 255)", "addresses": true});
    assert_eq!(found, expected);
    let pdf = browser.print();
    // `%PDF-` in base64.
    assert!(pdf.starts_with("JVBERi") && pdf.len() > 50_000, "{} characters", pdf.len());
    assert_eq!(browser.console(), Vec::<Value>::new());
}
