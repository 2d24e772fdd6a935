use std::collections::BTreeMap;

use careen_image_model::oci::{Entry, EntryKind};
use careen_model::Context;
use careen_rule::{OptionKind, RuleOption, SnapshotSink, control, rule};

use crate::Check;
use crate::entries::{folders_above, mebibytes};
use crate::subject::Built;

rule! {
    /// Lists and downloads of package managers are of no use once the packages are installed, and
    /// are pulled by every node. They must go in the very `RUN` that made them, or lie on a cache
    /// mount: a later `RUN rm` takes nothing out of the image. What was deleted too late is not
    /// counted here.
    ///
    /// A plain Debian or Alpine image has none.
    ///
    /// ```config
    /// rules: {layer-package-cache: {mib: 1}}
    /// ```
    /// ```image bad file=app
    /// # finds layer-1/var/lib/apt/lists: image `app` ships 1.5 MiB of package lists of APT in `var/lib/apt/lists`
    /// # finds layer-1/root/.cache/pip: image `app` ships 1.0 MiB of downloads of pip in `root/.cache/pip`
    /// layers:
    ///   - var/lib/apt/lists/deb_Packages: {size: 1048576}
    ///     var/lib/apt/lists/partial/x: {size: 524288}
    ///     root/.cache/pip/http/a: {size: 1048576}
    /// ```
    /// ```image good file=app
    /// layers:
    ///   - var/lib/apt/lists/lock: {}
    ///     var/cache/apt/archives/partial/: {}
    ///     var/cache/apk/APKINDEX.tar.gz: {size: 1000}
    /// ```
    pub(crate) static RULE: Check = {
        id: "layer-package-cache",
        summary: "image ships what a package manager downloaded",
        remedy: "Delete the folder in the `RUN` that fills it, or put it on `RUN --mount=type=cache`.",
        severity: Low,
        check: Check::Image(check),
        peers: &["dockle:DKL-LI-0003", "dockle:DKL-DI-0005", "cis:4.3"],
        controls: &[control::IMAGE_MINIMAL],
        references: &["https://docs.docker.com/build/building/best-practices/#apt-get"],
        options: &[RuleOption {
            name: "mib",
            kind: OptionKind::Number,
            summary: "From how many MiB in one folder on it counts; without it, 2.",
        }],
    }
}

/// Ends of folders, and what they hold. A leading `~` stands for the home of any user.
const CACHES: &[(&str, &str)] = &[
    ("/var/lib/apt/lists", "package lists of APT"),
    ("/var/cache/apt", "packages of APT"),
    ("/var/cache/apk", "packages of apk"),
    ("/var/cache/dnf", "packages of DNF"),
    ("/var/cache/libdnf5", "packages of DNF"),
    ("/var/cache/yum", "packages of Yum"),
    ("/var/cache/zypp", "packages of Zypper"),
    ("/var/cache/pacman/pkg", "packages of pacman"),
    ("/opt/conda/pkgs", "packages of Conda"),
    ("~/.cache/pip", "downloads of pip"),
    ("~/.cache/uv", "downloads of uv"),
    ("~/.cache/pypoetry", "downloads of Poetry"),
    ("~/.cache/pipenv", "downloads of Pipenv"),
    ("~/.cache/yarn", "downloads of Yarn"),
    ("/usr/local/share/.cache/yarn", "downloads of Yarn"),
    ("~/.cache/go-build", "results of the Go compiler"),
    ("~/.cache/composer", "downloads of Composer"),
    ("~/.composer/cache", "downloads of Composer"),
    ("~/.npm/_cacache", "downloads of npm"),
    ("~/.local/share/pnpm/store", "downloads of pnpm"),
    ("~/.bundle/cache", "downloads of Bundler"),
    ("~/.gradle/caches", "downloads of Gradle"),
    ("~/.m2/repository", "downloads of Maven"),
    ("~/.nuget/packages", "downloads of NuGet"),
    ("~/.cargo/registry", "downloads of Cargo"),
    ("/usr/local/cargo/registry", "downloads of Cargo"),
    ("/go/pkg/mod/cache", "downloads of Go"),
    ("~/go/pkg/mod/cache", "downloads of Go"),
];

fn check(built: &Built<'_>, context: &Context, out: &mut SnapshotSink<'_>) {
    let mib = context.options.number(RULE.meta.id, "mib").unwrap_or(2);
    let least = u64::try_from(mib).unwrap_or_default().saturating_mul(1 << 20).max(1);
    // By folder: what it holds, how many bytes, and the largest of its files.
    let mut caches: BTreeMap<&str, (&str, u64, (usize, &Entry))> = BTreeMap::new();
    for (layer, entry) in built.merged.entries() {
        if entry.kind != EntryKind::File {
            continue;
        }
        let mut folders = folders_above(&entry.path);
        let Some((folder, what)) = folders.find_map(|folder| Some((folder, cache_in(folder)?)))
        else {
            continue;
        };
        let (_, bytes, largest) = caches.entry(folder).or_insert((what, 0, (layer, entry)));
        *bytes = bytes.saturating_add(entry.size);
        if entry.size > largest.1.size {
            *largest = (layer, entry);
        }
    }
    for (folder, (what, bytes, (layer, _))) in caches {
        if bytes >= least {
            let (name, size) = (built.name(), mebibytes(bytes));
            let message = format!("image `{name}` ships {size} of {what} in `{folder}`");
            built.report_path(out, layer, folder, message);
        }
    }
}

/// What the folder holds, if it is a cache.
fn cache_in(folder: &str) -> Option<&'static str> {
    let home = folder
        .strip_prefix("root/")
        .or_else(|| folder.strip_prefix("home/").and_then(|rest| Some(rest.split_once('/')?.1)));
    let is_at = |cache: &str| match cache.strip_prefix("~/") {
        Some(below) => home == Some(below),
        None => cache.strip_prefix('/') == Some(folder),
    };
    CACHES.iter().find(|(cache, _)| is_at(cache)).map(|(_, what)| *what)
}
