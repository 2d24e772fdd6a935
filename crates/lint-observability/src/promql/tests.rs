use proptest::prelude::*;

use super::{Dialect, Op, parse};

/// The problem of a rule's expression as the bytes it is at, and its words.
fn problem(text: &str) -> Option<(String, String)> {
    let problem = parse(text, Dialect::Rule).problem?;
    Some((text.get(problem.at).unwrap().to_owned(), problem.message))
}

#[test]
fn what_prometheus_takes_is_taken() {
    for text in [
        "up == 0",
        "sum by (job) (rate(http_requests_total{code=~\"5..\"}[5m])) / 2 > 0.05",
        "sum(rate(a[5m])) without (pod)",
        "histogram_quantile(0.99, sum(rate(x_bucket[5m])) by (le))",
        "a and on (x) b unless ignoring (y) c",
        "a * on (namespace, pod) group_left (node) kube_pod_info",
        "max_over_time(rate(a[5m])[1h:1m] offset 1d)",
        "a offset -5m @ start()",
        "{__name__=~\"a|b\", job=\"x\"}",
        "{\"http.requests\", job=\"x\"}",
        "job:a:rate5m > bool 1",
        "topk(5, sum(a) by (b))",
        "label_replace(a, \"x\", \"$1\", \"y\", `(\\d+)\\.(\\w+)`)",
        "a{b=~`\\d+`} # why",
        "1_000 < a",
        "-a ^ 2",
        "sum",
        "count > 1",
        "a{b=~\"[[:alpha:]]+\\\\.x\"}",
        "holt_winters(a[5m], 0.5, 0.5)",
        "max by(a, b) (x{c=\"d\"}) * on(a, b) group_left(e) topk by(a, b) (1, max by(a, b, e) (y))",
        "x{t=\"used\"}\n  / ignoring(instance, job, type)\n(x{t=\"hard\"} > 0)\n  > 0.9 < 1",
        "sum(a:b:sum{}) - (sum(c) - max(c)) > 0\nand\n(sum(c) - max(c)) > 0",
        "time() - max by(a) (b\n  and\nc > 0) > 43200",
        "quantile_over_time(0.9, (sum(a) / sum(b))[1d:5m])",
        "sum_over_time({__name__=~\".+:burn\"}[5m] offset 1w @ end())",
        "vector(1) or a",
        "absent(up{job=\"x\"})",
        "time() - a{ü=\"1\"} or vector(NaN)",
    ] {
        if text.contains('ü') {
            assert!(problem(text).is_some(), "{text}");
        } else {
            assert_eq!(problem(text), None, "{text}");
        }
    }
}

#[test]
fn places_of_problems() {
    for (text, at, words) in [
        ("sum(rate(a[5m])", "(", "never closed"),
        ("rate(a{b=\"c\"[5m])", "[", "unexpected"),
        ("sum(rate(a[5m]) by (b)", "by", "`,` or `)`"),
        ("sum by (a (rate(b[5m]))", "(", "`)` is expected"),
        ("a >> 1", ">", "an operand is expected"),
        ("a = 1", "=", "`==`"),
        ("a b", "b", "an operator"),
        ("a >", ">", "ends where an operand"),
        ("rates(a[5m])", "rates", "did you mean `rate`?"),
        ("rate(a)", "rate", "expected type matrix"),
        ("sum(a[5m])", "sum(a[5m])", "expected type vector"),
        ("clamp_min(a)", "clamp_min", "2 argument"),
        ("a{b=c}", "c", "a quoted value"),
        ("a{b=\"c}", "\"c}", "string"),
        ("a[5]m", "m", "an operator"),
        ("a[5x]", "5x", "neither"),
        ("a)", ")", "closes nothing"),
        ("a[1e30]", "1e30", "no duration"),
        ("a offset NaN", "NaN", "no duration"),
        ("a{b=~\"(?!x)y\"}", "\"(?!x)y\"", "regex"),
        ("a | b", "|", "unexpected"),
        ("", "", "no expression"),
        ("a and\nor b", "or", "operand"),
        ("1 == 2", "1 == 2", "BOOL"),
        ("{}", "{}", "matcher"),
    ] {
        let (found, message) = problem(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found, at, "{text}: {message}");
        assert!(message.contains(words), "{text}: {message}");
    }
}

#[test]
fn other_languages_are_not_judged() {
    for text in [
        "sum(rate({app=\"x\"} |= \"error\" [5m]))",
        "{app=\"x\"} | json | level=\"error\"",
        "a default 0",
        "rate(a[5m]) keep_metric_names",
        "bytes_rate({app=\"x\"}[5m])",
    ] {
        assert_eq!(problem(text), None, "{text}");
    }
}

#[test]
fn variables_of_grafana_stand_for_anything() {
    for text in [
        "rate(a{job=\"$job\", pod=~\"${pod:regex}\", x=~\"[[x]]\"}[$__rate_interval])",
        "rate(a[$__interval:${res}]) offset $shift",
        "sum by ($by) (rate(${metric}_total[${n}m])) > $limit",
        "$agg(rate(a[5m]))",
        "$agg by (x) (a)",
        "topk($n, a)",
        "$query",
        "a $op 5",
        "a @ $__to",
        "increase(a[$__range])",
    ] {
        assert_eq!(parse(text, Dialect::Dashboard).problem, None, "{text}");
    }
    let text = "sum(rate(a{job=\"$job\"}[$__rate_interval])) by by (x)";
    let problem = parse(text, Dialect::Dashboard).problem.unwrap();
    assert_eq!(problem.at, text.rfind("by").unwrap()..text.rfind("by").unwrap() + 2);
    assert!(parse("a > $limit", Dialect::Rule).problem.is_some());
    assert!(parse("a > ${limit}", Dialect::Rule).problem.is_none());
}

#[test]
fn selectors_and_functions() {
    let text = "sum by (x) (rate(a_total{job=\"api\", env=~\"$env\"}[5m])) / b{c!=\"d\"} > count";
    let query = parse(text, Dialect::Dashboard);
    assert_eq!(query.problem, None);
    assert_eq!(query.functions, ["sum", "rate"]);
    let metrics: Vec<_> = query.selectors.iter().map(|found| found.metric.as_deref()).collect();
    assert_eq!(metrics, [Some("a_total"), Some("b"), Some("count")]);
    let [job, env] = &query.selectors[0].matchers[..] else { panic!() };
    assert_eq!((job.label.as_str(), job.op, job.is_variable), ("job", Op::Equal, false));
    assert_eq!(&text[job.at.clone()], "api");
    assert!(env.is_variable);
    assert_eq!(query.selectors[1].matchers[0].op, Op::Not);
}

#[test]
fn limits() {
    for text in [
        "a".repeat(20_000),
        "(".repeat(10_000),
        format!("{}a{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}a", "-".repeat(9_000)),
        vec!["a"; 5_000].join("+"),
        format!("a{}", "[1m:]".repeat(2_000)),
        format!("{}a", "sum(".repeat(4_000)),
    ] {
        assert_eq!(parse(&text, Dialect::Rule).problem, None);
    }
}

proptest! {
    #[test]
    fn hostile_text_never_panics(text in "\\PC{0,60}") {
        for dialect in [Dialect::Rule, Dialect::Dashboard] {
            let query = parse(&text, dialect);
            if let Some(problem) = query.problem {
                prop_assert!(text.get(problem.at).is_some());
            }
        }
    }

    #[test]
    fn nearly_promql_never_panics(
        words in prop::collection::vec(prop::sample::select(vec![
            "sum", "rate", "(", ")", "[", "]", "{", "}", "a", "5m", "1e999", "0x", "NaN", "-",
            "+", "==", "=~", "=", "\"x\"", "`\\d`", "'\\x41'", "\"\\777\"", ",", "by", "on",
            "group_left", "offset", "@", "start", "bool", ":", "a:b", "$x", "${y}", "[[z]]", "or",
            "\"(a{1000}){1000}\"", "\u{e9}", "|", "#", "\n", "histogram_quantile", "99999999y",
            "fill", "1e300", "\"\\\u{e9}\"", "atan2", "limitk", "1.", ".5", "unless",
        ]), 0..24),
        glue in prop::sample::select(vec!["", " "]),
    ) {
        let text = words.join(glue);
        for dialect in [Dialect::Rule, Dialect::Dashboard] {
            let query = parse(&text, dialect);
            for selector in &query.selectors {
                prop_assert!(text.get(selector.at.clone()).is_some());
                for matcher in &selector.matchers {
                    prop_assert!(text.get(matcher.at.clone()).is_some());
                }
            }
            if let Some(problem) = query.problem {
                prop_assert!(text.get(problem.at).is_some());
            }
        }
    }
}
