//! Content-addressed objects, hashing and line diffs. The layout of an object file is in README.md.

mod address;
mod copy_out;
mod diff;
mod error;
mod get;
mod header;
mod many;
mod new_file;
mod put;
mod put_large;
mod source;
mod text;

pub use address::{Address, blob_hasher, hash_bytes};
pub use copy_out::{copy_object, stream_object};
pub use diff::diff_unified;
pub use error::{Error, Result};
pub use get::{object_size, read_object};
pub use many::store_many;
pub use put::{Stored, store, store_bytes};
pub use source::{Source, total};
pub use text::{TextCheck, is_text};
