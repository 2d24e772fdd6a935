//! Modules of Rust that are built for tests only.

/// What stands before them.
const CONDITIONS: [&[u8]; 2] = [b"#[cfg(test)]", b"#[cfg(all(test,"];
const START: &[u8] = b"#[cfg(";

/// What stands before the module's brace, in bytes.
const HEAD: usize = 512;

/// Where such modules stand, in order.
pub(super) fn tests(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for start in memchr::memmem::find_iter(bytes, START) {
        let starts_line = start == 0 || bytes.get(start - 1) == Some(&b'\n');
        if !starts_line || found.last().is_some_and(|&(_, end)| start < end) {
            continue;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        if !CONDITIONS.iter().any(|condition| rest.starts_with(condition)) {
            continue;
        }
        let Some(open) = rest.iter().take(HEAD).position(|byte| b"{;".contains(byte)) else {
            continue;
        };
        let head = rest.get(START.len()..open).unwrap_or_default();
        let is_module = head.split(|&byte| byte == b'\n').any(|line| {
            let line = line.trim_ascii_start();
            line.starts_with(b"mod ") || line.starts_with(b"pub mod ")
        });
        if !is_module || rest.get(open) == Some(&b';') {
            continue;
        }
        // Formatted code closes a module at the start of a line. Literals of several lines may
        // hold such a line too, followed by more of the module.
        let close = memchr::memmem::find_iter(rest, b"\n}").find(|&close| {
            let after = rest.get(close + 2..).unwrap_or_default();
            let line = after.split(|&byte| byte == b'\n').next().unwrap_or_default();
            line.trim_ascii().is_empty()
        });
        found.push((start, close.map_or(bytes.len(), |close| start + close)));
    }
    found
}
