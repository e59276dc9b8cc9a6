//! Versions of files: chunks, lists and nodes in packs of compressed blocks. The formats are in README.md.

mod block;
mod cache;
pub mod chunker;
mod codec;
mod contents;
mod gather;
mod gc;
mod gc_plan;
mod gc_write;
mod get;
mod index;
mod kind;
mod lane;
pub mod list;
mod loose;
mod open;
mod pack;
mod previous;
mod put_content;
mod put_many;
mod scan;
mod settled;
mod source;
mod store;
mod tree_builder;
mod verify;
mod writer;

pub use block::MAX_OBJECT;
pub use gc::Collected;
pub use get::Object;
pub use ize_content::{Address, Error, Result};
pub use kind::Kind;
pub use put_content::{Content, Job, content_address};
pub use scan::Gap;
pub use store::{Options, Problem, Store};
pub use verify::{Finding, Place, Verified};
