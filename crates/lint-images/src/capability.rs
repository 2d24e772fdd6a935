//! File capabilities of Linux, as the attribute `security.capability` holds them.

/// The capabilities, by their number (`linux/capability.h`).
const NAMES: &[&str] = &[
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
];

/// What a file grants to the process that runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileCapabilities {
    /// Those that the process has, whoever starts it, as bits by number.
    pub(crate) permitted: u64,
    /// Those that the process keeps if who starts it hands them down.
    pub(crate) inheritable: u64,
    /// Whether they take effect at once, so that a process which may not have them does not even
    /// start.
    pub(crate) effective: bool,
}

impl FileCapabilities {
    /// Reads the attribute in its revisions 1 to 3; none where the kernel would not take it.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |at: usize| {
            let bytes = bytes.get(at * 4..at * 4 + 4)?;
            Some(u32::from_le_bytes(bytes.try_into().ok()?))
        };
        let magic = word(0)?;
        let wide =
            |low: usize, high: usize| Some(u64::from(word(low)?) | u64::from(word(high)?) << 32);
        let (permitted, inheritable) = match (magic >> 24, bytes.len()) {
            (1, 12) => (u64::from(word(1)?), u64::from(word(2)?)),
            // Revision 3 adds the root of the user namespace it holds in.
            (2, 20) | (3, 24) => (wide(1, 3)?, wide(2, 4)?),
            _ => return None,
        };
        Some(Self { permitted, inheritable, effective: magic & 1 != 0 })
    }

    /// Whether nothing but binding to a port below 1024 is granted.
    pub(crate) fn is_port_only(self) -> bool {
        self.permitted | self.inheritable == 1 << 10
    }
}

/// The names of capabilities, those without a name by their number.
pub(crate) fn names(bits: u64) -> Vec<String> {
    let set = (0..u64::BITS as usize).filter(|number| bits >> number & 1 != 0);
    let name = |number: usize| {
        NAMES.get(number).map_or_else(|| format!("capability {number}"), |name| (*name).to_owned())
    };
    // As all that the kernel knows, a list would be of no use.
    if bits.count_ones() as usize >= NAMES.len() - 3 {
        return vec!["all capabilities".to_owned()];
    }
    set.map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::{FileCapabilities, names};

    fn bytes(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    #[test]
    fn every_revision_is_read() {
        let raw = 1 << 13;
        let expected =
            Some(FileCapabilities { permitted: raw.into(), inheritable: 0, effective: true });
        assert_eq!(FileCapabilities::parse(&bytes(&[0x0100_0001, raw, 0])), expected);
        assert_eq!(FileCapabilities::parse(&bytes(&[0x0200_0001, raw, 0, 0, 0])), expected);
        assert_eq!(FileCapabilities::parse(&bytes(&[0x0300_0001, raw, 0, 0, 0, 9])), expected);
        let bpf = FileCapabilities::parse(&bytes(&[0x0200_0000, 0, 1, 1 << 7, 0])).unwrap();
        assert_eq!((bpf.permitted, bpf.inheritable, bpf.effective), (1 << 39, 1, false));
        assert_eq!(names(bpf.permitted), ["CAP_BPF"]);
    }

    #[test]
    fn what_the_kernel_refuses_grants_nothing() {
        for bad in [
            vec![],
            bytes(&[0x0200_0001, 1, 0]),
            bytes(&[0x0400_0001, 1, 0, 0, 0]),
            bytes(&[0x0300_0001, 1, 0, 0, 0]),
            vec![1; 19],
        ] {
            assert_eq!(FileCapabilities::parse(&bad), None, "{bad:?}");
        }
    }

    #[test]
    fn names_are_short() {
        assert_eq!(names(1 << 10 | 1 << 60), ["CAP_NET_BIND_SERVICE", "capability 60"]);
        assert_eq!(names((1 << 41) - 1), ["all capabilities"]);
        assert_eq!(names(u64::MAX), ["all capabilities"]);
        assert!(names(0).is_empty());
    }
}
