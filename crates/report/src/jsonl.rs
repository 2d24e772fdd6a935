//! `careen/1` for programs that read a line at a time: a line for each finding, then one for each
//! note, and a last one with the counts. `type` tells them apart; the other keys are those of JSON.

use std::io;

use careen_rule::Report;
use serde::Serialize;

use crate::{Options, harmless, json, shown};

pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for finding in shown(report, options) {
        line("finding", json::finding(finding), out)?;
    }
    for note in &report.notes {
        line("note", json::note(note), out)?;
    }
    line("summary", Last { head: json::head(report), summary: json::summary(report) }, out)
}

#[derive(Serialize)]
struct Line<T> {
    r#type: &'static str,
    #[serde(flatten)]
    value: T,
}

#[derive(Serialize)]
struct Last<H, S> {
    #[serde(flatten)]
    head: H,
    #[serde(flatten)]
    summary: S,
}

fn line(kind: &'static str, value: impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    harmless::write(&Line { r#type: kind, value }, false, out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::sample::{hostile, usual};
    use crate::{Format, Options, write};

    fn lines(report: &careen_rule::Report, format: Format) -> Vec<Value> {
        let options = Options { show_suppressed: true, ..Options::default() };
        let mut bytes = Vec::new();
        write(report, format, &options, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        if format == Format::Json {
            return vec![serde_json::from_str(&text).unwrap()];
        }
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn the_lines_are_the_parts_of_the_document() {
        for report in [usual(), hostile()] {
            let mut lines = lines(&report, Format::Jsonl);
            let document = self::lines(&report, Format::Json).remove(0);
            let mut last = lines.pop().unwrap();
            let (mut findings, mut notes) = (Vec::new(), Vec::new());
            for mut line in lines {
                match line.as_object_mut().unwrap().remove("type").unwrap().as_str().unwrap() {
                    "finding" => findings.push(line),
                    "note" => notes.push(line),
                    other => panic!("{other}"),
                }
            }
            assert_eq!(document["findings"], Value::from(findings));
            assert_eq!(document["notes"], Value::from(notes));
            let last = last.as_object_mut().unwrap();
            assert_eq!(last.remove("type").unwrap(), "summary");
            for key in ["schema", "tool", "at"] {
                assert_eq!(last.remove(key).unwrap(), document[key]);
            }
            assert_eq!(document["summary"], Value::from(last.clone()));
        }
    }
}
