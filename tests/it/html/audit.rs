//! The page of an audit in a real browser. What is shown comes from the tests of the writers: they have an
//! audit with everything that there can be, which no repository has at once.

use std::fs;
use std::path::PathBuf;

use careen_audit_model::Audit;
use careen_report::{AuditFormat, Options, write_audit};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::browser::Browser;
use super::{CHECKS, ENTER, TAB};
use crate::audit::sample;

/// An audit as a page, in a folder that lives as long.
fn page(audit: &Audit) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.html");
    let mut html = Vec::new();
    write_audit(audit, AuditFormat::Html, &Options::default(), &mut html).unwrap();
    fs::write(&path, html).unwrap();
    (folder, path)
}

#[test]
fn hostile_audits_are_inert() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = page(&sample::hostile());
    browser.open(&path);
    assert_eq!(browser.console(), [""; 0]);
    let found = browser.run(
        "return {pwned: String(window.pwned), images: document.images.length,
            scripts: document.scripts.length, styles: document.querySelectorAll('style').length,
            svg: document.querySelectorAll('svg').length,
            handlers: document.querySelectorAll('[onerror], [onload], [onclick]').length,
            odd: [...document.links].filter((it) => !/^file:/.test(it.href)).length,
            hidden: /[\\u0000-\\u0008\\u000b-\\u001f\\u202a-\\u202e\\u2066-\\u2069]/
                .test(document.body.textContent),
            marks: document.querySelectorAll('.raw').length > 3,
            names: document.body.textContent.includes('<script>window.pwned=1</script>'),
        }",
    );
    let expected = json!({"pwned": "undefined", "images": 0, "scripts": 1, "styles": 1, "svg": 0,
        "handlers": 0, "odd": 0, "hidden": false, "marks": true, "names": true});
    assert_eq!(found, expected);
}

#[test]
fn everyone_can_read_an_audit() {
    let Some(browser) = Browser::start() else { return };
    let audits = [sample::sample(), sample::waived(), sample::go(), sample::hostile()];
    for (number, audit) in audits.iter().enumerate() {
        let (_folder, path) = page(audit);
        for (width, scheme) in [(1_400, "light"), (1_400, "dark"), (360, "light"), (360, "dark")] {
            browser.resize(width, 900);
            browser.prefer("screen", scheme);
            browser.open(&path);
            for folded in
                ["", "for (const it of document.querySelectorAll('details')) it.open = true;"]
            {
                browser.run(folded);
                let faults = browser.run(CHECKS);
                assert_eq!(faults, json!([]), "audit {number} at {width}, {scheme}");
            }
        }
    }
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn the_first_screen_says_who_must_act_on_what() {
    let Some(browser) = Browser::start() else { return };
    let audit = sample::sample();
    let (_folder, path) = page(&audit);
    for (width, height) in [(1_280, 720), (360, 740)] {
        browser.resize(width, height);
        browser.prefer("screen", "light");
        browser.open(&path);
        let found = browser.run(
            "const inside = (it) => { const box = it.getBoundingClientRect();
                return box.top >= 0 && box.bottom <= innerHeight && box.height > 0; };
             const seen = [...document.querySelectorAll('h1, .roles h3, .roles a')].filter(inside);
             return seen.map((it) => it.textContent.trim());",
        );
        let seen: Vec<&str> = found.as_array().unwrap().iter().flat_map(Value::as_str).collect();
        let titles = audit.blockers().map(|control| control.title.as_str());
        for expected in titles.chain(["NO-GO: 5 blockers", "security 2 blockers", "dba 1 blocker"])
        {
            assert!(seen.contains(&expected), "{expected} at {width}: {seen:?}");
        }
    }
    // What is named there leads to its causes.
    browser.click(".roles a");
    let at = browser.run("return document.querySelector(location.hash).textContent");
    assert!(at.as_str().unwrap().contains("deploy/api.yaml:24:18"), "{at}");
}

const SHOWN: &str = "return [...document.querySelectorAll('.item')].filter((it) => \
                     it.checkVisibility()).length";

#[test]
fn the_checklist_is_filtered_by_keyboard() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = page(&sample::sample());
    browser.prefer("screen", "light");
    browser.open(&path);
    browser.press(TAB);
    browser.press(ENTER);
    browser.press(TAB);
    let at = browser.run("return [document.activeElement.id, location.hash]");
    assert_eq!(at, json!(["search", "#checklist"]));
    let groups = "return [...document.querySelectorAll('legend')].map((it) => it.textContent)";
    assert_eq!(browser.run(groups), json!(["Status", "Owner"]));
    // What passes is folded, and opens when it is asked for.
    browser.press("readme");
    let said = browser.run_after_frame("return document.getElementById('status').textContent");
    assert_eq!(said, json!("1 of 15 lines shown."));
    assert_eq!(browser.run(SHOWN), 1);
    browser.press(TAB);
    browser.press(" ");
    let said = browser.run_after_frame("return document.getElementById('status').textContent");
    assert_eq!(said, json!("1 of 15 lines shown."), "it is no failure");
    browser.click(".filter button");
    let words = "for (const box of document.querySelectorAll('.filter input[type=checkbox]')) \
                 if (box.dataset.key === 'owner' && box.value !== 'dba') box.click();";
    browser.run(words);
    let said = browser.run_after_frame("return document.getElementById('status').textContent");
    assert_eq!(said, json!("3 of 15 lines shown."));
    let all = "return [...document.querySelectorAll('.item:not([hidden])')].every((it) => \
               it.dataset.owner === 'dba')";
    assert_eq!(browser.run(all), true);
    assert_eq!(browser.console(), [""; 0]);
}

#[test]
fn an_audit_needs_no_script() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = page(&sample::sample());
    browser.command("Emulation.setScriptExecutionDisabled", &json!({"value": true}));
    browser.prefer("screen", "light");
    browser.open(&path);
    let page = browser.run(
        "return [document.querySelectorAll('input, button').length, \
         document.querySelectorAll('.item').length, document.querySelectorAll('.blocker').length]",
    );
    assert_eq!(page, json!([0, 15, 5]));
    let shown = browser.run(SHOWN).as_u64().unwrap();
    assert!(0 < shown && shown < 15, "{shown}");
    browser.click(".part:not([open]) > summary");
    assert!(browser.run(SHOWN).as_u64().unwrap() > shown);
}

#[test]
fn an_audit_prints() {
    let Some(browser) = Browser::start() else { return };
    let (_folder, path) = page(&sample::sample());
    // The width of a sheet of A4 within its margins, in pixels of CSS.
    browser.resize(688, 1_000);
    browser.prefer("print", "dark");
    browser.open(&path);
    let found = browser.run(
        "const seen = (it) => it.getBoundingClientRect().height > 0;
         const all = (selector) => [...document.querySelectorAll(selector)];
         const bottom = (it) => it.getBoundingClientRect().bottom + scrollY;
         return {
            folded: all('.item, .blocker').filter((it) => !seen(it)).length,
            screen: all('.contents, .filter, .skip').filter(seen).length,
            torn: all('.item, .blocker, .roles > li, .entries > li')
                .filter((it) => getComputedStyle(it).breakInside !== 'avoid').length,
            page: getComputedStyle(document.body).backgroundColor,
            word: getComputedStyle(document.querySelector('h1 .word')).color,
            first: bottom(document.querySelector('.facts')) < 1000,
         }",
    );
    let expected = json!({"folded": 0, "screen": 0, "torn": 0, "page": "rgb(255, 255, 255)",
        "word": "rgb(165, 14, 45)", "first": true});
    assert_eq!(found, expected);
    let pdf = browser.print();
    assert!(pdf.starts_with("JVBERi") && pdf.len() > 50_000, "{} characters", pdf.len());
    assert_eq!(browser.console(), [""; 0]);
}
