//! Addresses, objects of the first format (README.md), which are only read, and line diffs.

mod address;
mod copy_out;
mod diff;
mod error;
mod get;
mod header;
mod text;

pub use address::{Address, blob_hasher, hash_bytes};
pub use copy_out::{copy_object, stream_object};
pub use diff::diff_unified;
pub use error::{Error, Result};
pub use get::object_size;
pub use text::TextCheck;
