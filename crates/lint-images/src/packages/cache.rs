//! Caches that package managers of languages keep in the home folder.

use careen_image_model::Word;

use crate::subject::CommandSite;

/// Mounts of one `RUN` that are looked at.
const MOUNTS_MAX: usize = 32;

/// Whether a `RUN` keeps a cache out of its layer: it has a cache or a file system in memory at
/// a path with one of these parts, or takes such a path away. Where the home folder is depends on
/// the user, so the whole path is not asked for. `question` names the parts.
pub(crate) fn keeps_cache_out(
    site: &CommandSite<'_>,
    question: &'static str,
    parts: &[&str],
) -> bool {
    let is_there = |word: &Word| parts.iter().any(|part| word.text.contains(part));
    let mounted = site.step.instruction.flags("mount").take(MOUNTS_MAX).any(|flag| {
        let kind = flag.field("type").map_or("bind", |word| word.text.as_str());
        let names = ["target", "dst", "destination"];
        let target = names.into_iter().find_map(|name| flag.field(name));
        matches!(kind, "cache" | "tmpfs")
            && target.is_some_and(|target| {
                is_there(target) || !target.literal || matches!(target.text.as_str(), "/root" | "/")
            })
    });
    mounted
        || site.any_call(question, |call| match call.program() {
            "rm" | "find" => call.arguments.iter().any(is_there),
            program => program.contains("clean"),
        })
}
