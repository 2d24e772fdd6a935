//! When the windows of `spec.renewal` open, and how long they stay closed.

use crate::date::DAY;

/// Days that are looked at for gaps, and for an opening at all: the longest way from one leap day
/// to the next is eight years.
const GAPS: i64 = 2 * 366;
const OPENINGS: i64 = 9 * 366;
/// Most windows of one Certificate.
pub(crate) const MOST_WINDOWS: usize = 16;

/// A window: it opens when its cron expression says, for so many seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    cron: Cron,
    duration: i64,
    /// Minute of the day of the first and of the last opening.
    first: i64,
    last: i64,
    /// Longest time in seconds from one opening to the next on the same day.
    apart: i64,
}

/// Five fields: minute, hour, day of the month, month, day of the week, as sets of bits.
#[derive(Clone, Copy, Debug)]
struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether one of the days is `*`, so that both must fit; else one is enough.
    both: bool,
}

impl Window {
    /// None where the expression is not one that cert-manager takes.
    pub(crate) fn new(cron: &str, duration: i64) -> Option<Self> {
        let cron = Cron::parse(cron)?;
        let (mut first, mut last, mut apart) = (None, 0, 0);
        for minute in 0..24 * 60 {
            if cron.hours >> (minute / 60) & 1 == 1 && cron.minutes >> (minute % 60) & 1 == 1 {
                if first.is_some() {
                    apart = apart.max((minute - last) * 60);
                }
                first.get_or_insert(minute);
                last = minute;
            }
        }
        Some(Self { cron, duration: duration.max(0), first: first?, last, apart })
    }
}

impl Cron {
    fn parse(text: &str) -> Option<Self> {
        const MONTHS: [&str; 12] =
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
        let mut fields = text.split_ascii_whitespace();
        let (minutes, _) = field(fields.next()?, 0, 59, &[])?;
        let (hours, _) = field(fields.next()?, 0, 23, &[])?;
        let (days, every_day) = field(fields.next()?, 1, 31, &[])?;
        let (months, _) = field(fields.next()?, 1, 12, &MONTHS)?;
        let (weekdays, every_weekday) = field(fields.next()?, 0, 6, &WEEKDAYS)?;
        let both = every_day || every_weekday;
        fields.next().is_none().then_some(Self { minutes, hours, days, months, weekdays, both })
    }

    /// Whether it opens on a day, in days since 1970.
    fn opens_on(&self, day: i64) -> bool {
        let (month, of_month) = month_and_day(day);
        let weekday = (day + 4).rem_euclid(7);
        let of_month = self.days >> of_month & 1 == 1;
        let of_week = self.weekdays >> weekday & 1 == 1;
        let fits = if self.both { of_month && of_week } else { of_month || of_week };
        fits && self.months >> month & 1 == 1
    }
}

/// A set of bits, and whether the field is `*` without a step.
fn field(text: &str, low: u32, high: u32, names: &[&str]) -> Option<(u64, bool)> {
    let value = |text: &str| {
        let name = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        match name {
            Some(at) => u32::try_from(at).ok().map(|at| at + low),
            None => text.parse::<u32>().ok(),
        }
    };
    let (mut bits, mut star) = (0_u64, false);
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                (range, Some(step.parse::<u32>().ok().filter(|step| *step > 0)?))
            }
            None => (part, None),
        };
        let (from, to) = if range == "*" || range == "?" {
            star |= step.is_none_or(|step| step == 1);
            (low, high)
        } else if let Some((from, to)) = range.split_once('-') {
            (value(from)?, value(to)?)
        } else {
            let from = value(range)?;
            (from, if step.is_some() { high } else { from })
        };
        if from < low || to > high || from > to {
            return None;
        }
        let step = usize::try_from(step.unwrap_or(1)).ok()?;
        for bit in (from..=to).step_by(step) {
            bits |= 1 << bit;
        }
    }
    Some((bits, star))
}

/// Month and day of the month of a day since 1970, in the proleptic Gregorian calendar.
const fn month_and_day(day: i64) -> (i64, i64) {
    let day = day + 719_468;
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    (if month < 10 { month + 3 } else { month - 9 }, of_month)
}

/// The longest time in seconds, from a moment on, in which all windows are closed. None where no
/// one ever opens. Time zones move all of this alike and are not looked at.
pub(crate) fn longest_gap(windows: &[Window], from: i64) -> Option<i64> {
    let start = from.div_euclid(DAY);
    let end = start + GAPS;
    let mut longest = match windows {
        [alone] => alone.apart - alone.duration,
        _ => 0,
    };
    let (mut closed, mut opened) = (start * DAY, false);
    let mut today = Vec::new();
    for day in start..end {
        let open = windows.iter().take(MOST_WINDOWS).filter(|window| window.cron.opens_on(day));
        today.extend(open.map(|window| {
            let at = |minute: i64| day * DAY + minute * 60;
            (at(window.first), at(window.last) + window.duration)
        }));
        today.sort_unstable();
        for (opens, closes) in today.drain(..) {
            longest = longest.max(opens - closed);
            closed = closed.max(closes);
            opened = true;
        }
    }
    let opens_later =
        || (end..start + OPENINGS).any(|day| windows.iter().any(|each| each.cron.opens_on(day)));
    (opened || opens_later()).then_some(longest.max(end * DAY - closed).max(0))
}

#[cfg(test)]
mod tests {
    use super::{Window, longest_gap, month_and_day};
    use crate::date::{DAY, parse_day};

    const HOUR: i64 = 3_600;

    fn gap(windows: &[(&str, i64)]) -> Option<i64> {
        let windows: Vec<_> =
            windows.iter().map(|(cron, hours)| Window::new(cron, hours * HOUR).unwrap()).collect();
        longest_gap(&windows, parse_day("2026-12-01").unwrap())
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (day, expected) in
            [("1970-01-01", (1, 1)), ("2028-02-29", (2, 29)), ("2026-12-31", (12, 31))]
        {
            assert_eq!(month_and_day(parse_day(day).unwrap() / DAY), expected, "{day}");
        }
    }

    #[test]
    fn gaps_are_those_of_the_calendar() {
        assert_eq!(gap(&[("0 4 * * *", 3)]), Some(21 * HOUR));
        assert_eq!(gap(&[("0 */6 * * *", 1)]), Some(5 * HOUR));
        assert_eq!(gap(&[("0 4 * * 2", 3)]), Some(7 * DAY - 3 * HOUR));
        assert_eq!(gap(&[("0 4 * * tue", 3), ("0 4 * * FRI", 3)]), Some(4 * DAY - 3 * HOUR));
        assert_eq!(gap(&[("0 1 1 * *", 4)]), Some(31 * DAY - 4 * HOUR));
        assert_eq!(gap(&[("0 0 31 2 *", 4)]), None);
        assert!(gap(&[("0 0 29 2 *", 4)]).unwrap() > 400 * DAY);
        // One of the two days is enough where both are given.
        assert_eq!(gap(&[("0 0 1 * 1", 0)]), Some(7 * DAY));
    }

    #[test]
    fn what_is_no_expression_is_none() {
        for text in ["", "* * * *", "* * * * * *", "60 * * * *", "* * 0 * *", "*/0 * * * *", "a"] {
            assert!(Window::new(text, 1).is_none(), "{text}");
        }
    }
}
