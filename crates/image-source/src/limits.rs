/// Bounds on what is read of an image. What lies beyond is not looked at, and reports say so.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Layers of one image.
    pub layers: usize,
    /// Entries of one layer.
    pub entries: usize,
    /// Bytes of one path.
    pub path: usize,
    /// Bytes of all paths of one layer.
    pub paths: usize,
    /// Bytes that are kept of the entries of all layers. Each has a share of its own, so that what
    /// is cut does not hang on which is read first.
    pub kept: usize,
    /// Bytes of one unpacked layer.
    pub unpacked: u64,
    /// How many times larger than stored an unpacked layer may be.
    pub ratio: u64,
    /// Bytes of an unpacked layer that the ratio does not count against.
    pub ratio_free: u64,
    /// Bytes of a file that is looked into.
    pub file: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            layers: 500,
            entries: 1_000_000,
            path: 4096,
            paths: 128 << 20,
            kept: 1 << 30,
            unpacked: 64 << 30,
            ratio: 250,
            ratio_free: 256 << 20,
            file: 1 << 20,
        }
    }
}
