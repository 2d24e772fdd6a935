use careen_model::parse;
use careen_text::Source;

use super::problems;

/// Each problem as what is marked and the message.
fn told(path: &str, text: &str) -> Vec<(String, String)> {
    let file = parse(Source::new(path, text), path);
    let slice = |problem: &super::Problem| file.source.slice(problem.span).to_owned();
    problems(&file).iter().map(|problem| (slice(problem), problem.message.clone())).collect()
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: 1.5.0}\n";

fn one(text: &str) -> (String, String) {
    let found = told("api.yaml", text);
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    found[0].clone()
}

#[test]
fn a_sound_description_is_left_alone() {
    let text = "\
openapi: 3.1.0
info: {title: Shop, version: '2'}
paths:
  /orders/{id}:
    parameters:
    - {$ref: '#/components/parameters/Id'}
    get:
      operationId: order
      responses:
        '200': {description: fine, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        5XX: {$ref: other.yaml#/Failure}
        default: {description: else}
      x-anything: {$ref: '#/nowhere'}
  /orders/{id}/items/{item}:
    $ref: items.yaml
components:
  parameters:
    Id: {name: id, in: path, required: true, schema: {type: [string, 'null']}}
  schemas:
    Order: {type: object, properties: {type: {type: string}, $ref: {type: string}}, example: {$ref: '#/x'}}
";
    assert_eq!(told("api.yaml", text), []);
    let json =
        "{\"swagger\": \"2.0\", \"info\": {\"title\": \"a\", \"version\": \"1\"}, \"paths\": {}}";
    assert_eq!(told("api.json", json), []);
}

#[test]
fn what_is_required_is_asked_for() {
    for (text, marked, message) in [
        ("openapi: 3.0.3\npaths: {}\n", "openapi", "the description has no `info`"),
        ("openapi: 3.0.3\ninfo: {title: a}\npaths: {}\n", "info", "`info` has no `version`"),
        (
            "openapi: 3.0.3\ninfo: {title: a, version: 1.0}\npaths: {}\n",
            "1.0",
            "`info.version` is a number",
        ),
        (
            "openapi: 3.0.3\ninfo: {title: '', version: a}\npaths: {}\n",
            "''",
            "`info.title` is empty",
        ),
        (HEAD, "openapi", "the description has no `paths`"),
        (
            "openapi: 3.1.0\ninfo: {title: a, version: b}\n",
            "openapi",
            "the description has neither",
        ),
        ("openapi: 3.7.0\n", "3.7.0", "`openapi: 3.7.0` is no version"),
        ("swagger: 2.0\ninfo: {title: a, version: b}\npaths: {}\n", "2.0", "`swagger` is a number"),
    ] {
        let found = one(text);
        assert_eq!(found.0, marked, "{text}");
        assert!(found.1.starts_with(message), "{text}: {}", found.1);
    }
}

#[test]
fn operations_are_looked_at() {
    let fine = "responses: {'200': {description: fine}}";
    for (paths, marked, message) in [
        ("orders: {}", "orders", "the path `orders` does not begin"),
        ("/a/{id}: {}\n  /a/{name}: {}", "/a/{name}", "`/a/{name}` is the same path as `/a/{id}`"),
        ("/a: {get: {}}", "get", "`GET /a` has no `responses`"),
        ("/a: {get: {responses: {}}}", "responses", "`GET /a` has no response"),
        ("/a: {get: {responses: {'600': {description: a}}}}", "'600'", "`600` is no status code"),
        ("/a: {get: {responses: {200: {}}}}", "200", "the response `200` of `GET /a` has no"),
        (
            &format!("/a/{{id}}: {{get: {{{fine}}}}}"),
            "/a/{id}",
            "`GET /a/{id}` declares no path parameter `id`",
        ),
        (
            &format!(
                "/a: {{get: {{{fine}, parameters: [{{name: x, in: path, required: true}}]}}}}"
            ),
            "x",
            "the path of `GET /a` has no `{x}`",
        ),
        (
            &format!("/a: {{get: {{{fine}, parameters: [{{name: x, in: body}}]}}}}"),
            "body",
            "a parameter is not in `body`",
        ),
        (
            &format!("/a: {{get: {{{fine}, parameters: [{{name: x}}]}}}}"),
            "name",
            "the parameter `x` does not say",
        ),
        (
            &format!("/a/{{x}}: {{get: {{{fine}, parameters: [{{name: x, in: path}}]}}}}"),
            "path",
            "the path parameter `x` is not `required",
        ),
        (
            &format!("/a: {{get: {{operationId: o, {fine}}}, put: {{operationId: o, {fine}}}}}"),
            "o",
            "the operation `PUT /a` has the id `o` of `GET /a`",
        ),
        (
            &format!(
                "/a: {{get: {{{fine}, parameters: [{{name: x, in: query, schema: {{type: strng}}}}]}}}}"
            ),
            "strng",
            "`strng` is no type of a schema; did you mean `string`?",
        ),
        (
            "/a: {get: {responses: {'200': {$ref: '#/components/responses/Gone'}}}}",
            "'#/components/responses/Gone'",
            "`#/components/responses/Gone` leads nowhere",
        ),
    ] {
        let found = one(&format!("{HEAD}paths:\n  {paths}\n"));
        assert_eq!(found.0, marked, "{paths}");
        assert!(found.1.starts_with(message), "{paths}: {}", found.1);
    }
}

#[test]
fn types_are_those_of_the_edition() {
    let schema = |edition: &str, kind: &str| {
        format!(
            "openapi: {edition}\ninfo: {{title: a, version: b}}\npaths: {{}}\ncomponents: {{schemas: {{A: {{properties: {{b: {{type: {kind}}}}}}}}}}}\n"
        )
    };
    assert!(one(&schema("3.0.3", "[string, 'null']")).1.starts_with("a list of types needs"));
    assert!(one(&schema("3.0.3", "float")).1.ends_with("did you mean `number`?"));
    assert_eq!(told("api.yaml", &schema("3.1.0", "[string, 'null']")), []);
    assert_eq!(one(&schema("3.1.0", "[string, nil]")).0, "nil");
}

#[test]
fn a_file_that_cannot_be_read_is_told_once() {
    let found = told("api.yaml", &format!("{HEAD}paths: [\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.starts_with("the description cannot be read"));
    assert_eq!(one(&format!("{HEAD}paths: {{/a: {{}}, /a: {{}}}}\n")).0, "/a");
}

#[test]
fn columns_are_exact_behind_marks_and_breaks() {
    let text = "\u{feff}openapi: 3.0.3\r\ninfo: {title: Größe, version: ü}\r\npaths: {ä: {}}\r\n";
    assert_eq!(one(text).0, "ä");
}

#[test]
fn hostile_descriptions_come_to_an_end() {
    let circle = format!("{HEAD}paths: {{/a: &a {{get: *a}}}}\n");
    let _ = told("api.yaml", &circle);
    let refs = format!(
        "{HEAD}paths: {{/a: {{get: {{parameters: [{{$ref: '#/components/parameters/A'}}], responses: {{default: {{$ref: '#/paths/~1a/get/responses/default'}}}}}}}}}}\ncomponents: {{parameters: {{A: {{$ref: '#/components/parameters/A'}}}}}}\n"
    );
    assert_eq!(told("api.yaml", &refs), []);
    let deep = format!("{HEAD}paths: {}1{}\n", "{a: ".repeat(200), "}".repeat(200));
    let _ = told("api.yaml", &deep);
}
