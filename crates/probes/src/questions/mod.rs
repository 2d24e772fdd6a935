//! The questions, one a file.

pub(crate) mod databases;
pub(crate) mod external;
pub(crate) mod network;
pub(crate) mod nodes;
mod pods;
mod rollouts;
pub(crate) mod storage;
pub(crate) mod workloads;

#[cfg(test)]
mod tests;
