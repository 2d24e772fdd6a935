//! URIs as hosts want them: relative to the root of the repository, and encoded.

use std::collections::BTreeMap;

use careen_sarif::{ArtifactLocation, Location, ReadRun, decoded};

use super::texts::places_of;
use crate::sarif::{artifact, roots};

/// Roots that stand on one another.
const MAX_DEPTH: usize = 8;

/// Says of every file of a run where it is in the repository.
pub(super) fn place(read: &mut ReadRun, repository: &[String]) {
    let bases = std::mem::replace(&mut read.run.original_uri_base_ids, roots());
    let map = Map { repository, bases: &bases, working: read.working_directory.as_deref() };
    for outcome in &mut read.run.results {
        places_of(outcome).for_each(|place| map.apply(place));
        for change in outcome.fixes.iter_mut().flat_map(|fix| &mut fix.artifact_changes) {
            change.artifact_location = map.file(&change.artifact_location);
        }
    }
    for invocation in &mut read.run.invocations {
        for notification in &mut invocation.tool_execution_notifications {
            notification.locations.iter_mut().for_each(|place| map.apply(place));
        }
    }
}

struct Map<'a> {
    repository: &'a [String],
    bases: &'a BTreeMap<String, ArtifactLocation>,
    /// The URI of the folder that the tool ran in.
    working: Option<&'a str>,
}

impl Map<'_> {
    fn apply(&self, place: &mut Location) {
        if let Some(physical) = &mut place.physical_location {
            physical.artifact_location = self.file(&physical.artifact_location);
        }
    }

    fn file(&self, file: &ArtifactLocation) -> ArtifactLocation {
        let uri = file.uri.as_deref().unwrap_or_default();
        let path = match Path::of(uri) {
            Path::Elsewhere => {
                // Something else than a file, such as a page: it stays as it is, if it can be sent.
                if is_uri(uri) {
                    return ArtifactLocation {
                        uri: Some(uri.to_owned()),
                        ..ArtifactLocation::default()
                    };
                }
                uri.to_owned()
            }
            Path::Absolute(path) => self.inside(&path).unwrap_or(path),
            Path::Relative(path) => match &file.uri_base_id {
                Some(base) => format!("{}{path}", self.base(base)),
                None => format!("{}{path}", self.working()),
            },
        };
        artifact(&normal(&path))
    }

    /// The folder of a root within the repository, with a slash if it is not the repository itself.
    /// A folder that is not in the repository is where the repository was when the tool ran.
    fn base(&self, id: &str) -> String {
        let mut folder = String::new();
        let mut next = Some(id);
        for _ in 0..MAX_DEPTH {
            let Some(base) = next.and_then(|id| self.bases.get(id)) else { break };
            match base.uri.as_deref().map(Path::of) {
                Some(Path::Absolute(path)) => {
                    let inside = self.inside(&path).unwrap_or_default();
                    folder = format!("{}{folder}", with_slash(inside));
                    break;
                }
                Some(Path::Relative(path)) => folder = format!("{}{folder}", with_slash(path)),
                Some(Path::Elsewhere) | None => {}
            }
            next = base.uri_base_id.as_deref();
        }
        folder
    }

    /// The folder that the tool ran in, if that is below the root.
    fn working(&self) -> String {
        match self.working.map(Path::of) {
            Some(Path::Absolute(path)) => with_slash(self.inside(&path).unwrap_or_default()),
            _ => String::new(),
        }
    }

    /// An absolute path relative to the root of the repository, if it is below.
    fn inside(&self, path: &str) -> Option<String> {
        let path = normal(path);
        self.repository.iter().find_map(|root| {
            let rest = path.strip_prefix(root.trim_end_matches('/'))?;
            if rest.is_empty() {
                return Some(String::new());
            }
            rest.strip_prefix('/').map(ToOwned::to_owned)
        })
    }
}

fn with_slash(mut folder: String) -> String {
    if !folder.is_empty() && !folder.ends_with('/') {
        folder.push('/');
    }
    folder
}

/// What a URI stands for. Many tools write paths that nobody encoded.
enum Path {
    Absolute(String),
    Relative(String),
    /// No file.
    Elsewhere,
}

impl Path {
    fn of(uri: &str) -> Self {
        if let Some(rest) = strip_scheme(uri, "file:") {
            let path = match rest.strip_prefix("//") {
                // A host may follow, which is this one.
                Some(rest) => rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or(rest),
                None => rest,
            };
            let path = slashes(path);
            let drive = path.strip_prefix('/').filter(|rest| has_drive(rest));
            return Self::Absolute(drive.map_or_else(|| path.clone(), ToOwned::to_owned));
        }
        if uri.contains("://") {
            return Self::Elsewhere;
        }
        let path = slashes(uri);
        if path.starts_with('/') || has_drive(&path) {
            Self::Absolute(path)
        } else {
            Self::Relative(path)
        }
    }
}

fn strip_scheme<'u>(uri: &'u str, scheme: &str) -> Option<&'u str> {
    let start = uri.get(..scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| uri.get(scheme.len()..)).flatten()
}

/// The path itself, with the slashes of everywhere else if it was written on Windows: a URI has no
/// backslash, so one is that.
fn slashes(uri: &str) -> String {
    decoded(&uri.replace('\\', "/")).unwrap_or_else(|| uri.replace('\\', "/"))
}

/// Whether something is a URI with an authority: a scheme, a host and perhaps a port, no user, and
/// nothing that should be encoded.
pub(super) fn is_uri(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else { return false };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let of = |text: &str, more: &[u8]| {
        text.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && of(scheme, b"+.-")
        && !host.is_empty()
        && of(host, b"-._~")
        && port.bytes().all(|byte| byte.is_ascii_digit())
        && of(path, b"-._~/?#%+,;:@!$&'()*=")
        && path.matches('#').count() < 2
        && decoded(path).is_some()
}

fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic())
}

/// A path without `.` and, as far as they can be resolved, `..`.
fn normal(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if absolute => {}
                _ => parts.push(".."),
            },
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    if absolute { format!("/{path}") } else { path }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use careen_sarif::ArtifactLocation;

    use super::{Map, is_uri};

    fn location(uri: &str, base: Option<&str>) -> ArtifactLocation {
        ArtifactLocation {
            uri: Some(uri.to_owned()),
            uri_base_id: base.map(ToOwned::to_owned),
            description: None,
        }
    }

    fn placed(uri: &str, base: Option<&str>, working: Option<&str>) -> String {
        let mut bases = BTreeMap::from([
            ("ROOTPATH".to_owned(), location("file:///srv/shop/", None)),
            ("SUB".to_owned(), location("deploy/", Some("ROOTPATH"))),
            ("ELSEWHERE".to_owned(), location("file:///github/workspace/", None)),
            ("LOOP".to_owned(), location("a/", Some("LOOP"))),
        ]);
        bases.insert("%SRCROOT%".to_owned(), ArtifactLocation::default());
        let repository = ["/srv/shop".to_owned(), "/mnt/shop".to_owned()];
        let map = Map { repository: &repository, bases: &bases, working };
        let file = map.file(&location(uri, base));
        let uri = file.uri.unwrap();
        assert_eq!(file.uri_base_id.is_none(), uri.contains("://"), "{uri}");
        uri
    }

    #[test]
    fn paths_become_relative_to_the_root() {
        for (uri, expected) in [
            ("./deploy/web.yaml", "deploy/web.yaml"),
            ("deploy/../a b/ü#.yaml", "a%20b/%C3%BC%23.yaml"),
            ("a%20b/%C3%BC.yaml", "a%20b/%C3%BC.yaml"),
            ("100%.yaml", "100%25.yaml"),
            ("deploy\\web.yaml", "deploy/web.yaml"),
            ("file:///srv/shop/a%20b.yaml", "a%20b.yaml"),
            ("FILE:/srv/shop/x/./y", "x/y"),
            ("/mnt/shop/Dockerfile", "Dockerfile"),
            ("file:///srv/shopping/x", "file:///srv/shopping/x"),
            ("C:\\work\\a.yaml", "file:///C:/work/a.yaml"),
            ("file:///C:/work/a.yaml", "file:///C:/work/a.yaml"),
            ("../up.yaml", "../up.yaml"),
            ("https://example.org/a?b=1", "https://example.org/a?b=1"),
            ("a:b.yaml", "a%3Ab.yaml"),
        ] {
            assert_eq!(placed(uri, None, None), expected, "{uri}");
        }
    }

    #[test]
    fn what_can_be_sent_is_a_uri() {
        for good in ["https://example.org", "git+ssh://h:22/a%20b?c=d#e", "oci://r/x@sha256:ab"] {
            assert!(is_uri(good), "{good}");
        }
        for bad in ["https://[", "https://a:b/", "x", "https://u@h/", "https://h/%zz", "a://b/#c#d"]
        {
            assert!(!is_uri(bad), "{bad}");
        }
    }

    #[test]
    fn roots_are_resolved_as_far_as_they_can() {
        for (base, expected) in [
            ("ROOTPATH", "x.yaml"),
            ("SUB", "deploy/x.yaml"),
            ("ELSEWHERE", "x.yaml"),
            ("%SRCROOT%", "x.yaml"),
            ("UNKNOWN", "x.yaml"),
        ] {
            assert_eq!(placed("x.yaml", Some(base), Some("file:///srv/shop/w")), expected);
        }
        assert!(placed("x.yaml", Some("LOOP"), None).ends_with("a/x.yaml"));
    }

    #[test]
    fn the_folder_of_the_run_counts_below_the_root() {
        assert_eq!(placed("x", None, Some("file:///srv/shop/deploy")), "deploy/x");
        assert_eq!(placed("../x", None, Some("file:///srv/shop/deploy/")), "x");
        assert_eq!(placed("x", None, Some("file:///home/me")), "x");
    }
}
