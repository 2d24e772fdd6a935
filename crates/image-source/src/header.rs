//! Headers of tar archives, read as Go's `archive/tar` reads them: it is what container runtimes
//! unpack layers with, and a reader that differs from it can be shown another image than runs.

/// Bytes of a header, and of what content is padded to.
pub(crate) const BLOCK: usize = 512;

/// A header with a right checksum.
pub(crate) struct RawHeader<'a> {
    block: &'a [u8; BLOCK],
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Before POSIX.
    Old,
    /// POSIX, with a prefix in front of the name.
    Ustar,
    /// Schilling's, with a shorter prefix.
    Star,
    /// GNU's, with times where the prefix would be.
    Gnu,
}

/// What a header says that readers would not agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invalid(pub(crate) &'static str);

impl<'a> RawHeader<'a> {
    /// Reads a header.
    pub(crate) fn read(block: &'a [u8; BLOCK]) -> Result<Self, Invalid> {
        if !has_checksum(block) {
            return Err(Invalid("the checksum of a header is wrong"));
        }
        let magic = field(block, 257, 6);
        let format = match magic {
            b"ustar\0" if field(block, 508, 4) == b"tar\0" => Format::Star,
            b"ustar\0" => Format::Ustar,
            b"ustar " if field(block, 263, 2) == b" \0" => Format::Gnu,
            _ => Format::Old,
        };
        let header = Self { block, format };
        // Go takes the place of the times for a prefix where they are no numbers.
        let times = [field(block, 345, 12), field(block, 357, 12)];
        let is_time = |time: &&[u8]| time.first() == Some(&0) || number(time).is_some();
        if format == Format::Gnu && !times.iter().all(is_time) {
            return Err(Invalid("a header has a name that readers do not agree on"));
        }
        Ok(header)
    }

    /// The type flag.
    pub(crate) fn kind(&self) -> u8 {
        field(self.block, 156, 1).first().copied().unwrap_or_default()
    }

    /// The name with its prefix.
    pub(crate) fn name(&self) -> Vec<u8> {
        let name = text(field(self.block, 0, 100));
        let prefix: &[u8] = match self.format {
            Format::Ustar => text(field(self.block, 345, 155)),
            Format::Star => text(field(self.block, 345, 131)),
            Format::Gnu | Format::Old => &[],
        };
        if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
    }

    /// Where a link leads.
    pub(crate) fn link(&self) -> &'a [u8] {
        text(field(self.block, 157, 100))
    }

    /// Bytes of content.
    pub(crate) fn size(&self) -> Result<u64, Invalid> {
        let size = number(field(self.block, 124, 12));
        let size = size.and_then(|size| u64::try_from(size).ok());
        size.ok_or(Invalid("a header has no valid size"))
    }

    /// Permission bits.
    pub(crate) fn mode(&self) -> Result<u32, Invalid> {
        let mode =
            number(field(self.block, 100, 8)).ok_or(Invalid("a header has no valid mode"))?;
        u32::try_from(mode & 0o7777).map_err(|_| Invalid("a header has no valid mode"))
    }

    /// Owner and group.
    pub(crate) fn owner(&self) -> Result<(u64, u64), Invalid> {
        let id = |at| number(field(self.block, at, 8)).and_then(|id| u64::try_from(id).ok());
        id(108).zip(id(116)).ok_or(Invalid("a header has no valid owner"))
    }
}

fn field(block: &[u8; BLOCK], at: usize, len: usize) -> &[u8] {
    block.get(at..at + len).unwrap_or_default()
}

/// What stands in front of the first NUL byte.
fn text(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A number: octal digits, or two's complement behind a set first bit. Blank is zero.
fn number(bytes: &[u8]) -> Option<i64> {
    let first = *bytes.first()?;
    if first & 0x80 != 0 {
        // Negative numbers are inverted, so that both kinds are read alike.
        let negative = first & 0x40 != 0;
        let invert = if negative { 0xff } else { 0 };
        let mut value: u64 = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let byte = byte ^ invert;
            // The first bit only says that the number is binary.
            let byte = if at == 0 { byte & 0x7f } else { byte };
            if value >> 56 != 0 {
                return None;
            }
            value = value << 8 | u64::from(byte);
        }
        let value = i64::try_from(value).ok()?;
        return Some(if negative { !value } else { value });
    }
    let start = bytes.iter().position(|byte| !matches!(byte, 0 | b' '));
    let end = bytes.iter().rposition(|byte| !matches!(byte, 0 | b' '));
    let Some((start, end)) = start.zip(end) else { return Some(0) };
    let digits = text(bytes.get(start..=end).unwrap_or_default());
    digits.iter().try_fold(0_i64, |value, byte| match byte {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(i64::from(byte - b'0')),
        _ => None,
    })
}

fn has_checksum(block: &[u8; BLOCK]) -> bool {
    let Some(stored) = number(field(block, 148, 8)) else { return false };
    // The checksum's own eight bytes count as blanks.
    let sum = |value: fn(u8) -> i64| {
        let bytes = block.iter().enumerate();
        bytes
            .map(|(at, byte)| if (148..156).contains(&at) { i64::from(b' ') } else { value(*byte) })
            .sum::<i64>()
    };
    // Some old writers summed signed bytes.
    sum(i64::from) == stored || sum(|byte| i64::from(byte.cast_signed())) == stored
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        let table: &[(&[u8], Option<i64>)] = &[
            (b"0000644\0", Some(0o644)),
            (b"   644 \0", Some(0o644)),
            (b"\0\0 644\0\0", Some(0o644)),
            (b"\0\0\0\0\0\0\0\0", Some(0)),
            (b"        ", Some(0)),
            (b"644\x009999", Some(0o644)),
            (b"644 \x0099", None),
            (b"+644\0\0\0\0", None),
            (b"0000648\0", None),
            (b"-1\0\0\0\0\0\0", None),
            (&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2], Some(258)),
            (&[0xff; 12], Some(-1)),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], Some(-2)),
            // More than fits.
            (&[0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], None),
            (&[0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], None),
            (&[0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], None),
        ];
        for (bytes, expected) in table {
            assert_eq!(number(bytes), *expected, "{bytes:?}");
        }
    }
}
