//! Everything a text holds in PEM, with the way back to the file.

use std::ops::Range;
use std::sync::Arc;

use careen_text::{Derived, Span};

use crate::armor::{Block, Lexer, Part};
use crate::body::{Bad, Body, Decoded, Form, Padding};
use crate::certificate::Certificate;
use crate::content::{self, Role};
use crate::limits::{MAX_BLOCK_TEXT, MAX_BLOCKS};
use crate::openssh;
use crate::private_key::PrivateKey;
use crate::public_key::KeyFacts;
use crate::request::Request;
use crate::store::{EntryId, Store};

/// What [`scan`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// The blocks in the order written, also those that could not be read. Placeholders and
    /// labels that have nothing to do with certificates and keys are [`Content::Other`] or absent.
    pub items: Vec<Item>,
    /// What is wrong with the blocks, in the order written.
    pub problems: Vec<PemProblem>,
    /// Key stores; what is in them is among the items.
    pub stores: Vec<Store>,
}

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The label of the BEGIN line, such as `CERTIFICATE`.
    pub label: String,
    /// BEGIN to END, in the derived bytes.
    pub span: Span,
    /// The BEGIN marker, in the derived bytes.
    pub begin: Span,
    /// The BEGIN marker in the file.
    pub place: Span,
    /// BEGIN to END in the file.
    pub whole: Span,
    /// How the lines are written.
    pub form: Form,
    /// What the block holds.
    pub content: Content,
    /// The entry of a key store that holds it; none outside of stores.
    pub entry: Option<EntryId>,
}

/// What a block holds, told by its bytes rather than by its label where the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A certificate.
    Certificate(Arc<Certificate>),
    /// A block that ought to be a certificate and cannot be read.
    Unparsable {
        /// Why, as the end of a sentence.
        reason: String,
    },
    /// A private key, be it broken.
    PrivateKey(PrivateKey),
    /// A public key.
    PublicKey(KeyFacts),
    /// A certification request (RFC 2986).
    Csr(Arc<Request>),
    /// A certificate revocation list (RFC 5280 §5).
    Crl,
    /// Diffie-Hellman parameters (PKCS#3).
    DhParameters {
        /// Bits of the prime.
        bits: u32,
    },
    /// Anything else that is armoured: other parameters, PGP messages, PKCS#7 without
    /// certificates, and public keys and requests that cannot be read.
    Other,
}

/// A kind of [`PemProblem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PemProblemKind {
    /// A block that has no END: it was cut off.
    MissingEnd,
    /// An END without a BEGIN.
    MissingBegin,
    /// A BEGIN or END line without its five closing dashes.
    MalformedLine,
    /// BEGIN and END name different labels.
    LabelMismatch,
    /// END and the next BEGIN stand on one line.
    EndBeginOneLine,
    /// A backslash and an `n` stand where line breaks should.
    EscapedNewlines,
    /// The block is one line, which Go and OpenSSL refuse.
    OneLine,
    /// A character that is not base64.
    BadBase64,
    /// The base64 has too much or too little padding, or lost characters at its end.
    BadPadding,
    /// The block holds a placeholder or a template, no data.
    Placeholder,
    /// The block holds something other than its label says.
    WrongContent,
    /// Bytes follow the certificate inside its block.
    TrailingData,
    /// A limit on hostile input was reached; what lies beyond was not read.
    Limit,
}

/// Something that is wrong with a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PemProblem {
    /// Its kind.
    pub kind: PemProblemKind,
    /// Where, in the file.
    pub place: Span,
    /// In words: a sentence fragment that holds nothing of the data.
    pub words: String,
}

/// Reads all PEM blocks of a text. Never fails: what cannot be read becomes an item that says so,
/// or a problem. Certificates inside a PKCS#7 block become items of their own with its place.
/// Public RSA keys in lines as OpenSSH writes them are read as well, with the label `ssh-rsa`.
#[must_use]
pub fn scan(derived: &Derived) -> Material {
    let mut scan = Scan { derived, material: Material::default() };
    for (count, part) in Lexer::new(&derived.bytes).enumerate() {
        if count >= MAX_BLOCKS {
            let at = match &part {
                Part::Block(block) => block.begin.range.clone(),
                Part::StrayEnd(end) => end.range.clone(),
            };
            let words = format!("more than {MAX_BLOCKS} PEM blocks; the rest is not read");
            scan.problem(PemProblemKind::Limit, at, words);
            break;
        }
        match part {
            Part::Block(block) => scan.block(&block),
            Part::StrayEnd(end) => {
                if Role::of(&end.label) != Role::Other && scan.stands_alone(&end.range) {
                    let words = format!("END of PEM block `{}` has no BEGIN before it", end.label);
                    scan.problem(PemProblemKind::MissingBegin, end.range, words);
                }
            }
        }
    }
    scan.ssh_keys();
    scan.material
}

struct Scan<'d> {
    derived: &'d Derived,
    material: Material,
}

impl Scan<'_> {
    fn problem(&mut self, kind: PemProblemKind, at: Range<usize>, words: String) {
        let place = self.derived.resolve(Span::of(at));
        self.material.problems.push(PemProblem { kind, place, words });
    }

    fn item(&mut self, block: &Block, end: usize, form: Form, content: Content) {
        let span = Span::of(block.begin.range.start..end);
        let begin = Span::of(block.begin.range.clone());
        // How far a damaged block reaches is a guess; the next BEGIN is none.
        if let Some(last) = self.material.items.last_mut().filter(|it| it.span.end > span.start) {
            last.span.end = span.start;
            last.whole = self.derived.resolve(last.span);
        }
        self.material.items.push(Item {
            label: block.begin.label.clone(),
            span,
            begin,
            place: self.derived.resolve(begin),
            whole: self.derived.resolve(span),
            form,
            content,
            entry: None,
        });
    }

    /// Public keys in OpenSSH's lines, among the blocks.
    fn ssh_keys(&mut self) {
        let lines = openssh::public_lines(&self.derived.bytes);
        let before = self.material.items.len();
        for line in lines.take(MAX_BLOCKS) {
            let (begin, span) = (Span::of(line.name), Span::of(line.whole));
            self.material.items.push(Item {
                label: "ssh-rsa".to_owned(),
                span,
                begin,
                place: self.derived.resolve(begin),
                whole: self.derived.resolve(span),
                form: Form::Lines,
                content: Content::PublicKey(line.key),
                entry: None,
            });
        }
        if self.material.items.len() > before {
            self.material.items.sort_by_key(|item| item.span.start);
        }
    }

    /// Whether only white space stands beside a marker on its line, as against a program or a
    /// text that speaks about PEM.
    fn stands_alone(&self, marker: &Range<usize>) -> bool {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r');
        let before = self.derived.bytes.get(..marker.start).unwrap_or_default();
        let after = self.derived.bytes.get(marker.end..).unwrap_or_default();
        let before = before.iter().rev().find(|byte| !blank(byte));
        let after = after.iter().find(|byte| !blank(byte));
        matches!(before, None | Some(b'\n')) && matches!(after, None | Some(b'\n'))
    }

    fn block(&mut self, block: &Block) {
        let role = Role::of(&block.begin.label);
        let Some(end) = &block.end else {
            self.unended(block, role);
            return;
        };
        if !role.is_der() {
            self.item(block, end.range.end, Form::Lines, role.unopened());
            return;
        }
        if block.body.len() > MAX_BLOCK_TEXT {
            let words =
                format!("PEM block `{}` is larger than {MAX_BLOCK_TEXT} bytes", block.begin.label);
            self.problem(PemProblemKind::Limit, block.begin.range.clone(), words);
            self.item(block, end.range.end, Form::Lines, role.unread("the block is too large"));
            return;
        }
        let body = Body::read(&self.derived.bytes, block.begin.range.start, block.body.clone());
        let (start, encrypted) = body.headers();
        let decoded = match body.decode(start) {
            Ok(decoded) => decoded,
            Err(Bad::Placeholder) => {
                let words =
                    format!("PEM block `{}` holds a placeholder, no data", block.begin.label);
                self.problem(PemProblemKind::Placeholder, block.begin.range.clone(), words);
                return;
            }
            Err(Bad::Character(at)) => {
                self.lines(block, body.form);
                let words = format!(
                    "PEM block `{}` holds a character that is not base64",
                    block.begin.label
                );
                self.problem(PemProblemKind::BadBase64, at..at + 1, words);
                self.item(block, end.range.end, body.form, role.unread("the block is not base64"));
                return;
            }
        };
        self.lines(block, body.form);
        self.padding(block, &decoded);
        self.content(block, end.range.end, body.form, role, &decoded, encrypted);
    }

    /// A block without END. Text that only mentions a BEGIN line is passed over.
    fn unended(&mut self, block: &Block, role: Role) {
        if !role.is_der() {
            return;
        }
        let cut =
            block.body.start..block.body.end.min(block.body.start.saturating_add(MAX_BLOCK_TEXT));
        let body = Body::read(&self.derived.bytes, block.begin.range.start, cut);
        let (start, encrypted) = body.headers();
        let Some(decoded) = body.decode_lines(start) else { return };
        let words = format!("PEM block `{}` has no END line: it is cut off", block.begin.label);
        self.problem(PemProblemKind::MissingEnd, block.begin.range.clone(), words);
        self.content(block, decoded.end, body.form, role, &decoded, encrypted);
    }

    /// Problems of the BEGIN and END lines and of line breaks.
    fn lines(&mut self, block: &Block, form: Form) {
        let label = &block.begin.label;
        if !block.begin.closed {
            let words = format!("BEGIN line of PEM block `{label}` does not end with five dashes");
            self.problem(PemProblemKind::MalformedLine, block.begin.range.clone(), words);
        }
        match form {
            Form::Escaped => {
                let at = block.begin.range.end;
                let words =
                    format!("PEM block `{label}` has `\\n` written out instead of line breaks");
                self.problem(PemProblemKind::EscapedNewlines, at..at + 2, words);
            }
            Form::OneLine => {
                let words = format!("PEM block `{label}` is one line without line breaks");
                self.problem(PemProblemKind::OneLine, block.begin.range.clone(), words);
            }
            Form::Lines | Form::Quoted | Form::Binary => {}
        }
        let Some(end) = &block.end else { return };
        if !end.closed {
            let words = format!("END line of PEM block `{label}` does not end with five dashes");
            self.problem(PemProblemKind::MalformedLine, end.range.clone(), words);
        }
        if end.label != *label {
            let words = format!("PEM block begins as `{label}` and ends as `{}`", end.label);
            self.problem(PemProblemKind::LabelMismatch, end.range.clone(), words);
        }
        if block.joined {
            let words =
                format!("END line of PEM block `{label}` and the next BEGIN stand on one line");
            self.problem(PemProblemKind::EndBeginOneLine, end.range.clone(), words);
        }
    }

    fn padding(&mut self, block: &Block, decoded: &Decoded) {
        let label = &block.begin.label;
        let words = match decoded.padding {
            Padding::Sound => return,
            Padding::Wrong => format!("PEM block `{label}` has wrong base64 padding"),
            Padding::Cut => format!("PEM block `{label}` lost characters: its base64 is cut off"),
        };
        self.problem(PemProblemKind::BadPadding, block.begin.range.clone(), words);
    }

    fn content(
        &mut self,
        block: &Block,
        end: usize,
        form: Form,
        role: Role,
        decoded: &Decoded,
        encrypted: bool,
    ) {
        let opened = content::open(role, &block.begin.label, &decoded.bytes, encrypted);
        for (kind, words) in opened.problems {
            self.problem(kind, block.begin.range.clone(), words);
        }
        for content in opened.contents {
            self.item(block, end, form, content);
        }
    }
}
