//! Fixes that rules offer: an edit of the tree with a title.

use careen_kube_model::{Container, ObjectView, PodTemplate};
use careen_rule::{Edit, Finding, Safety};
use careen_yaml::Node;
use careen_yaml::edit::{self, New};

use crate::lifecycle::Fate;

/// Offers an edit, if there is one that is sure.
pub(crate) fn offer(
    finding: &mut Finding,
    title: impl Into<String>,
    safety: Safety,
    edit: Option<edit::Edit>,
) {
    if let Some(edit::Edit { span, text }) = edit {
        finding.fix(title, safety, vec![Edit { span, text }]);
    }
}

/// Offers to set a field of a container's `securityContext` to `true` or `false`.
pub(crate) fn security(
    finding: &mut Finding,
    container: Container<'_>,
    key: &str,
    value: bool,
    safety: Safety,
) {
    let path = ["securityContext", key];
    let new = New::Raw(if value { "true" } else { "false" });
    let title = format!("set `securityContext.{key}: {value}`");
    offer(finding, title, safety, edit::set(container.node, &path, new));
}

/// Offers to drop all capabilities.
pub(crate) fn drop_all(finding: &mut Finding, container: Container<'_>) {
    let path = ["securityContext", "capabilities", "drop"];
    let edit = match container.at(&path) {
        Some(list) => edit::append_item(list, New::Text("ALL")),
        None => edit::set(container.node, &path, New::List(&[New::Text("ALL")])),
    };
    offer(finding, "drop `ALL` capabilities", Safety::Unsafe, edit);
}

/// Offers the runtime's seccomp profile for the pod, which its other containers want too, or for
/// the container where it has a profile of its own without a type.
pub(crate) fn seccomp(finding: &mut Finding, container: Container<'_>) {
    let path = ["securityContext", "seccompProfile", "type"];
    let own = container.security("seccompProfile").is_some();
    let holder = if own { container.node } else { container.pod.spec };
    let edit = edit::set(holder, &path, New::Text("RuntimeDefault"));
    let title = "set `securityContext.seccompProfile.type: RuntimeDefault`";
    offer(finding, title, Safety::Unsafe, edit);
}

/// Offers to give the pod no token.
pub(crate) fn no_token(finding: &mut Finding, pod: PodTemplate<'_>) {
    let edit = edit::set(pod.spec, &["automountServiceAccountToken"], New::Raw("false"));
    offer(finding, "set `automountServiceAccountToken: false`", Safety::Unsafe, edit);
}

/// Offers the version that replaces an old one, where nothing else has to change with it.
pub(crate) fn api_version(finding: &mut Finding, view: ObjectView<'_>, fate: Fate) {
    let Some(successor) = fate.successor else { return };
    let has = |path: &[&str]| view.at(path).is_some_and(|node| node.entries().next().is_some());
    // The versions of `apps` differ in what they assume where no selector is written.
    let version = view.api_version();
    let same = fate.same_schema || (version == "apps/v1beta2" && has(&["spec", "selector"]));
    if !same {
        return;
    }
    // An empty selector selected no pod in `policy/v1beta1` and selects every pod in `policy/v1`.
    let turns = version == "policy/v1beta1" && !has(&["spec", "selector"]);
    let safety = if turns { Safety::Unsafe } else { Safety::Safe };
    let edit = view
        .root()
        .get("apiVersion")
        .and_then(|node: Node<'_>| edit::replace_scalar(node, New::Text(successor)));
    offer(finding, format!("use `{successor}`"), safety, edit);
}

#[cfg(test)]
mod tests {
    use careen_model::{Context, Linter, parse};
    use careen_rule::{Findings, Safety};
    use careen_text::Source;

    use crate::KubernetesLinter;

    /// The fix of the first finding of a rule, as safety and new text.
    fn fixed(rule: &str, text: &str) -> Option<(Safety, String)> {
        let source = Source::new("a.yaml", text);
        let mut findings = Findings::of_file();
        let file = parse(source, "a.yaml");
        KubernetesLinter.check_file(&file, &Context::at(0), &mut findings);
        let finding = findings.iter().find(|finding| finding.rule.id == rule).unwrap();
        let fix = finding.fix.as_ref()?;
        let edit = &fix.edits[0];
        let range = edit.span.range();
        Some((fix.safety, [&text[..range.start], &edit.text, &text[range.end..]].concat()))
    }

    fn pod(container: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  containers:\n  - name: b\n    image: c\n{container}"
        )
    }

    #[test]
    fn privileges_are_switched_off() {
        let rule = "privilege-escalation-not-disabled";
        let after = pod("    securityContext:\n      allowPrivilegeEscalation: false\n");
        assert_eq!(fixed(rule, &pod("")), Some((Safety::Safe, after.clone())));
        // Somebody wanted it.
        let wanted = pod("    securityContext:\n      allowPrivilegeEscalation: true\n");
        assert_eq!(fixed(rule, &wanted), Some((Safety::Unsafe, after)));
        let aliased = pod("    securityContext: *x\n").replace("{name: a}", "&x {name: a}");
        assert_eq!(fixed(rule, &aliased), None);
    }

    #[test]
    fn capabilities_are_added_to_the_list() {
        let rule = "capabilities-not-dropped-all";
        let list = |items: &str| pod(&format!("    securityContext: {{capabilities: {items}}}\n"));
        let after = |text: &str| Some((Safety::Unsafe, text.to_owned()));
        assert_eq!(fixed(rule, &list("{drop: [KILL]}")), after(&list("{drop: [KILL, ALL]}")));
        assert_eq!(fixed(rule, &list("{add: [KILL]}")), after(&list("{add: [KILL], drop: [ALL]}")));
    }

    #[test]
    fn api_versions_move_where_nothing_else_does() {
        let rule = "api-version-removed";
        let object = |version: &str, kind: &str, spec: &str| {
            format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n")
        };
        let safety = |version: &str, kind: &str, spec: &str| {
            fixed(rule, &object(version, kind, spec)).map(|(safety, _)| safety)
        };
        let selector = "{selector: {matchLabels: {a: b}}}";
        assert_eq!(
            fixed(rule, &object("policy/v1beta1", "PodDisruptionBudget", selector)),
            Some((Safety::Safe, object("policy/v1", "PodDisruptionBudget", selector)))
        );
        for (version, kind, spec, expected) in [
            ("policy/v1beta1", "PodDisruptionBudget", "{selector: {}}", Some(Safety::Unsafe)),
            ("\"batch/v1beta1\"", "CronJob", "{}", Some(Safety::Safe)),
            ("apps/v1beta2", "Deployment", selector, Some(Safety::Safe)),
            ("apps/v1beta2", "Deployment", "{}", None),
            ("apps/v1beta1", "Deployment", selector, None),
            ("extensions/v1beta1", "Ingress", "{}", None),
        ] {
            assert_eq!(safety(version, kind, spec), expected, "{version} {kind} {spec}");
        }
    }
}
