//! Rules sorted by what they look at, so that nothing is asked of those that look elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use careen_filter::{Filter, Literal};
use careen_model::{Context, File, ObjectRef, SnapshotCheck};
use careen_rule::{Findings, Meta, Sink};

use crate::Check;
use crate::public::{self, PublicKeySite};
use crate::rules::ALL;
use crate::site::{BundleSite, CertificateSite, KeySite, ProblemSite};
use crate::stores::StoreSite;

type Rule<F> = (&'static Meta, F);
type CertificateCheck = fn(&CertificateSite<'_>, &Context, &mut Sink<'_>);
type BundleCheck = fn(&BundleSite<'_>, &Context, &mut Sink<'_>);
type KeyCheck = fn(&KeySite<'_>, &Context, &mut Sink<'_>);
type PublicKeyCheck = fn(&PublicKeySite<'_>, &Context, &mut Sink<'_>);
type StoreCheck = fn(&StoreSite<'_>, &Context, &mut Sink<'_>);
type ProblemCheck = fn(&ProblemSite<'_>, &Context, &mut Sink<'_>);
type ObjectCheck = fn(ObjectRef<'_>, &Context, &mut Sink<'_>);
type TextCheck = fn(&File, &Context, &mut Sink<'_>);

/// All rules.
pub(crate) static EVERYTHING: LazyLock<Schedule> = LazyLock::new(|| Schedule::of(&|_| true));

/// Some rules, by subject.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    certificate: Vec<Rule<CertificateCheck>>,
    bundle: Vec<Rule<BundleCheck>>,
    key: Vec<Rule<KeyCheck>>,
    public_key: Vec<Rule<PublicKeyCheck>>,
    store: Vec<Rule<StoreCheck>>,
    problem: Vec<Rule<ProblemCheck>>,
    kind: BTreeMap<&'static str, Vec<Rule<ObjectCheck>>>,
    text: Vec<Rule<TextCheck>>,
    /// Finds the marks of texts; each pattern leads to positions in `text`.
    marks: Option<Filter>,
    wanted_by: Vec<usize>,
    pub(crate) snapshot: Vec<SnapshotCheck>,
}

impl Schedule {
    pub(crate) fn of(wanted: &dyn Fn(&Meta) -> bool) -> Self {
        let mut schedule = Self::default();
        let mut marks = Vec::new();
        for rule in ALL.iter().filter(|rule| wanted(&rule.meta)) {
            let meta = &rule.meta;
            match rule.check {
                Check::Certificate(check) => schedule.certificate.push((meta, check)),
                Check::Bundle(check) => schedule.bundle.push((meta, check)),
                Check::PrivateKey(check) => schedule.key.push((meta, check)),
                Check::PublicKey(check) => schedule.public_key.push((meta, check)),
                Check::Store(check) => schedule.store.push((meta, check)),
                Check::Problem(check) => schedule.problem.push((meta, check)),
                Check::Kind(kinds, check) => {
                    for kind in kinds {
                        schedule.kind.entry(kind).or_default().push((meta, check));
                    }
                }
                Check::Text(words, check) => {
                    for word in words {
                        marks.push(*word);
                        schedule.wanted_by.push(schedule.text.len());
                    }
                    schedule.text.push((meta, check));
                }
                Check::Snapshot(run) => schedule.snapshot.push(SnapshotCheck { rule: meta, run }),
            }
        }
        if !marks.is_empty() {
            let literal = |mark: &&'static str| Literal { bytes: mark.as_bytes(), fold: true };
            let literals: Vec<_> = marks.iter().map(literal).collect();
            schedule.marks = Some(Filter::new(&literals));
        }
        schedule
    }

    pub(crate) fn check(&self, file: &File, context: &Context, findings: &mut Findings) {
        let mut judged = BTreeSet::new();
        for bundle in &file.bundles {
            let site = BundleSite::new(file, bundle, context);
            self.check_bundle(&site, context, findings);
            self.check_public_keys(&site, context, &mut judged, findings);
        }
        for (index, view) in file.views().enumerate() {
            let Some(rules) = self.kind.get(view.kind()) else { continue };
            let object = ObjectRef { file, index, view };
            for &(rule, check) in rules {
                let path = || object.path();
                let mut sink = findings.sink(rule, &file.source).about_lazily(&path);
                check(object, context, &mut sink);
            }
        }
        self.check_text(file, context, findings);
    }

    fn check_text(&self, file: &File, context: &Context, findings: &mut Findings) {
        let Some(marks) = &self.marks else { return };
        let mut asked = vec![false; self.text.len()];
        marks.each(file.source.text().as_bytes(), |mark, _| {
            let at = self.wanted_by.get(mark).copied().unwrap_or_default();
            if let Some(asked) = asked.get_mut(at) {
                *asked = true;
            }
        });
        for (&(rule, check), asked) in self.text.iter().zip(asked) {
            if asked {
                check(file, context, &mut findings.sink(rule, &file.source));
            }
        }
    }

    fn check_bundle(&self, site: &BundleSite<'_>, context: &Context, findings: &mut Findings) {
        let source = &site.file.source;
        let object = site.object().map(|object| object.path());
        for &(rule, check) in &self.bundle {
            let mut sink = findings.sink(rule, source);
            sink.set_object(object.clone());
            check(site, context, &mut sink);
        }
        for certificate in site.sites() {
            for &(rule, check) in &self.certificate {
                let mut sink = findings.sink(rule, source);
                sink.set_object(object.clone());
                check(&certificate, context, &mut sink);
            }
        }
        for key in site.keys() {
            for &(rule, check) in &self.key {
                let mut sink = findings.sink(rule, source);
                sink.set_object(object.clone());
                check(&key, context, &mut sink);
            }
        }
        for store in site.stores() {
            for &(rule, check) in &self.store {
                let mut sink = findings.sink(rule, source);
                sink.set_object(object.clone());
                check(&store, context, &mut sink);
            }
        }
        for problem in site.problems() {
            for &(rule, check) in &self.problem {
                let mut sink = findings.sink(rule, source);
                sink.set_object(object.clone());
                check(&problem, context, &mut sink);
            }
        }
    }

    /// Judges the keys that have not been judged yet.
    fn check_public_keys(
        &self,
        site: &BundleSite<'_>,
        context: &Context,
        judged: &mut BTreeSet<[u8; 32]>,
        findings: &mut Findings,
    ) {
        if self.public_key.is_empty() {
            return;
        }
        let object = site.object().map(|object| object.path());
        for key in public::of(site, judged) {
            for &(rule, check) in &self.public_key {
                let mut sink = findings.sink(rule, &site.file.source);
                sink.set_object(object.clone());
                check(&key, context, &mut sink);
            }
        }
    }
}
