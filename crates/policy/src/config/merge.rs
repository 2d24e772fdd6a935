//! What several files say, made one.

use super::Config;

impl Config {
    /// This configuration over one that it extends: a single value or `select` takes the place of
    /// the other's, of a mapping a key does, and what is a list goes behind the other's. Of `images:
    /// {signatures}`, where the first rule that fits counts, this one's stand in front.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        let mut severity = base.severity;
        severity.retain(|((name, _), _)| !self.severity.iter().any(|((own, _), _)| own == name));
        severity.extend(self.severity);
        let mut rules = base.rules;
        rules.retain(|told| !self.rules.iter().any(|own| own.replaces(told)));
        rules.extend(self.rules);
        Self {
            extend: self.extend,
            profile: self.profile.or(base.profile),
            select: self.select.or(base.select),
            ignore: joined(base.ignore, self.ignore),
            ignored: joined(base.ignored, self.ignored),
            overrides: joined(base.overrides, self.overrides),
            severity,
            demands: self.demands.over(base.demands),
            fail_on: self.fail_on.or(base.fail_on),
            exclude: joined(base.exclude, self.exclude),
            baseline: self.baseline.or(base.baseline),
            kubernetes_version: self.kubernetes_version.or(base.kubernetes_version),
            public_pki: self.public_pki.or(base.public_pki),
            detector_files: joined(base.detector_files, self.detector_files),
            detectors: joined(base.detectors, self.detectors),
            signatures: joined(self.signatures, base.signatures),
            rules,
            audit: self.audit.over(base.audit),
            anchor: self.anchor,
        }
    }
}

fn joined<T>(mut first: Vec<T>, then: Vec<T>) -> Vec<T> {
    first.extend(then);
    first
}
