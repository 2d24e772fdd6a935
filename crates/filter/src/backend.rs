//! The instructions that a search can use.

use std::fmt;

use fearless_simd::Level;
#[cfg(target_arch = "aarch64")]
use fearless_simd::Neon;
#[cfg(target_arch = "x86_64")]
use fearless_simd::{Avx2, Avx512, Sse4_2};

/// Instructions that this processor has.
#[derive(Clone, Copy)]
pub struct Backend(pub(crate) Kind);

/// A token stands for the proof that the processor has the instructions.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Sse(Sse4_2),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
    Scalar,
}

impl Backend {
    /// The fastest.
    #[must_use]
    pub fn best() -> Self {
        Self::all().into_iter().next().unwrap_or(Self(Kind::Scalar))
    }

    /// All that this processor has, the fastest first; the last one needs no vectors.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let level = Level::new();
        let mut kinds = Vec::with_capacity(4);
        #[cfg(target_arch = "x86_64")]
        {
            kinds.extend(level.as_avx512().map(Kind::Avx512));
            kinds.extend(level.as_avx2().map(Kind::Avx2));
            kinds.extend(level.as_sse4_2().map(Kind::Sse));
        }
        #[cfg(target_arch = "aarch64")]
        kinds.extend(level.as_neon().map(Kind::Neon));
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        let _ = level;
        kinds.push(Kind::Scalar);
        kinds.into_iter().map(Self).collect()
    }

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "AVX-512",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Kind::Sse(_) => "SSE4.2",
            #[cfg(target_arch = "aarch64")]
            Kind::Neon(_) => "NEON",
            Kind::Scalar => "scalar",
        }
    }
}

impl fmt::Debug for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
