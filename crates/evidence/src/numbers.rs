//! Numbers of reports, held to what they can be.

use crate::Trouble;

/// A number that is not negative.
///
/// # Errors
///
/// It is negative or no number.
pub(crate) fn not_negative(name: &str, number: f64) -> Result<f64, Trouble> {
    if number.is_finite() && number >= 0.0 {
        return Ok(number);
    }
    Err(Trouble::new(format!("`{name}` is {number}, which is no number from 0 on")))
}

/// A share of a whole, between 0 and 1.
///
/// # Errors
///
/// It is something else.
pub(crate) fn share(name: &str, number: f64) -> Result<f64, Trouble> {
    if (0.0..=1.0).contains(&number) {
        return Ok(number);
    }
    Err(Trouble::new(format!("`{name}` is {number}, which is no share between 0 and 1")))
}

/// The share that a part has of a whole; none of nothing.
///
/// # Errors
///
/// The part is more than the whole, or one of them is negative.
pub(crate) fn part_of(name: &str, part: f64, whole: f64) -> Result<Option<f64>, Trouble> {
    let (part, whole) = (not_negative(name, part)?, not_negative(name, whole)?);
    if part > whole {
        return Err(Trouble::new(format!(
            "says that {part} of {whole} are `{name}`, which cannot be"
        )));
    }
    Ok((whole > 0.0).then(|| part / whole))
}

/// A count as the measure it becomes.
#[allow(clippy::cast_precision_loss, reason = "counts of a file are far below 2^53")]
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::{not_negative, part_of, share};

    #[test]
    fn numbers_are_held_to_what_they_can_be() {
        assert_eq!(part_of("covered", 3.0, 4.0), Ok(Some(0.75)));
        assert_eq!(part_of("covered", 0.0, 0.0), Ok(None));
        assert!(part_of("covered", 5.0, 4.0).is_err());
        assert!(part_of("covered", -1.0, 4.0).is_err());
        assert!(not_negative("max", f64::NAN).is_err());
        assert!(share("rate", 1.5).is_err() && share("rate", f64::NAN).is_err());
        assert_eq!(share("rate", 1.0), Ok(1.0));
    }
}
