//! Compose files. A service with `build` gives what it builds the name in `image`; without, it
//! pulls that image.

use careen_yaml::Node;

use super::{IMAGES_MAX, ImageHolder, NamedImage, of_context, short};

/// Defaults inside of defaults that are followed.
const DEPTH_MAX: usize = 8;

/// The images of a Compose file.
pub(super) fn collect<'a>(root: Node<'a>, images: &mut Vec<NamedImage<'a>>) {
    // Through aliases one mapping may stand in many services.
    let mut contexts_left = IMAGES_MAX;
    for service in root.get("services").iter().flat_map(Node::entries) {
        if images.len() >= IMAGES_MAX {
            return;
        }
        let name = service.name().unwrap_or_default();
        if let Some(build) = service.value.get("build").filter(|build| !build.is_null()) {
            let contexts = build.get("additional_contexts");
            for context in contexts.iter().flat_map(Node::entries).take(contexts_left) {
                contexts_left -= 1;
                images.extend(of_context(context.value, ImageHolder::ComposeContext(name)));
            }
            continue;
        }
        let Some(node) = service.value.get("image") else { continue };
        if let Some(written) = short(node).filter(|text| !text.is_empty()) {
            let text = interpolate(written, DEPTH_MAX).unwrap_or_else(|| written.to_owned());
            images.push(NamedImage::of_node(node, text, ImageHolder::ComposeService(name)));
        }
    }
}

/// The text with the defaults of its variables filled in; none where a variable has none. What
/// the environment sets is not known: the default is what the file itself asks for.
fn interpolate(text: &str, depth: usize) -> Option<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        filled.push_str(rest.get(..at)?);
        rest = rest.get(at + 1..)?;
        if let Some(after) = rest.strip_prefix('$') {
            filled.push('$');
            rest = after;
            continue;
        }
        let inside = rest.strip_prefix('{')?;
        let end = closing(inside)?;
        let (variable, after) = (inside.get(..end)?, inside.get(end + 1..)?);
        let name_len = variable.bytes().take_while(|byte| is_name(*byte)).count();
        let operator = variable.get(name_len..)?;
        let default = operator.strip_prefix(":-").or_else(|| operator.strip_prefix('-'))?;
        filled.push_str(&interpolate(default, depth.checked_sub(1)?)?);
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

/// Where the brace is that closes one in front of the text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 0 => return Some(at),
            b'}' => open -= 1,
            _ => {}
        }
    }
    None
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::interpolate;

    #[test]
    fn defaults_count_as_values() {
        for (text, filled) in [
            ("nginx:1.29", Some("nginx:1.29")),
            ("nginx:${TAG:-1.29}", Some("nginx:1.29")),
            ("${REGISTRY-docker.io}/nginx:${TAG:-1.29}", Some("docker.io/nginx:1.29")),
            ("nginx:${A:-${B:-1.29}}-alpine", Some("nginx:1.29-alpine")),
            ("nginx:${TAG:-}", Some("nginx:")),
            ("a$$b", Some("a$b")),
            ("nginx:${TAG}", None),
            ("nginx:$TAG", None),
            ("nginx:${TAG:?set it}", None),
            ("nginx:${TAG:+1}", None),
            ("nginx:${TAG:-1", None),
            ("nginx:${A:-${B}}", None),
            ("$", None),
        ] {
            assert_eq!(interpolate(text, 8).as_deref(), filled, "{text}");
        }
        let deep = "${A:-".repeat(40) + &"}".repeat(40);
        assert_eq!(interpolate(&deep, 8), None);
    }
}
