//! Pijul as Ize uses it: changes are made from lists of edits, without a working copy.

mod deps;
mod edit;
mod error;
mod flush;
mod fold;
mod log;
mod plan;
mod record;
mod repository;
mod reserve;
mod shortcuts;
mod stage;
mod store;
mod thread;
mod view;

#[cfg(test)]
extern crate self as ize_pijul;
#[cfg(test)]
mod merges;
#[cfg(test)]
#[path = "../tests/common/mod.rs"]
mod tests_common;

pub use edit::{Change, Edit, LogEntry, Recorded};
pub use error::{Code, Error, Result};
pub use repository::Repository;
pub use thread::Handle;
