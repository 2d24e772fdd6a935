//! Complexity of functions: lizard's CSV, with or without its header, and its XML.

use crate::words::one_line;
use crate::xml::{self, Doctype, Step, Xml};
use crate::{Evidence, Issue, Kind, Measure, Trouble};

/// lizard warns of what is above.
const USUAL_LIMIT: f64 = 15.0;
const HEADER: &str = "NLOC,CCN,token";

pub(super) fn is_it(text: &str) -> bool {
    if text.trim_start().starts_with('<') {
        return xml::root(text).is_some_and(|root| root.name() == "cppncss");
    }
    let first = text.lines().next().unwrap_or_default();
    first.starts_with(HEADER) || record_of(first).is_some_and(|it| function(&it).is_some())
}

pub(super) fn read(text: &str) -> Result<Evidence, Trouble> {
    let functions = if text.trim_start().starts_with('<') { of_xml(text) } else { of_csv(text) }?;
    let mut evidence = Evidence::new(Kind::Complexity);
    evidence.tool = Some("lizard".to_owned());
    let Some(worst) = functions.iter().map(|function| function.complexity).reduce(f64::max) else {
        return Err(Trouble::new("names no function, so it measures nothing"));
    };
    evidence.measures.set(Measure::Complexity, worst);
    let mut complex: Vec<_> =
        functions.into_iter().filter(|function| function.complexity > USUAL_LIMIT).collect();
    complex.sort_by(|one, two| two.complexity.total_cmp(&one.complexity));
    for Function { name, complexity } in complex {
        let message = format!("has a cyclomatic complexity of {complexity}");
        evidence.push(Issue { name, message });
    }
    Ok(evidence)
}

struct Function {
    name: String,
    complexity: f64,
}

fn of_csv(text: &str) -> Result<Vec<Function>, Trouble> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut functions = Vec::new();
    loop {
        let line = u32::try_from(reader.position().line()).ok();
        let wrong = |message: &str| Trouble { line, column: None, message: message.to_owned() };
        match reader.read_record(&mut record) {
            Ok(true) if line == Some(1) && record.get(1) == Some("CCN") => {}
            Ok(true) => functions.push(function(&record).ok_or_else(|| {
                wrong(
                    "is no line of lizard's CSV, which are NLOC, CCN, token, PARAM, length, location, \
                     file, function, long_name, start, end",
                )
            })?),
            Ok(false) => return Ok(functions),
            Err(_) => return Err(wrong("is no valid CSV")),
        }
    }
}

fn record_of(line: &str) -> Option<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    reader.records().next()?.ok()
}

/// The function of a line; none if it is no line of lizard.
fn function(record: &csv::StringRecord) -> Option<Function> {
    let is_count = |column| record.get(column).is_some_and(|it: &str| it.parse::<u32>().is_ok());
    if record.len() < 11 || ![0, 1, 2, 3, 4, 9, 10].into_iter().all(is_count) {
        return None;
    }
    let complexity = record.get(1)?.parse::<u32>().ok()?;
    let (file, name, line) = (record.get(6)?, record.get(7)?, record.get(9)?);
    let name = one_line(&format!("{name} at {file}:{line}"), 200);
    Some(Function { name, complexity: f64::from(complexity) })
}

/// The items of the measure of functions; its labels tell which value is the complexity.
fn of_xml(text: &str) -> Result<Vec<Function>, Trouble> {
    let mut xml = Xml::new(text, "lizard's XML", Doctype::Refused);
    let root = xml.root(&["cppncss"])?;
    let mut functions = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let (mut is_function, mut labels, mut values) = (false, Vec::new(), 0);
    let mut name = String::new();
    while let Some(step) = xml.next()? {
        match step {
            Step::Open(element) => {
                match element.name() {
                    "measure" => {
                        is_function = element.attribute("type")?.is_some_and(|it| it == "Function");
                        labels.clear();
                    }
                    "item" => {
                        values = 0;
                        name = element.words("name", 200)?.unwrap_or_default();
                    }
                    _ => {}
                }
                path.push(element.name().to_owned());
            }
            Step::Text(text) => match path.last().map(String::as_str) {
                Some("label") if is_function => labels.push(text.into_owned()),
                Some("value") if is_function => {
                    if labels.get(values).is_some_and(|label| label == "CCN") {
                        let Ok(complexity) = text.parse::<u32>() else {
                            let text = one_line(&text, 40);
                            return Err(
                                root.wrong(format!("has the complexity `{text}`, no number"))
                            );
                        };
                        let complexity = f64::from(complexity);
                        functions.push(Function { name: name.clone(), complexity });
                    }
                    values += 1;
                }
                _ => {}
            },
            Step::Close => _ = path.pop(),
        }
    }
    Ok(functions)
}

#[cfg(test)]
mod tests {
    use super::{is_it, read};
    use crate::Measure;

    const LINE: &str =
        "11,18,55,3,11,\"cargo@16-26@hull.py\",\"hull.py\",\"cargo\",\"cargo( a , b )\",16,26\n";

    #[test]
    fn the_worst_function_counts() {
        let small = LINE.replace("11,18", "6,3");
        for text in [
            format!("{small}{LINE}"),
            format!(
                "NLOC,CCN,token,PARAM,length,location,file,function,long_name,start,end\n{LINE}"
            ),
        ] {
            assert!(is_it(&text));
            let evidence = read(&text).unwrap();
            assert_eq!(evidence.measures.get(Measure::Complexity), Some(18.0));
            assert_eq!(evidence.issues.len(), 1);
            assert_eq!(evidence.issues[0].name, "cargo at hull.py:16");
        }
    }

    #[test]
    fn xml_is_read_by_its_labels() {
        let text = r#"<cppncss><measure type="Function"><labels><label>Nr.</label><label>NCSS</label>
            <label>CCN</label></labels><item name="a(...) at a.c:1"><value>1</value><value>30</value>
            <value>7</value></item></measure><measure type="File"><labels><label>Nr.</label>
            <label>NCSS</label><label>CCN</label></labels><item name="a.c"><value>1</value>
            <value>1</value><value>99</value></item></measure></cppncss>"#;
        assert!(is_it(text));
        let evidence = read(text).unwrap();
        assert_eq!(evidence.measures.get(Measure::Complexity), Some(7.0));
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for (text, line) in [
            (format!("{LINE}1,2,3\n"), Some(2)),
            (LINE.replace("11,18", "11,-1"), Some(1)),
            (LINE.replace("11,18", "11,NaN"), Some(1)),
            (String::new(), None),
        ] {
            assert_eq!(read(&text).unwrap_err().line, line, "{text}");
        }
    }
}
