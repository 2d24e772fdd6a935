//! `.careen/waivers/<control>.yaml`.

use std::fmt::Write as _;

use careen_audit_model::Vouched;

use crate::fields::{Fields, parse};
use crate::moment::{self, DAY};
use crate::names::is_control;
use crate::quote::{yaml, yaml_word};
use crate::sign_off::{END, NAME, TIME, verification, verify_schema};
use crate::{Document, Trouble, Waiver};

const SCHEMA: &str = "waiver/1";
const KEYS: [&str; 7] = ["careen", "control", "owner", "reason", "compensating", "at", "expires"];
/// Days that a waiver may last, after the one on which it is given.
const MOST_DAYS: i64 = 366;

impl Waiver {
    /// The file: what [`read`](crate::read) reads again. The first line says how to verify it by hand.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut text = verification(&self.path, &self.owner);
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key}: {value}");
        };
        line("careen", SCHEMA);
        line("control", &self.control);
        line("owner", &yaml_word(&self.owner));
        line("reason", &yaml(&self.reason));
        line("compensating", &yaml(&self.compensating));
        line("at", &moment::show(self.at));
        line("expires", &moment::show_end(self.expires));
        text
    }

    /// Reads a file. Nothing is vouched for yet.
    pub(crate) fn read(document: &Document) -> Result<Self, Vec<Trouble>> {
        let tree = parse(document);
        let mut fields = Fields::open(document, &tree, "a waiver", &KEYS)?;
        verify_schema(&mut fields, SCHEMA);
        let name = |text: &str| is_control(text).then(|| text.to_owned());
        let control = fields.required_parsed("control", NAME, name);
        let line = |text: &str| (!text.contains(char::is_control)).then(|| text.to_owned());
        let owner = fields.required_parsed("owner", "a text on one line", line);
        let reason = fields.required_text("reason").map(str::to_owned);
        let compensating = fields.required_text("compensating").map(str::to_owned);
        let at = fields.required_parsed("at", TIME, moment::start);
        let expires = fields.required_parsed("expires", END, moment::end);
        let troubles = fields.finish();
        match (control, owner, reason, compensating, at, expires) {
            (
                Some(control),
                Some(owner),
                Some(reason),
                Some(compensating),
                Some(at),
                Some(expires),
            ) if troubles.is_empty() => Ok(Self {
                path: document.path.clone(),
                control,
                owner,
                reason,
                compensating,
                at,
                expires,
                vouched: Vouched::Claimed,
            }),
            _ => Err(troubles),
        }
    }

    /// Why it lasts too long, if it does. Days count as a whole.
    pub(crate) fn is_endless(&self) -> Option<String> {
        let longest = self.at.div_euclid(DAY).saturating_add(MOST_DAYS + 1).saturating_mul(DAY);
        (self.expires > longest).then(|| {
            format!(
                "it lasts until {}, and a waiver lasts {MOST_DAYS} days at most: let it end on {} and \
                 decide anew",
                moment::show_end(self.expires),
                moment::show_end(longest)
            )
        })
    }
}
