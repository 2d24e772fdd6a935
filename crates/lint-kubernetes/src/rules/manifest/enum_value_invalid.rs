use careen_kube_model::ObjectView;
use careen_kube_model::schema::{Defect, Report};
use careen_model::Context;
use careen_rule::{Edit, Safety, Sink, control, rule};

use crate::Check;
use crate::placeholder::is_placeholder;

rule! {
    /// Some fields take one of a few words, in exactly this spelling: `Always`, not `always`. The
    /// API server refuses the object for any other.
    ///
    /// Values with a place for another tool to fill in, such as `${POLICY}`, are left alone.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     imagePullPolicy: always
    /// #                    ^^^^^^ Pod `shop/api` has a value in `spec.containers[0].imagePullPolicy` that it does not take: did you mean `Always`?
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: Pod
    /// metadata:
    ///   name: api
    ///   namespace: shop
    /// spec:
    ///   containers:
    ///   - name: web
    ///     image: registry.example.com/web:1.4.0
    ///     imagePullPolicy: Always
    /// ```
    pub(crate) static RULE: Check = {
        id: "enum-value-invalid",
        summary: "value is none of the words that its field takes",
        remedy: "Use one of the words that the field takes, as it is spelt.",
        severity: High,
        check: Check::Schema(check),
        peers: &["kube-linter:schema-validation"],
        controls: &[control::MANIFESTS_VALID],
        references: &["https://kubernetes.io/docs/reference/kubernetes-api/"],
        fragments: true,
    }
}

fn check(view: ObjectView<'_>, report: &Report, _: &Context, out: &mut Sink<'_>) {
    for problem in &report.problems {
        let Defect::Word { meant, .. } = &problem.defect else { continue };
        let written = out.source().slice(problem.span);
        if is_placeholder(written) {
            continue;
        }
        // Without quotes, tags or an alias the bytes are the word.
        let is_plain = written.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let finding = out.report(problem.span, format!("{} {problem}", view.display()));
        finding.field(problem.path.as_str());
        if let Some(meant) = meant.as_ref().filter(|_| is_plain) {
            let edit = Edit { span: problem.span, text: meant.clone() };
            finding.fix(format!("use `{meant}`"), Safety::Unsafe, vec![edit]);
        }
    }
}
