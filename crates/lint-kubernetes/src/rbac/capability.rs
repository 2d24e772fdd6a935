//! What a rule of a role lets its holder do.

use std::fmt;

use careen_kube_model::ObjectView;
use careen_rule::{Finding, Sink};

use super::listed;
use super::role::{PolicyRule, Role, Word, is_resource};

/// Something that a role may allow by naming it.
///
/// A rule that says `*` for the resources is left to the rules about wildcards, so that one such
/// line is not told once per capability; the verb `*` on a resource that is named counts.
#[derive(Debug)]
pub(crate) struct Capability {
    /// Resources by API group.
    pub(crate) resources: &'static [(&'static str, &'static [&'static str])],
    /// Any of these verbs is enough.
    pub(crate) verbs: &'static [&'static str],
    /// Whether the verb `*` is enough too.
    pub(crate) any_verb: bool,
    /// Whether the resource `*` is enough: for verbs that the rules about wildcards do not look at.
    pub(crate) any_resource: bool,
    /// Whether it counts for some objects only, by `resourceNames`. A `create` that is narrowed so
    /// allows nothing, because the name of a new object is not known to the authorizer.
    pub(crate) narrowed: bool,
    /// Whether the resources are in no namespace: a Role that names them allows nothing.
    pub(crate) cluster_scoped: bool,
    /// Steps that the finding is milder in a Role.
    pub(crate) milder: usize,
}

impl Capability {
    /// What a declaration may leave out.
    pub(crate) const DEFAULT: Self = Self {
        resources: &[],
        verbs: &[],
        any_verb: true,
        any_resource: false,
        narrowed: false,
        cluster_scoped: false,
        milder: 1,
    };

    /// The rules of a role that allow it; none for what is no role.
    pub(crate) fn of<'a>(
        &'static self,
        view: ObjectView<'a>,
    ) -> impl Iterator<Item = Grant<'a>> + use<'a> {
        let role = Role::of(view).filter(|role| role.is_cluster || !self.cluster_scoped);
        let rules = role.into_iter().flat_map(|role| role.rules().map(move |rule| (role, rule)));
        rules.filter_map(|(role, rule)| self.in_rule(role, rule))
    }

    /// Reports each rule of a role that allows it.
    pub(crate) fn report(&'static self, view: ObjectView<'_>, out: &mut Sink<'_>) {
        for grant in self.of(view) {
            grant.report(out);
        }
    }

    fn in_rule<'a>(&'static self, role: Role<'a>, rule: PolicyRule<'a>) -> Option<Grant<'a>> {
        let verb = rule.verbs().find(|&(word, _)| self.has_verb(word))?;
        if !self.any_resource && rule.any_resource().is_some() {
            return None;
        }
        let resource = self.resources_of(rule).next()?;
        if !self.narrowed && rule.is_narrowed() {
            return None;
        }
        Some(Grant { capability: self, role, rule, verb, resource })
    }

    fn has_verb(&self, word: &str) -> bool {
        self.verbs.contains(&word) || (self.any_verb && word == "*")
    }

    /// The words of a rule that name one of the resources, whatever it allows.
    pub(crate) fn resources_of<'a>(
        &'static self,
        rule: PolicyRule<'a>,
    ) -> impl Iterator<Item = Word<'a>> + use<'a> {
        // The groups of the rule are looked at once, not once per resource.
        let groups =
            self.resources.iter().enumerate().filter(|(_, (group, _))| rule.has_group(group));
        let groups = groups.fold(0_u32, |groups, (index, _)| groups | bit(index));
        let words = (groups != 0).then(|| rule.resources()).into_iter().flatten();
        words.filter(move |&(word, _)| {
            (self.any_resource && word == "*")
                || self.resources.iter().enumerate().any(|(index, (_, resources))| {
                    groups & bit(index) != 0
                        && resources.iter().any(|resource| is_resource(word, resource))
                })
        })
    }
}

/// The bit of a group in a set of them; a capability has a handful.
fn bit(index: usize) -> u32 {
    u32::try_from(index).ok().and_then(|index| 1_u32.checked_shl(index)).unwrap_or_default()
}

/// A rule of a role that allows something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grant<'a> {
    capability: &'static Capability,
    /// The role.
    pub(crate) role: Role<'a>,
    /// Its rule.
    pub(crate) rule: PolicyRule<'a>,
    /// The first verb that does it.
    pub(crate) verb: Word<'a>,
    /// The first resource it is done with.
    pub(crate) resource: Word<'a>,
}

impl Grant<'_> {
    /// Whether the rule names the resource, or all of them.
    pub(crate) fn has_resource(&self, resource: &str) -> bool {
        self.rule.resources().any(|(word, _)| word == resource || word == "*")
    }

    /// Reports it at the resource.
    pub(crate) fn report<'s>(self, out: &'s mut Sink<'_>) -> &'s mut Finding {
        self.report_at(self.resource, out)
    }

    /// Reports it at a word of the rule.
    pub(crate) fn report_at<'s>(self, at: Word<'_>, out: &'s mut Sink<'_>) -> &'s mut Finding {
        let steps = if self.role.is_cluster { 0 } else { self.capability.milder };
        let severity = out.rule().severity.lowered(steps);
        let finding = out.report(at.1.span(), self.to_string());
        let evidence = format!("{}/{}", listed_of(self.verbs()), listed_of(self.resources()));
        finding.severity(severity).field("rules").evidence(evidence)
    }

    fn verbs(&self) -> impl Iterator<Item = Word<'_>> {
        self.rule.verbs().filter(|(word, _)| self.capability.has_verb(word))
    }

    fn resources(&self) -> impl Iterator<Item = Word<'_>> {
        self.capability.resources_of(self.rule)
    }
}

fn listed_of<'a>(words: impl Iterator<Item = Word<'a>>) -> String {
    listed(words.map(|(word, _)| word))
}

/// For a message: "Role `shop/reader` can `get` and `list` `secrets`".
impl fmt::Display for Grant<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources = listed_of(self.resources());
        write!(formatter, "{} can ", self.role.view.display())?;
        if self.verbs().any(|(word, _)| word == "*") {
            write!(formatter, "do everything (`*`) with {resources}")?;
        } else {
            write!(formatter, "{} {resources}", listed_of(self.verbs()))?;
        }
        if self.rule.is_narrowed() {
            let names = listed_of(self.rule.names());
            write!(formatter, " named {names}")?;
        }
        Ok(())
    }
}
