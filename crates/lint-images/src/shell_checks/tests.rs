use careen_image_model::Joined;

use super::{Dialect, Surroundings, check};

/// The names of the checks that fire, in the order of the text.
fn names_for(text: &str, dialect: Dialect) -> Vec<String> {
    let around = Surroundings {
        dialect,
        errexit: false,
        is_set: &|name| name == "known",
        is_one_word: &|name| name == "ONE",
    };
    let mut found = check(&Joined::verbatim(text, 0), &around);
    found.sort_by_key(|one| one.span.start);
    let name =
        |message: &str| message.rsplit_once(" (").unwrap().1.trim_end_matches(')').to_owned();
    found.iter().map(|one| name(&one.message)).collect()
}

fn names(text: &str) -> Vec<String> {
    names_for(text, Dialect::Unknown)
}

#[test]
fn each_check_finds_its_mistake() {
    for (text, expected) in [
        ("echo it's", "unclosed-quote"),
        ("echo \"a", "unclosed-quote"),
        ("echo \"a\nb\"c\nd\"e\"", "quote-over-lines"),
        ("if a then b; fi", "reserved-word-argument"),
        ("if a; then b fi", "reserved-word-argument"),
        ("for i in a b do echo; done", "reserved-word-argument"),
        ("while a; do b done", "reserved-word-argument"),
        ("a &&\u{a0}b", "no-break-space"),
        ("[-f a ] && b", "missing-space"),
        ("if [ -f a]; then b; fi", "missing-space"),
        ("if[ -f a ]; then b; fi", "missing-space"),
        ("{a; }", "missing-space"),
        ("a &; b", "ampersand-semicolon"),
        ("f(a) { b; }", "function-parameters"),
        ("function f{ a; }", "function-body-space"),
        ("$a=b", "dollar-assignment"),
        ("a = b", "spaces-around-equals"),
        ("a =b", "spaces-around-equals"),
        ("If a; then b; fi", "reserved-word-case"),
        ("for $i in a; do b; done", "dollar-iterator"),
        ("if a; then b; fi#c", "comment-space"),
        ("a=\u{b4}b\u{b4}", "slanted-tick"),
        ("a }", "literal-brace"),
        ("a==b", "double-equals"),
        ("eval a(b)", "eval-parenthesis"),
        ("a= \"b\"", "space-after-equals"),
        ("a= 5", "space-after-equals"),
        ("echo \"$known[1]\"", "array-braces"),
        ("grep \\d a", "useless-escape"),
        ("echo \"a\\nb\"", "echo-escapes"),
        ("echo 'a\\nb'", "echo-escapes"),
        ("echo \"a $ b\"", "lone-dollar"),
        ("echo 'a'b'c'", "word-between-quotes"),
        ("echo \"a\"b\"c\"", "word-between-quotes"),
        ("rm *.deb", "glob-as-option"),
        ("rm $(a b)", "unquoted-command"),
        ("rm `a b`", "unquoted-command"),
        ("rm $A", "unquoted-variable"),
        ("rm ${A}/b", "unquoted-variable"),
        ("echo \"$typo\"", "unset-variable"),
        ("export A=$(b)", "masked-failure"),
        ("cd a; b", "unchecked-cd"),
        ("cd a\nb", "unchecked-cd"),
        ("[ a ] && b || c", "and-or"),
        ("cat a | b", "useless-cat"),
    ] {
        let found = names(text);
        assert!(found.iter().any(|name| name == expected), "{text}: {found:?}");
    }
}

#[test]
fn what_is_fine_is_left_alone() {
    for text in [
        "if a; then b; elif c; then d; else e; fi && f",
        "if a; then echo then; fi",
        "while a; do echo done; done",
        "for i do echo \"$i\"; done",
        "for i in 1 2\ndo echo \"$i\"\ndone",
        "case \"$1\" in a|b) c;; *) if d; then e; fi;; esac && f",
        "[ -f a ] && [[ -f b && -f c ]] && f",
        "f() { a; } && g",
        "f () { local b=\"$1\"; a; }",
        "{ a; b; } > c",
        "find . -name a -exec rm {} \\;",
        "a=b c=\"$(d \"e\")\" f",
        "a= b",
        "IFS= read -r x",
        "test a = b",
        "echo \"${known}\" '$typo' \"${typo:-a}\" ${ONE}",
        "x=1; rm $x; a=$(b); for i in $(c); do d \"$i\"; done",
        "grep '\\d' a && sed -e s/a$/b/ c && awk '{print $1}' d",
        "rm -- *.deb && ls ./*.a && apt-get install $PACKAGES",
        "curl -fsSL \"https://a/$(uname -m)\" && make -j$(nproc)",
        "cd a && b; (cd c && d); cd /srv/e || exit 1; f",
        "set -eu; cd a; b",
        "[ a ] && b || true",
        "cat a b | c; cat | d; cat <<E | f",
        "export A=b && export C=\"$1\"",
        "echo a | while read -r line; do echo \"$line\"; done",
        ". ./env.sh && echo \"$typo\"",
        "printf 'a\\nb' && echo -e 'a\\n'",
        "echo $((1 + 2)) && (( a > b )) && c",
        "a && b & wait; c",
        "awk '{ print \"'\"$ONE\"'\" }' a",
    ] {
        assert_eq!(names(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn shells_differ() {
    for (text, dash, ash) in [
        ("[[ a ]]", true, false),
        ("source a", true, false),
        ("[ a == b ]", true, false),
        ("echo -e a", true, false),
        ("a <(b)", true, true),
        ("a <<< b", true, true),
        ("a=(b c)", true, true),
        ("echo \"${ONE:1}\"", true, false),
        ("echo \"${ONE:-1}\"", false, false),
        ("a &> b", true, false),
        ("a > b 2>&1 && [ c = d ]", false, false),
    ] {
        let fires = |dialect| names_for(text, dialect).iter().any(|name| name == "needs-bash");
        assert_eq!((fires(Dialect::Dash), fires(Dialect::Ash)), (dash, ash), "{text}");
        assert!(!fires(Dialect::Bash) && !fires(Dialect::Unknown), "{text}");
    }
}

#[test]
fn hostile_scripts_end() {
    names(&"$(".repeat(20_000));
    names(&"if a then ".repeat(20_000));
    names(&"\"a\"b".repeat(20_000));
    names(&"a=$(b) ".repeat(20_000));
    names(&"rm $A;".repeat(20_000));
}
