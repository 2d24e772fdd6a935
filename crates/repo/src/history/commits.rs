//! The commits of a range, parents before children.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use careen_rule::{Note, NoteKind};
use careen_text::sanitize_line;
use gix::ObjectId;
use gix::hashtable::HashMap;
use gix::objs::{CommitRefIter, Find as _, Kind};
use gix::revision::walk::Sorting;
use gix::traverse::commit::simple::CommitTimeOrder;

use super::Watch;
use crate::Error;
use crate::git::failure;

/// So many failures on the way are enough to know that the repository is damaged.
const MOST_FAILURES: usize = 100;
/// A walk asks so often whether it is to end.
const PACE: usize = 256;
/// Characters of an author that are shown.
const MOST_AUTHOR: usize = 200;

/// A commit of the range.
#[derive(Clone, Copy, Debug)]
pub(super) struct Commit {
    pub(super) id: ObjectId,
    /// When it was committed, in Unix seconds.
    pub(super) time: i64,
}

/// Where the walk begins, and what it never enters.
#[derive(Default)]
pub(super) struct Chosen {
    tips: BTreeSet<ObjectId>,
    hidden: BTreeSet<ObjectId>,
    notes: Vec<Note>,
}

/// What the walk came to.
pub(super) struct Walked {
    /// Parents before their children; of those that could be either way round, the older first.
    pub(super) commits: Vec<Commit>,
    /// Parents of these that are outside of the range.
    pub(super) boundary: BTreeSet<ObjectId>,
    pub(super) notes: Vec<Note>,
    pub(super) is_cut_short: bool,
}

/// Resolves a range; without one, every reference and `HEAD`.
pub(super) fn choose(repository: &gix::Repository, range: Option<&str>) -> Result<Chosen, Error> {
    use gix::revision::plumbing::Spec;
    let Some(range) = range else { return references(repository) };
    let unknown = || Error::UnknownRange { range: sanitize_line(range).into_owned() };
    let commit = |id: ObjectId| {
        let object = repository.find_object(id).map_err(|_| unknown())?;
        object.peel_to_commit().map(|commit| commit.id).map_err(|_| unknown())
    };
    let mut chosen = Chosen::default();
    match repository.rev_parse(range).map_err(|_| unknown())?.detach() {
        Spec::Include(id) => _ = chosen.tips.insert(commit(id)?),
        Spec::Range { from, to } => {
            chosen.tips.insert(commit(to)?);
            chosen.hidden.insert(commit(from)?);
        }
        Spec::ExcludeParents(id) => {
            let id = commit(id)?;
            chosen.tips.insert(id);
            let commit = repository.find_commit(id).map_err(|_| unknown())?;
            chosen.hidden.extend(commit.parent_ids().map(gix::Id::detach));
        }
        Spec::Exclude(_) | Spec::Merge { .. } | Spec::IncludeOnlyParents(_) => {
            return Err(unknown());
        }
    }
    Ok(chosen)
}

fn references(repository: &gix::Repository) -> Result<Chosen, Error> {
    let mut chosen = Chosen::default();
    let mut broken = 0_usize;
    let mut add = |id: ObjectId| match repository.try_find_header(id) {
        Ok(Some(header)) if header.kind() == Kind::Commit => {
            chosen.tips.insert(id);
            true
        }
        // A tag may be on a file or a folder, which is rare and never the only way to it.
        Ok(Some(_)) => true,
        Ok(None) | Err(_) => false,
    };
    let platform = repository.references().map_err(|error| failure(&error))?;
    let all = platform.all().and_then(gix::reference::iter::Iter::peeled);
    for reference in all.map_err(|error| failure(&error))? {
        let found = reference.ok().and_then(|reference| reference.try_id().map(gix::Id::detach));
        broken += usize::from(!found.is_some_and(&mut add));
    }
    let mut head = repository.head().map_err(|error| failure(&error))?;
    if !head.is_unborn() {
        match head.peel_to_commit() {
            Ok(commit) => _ = add(commit.id),
            Err(_) => broken += 1,
        }
    }
    if broken > 0 {
        let message = format!(
            "{broken} references lead to no object that can be read, so their history was not \
             searched; `git fsck` may say more"
        );
        chosen.notes.push(Note::general(NoteKind::Unreadable, message).incomplete());
    }
    Ok(chosen)
}

/// Walks from the tips to the oldest commits.
pub(super) fn walk(
    repository: &gix::Repository,
    chosen: &Chosen,
    watch: &dyn Watch,
) -> Result<Walked, Error> {
    let mut notes = chosen.notes.clone();
    let mut is_cut_short = false;
    let mut met: Vec<Met> = Vec::new();
    let mut failures = 0;
    let walk = repository
        .rev_walk(chosen.tips.iter().copied())
        .with_hidden(chosen.hidden.iter().copied())
        .sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst))
        .all()
        .map_err(|error| failure(&error))?;
    for info in walk {
        match info {
            Ok(info) => met.push(Met {
                commit: Commit { id: info.id, time: info.commit_time.unwrap_or_default() },
                parents: info.parent_ids.iter().copied().collect(),
            }),
            Err(_) => {
                failures += 1;
                if failures >= MOST_FAILURES {
                    break;
                }
            }
        }
        if met.len().is_multiple_of(PACE) && watch.is_cancelled() {
            is_cut_short = true;
            break;
        }
    }
    if failures > 0 {
        let message = "commits are missing or damaged, so what lies before them was not searched; \
                       `git fsck` may say more";
        notes.push(Note::general(NoteKind::Unreadable, message).incomplete());
    }
    let shallow = repository.shallow_commits().ok().flatten();
    if let Some(shallow) = shallow
        && met.iter().any(|met| shallow.binary_search(&met.commit.id).is_ok())
    {
        let message = "this is a shallow clone: what lies before its oldest commits was not \
                       searched; `git fetch --unshallow` brings it";
        notes.push(Note::general(NoteKind::Limit, message).incomplete());
    }
    let (commits, outside) = in_order(&met);
    // Without a range, a parent that was not met is missing, and it takes nothing away.
    let boundary = if chosen.hidden.is_empty() { BTreeSet::new() } else { outside };
    Ok(Walked { commits, boundary, notes, is_cut_short })
}

struct Met {
    commit: Commit,
    parents: Vec<ObjectId>,
}

/// Puts parents before children whatever their clocks said, and tells the parents that were not met.
fn in_order(met: &[Met]) -> (Vec<Commit>, BTreeSet<ObjectId>) {
    let index: HashMap<ObjectId, usize> =
        met.iter().enumerate().map(|(at, met)| (met.commit.id, at)).collect();
    let mut outside = BTreeSet::new();
    let mut waits_for = vec![0_usize; met.len()];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); met.len()];
    for (at, one) in met.iter().enumerate() {
        for parent in &one.parents {
            match index.get(parent).and_then(|parent| children.get_mut(*parent)) {
                Some(children) => {
                    children.push(at);
                    if let Some(count) = waits_for.get_mut(at) {
                        *count += 1;
                    }
                }
                None => _ = outside.insert(*parent),
            }
        }
    }
    let key = |at: usize| met.get(at).map(|met| (met.commit.time, met.commit.id, at));
    let free = waits_for.iter().enumerate().filter(|(_, count)| **count == 0);
    let mut ready: BinaryHeap<_> = free.filter_map(|(at, _)| key(at).map(Reverse)).collect();
    let mut ordered = Vec::with_capacity(met.len());
    while let Some(Reverse((_, _, at))) = ready.pop() {
        ordered.extend(met.get(at).map(|met| met.commit));
        for &child in children.get(at).into_iter().flatten() {
            if let Some(count) = waits_for.get_mut(child) {
                *count -= 1;
                if *count == 0 {
                    ready.extend(key(child).map(Reverse));
                }
            }
        }
    }
    (ordered, outside)
}

/// `name <address>` of a commit's author.
pub(super) fn author(repository: &gix::Repository, id: &ObjectId) -> Option<String> {
    let mut buffer = Vec::new();
    let data = repository.objects.try_find(id, &mut buffer).ok()??;
    if data.kind != Kind::Commit {
        return None;
    }
    let author = CommitRefIter::from_bytes(data.data, id.kind()).author().ok()?;
    let text = format!("{} <{}>", author.name, author.email);
    Some(sanitize_line(&text).chars().take(MOST_AUTHOR).collect())
}

#[cfg(test)]
mod tests {
    use gix::ObjectId;

    use super::{Commit, Met, in_order};

    fn id(number: u8) -> ObjectId {
        ObjectId::from_bytes_or_panic(&[number; 20])
    }

    fn met(number: u8, time: i64, parents: &[u8]) -> Met {
        let parents = parents.iter().map(|parent| id(*parent)).collect();
        Met { commit: Commit { id: id(number), time }, parents }
    }

    #[test]
    fn parents_come_first_whatever_the_clocks_say() {
        let (ordered, outside) = in_order(&[
            met(4, 5, &[2, 3]),
            met(3, 40, &[1]),
            met(2, 50, &[1]),
            met(1, 90, &[9]),
            met(7, 60, &[]),
        ]);
        let ids: Vec<_> = ordered.iter().map(|commit| commit.id).collect();
        assert_eq!(ids, [7, 1, 3, 2, 4].map(id));
        assert_eq!(outside.into_iter().collect::<Vec<_>>(), [id(9)]);
    }
}
