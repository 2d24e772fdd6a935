//! What is looked at of one image. A registry can list any number of anything: what is beyond is
//! told, and never a pass.

/// Referrers of one digest.
pub(crate) const REFERRERS: usize = 100;
/// Layers of one manifest of signatures or attestations.
pub(crate) const LAYERS: usize = 100;
/// Signatures and attestations of one image.
pub(crate) const FOUND: usize = 200;
/// Bytes of a payload of simple signing.
pub(crate) const PAYLOAD: u64 = 64 << 10;
/// Bytes of a bundle, an envelope or a statement: SBOMs are large.
pub(crate) const STATEMENT: u64 = 32 << 20;
/// Bytes of all that is fetched for one image.
pub(crate) const TOTAL: u64 = 128 << 20;
/// Bytes of a trusted root or a key.
pub(crate) const TRUST: usize = 4 << 20;
/// Characters of what a file says of itself that are repeated in a message.
pub(crate) const SHOWN: usize = 200;

/// What an error says, on one line and no longer than is of use: it may quote what was read.
pub(crate) fn shown(text: &str) -> String {
    let mut line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN + 1).collect();
    if line.chars().count() > SHOWN {
        line.pop();
        line.push('…');
    }
    line
}
