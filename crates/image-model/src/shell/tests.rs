use std::fmt::Write as _;

use careen_text::Source;
use proptest::prelude::*;

use super::{Command, PieceKind, Separator, TokenKind, commands, walk};
use crate::Joined;

fn split(text: &str) -> Vec<Command> {
    commands(&Joined::verbatim(text, 0))
}

/// Commands in a compact form: words in brackets, nested commands in braces.
fn show(commands: &[Command]) -> String {
    let mut out = String::new();
    for command in commands {
        let mark = match command.before {
            Separator::Edge if out.is_empty() => "",
            Separator::Edge => ".",
            Separator::And => "&&",
            Separator::Or => "||",
            Separator::Pipe => "|",
            Separator::Semicolon => ";",
            Separator::Background => "&",
            Separator::Newline => "/",
        };
        out.push_str(mark);
        for pair in &command.assignments {
            let value = pair.value.as_ref().map_or("", |value| value.text.as_str());
            write!(out, "<{}={value}>", pair.key.text).unwrap();
        }
        for word in &command.words {
            write!(out, "[{}]", word.text).unwrap();
        }
        for redirect in &command.redirects {
            let target = redirect.target.as_ref().map_or("", |target| target.text.as_str());
            let number = redirect.descriptor.map(|n| n.to_string()).unwrap_or_default();
            write!(out, "({number}{} {target})", redirect.operator).unwrap();
        }
        if !command.nested.is_empty() {
            write!(out, "{{{}}}", show(&command.nested)).unwrap();
        }
    }
    out
}

#[test]
fn splits_into_commands() {
    let table = [
        ("", ""),
        ("  ", ""),
        ("a b", "[a][b]"),
        ("a && b || c; d | e & f", "[a]&&[b]||[c];[d]|[e]&[f]"),
        ("a |& b", "[a]|[b]"),
        ("a&&b", "[a]&&[b]"),
        ("a\nb\r\nc", "[a]/[b]/[c]"),
        ("a &&\n b", "[a]&&[b]"),
        ("a 'b c' \"d e\" f\\ g", "[a][b c][d e][f g]"),
        ("a'b'\"c\"d", "[abcd]"),
        (r#"a "x\"y\\z\n" 'q\'"#, r#"[a][x"y\z\n][q\]"#),
        ("a \\\n  b", "[a][b]"),
        ("a b\\\nc", "[a][bc]"),
        ("a # b && c\nd", "[a]/[d]"),
        ("a#b", "[a#b]"),
        ("# only", ""),
        ("X=1 Y='a b' cmd Z=2", "<X=1><Y=a b>[cmd][Z=2]"),
        ("X=1", "<X=1>"),
        ("X+=(a b)", "<X+=(a b)>"),
        ("a $X ${Y:-z w} $? $", "[a][$X][${Y:-z w}][$?][$]"),
        ("a > f 2>&1 >>g <h", "[a](> f)(2>& 1)(>> g)(< h)"),
        ("a &> f", "[a](&> f)"),
        ("a <<< 'x y'", "[a](<<< x y)"),
        ("a >", "[a](> )"),
        ("cat <<E && b\nx && y\nE\nc", "[cat](<< E)&&[b]/[c]"),
        ("cat <<-'E'\n\tx; y\n\tE\nc", "[cat](<<- E)/[c]"),
        ("cat <<E\nnever ends", "[cat](<< E)"),
        ("a $(b | c) d", "[a][$(b | c)][d]{[b]|[c]}"),
        ("a \"$(b \"c d\")\"", "[a][$(b \"c d\")]{[b][c d]}"),
        ("a `b c`", "[a][`b c`]{[b][c]}"),
        ("a $(b $(c))", "[a][$(b $(c))]{[b][$(c)]{[c]}}"),
        ("a ${x:-$(b)}", "[a][${x:-$(b)}]{[b]}"),
        ("a $((1 + 2))", "[a][$((1 + 2))]"),
        ("a $(b # )\n)", "[a][$(b # )\n)]{[b]}"),
        ("a $(b", "[a][$(b]{[b]}"),
        ("a 'b", "[a][b]"),
        ("a \"b $(c", "[a][b $(c]{[c]}"),
        ("diff <(a) <(b c)", "[diff][<(a)][<(b c)]{[a].[b][c]}"),
        ("(a; b) | c", "[a];[b]|[c]"),
        ("{ a; b; } && c", "[a];[b]&&[c]"),
        ("if a; then b; else c; fi", "[a];[b];[c]"),
        ("for x in 1 2; do a $x; done", "[for][x][in][1][2];[a][$x]"),
        ("while ! a; do b; done | c", "[a];[b]|[c]"),
        ("case $x in a|b) c ;; *) d ;; esac; e", "[case][$x][in].[c];[d];[e]"),
        ("case $x in\n (a) c;;\nesac\ne", "[case][$x][in].[c];[e]"),
        ("f() { a; }; f", "[a];[f]"),
        ("function f { a; }", "[a]"),
        ("((x++)) && a", "&&[a]"),
        ("sh -c 'a && b'", "[sh][-c][a && b]{[a]&&[b]}"),
        ("exec /bin/bash -euxc \"a $(b)\"", "[exec][/bin/bash][-euxc][a $(b)]{[a][$(b)]{[b]}}"),
        ("\\", "[\\]"),
        ("a ) b", "[a].[b]"),
        (";;&&", ""),
    ];
    for (text, expected) in table {
        let shown = show(&split(text));
        assert_eq!(shown, expected, "{text:?}");
    }
}

#[test]
fn words_stand_where_they_say() {
    let text = "X='a b' echo \"c d\" e\\\nf | tee ${O:-x} >&2";
    let source = Source::new("x", text);
    let found = split(text);
    let slices = |command: &Command| {
        command.words.iter().map(|word| source.slice(word.span).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(slices(&found[0]), ["echo", "\"c d\"", "e\\\nf"]);
    assert_eq!(slices(&found[1]), ["tee", "${O:-x}"]);
    assert_eq!(source.slice(found[0].words[1].content), "c d");
    assert_eq!(source.slice(found[0].span), "X='a b' echo \"c d\" e\\\nf");
    let pair = &found[0].assignments[0];
    assert_eq!(source.slice(pair.span), "X='a b'");
    assert_eq!(source.slice(pair.value.as_ref().unwrap().content), "a b");
    assert_eq!(source.slice(found[1].redirects[0].span), ">&2");
    assert_eq!((found[0].after, found[1].after), (Separator::Pipe, Separator::Edge));
}

#[test]
fn unclosed_quotes_keep_their_text() {
    let source = Source::new("x", "a 'bcé");
    let found = split(source.text());
    assert_eq!(found[0].words[1].text, "bcé");
    assert_eq!(source.slice(found[0].words[1].content), "'bcé");
}

#[test]
fn literal_means_no_expansion() {
    let found = split("a '$b' $c \"$d\" \\$e `f` *");
    let literal: Vec<bool> = found[0].words.iter().map(|word| word.literal).collect();
    assert_eq!(literal, [true, true, false, false, true, false, true]);
}

#[test]
fn separators_reach_over_groups() {
    let found = split("a && (b; c) | d");
    let after: Vec<Separator> = found.iter().map(|command| command.after).collect();
    assert_eq!(after, [Separator::And, Separator::Semicolon, Separator::Pipe, Separator::Edge]);
    let groups: Vec<usize> = found.iter().map(|command| command.group).collect();
    assert_eq!(groups, [0, 1, 1, 0]);
}

#[test]
fn helpers_find_program_and_subcommand() {
    let found = split("/usr/bin/apt-get -y install curl");
    assert_eq!(found[0].program(), "apt-get");
    assert_eq!(found[0].subcommand().unwrap().text, "install");
    assert!(found[0].has_argument("curl"));
    let found = split("a $(b $(c)) && d");
    let names: Vec<&str> = walk(&found).map(Command::program).collect();
    assert_eq!(names, ["a", "b", "c", "d"]);
}

#[test]
fn depth_is_limited() {
    let text = "a $(".repeat(50_000);
    assert!(walk(&split(&text)).count() < 20);
    let text = "$(`".repeat(50_000);
    split(&text);
    let text = "(".repeat(100_000);
    assert_eq!(split(&text).len(), 0);
    let text = "${".repeat(100_000);
    split(&text);
    let text = "<(".repeat(50_000);
    split(&text);
    let text = "a=(".repeat(50_000);
    split(&text);
    let text = "a;".repeat(50_000);
    assert_eq!(split(&text).len(), super::COMMANDS_MAX);
}

const FRAGMENTS: &[&str] = &[
    "a",
    "b c",
    " ",
    "\n",
    "\r\n",
    "\\",
    "\\\n",
    "'",
    "\"",
    "`",
    "$",
    "$(",
    "${",
    "$((",
    "(",
    ")",
    "}",
    "{",
    ";",
    ";;",
    "&",
    "&&",
    "|",
    "||",
    "<",
    ">",
    "<<E\n",
    "E\n",
    "<<<",
    "2>&1",
    "#",
    "é",
    "X=",
    "case x in ",
    "esac",
    "if ",
    "fi",
    "sh -c ",
    "<(",
    "\t",
    "!",
    "=",
];

#[test]
fn tokens_are_kept_as_they_are_written() {
    let tokens = |text: &str| -> Vec<String> {
        let script = Joined::verbatim(text, 0);
        let tokens = super::tokens(&script, 0..text.len()).into_iter();
        tokens.map(|token| text.get(token.range).unwrap().to_owned()).collect()
    };
    assert_eq!(tokens("if a; then b;fi"), ["if", "a", ";", "then", "b", ";", "fi"]);
    assert_eq!(
        tokens("a \"b c\"'d'$(e f) 2>&1 # g"),
        ["a", "\"b c\"'d'$(e f)", "2", ">&", "1", "# g"]
    );
    assert_eq!(tokens("a <<X && b\nc\nX\nd"), ["a", "<<", "X", "&&", "b", "\n", "d"]);
    assert_eq!(tokens("a\\\n b >|c <(d)"), ["a", "b", ">|", "c", "<(d)"]);
}

#[test]
fn pieces_tell_quotes_from_expansions() {
    use PieceKind::{Braced, Command, Dollar, Escape, Quote, Single, Text, Variable};
    let pieces = |text: &str| -> Vec<(PieceKind, bool)> {
        let script = Joined::verbatim(text, 0);
        let pieces = super::pieces(&script, 0..text.len()).into_iter();
        pieces.map(|piece| (piece.kind, piece.quoted)).collect()
    };
    assert_eq!(
        pieces("a\"$b${c}\"'d'\\e"),
        [
            (Text, false),
            (Quote, true),
            (Variable, true),
            (Braced, true),
            (Quote, true),
            (Single, false),
            (Escape, false)
        ]
    );
    assert_eq!(pieces("$(f \"$g\")$"), [(Command, false), (Dollar, false)]);
    let script = Joined::verbatim("\"a", 0);
    assert!(super::pieces(&script, 0..2).iter().any(|piece| !piece.closed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_script_is_split(
        pieces in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)
    ) {
        let text = pieces.concat();
        let whole = split(&text);
        for command in walk(&whole) {
            prop_assert!(!command.span.is_empty());
            let words = command.words.iter();
            for word in words.chain(command.redirects.iter().filter_map(|r| r.target.as_ref())) {
                prop_assert!(text.get(word.span.range()).is_some());
                prop_assert!(text.get(word.content.range()).is_some());
                prop_assert!(command.span.encloses(word.span));
                prop_assert!(word.span.encloses(word.content));
            }
            for pair in &command.assignments {
                prop_assert!(text.get(pair.span.range()).is_some());
                let value = pair.value.as_ref().unwrap();
                prop_assert!(text.get(value.content.range()).is_some());
            }
        }
        for pair in whole.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
    }

    #[test]
    fn tokens_and_their_pieces_leave_no_gap(
        fragments in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)
    ) {
        let text = fragments.concat();
        let script = Joined::verbatim(&text, 0);
        let mut end = 0;
        for token in super::tokens(&script, 0..text.len()) {
            prop_assert!(token.range.start >= end && !token.range.is_empty());
            prop_assert!(text.get(token.range.clone()).is_some());
            end = token.range.end;
            if token.kind != TokenKind::Word {
                continue;
            }
            let mut at = token.range.start;
            for piece in super::pieces(&script, token.range.clone()) {
                prop_assert_eq!(piece.range.start, at);
                prop_assert!(text.get(piece.range.clone()).is_some());
                at = piece.range.end;
                for inner in piece.inner {
                    prop_assert!(piece.range.start <= inner.start && inner.end <= at);
                    prop_assert!(text.get(inner).is_some());
                }
            }
            prop_assert_eq!(at, token.range.end);
        }
    }
}
