use careen_kube_model::ObjectView;
use careen_model::Context;
use careen_rule::{Safety, Sink, control, rule};
use careen_yaml::edit::quote;

use crate::Check;
use crate::fix;
use crate::place::cut;
use crate::strings::places;

rule! {
    /// YAML as Kubernetes reads it takes `on`, `yes`, `no` and `y` for booleans and `0123` and
    /// `1e3` for numbers. Labels, annotations, environment variables, arguments and the data of a
    /// ConfigMap must be strings, so that the API server refuses the object.
    ///
    /// Quotes make it the string that is written. There is no case in which the value is right
    /// without.
    ///
    /// ```yaml bad
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// data:
    ///   DEBUG: off
    /// #        ^^^ the value `DEBUG` of ConfigMap `shop/settings` is read as the boolean `false`, not as a string
    ///   PORT: "8080"
    /// ```
    /// ```yaml good
    /// apiVersion: v1
    /// kind: ConfigMap
    /// metadata:
    ///   name: settings
    ///   namespace: shop
    /// data:
    ///   DEBUG: "off"
    ///   PORT: "8080"
    /// ```
    pub(crate) static RULE: Check = {
        id: "value-needs-quotes",
        summary: "value is read as a boolean or number where a string belongs",
        remedy: "Put the value into quotes.",
        severity: High,
        check: Check::Object(check),
        fragments: true,
        controls: &[control::MANIFESTS_VALID],
        references: &[
            "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
            "https://kubernetes.io/docs/concepts/configuration/configmap/",
        ],
    }
}

fn check(view: ObjectView<'_>, _: &Context, out: &mut Sink<'_>) {
    for place in places(view) {
        let Some(read) = place.misread() else { continue };
        let what = if place.name.is_empty() {
            format!("an {}", place.noun)
        } else {
            format!("the {} `{}`", place.noun, cut(place.name))
        };
        let message = format!("{what} of {} is read as {read}, not as a string", view.display());
        let is_secret = view.is("", "Secret");
        let finding = out.report(place.value.span(), message);
        finding.evidence(place.name);
        if !is_secret {
            fix::offer(finding, "put the value into quotes", Safety::Safe, quote(place.value));
        }
    }
}
