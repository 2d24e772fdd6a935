//! Schedules of CronJobs, read as the controller does: five fields, or one of a few words.

use std::fmt;

/// Longest schedule that is read.
const LONGEST: usize = 1000;
/// Minutes of a day.
const DAY: u32 = 24 * 60;

/// When a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// By the clock.
    Fields(Fields),
    /// Every so many minutes, rounded down.
    Every(u32),
}

/// The five fields, each as a set of bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fields {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    /// Whether the days of the month or of the week are left open, so that the other decides alone.
    any_day: bool,
    any_weekday: bool,
}

/// Why the API server refuses a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CronProblem {
    /// There is nothing.
    Empty,
    /// It says its time zone, which has a field of its own.
    TimeZone,
    /// It has another number of fields than five.
    FieldCount(usize),
    /// It starts with `@` and is none of the words.
    Word,
    /// A field, by name, has something that is neither number, name, range nor step.
    Syntax(&'static str),
    /// A number of a field is not between these.
    Range(&'static str, u32, u32),
    /// A range of a field ends before it begins.
    Backwards(&'static str),
    /// A step of a field is zero.
    Step(&'static str),
}

impl fmt::Display for CronProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TimeZone => f.write_str("a time zone belongs into `timeZone`"),
            Self::FieldCount(1) => f.write_str("it has 1 field instead of 5"),
            Self::FieldCount(count) => write!(f, "it has {count} fields instead of 5"),
            Self::Word => f.write_str("it is no word that Kubernetes knows"),
            Self::Syntax(field) => write!(f, "its {field} cannot be read"),
            Self::Range(field, least, most) => {
                write!(f, "its {field} is not between {least} and {most}")
            }
            Self::Backwards(field) => write!(f, "a range of its {field} ends before it begins"),
            Self::Step(field) => write!(f, "a step of its {field} is 0"),
        }
    }
}

/// A field: what messages call it, its bounds, and names for its numbers.
struct Field {
    noun: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MINUTE: Field = Field { noun: "minute", least: 0, most: 59, names: &[] };
const HOUR: Field = Field { noun: "hour", least: 0, most: 23, names: &[] };
const DAY_OF_MONTH: Field = Field { noun: "day of the month", least: 1, most: 31, names: &[] };
const MONTH: Field = Field {
    noun: "month",
    least: 1,
    most: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
/// Sunday is 0 and never 7, other than in the cron of most systems.
const WEEKDAY: Field = Field {
    noun: "day of the week",
    least: 0,
    most: 6,
    names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
};

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    ///
    /// When the API server refuses it.
    pub(crate) fn parse(text: &str) -> Result<Self, CronProblem> {
        let text = text.get(..LONGEST).unwrap_or(text);
        if text.is_empty() {
            return Err(CronProblem::Empty);
        }
        if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
            return Err(CronProblem::TimeZone);
        }
        if text.starts_with('@') {
            return word(text);
        }
        let parts: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = parts.as_slice() else {
            return Err(CronProblem::FieldCount(parts.len()));
        };
        let (minutes, _) = MINUTE.parse(minute)?;
        let (hours, _) = HOUR.parse(hour)?;
        let (days, any_day) = DAY_OF_MONTH.parse(day)?;
        let (months, _) = MONTH.parse(month)?;
        let (_, any_weekday) = WEEKDAY.parse(weekday)?;
        Ok(Self::Fields(Fields { minutes, hours, days, months, any_day, any_weekday }))
    }

    /// Whether no year has such a day, as with the 31st of June.
    pub(crate) fn never_runs(self) -> bool {
        let Self::Fields(fields) = self else { return false };
        // Where both are given, either a day of the month or one of the week is enough.
        if fields.any_day || !fields.any_weekday {
            return false;
        }
        const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let first = fields.days.trailing_zeros();
        let mut lengths = (1_u32..).zip(LENGTHS);
        !lengths.any(|(month, length)| fields.months & (1 << month) != 0 && first <= length)
    }

    /// The shortest time between two runs of a day, in minutes; a day where there is one run.
    pub(crate) fn shortest_gap(self) -> u32 {
        let fields = match self {
            Self::Every(minutes) => return minutes,
            Self::Fields(fields) => fields,
        };
        let times = (0..24_u32).filter(|hour| fields.hours & (1 << hour) != 0).flat_map(|hour| {
            let minutes = (0..60_u32).filter(|minute| fields.minutes & (1 << minute) != 0);
            minutes.map(move |minute| hour * 60 + minute)
        });
        let (mut shortest, mut last) = (DAY, None);
        for time in times {
            if let Some(last) = last {
                shortest = shortest.min(time - last);
            }
            last = Some(time);
        }
        shortest
    }
}

fn word(text: &str) -> Result<Schedule, CronProblem> {
    let fields = match text {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => {
            let seconds = text.strip_prefix("@every ").and_then(duration);
            return seconds.map(Schedule::Every).ok_or(CronProblem::Word);
        }
    };
    Schedule::parse(fields)
}

/// Whole minutes of a duration as Go writes them, such as `1h30m`.
fn duration(text: &str) -> Option<u32> {
    let minutes = crate::duration::seconds(text)? / 60.0;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and a number of minutes is never negative here"
    )]
    Some(minutes as u32)
}

impl Field {
    /// The set of numbers, and whether the field is left open.
    fn parse(&self, text: &str) -> Result<(u64, bool), CronProblem> {
        let (mut bits, mut any) = (0, false);
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(step)),
                None => (part, None),
            };
            let step = match step {
                None => 1,
                Some(step) => self.digits(step)?,
            };
            let (low, high) = match range.split_once('-') {
                _ if matches!(range, "*" | "?") => {
                    // A step leaves the field open for the rules about days only if it is 1.
                    any |= step == 1;
                    (self.least, self.most)
                }
                Some((low, high)) => (self.number(low)?, self.number(high)?),
                None => {
                    let number = self.number(range)?;
                    (number, if part.contains('/') { self.most } else { number })
                }
            };
            if low < self.least || high > self.most {
                return Err(CronProblem::Range(self.noun, self.least, self.most));
            }
            if low > high {
                return Err(CronProblem::Backwards(self.noun));
            }
            if step == 0 {
                return Err(CronProblem::Step(self.noun));
            }
            let step = usize::try_from(step).unwrap_or(usize::MAX);
            bits |= (low..=high).step_by(step).fold(0, |bits, at| bits | 1_u64 << at);
        }
        Ok((bits, any))
    }

    fn number(&self, text: &str) -> Result<u32, CronProblem> {
        let named = self.names.iter().zip(self.least..);
        let mut named = named.filter(|(name, _)| name.eq_ignore_ascii_case(text));
        match named.next() {
            Some((_, number)) => Ok(number),
            None => self.digits(text),
        }
    }

    fn digits(&self, text: &str) -> Result<u32, CronProblem> {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = is_number.then(|| text.parse().ok()).flatten();
        number.ok_or(CronProblem::Syntax(self.noun))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CronProblem as P, Schedule};

    #[test]
    fn schedules_are_read_as_the_controller_does() {
        for text in [
            "* * * * *",
            "*/5 0-6,12 1 jan-mar MON-Fri",
            "0 4 ? * 0",
            "10/15 * * * *",
            " 0  4 * * * ",
            "@daily",
            "@every 1h30m",
            "0 0 1,,2 * *",
        ] {
            assert!(Schedule::parse(text).is_ok(), "{text}");
        }
        for (text, problem) in [
            ("", P::Empty),
            ("TZ=UTC 0 4 * * *", P::TimeZone),
            ("0 0 4 * * *", P::FieldCount(6)),
            ("daily", P::FieldCount(1)),
            ("@reboot", P::Word),
            ("@every day", P::Word),
            ("@every 5", P::Word),
            ("0 0 * * 7", P::Range("day of the week", 0, 6)),
            ("60 0 * * *", P::Range("minute", 0, 59)),
            ("0 0 0 * *", P::Range("day of the month", 1, 31)),
            ("0 0 * 13 *", P::Range("month", 1, 12)),
            ("0 6-4 * * *", P::Backwards("hour")),
            ("*/0 * * * *", P::Step("minute")),
            ("H 4 * * *", P::Syntax("minute")),
            ("0 4 L * *", P::Syntax("day of the month")),
            ("0 4 * * MO", P::Syntax("day of the week")),
            ("-5 4 * * *", P::Syntax("minute")),
        ] {
            assert_eq!(Schedule::parse(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn some_days_never_come() {
        for (text, expected) in [
            ("0 0 30 2 *", true),
            ("0 0 31 4,6 *", true),
            ("0 0 29 2 *", false),
            ("0 0 31 * *", false),
            ("0 0 30 2 1", false),
            ("0 0 * 2 *", false),
            ("@monthly", false),
        ] {
            assert_eq!(Schedule::parse(text).unwrap().never_runs(), expected, "{text}");
        }
    }

    #[test]
    fn gaps() {
        for (text, expected) in [
            ("*/5 * * * *", 5),
            ("0 * * * *", 60),
            ("0 4 * * *", 1440),
            ("0 4,5 * * *", 60),
            ("0,50 * * * *", 10),
            ("@every 90s", 1),
            ("@every 2h", 120),
        ] {
            assert_eq!(Schedule::parse(text).unwrap().shortest_gap(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_is_read(text in "[-0-9*/,? a-z@=]{0,40}|.*") {
            if let Ok(schedule) = Schedule::parse(&text) {
                let _ = schedule.never_runs();
                let is_every = matches!(schedule, Schedule::Every(_));
                prop_assert!(is_every || schedule.shortest_gap() <= 1440);
            }
        }
    }
}
