//! `lcov.info`: what tests reach, file by file.
//!
//! A file may have several records, one for each test. Where totals and lines disagree, what says less is
//! believed.

use std::collections::BTreeMap;

use crate::numbers::{count, part_of};
use crate::words::one_line;
use crate::{Evidence, Kind, Measure, Trouble};

pub(super) fn is_it(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.starts_with("TN:") || line.starts_with("SF:"))
        && text.contains("SF:")
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let mut reader = Reader::default();
    for (at, line) in text.lines().enumerate() {
        reader.line(line.trim()).map_err(|message| Trouble {
            line: u32::try_from(at + 1).ok(),
            column: None,
            message,
        })?;
    }
    reader.finish()
}

/// What a record says.
#[derive(Default)]
struct Counts {
    found: Option<f64>,
    hit: Option<f64>,
}

#[derive(Default)]
struct Record {
    file: String,
    lines: Counts,
    branches: Counts,
    /// Lines, and whether they were reached.
    each: BTreeMap<u32, bool>,
    branches_found: usize,
    branches_hit: usize,
}

/// What all records of a file say.
#[derive(Default)]
struct File {
    found: f64,
    hit: f64,
    branches_found: f64,
    branches_hit: f64,
    each: BTreeMap<u32, bool>,
    records: usize,
}

#[derive(Default)]
struct Reader {
    record: Option<Record>,
    files: BTreeMap<String, File>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if line == "end_of_record" {
            let record = self.record.take().ok_or("ends a record that has no `SF:`")?;
            return self.keep(record);
        }
        let Some((key, value)) = line.split_once(':') else {
            return Err(format!(
                "`{}` is no line of lcov, which are `KEY:value`",
                one_line(line, 60)
            ));
        };
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(format!(
                "`{}` is no key of lcov: is this another file?",
                one_line(key, 60)
            ));
        }
        if key == "SF" {
            if self.record.is_some() {
                return Err("begins a file before the record of the last one ended".to_owned());
            }
            self.record = Some(Record { file: value.to_owned(), ..Record::default() });
            return Ok(());
        }
        let Some(record) = &mut self.record else {
            return if key == "TN" { Ok(()) } else { Err(format!("`{key}:` stands before `SF:`")) };
        };
        match key {
            "LF" => record.lines.found = Some(number(key, value)?),
            "LH" => record.lines.hit = Some(number(key, value)?),
            "BRF" => record.branches.found = Some(number(key, value)?),
            "BRH" => record.branches.hit = Some(number(key, value)?),
            "DA" => record.reach(value)?,
            "BRDA" => {
                record.branches_found += 1;
                let taken = value.rsplit(',').next().unwrap_or_default();
                record.branches_hit += usize::from(taken.parse::<f64>().is_ok_and(|it| it > 0.0));
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&mut self, record: Record) -> Result<(), String> {
        let found = record.lines.found.unwrap_or_default().max(count(record.each.len()));
        let reached = count(record.each.values().filter(|hit| **hit).count());
        let hit = match record.lines.hit {
            Some(hit) if record.each.is_empty() => hit,
            Some(hit) => hit.min(reached),
            None => reached,
        };
        let branches_found =
            record.branches.found.unwrap_or_default().max(count(record.branches_found));
        let branches_hit = match record.branches.hit {
            Some(hit) if record.branches_found == 0 => hit,
            Some(hit) => hit.min(count(record.branches_hit)),
            None => count(record.branches_hit),
        };
        if hit > found || branches_hit > branches_found {
            return Err("counts more that is reached than there is".to_owned());
        }
        let file = self.files.entry(record.file).or_default();
        file.records += 1;
        file.found = file.found.max(found);
        file.hit = file.hit.max(hit);
        file.branches_found = file.branches_found.max(branches_found);
        file.branches_hit = file.branches_hit.max(branches_hit);
        for (line, hit) in record.each {
            *file.each.entry(line).or_default() |= hit;
        }
        Ok(())
    }

    fn finish(self) -> Result<Evidence, Trouble> {
        if let Some(record) = self.record {
            let file = one_line(&record.file, 200);
            let message = format!("ends within the record of {file}: was it written to its end?");
            return Err(Trouble::new(message));
        }
        let mut sums = [0.0; 4];
        for file in self.files.values() {
            // What several tests reach together is known line by line only.
            let together = count(file.each.values().filter(|hit| **hit).count());
            let hit = if file.records > 1 { file.hit.max(together) } else { file.hit };
            let found = file.found.max(count(file.each.len()));
            let parts = [hit, found, file.branches_hit, file.branches_found];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part;
            }
        }
        let [hit, found, branches_hit, branches_found] = sums;
        let mut evidence = Evidence::new(Kind::Lcov);
        let Some(lines) = part_of("reached", hit, found)? else {
            return Err(Trouble::new(
                "measures no lines: it needs files (`SF:`) with lines (`DA:`)",
            ));
        };
        evidence.measures.set(Measure::LineCoverage, lines);
        if let Some(branches) = part_of("reached", branches_hit, branches_found)? {
            evidence.measures.set(Measure::BranchCoverage, branches);
        }
        Ok(evidence)
    }
}

impl Record {
    /// A line and how often it ran. Negative counts come from overflows of old compilers; such a line does
    /// not count as reached.
    fn reach(&mut self, value: &str) -> Result<(), String> {
        let mut parts = value.split(',');
        let line = parts.next().and_then(|line| line.trim().parse::<u32>().ok());
        let hits = parts.next().and_then(|hits| hits.trim().parse::<f64>().ok());
        let (Some(line), Some(hits)) = (line, hits.filter(|hits| hits.is_finite())) else {
            return Err(format!("`DA:{}` is no line with its count", one_line(value, 60)));
        };
        *self.each.entry(line).or_default() |= hits > 0.0;
        Ok(())
    }
}

fn number(key: &str, value: &str) -> Result<f64, String> {
    match value.trim().parse::<u32>() {
        Ok(number) => Ok(f64::from(number)),
        Err(_) => Err(format!("`{key}:{}` is no count", one_line(value, 60))),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    fn lines(text: &str) -> f64 {
        read(text).unwrap().measures.get(Measure::LineCoverage).unwrap()
    }

    #[test]
    fn totals_or_lines() {
        assert!((lines("TN:\nSF:a\nLF:4\nLH:3\nend_of_record\n") - 0.75).abs() < 1e-9);
        assert!((lines("SF:a\nDA:1,1\nDA:2,0\nend_of_record\n") - 0.5).abs() < 1e-9);
        let both = "SF:a\nLF:4\nLH:4\nend_of_record\nSF:b\nLF:4\nLH:0\nend_of_record\n";
        assert!((lines(both) - 0.5).abs() < 1e-9);
        assert!(is_it(both));
    }

    #[test]
    fn totals_that_say_more_than_the_lines_are_not_believed() {
        assert!((lines("SF:a\nDA:1,0\nDA:2,1\nLF:2\nLH:2\nend_of_record\n") - 0.5).abs() < 1e-9);
    }

    #[test]
    fn what_several_tests_reach_counts_once() {
        let text = "TN:one\nSF:a\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\n\
                    TN:two\nSF:a\nDA:1,0\nDA:2,5\nLF:2\nLH:1\nend_of_record\n";
        assert!((lines(text) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn branches_are_counted_too() {
        let text = "SF:a\nDA:1,1\nBRDA:1,0,0,1\nBRDA:1,0,1,-\nend_of_record\n";
        let evidence = read(text).unwrap();
        assert_eq!(evidence.measures.get(Measure::BranchCoverage), Some(0.5));
    }

    #[test]
    fn what_is_malformed_says_its_line() {
        for (text, line) in [
            ("SF:a\nLF:x\nend_of_record", Some(2)),
            ("SF:a\nLF:1\nLH:2\nend_of_record", Some(4)),
            ("SF:a\nLF:-1\nend_of_record", Some(2)),
            ("SF:a\nDA:1,NaN\nend_of_record", Some(2)),
            ("SF:a\nSF:b", Some(2)),
            ("LF:1", Some(1)),
            ("{\"a\": 1}", Some(1)),
            ("SF:a\nDA:1,1", None),
            ("TN:", None),
            ("", None),
        ] {
            assert_eq!(read(text).unwrap_err().line, line, "{text}");
        }
    }
}
