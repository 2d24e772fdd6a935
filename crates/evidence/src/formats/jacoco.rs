//! JaCoCo XML: the counters of the whole report.

use crate::moment::{self, earliest};
use crate::numbers::part_of;
use crate::xml::{self, Doctype, Element, Step, Xml};
use crate::{Evidence, Kind, Measure, Trouble};

/// How far the first parts of a report stand behind its start.
const HEAD: usize = 64 << 10;

pub(super) fn is_it(text: &str) -> bool {
    let head = &text[..text.floor_char_boundary(HEAD)];
    let parts = ["//JACOCO//", "<sessioninfo ", "<counter "];
    xml::root(text).is_some_and(|root| root.name() == "report")
        && parts.iter().any(|part| head.contains(part))
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let mut xml = Xml::new(text, "a JaCoCo report", Doctype::Named);
    let root = xml.root(&["report"])?;
    let mut evidence = Evidence::new(Kind::Jacoco);
    evidence.tool = Some("JaCoCo".to_owned());
    evidence.about.extend(root.words("name", 200)?);
    while let Some(step) = xml.next()? {
        let Step::Open(element) = step else { continue };
        // What stands deeper counts a package, a class or a method.
        if xml.depth() != 2 {
            continue;
        }
        match element.name() {
            "sessioninfo" => {
                let dumped = element.number("dump")?.and_then(moment::of_number);
                earliest(&mut evidence.produced_at, dumped);
            }
            "counter" => count(&element, &mut evidence)?,
            _ => {}
        }
    }
    if evidence.measures.get(Measure::LineCoverage).is_none() {
        return Err(root.wrong(
            "counts no lines: `report` needs a `counter` of type LINE, for which classes are \
             compiled with line numbers",
        ));
    }
    Ok(evidence)
}

fn count(element: &Element<'_>, evidence: &mut Evidence) -> Result<(), Trouble> {
    let measure = match element.attribute("type")?.as_deref() {
        Some("LINE") => Measure::LineCoverage,
        Some("BRANCH") => Measure::BranchCoverage,
        _ => return Ok(()),
    };
    let (missed, covered) = (element.number("missed")?, element.number("covered")?);
    let (Some(missed), Some(covered)) = (missed, covered) else {
        return Err(element.wrong("is a `counter` without `missed` or `covered`"));
    };
    if evidence.measures.get(measure).is_some() {
        return Err(element.wrong("is a second `counter` of this type for the whole report"));
    }
    if let Some(share) = part_of("covered", covered, missed + covered)? {
        evidence.measures.set(measure, share);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    #[test]
    fn the_counters_of_the_report_count() {
        let text = r#"<!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">
            <report name="ship"><sessioninfo id="a" start="1795716550000" dump="1795716560515"/>
            <package name="p"><counter type="LINE" missed="0" covered="9"/></package>
            <counter type="LINE" missed="1" covered="3"/><counter type="BRANCH" missed="0" covered="0"/>
            </report>"#;
        assert!(is_it(text));
        let evidence = read(text).unwrap();
        assert_eq!(evidence.measures.get(Measure::LineCoverage), Some(0.75));
        assert_eq!(evidence.measures.get(Measure::BranchCoverage), None);
        assert_eq!(evidence.produced_at, Some(1_795_716_560));
        assert_eq!(evidence.about, ["ship"]);
    }

    #[test]
    fn no_lines_are_no_evidence() {
        for counters in [
            "",
            r#"<counter type="LINE" missed="0" covered="0"/>"#,
            r#"<counter type="LINE" missed="-1" covered="2"/>"#,
            r#"<counter type="LINE" covered="2"/>"#,
            r#"<counter type="LINE" missed="9" covered="0"/><counter type="LINE" missed="0" covered="1"/>"#,
        ] {
            assert!(read(&format!("<report>{counters}</report>")).is_err(), "{counters}");
        }
        assert!(!is_it("<report><summary/></report>"));
    }
}
