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
    /// Bytes of one unpacked layer.
    pub unpacked: u64,
    /// How many times larger than stored an unpacked layer may be, beyond its first 256 MiB.
    pub ratio: u64,
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
            unpacked: 64 << 30,
            ratio: 250,
            file: 1 << 20,
        }
    }
}

/// Bytes of an unpacked layer that the ratio does not count against.
pub(crate) const RATIO_FREE: u64 = 256 << 20;
