use careen_model::{Context, File};
use careen_rule::{Sink, control, rule};

use crate::Check;
use crate::api::problems;

rule! {
    /// What of an OpenAPI description cannot be right: generators of clients fail over it, or leave an
    /// operation out. Looked at are the editions 2.0, 3.0, 3.1 and 3.2: title and version, the form of
    /// paths, parameters that the path has and the description does not, or the other way round, ids of
    /// operations given twice, responses and their codes, references within the file, places of parameters,
    /// types of schemas. It is no validator of all the format says. Fragments without `openapi` or
    /// `swagger` at their top are left alone, and so are references to other files.
    ///
    /// ```yaml bad file=openapi.yaml
    /// openapi: 3.0.3
    /// info: {title: Shop, version: 1.4}
    /// #                            ^^^ `info.version` is a number
    /// paths:
    ///   /orders/{id}:
    /// # ^^^^^^^^^^^^ `GET /orders/{id}` declares no path parameter `id`
    ///     get:
    ///       responses:
    ///         '200':
    ///           description: the order
    ///           content:
    ///             application/json:
    ///               schema: {$ref: '#/components/schemas/Ordr'}
    /// #                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ `#/components/schemas/Ordr` leads nowhere
    ///         '2000': {description: never}
    /// #       ^^^^^^ `2000` is no status code of HTTP
    /// components:
    ///   schemas:
    ///     Order: {type: objekt}
    /// #                 ^^^^^^ `objekt` is no type of a schema; did you mean `object`?
    /// ```
    /// ```yaml good file=openapi.yaml
    /// openapi: 3.0.3
    /// info: {title: Shop, version: 1.4.0}
    /// paths:
    ///   /orders/{id}:
    ///     get:
    ///       parameters:
    ///       - {name: id, in: path, required: true, schema: {type: string}}
    ///       responses:
    ///         '200': {description: the order}
    /// ```
    pub(crate) static RULE: Check = {
        id: "api-description-invalid",
        summary: "an OpenAPI description cannot be right",
        remedy: "Mend the description as its edition of OpenAPI asks for.",
        severity: Medium,
        check: Check::File(check),
        controls: &[control::DOCS_OPENAPI_CURRENT],
        references: &["https://spec.openapis.org/oas/latest.html", "https://swagger.io/specification/v2/"],
    }
}

fn check(file: &File, _: &Context, out: &mut Sink<'_>) {
    for problem in problems(file) {
        out.report(problem.span, problem.message).evidence(problem.evidence);
    }
}
