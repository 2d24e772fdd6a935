//! Severity in the words of a log, and back.

use careen_rule::Severity;
use careen_sarif::{Level, Outcome, ReportingDescriptor};

pub(super) fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low | Severity::Info => Level::Note,
    }
}

/// GitLab reads the rank first, so it agrees with [`security_severity`].
pub(super) fn rank(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Info => 5.0,
    }
}

/// Never 9.0, which one host takes for high and another for critical. Mere information has none.
pub(super) fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

/// How bad a result of any tool is: its rank, else the `security-severity` of the result or its rule,
/// else its level. GitLab goes the same way. A result without a level has its rule's, or `warning`.
pub(super) fn of(outcome: &Outcome, rule: Option<&ReportingDescriptor>) -> Severity {
    let usual = rule.and_then(|rule| rule.default_configuration.as_ref());
    if let Some(rank) = outcome.rank.or_else(|| usual.and_then(|usual| usual.rank)) {
        // What is below 10 is what we write for information, and mild for everybody else.
        return if rank < 10.0 { Severity::Info } else { scored(rank / 10.0) };
    }
    let own = outcome.properties.as_ref().and_then(|bag| bag.security_severity.as_deref());
    let rules = rule.and_then(|rule| rule.properties.as_ref()?.security_severity.as_deref());
    let score = own.or(rules).and_then(|score| score.parse::<f64>().ok());
    match (score, outcome.level) {
        (Some(score), _) => scored(score),
        (None, Level::Error) => Severity::High,
        (None, Level::Warning) => Severity::Medium,
        (None, Level::Note) => Severity::Low,
        (None, Level::None) => Severity::Info,
    }
}

/// The bounds of CVSS.
fn scored(score: f64) -> Severity {
    match score {
        score if score >= 9.0 => Severity::Critical,
        score if score >= 7.0 => Severity::High,
        score if score >= 4.0 => Severity::Medium,
        score if score > 0.0 => Severity::Low,
        _ => Severity::Info,
    }
}

#[cfg(test)]
mod tests {
    use careen_rule::Severity;
    use careen_sarif::{
        Configuration, Level, Outcome, OutcomeProperties, ReportingDescriptor, RuleProperties,
    };

    use super::{level, of, rank, security_severity};

    fn rule(security_severity: Option<&str>) -> ReportingDescriptor {
        ReportingDescriptor {
            properties: Some(RuleProperties {
                security_severity: security_severity.map(ToOwned::to_owned),
                ..RuleProperties::default()
            }),
            ..ReportingDescriptor::default()
        }
    }

    #[test]
    fn what_is_written_is_read() {
        for severity in Severity::ALL {
            let outcome = Outcome {
                level: level(severity),
                rank: Some(rank(severity)),
                ..Outcome::default()
            };
            assert_eq!(of(&outcome, None), severity);
            if let Some(score) = security_severity(severity) {
                assert_eq!(of(&Outcome::default(), Some(&rule(Some(score)))), severity);
            }
        }
    }

    #[test]
    fn rank_goes_before_score_before_level() {
        let mut outcome = Outcome { level: Level::Error, ..Outcome::default() };
        assert_eq!(of(&outcome, None), Severity::High);
        assert_eq!(of(&outcome, Some(&rule(Some("4.0")))), Severity::Medium);
        outcome.properties = Some(OutcomeProperties {
            security_severity: Some("0.1".to_owned()),
            ..OutcomeProperties::default()
        });
        assert_eq!(of(&outcome, Some(&rule(Some("4.0")))), Severity::Low);
        let ranked = ReportingDescriptor {
            default_configuration: Some(Configuration {
                enabled: true,
                level: Level::Note,
                rank: Some(90.0),
            }),
            ..ReportingDescriptor::default()
        };
        assert_eq!(of(&outcome, Some(&ranked)), Severity::Critical);
        outcome.rank = Some(9.9);
        assert_eq!(of(&outcome, Some(&ranked)), Severity::Info);
        let levels = [Level::Warning, Level::Note, Level::None];
        let severities = levels.map(|level| of(&Outcome { level, ..Outcome::default() }, None));
        assert_eq!(severities, [Severity::Medium, Severity::Low, Severity::Info]);
    }
}
