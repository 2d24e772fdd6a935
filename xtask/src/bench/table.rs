//! The table of a benchmark, and which budgets it keeps.

use std::fmt::Write as _;

use super::measure::Cost;

/// A corpus: the floor, careen, and the budgets.
pub(super) struct Row {
    /// Of the corpus.
    pub(super) name: String,
    /// What reading every file once costs.
    pub(super) floor: Cost,
    /// What `careen check` costs.
    pub(super) careen: Cost,
    /// The most CPU, as a multiple of the floor's.
    pub(super) most_ratio: Option<f64>,
    /// The most memory in megabytes.
    pub(super) most_peak: Option<f64>,
}

impl Row {
    /// CPU of careen as a multiple of the floor's; nothing if the floor is below one tick.
    fn ratio(&self) -> Option<f64> {
        (self.floor.cpu > 0.0).then(|| self.careen.cpu / self.floor.cpu)
    }

    /// Whether every budget of the row is kept.
    pub(super) fn is_kept(&self) -> bool {
        let is_below = |value: f64, most: Option<f64>| most.is_none_or(|most| value <= most);
        is_below(self.ratio().unwrap_or(0.0), self.most_ratio)
            && is_below(self.careen.peak, self.most_peak)
    }
}

/// The rows as aligned text with a header.
pub(super) fn render(rows: &[Row]) -> String {
    let mut text = String::new();
    if rows.is_empty() {
        return text;
    }
    let width = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(6);
    let _ = writeln!(
        text,
        "{:width$}  {:>9}  {:>9}  {:>6}  {:>6}  {:>10}  {:>8}  budget",
        "corpus", "floor CPU", "CPU", "ratio", "budget", "wall ratio", "peak MB"
    );
    for row in rows {
        let ratio = row.ratio().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.1}"));
        let most = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |it| format!("{it}"));
        let wall = row.careen.wall / row.floor.wall.max(f64::MIN_POSITIVE);
        let _ = writeln!(
            text,
            "{:width$}  {:>7.3} s  {:>7.2} s  {ratio:>6}  {:>6}  {wall:>10.1}  {:>8.1}  {:>6}  {}",
            row.name,
            row.floor.cpu,
            row.careen.cpu,
            most(row.most_ratio),
            row.careen.peak,
            most(row.most_peak),
            if row.is_kept() { "ok" } else { "OVER" }
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::measure::Cost;
    use super::{Row, render};

    fn row(cpu: f64, peak: f64) -> Row {
        Row {
            name: "source".into(),
            floor: Cost { cpu: 0.1, wall: 0.1, peak: 5.0 },
            careen: Cost { cpu, wall: 0.5, peak },
            most_ratio: Some(8.0),
            most_peak: Some(100.0),
        }
    }

    #[test]
    fn budgets_are_judged() {
        assert!(row(0.8, 100.0).is_kept());
        assert!(!row(0.9, 50.0).is_kept());
        assert!(!row(0.1, 100.1).is_kept());
    }

    #[test]
    fn the_table_names_what_is_over() {
        let text = render(&[row(0.9, 50.0)]);
        let last = text.lines().last().unwrap();
        assert!(last.contains("9.0") && last.contains("5.0") && last.ends_with("OVER"), "{text}");
        assert_eq!(render(&[]), "");
    }
}
