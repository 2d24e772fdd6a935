use std::collections::BTreeMap;
use std::sync::Arc;

use careen_audit_model::Vouched;

use crate::fields::quoted;
use crate::names::{Place, is_of_role};
use crate::vouch::Word;
use crate::{Attestations, Document, Roles, SignOff, Signers, Trouble, Waiver};

/// Sign-offs, waivers and signatures of one folder.
const MOST_DOCUMENTS: usize = 10_000;
/// The role in which waivers are signed, if the file of roles lists it.
const WAIVER_ROLE: &str = "waiver";

/// Reads sign-offs, waivers and their signatures. `documents` are all files below `.careen`; what is
/// neither is left to others. Whether a control of that name exists is left to others too.
#[must_use]
pub fn read(documents: &[Document], signers: &Signers, roles: &Roles, now: i64) -> Attestations {
    let mut found = Attestations::default();
    let mut files = BTreeMap::new();
    for document in documents {
        let place = Place::of(&document.path);
        if place != Place::Other {
            files.insert(&*document.path, (document, place));
        }
    }
    if let Some((&path, _)) = files.iter().nth(MOST_DOCUMENTS) {
        let rest = files.split_off(path);
        let message = format!(
            "{} files from here on are not read: there are more than {MOST_DOCUMENTS} sign-offs, waivers \
             and signatures, so take old ones away",
            rest.len()
        );
        found.troubles.push(at_start(path, message));
    }
    let reading = Reading { files, signers, roles, now };
    for (&path, &(document, place)) in &reading.files {
        let trouble = match place {
            Place::SignOff { control, stem } => reading
                .sign_off(document, control, stem)
                .map(|sign_off| found.sign_offs.push(sign_off)),
            Place::Waiver { control } => {
                reading.waiver(document, control).map(|waiver| found.waivers.push(waiver))
            }
            Place::Signature { of } => reading.signature(path, of),
            Place::Stray => Err(vec![at_start(path, STRAY.to_owned())]),
            Place::Other => Ok(()),
        };
        found.troubles.extend(trouble.err().into_iter().flatten());
    }
    refuse_contradictions(&mut found.sign_offs, now);
    found.troubles.sort();
    found
}

/// What is said of a file that stands where only sign-offs and waivers do.
const STRAY: &str = "is not read: a sign-off is .careen/sign-offs/<control>/<role>.yaml, a waiver \
                     .careen/waivers/<control>.yaml, each with its .yaml.sig beside it";

/// The files of one folder, and what they are judged by.
struct Reading<'d> {
    files: BTreeMap<&'d str, (&'d Document, Place<'d>)>,
    signers: &'d Signers,
    roles: &'d Roles,
    now: i64,
}

impl Reading<'_> {
    fn sign_off(
        &self,
        document: &Document,
        control: &str,
        stem: &str,
    ) -> Result<SignOff, Vec<Trouble>> {
        let mut sign_off = SignOff::read(document)?;
        let word = Word {
            by: &sign_off.by,
            role: Some(&sign_off.role),
            at: sign_off.at,
            expires: sign_off.expires,
            bytes: &document.bytes,
            signature: self.signature_of(document),
        };
        sign_off.vouched = misplaced(&sign_off, control, stem)
            .unwrap_or_else(|| word.vouched(self.signers, self.roles, self.now));
        Ok(sign_off)
    }

    fn waiver(&self, document: &Document, control: &str) -> Result<Waiver, Vec<Trouble>> {
        let mut waiver = Waiver::read(document)?;
        let word = Word {
            by: &waiver.owner,
            role: self.roles.lists(WAIVER_ROLE).then_some(WAIVER_ROLE),
            at: waiver.at,
            expires: Some(waiver.expires),
            bytes: &document.bytes,
            signature: self.signature_of(document),
        };
        waiver.vouched = unfit(&waiver, control)
            .unwrap_or_else(|| word.vouched(self.signers, self.roles, self.now));
        Ok(waiver)
    }

    /// The signature beside a file.
    fn signature_of(&self, document: &Document) -> Option<&[u8]> {
        let (signature, _) = self.files.get(&*format!("{}.sig", document.path))?;
        Some(&signature.bytes)
    }

    /// Tells where what is signed is missing.
    fn signature(&self, path: &str, of: &str) -> Result<(), Vec<Trouble>> {
        if self.files.contains_key(of) {
            return Ok(());
        }
        let of = quoted(of);
        let message = format!("signs {of}, which is not there: put it back, or take this away");
        Err(vec![at_start(path, message)])
    }
}

fn at_start(path: &str, message: String) -> Trouble {
    Trouble { path: Arc::from(path), line: 1, column: 1, message }
}

fn refused(reason: String) -> Option<Vouched> {
    Some(Vouched::Refused { reason })
}

/// Why a sign-off does not belong where it stands: somebody who looks for it there would not find it.
fn misplaced(sign_off: &SignOff, control: &str, stem: &str) -> Option<Vouched> {
    if sign_off.control != control {
        let (inside, folder) = (&sign_off.control, quoted(control));
        return refused(format!(
            "it is for the control `{inside}`, but stands in the folder of `{folder}`: move it"
        ));
    }
    if !is_of_role(stem, &sign_off.role) {
        let (role, stem) = (&sign_off.role, quoted(stem));
        return refused(format!(
            "its role is `{role}`, but its name is `{stem}.yaml`: call it `{role}.yaml`"
        ));
    }
    None
}

/// Why a waiver cannot be taken, whoever signed it.
fn unfit(waiver: &Waiver, control: &str) -> Option<Vouched> {
    if waiver.control != control {
        let (inside, name) = (&waiver.control, quoted(control));
        return refused(format!(
            "it is for the control `{inside}`, but its name is `{name}.yaml`: call it `{inside}.yaml`"
        ));
    }
    waiver.is_endless().and_then(refused)
}

/// Refuses those that say different things of the same control in the same role. What has run out
/// contradicts nothing any more.
fn refuse_contradictions(sign_offs: &mut [SignOff], now: i64) {
    let mut first: BTreeMap<(String, String), [Option<Arc<str>>; 2]> = BTreeMap::new();
    let key = |sign_off: &SignOff| (sign_off.control.clone(), sign_off.role.clone());
    for sign_off in sign_offs.iter().filter(|sign_off| !sign_off.is_over(now)) {
        let paths = first.entry(key(sign_off)).or_default();
        paths[usize::from(sign_off.approved)].get_or_insert_with(|| Arc::clone(&sign_off.path));
    }
    for sign_off in sign_offs.iter_mut().filter(|sign_off| !sign_off.is_over(now)) {
        let paths = first.get(&key(sign_off));
        let other = paths.and_then(|paths| paths[usize::from(!sign_off.approved)].as_ref());
        let Some(other) = other else { continue };
        if matches!(sign_off.vouched, Vouched::Refused { .. }) {
            continue;
        }
        let (says, denies) =
            if sign_off.approved { ("holds", "does not") } else { ("does not hold", "does") };
        let reason = format!(
            "it says that `{}` {says}, and {} says that it {denies}: the two of role `{}` must agree",
            sign_off.control,
            quoted(other),
            sign_off.role
        );
        sign_off.vouched = Vouched::Refused { reason };
    }
}
