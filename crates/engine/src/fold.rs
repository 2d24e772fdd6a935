//! One result per rule and line range, each with a fingerprint of its own.

use std::collections::BTreeMap;

use careen_rule::{Judged, JudgedRelated};

/// Places that one finding takes over from others. A line of a minified file may hold thousands.
const MOST_FOLDED: usize = 20;

/// Leaves at most one result per rule and line range: hosts identify results by that, so a second
/// one would vanish silently. What the others say stays as related places. What is suppressed
/// stays apart from what is not. The findings are those of one file, in order.
pub(crate) fn fold(judged: Vec<Judged>) -> Vec<Judged> {
    /// Where the first one is, and how many others it has taken over.
    type First = (usize, usize);
    let mut first: BTreeMap<(&'static str, u32, u32, bool), First> = BTreeMap::new();
    let mut folded: Vec<Judged> = Vec::with_capacity(judged.len());
    for finding in judged {
        let lines = (finding.region.start.line, finding.region.end.line);
        let key = (finding.rule.id, lines.0, lines.1, finding.suppressed.is_some());
        let Some((at, others)) = first.get_mut(&key) else {
            first.insert(key, (folded.len(), 0));
            folded.push(finding);
            continue;
        };
        let Some(known) = folded.get_mut(*at) else { continue };
        if finding.severity > known.severity {
            known.severity = finding.severity;
            known.lowered = finding.lowered;
        }
        known.confidence = known.confidence.max(finding.confidence);
        if known.region == finding.region && known.message == finding.message {
            continue;
        }
        *others += 1;
        if *others <= MOST_FOLDED {
            known.related.push(JudgedRelated {
                path: finding.path,
                region: finding.region,
                message: finding.message,
                snippet: finding.snippet,
            });
            known.related.extend(finding.related);
        }
    }
    for (at, others) in first.into_values() {
        if let Some(known) = folded.get_mut(at)
            && others > MOST_FOLDED
        {
            known.related.push(JudgedRelated {
                path: known.path.clone(),
                region: known.region,
                message: format!("{} more of these stand here", others - MOST_FOLDED),
                snippet: known.snippet.clone(),
            });
        }
    }
    folded
}

/// Makes fingerprints unique: the second finding with the same one gets `-2`, and so on.
pub(crate) fn number(findings: &mut [Judged]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings {
        let count = seen.entry(finding.fingerprint.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            finding.fingerprint = format!("{}-{count}", finding.fingerprint);
        }
    }
}

#[cfg(test)]
mod tests {
    use careen_rule::{
        Confidence, Judged, Meta, Region, Severity, Snippet, Suppression, SuppressionKind,
    };
    use careen_text::Position;

    use super::{MOST_FOLDED, fold, number};

    static RULE: Meta = Meta { id: "a-rule", ..Meta::DEFAULT };
    static OTHER: Meta = Meta { id: "b-rule", ..Meta::DEFAULT };

    fn judged(rule: &'static Meta, line: u32, column: u32, message: &str) -> Judged {
        let place = Position { line, column, utf16: column };
        Judged {
            rule,
            severity: Severity::Low,
            lowered: None,
            confidence: Confidence::Low,
            message: message.to_owned(),
            path: "a".into(),
            region: Region { start: place, end: place },
            snippet: Snippet::default(),
            object: None,
            related: Vec::new(),
            fix: None,
            fingerprint: format!("{}/{message}", rule.id),
            line_hash: None,
            suppressed: None,
            history: None,
        }
    }

    fn suppressed(mut judged: Judged) -> Judged {
        judged.suppressed = Some(Suppression {
            kind: SuppressionKind::Comment,
            reason: None,
            owner: None,
            source: None,
        });
        judged
    }

    fn shown(folded: &[Judged]) -> Vec<String> {
        folded.iter().map(|one| format!("{}+{}", one.message, one.related.len())).collect()
    }

    #[test]
    fn one_per_rule_and_line_stays() {
        let mut severe = judged(&RULE, 1, 5, "two");
        severe.severity = Severity::High;
        severe.confidence = Confidence::Certain;
        let folded = fold(vec![
            judged(&RULE, 1, 1, "one"),
            judged(&OTHER, 1, 1, "other"),
            judged(&RULE, 1, 1, "one"),
            severe,
            judged(&RULE, 2, 1, "below"),
        ]);
        assert_eq!(shown(&folded), ["one+1", "other+0", "below+0"]);
        assert_eq!(folded[0].severity, Severity::High);
        assert_eq!(folded[0].confidence, Confidence::Certain);
        assert_eq!(folded[0].fingerprint, "a-rule/one");
        assert_eq!(folded[0].related[0].message, "two");
    }

    #[test]
    fn suppressed_ones_between_do_not_part_the_others() {
        let folded = fold(vec![
            judged(&RULE, 1, 1, "one"),
            suppressed(judged(&RULE, 1, 2, "quiet")),
            judged(&RULE, 1, 3, "two"),
            suppressed(judged(&RULE, 1, 4, "also quiet")),
        ]);
        assert_eq!(shown(&folded), ["one+1", "quiet+1"]);
    }

    #[test]
    fn a_crowd_is_counted() {
        let crowd = (1..200).map(|column| judged(&RULE, 1, column, &format!("{column}")));
        let folded = fold(crowd.collect());
        assert_eq!(shown(&folded), [format!("1+{}", MOST_FOLDED + 1)]);
        assert_eq!(folded[0].related[MOST_FOLDED].message, "178 more of these stand here");
    }

    #[test]
    fn ordinals_do_not_depend_on_others() {
        let twins = || vec![judged(&RULE, 1, 1, "same"), judged(&RULE, 9, 1, "same")];
        let mut alone = twins();
        number(&mut alone);
        assert_eq!(alone[0].fingerprint, "a-rule/same");
        assert_eq!(alone[1].fingerprint, "a-rule/same-2");
        let mut among = twins();
        among.insert(1, judged(&OTHER, 5, 1, "same"));
        among.insert(0, judged(&RULE, 1, 1, "first"));
        number(&mut among);
        assert_eq!(among[1].fingerprint, alone[0].fingerprint);
        assert_eq!(among[3].fingerprint, alone[1].fingerprint);
    }
}
