//! The native addon: converts between JavaScript and the core crates, nothing else.

mod bytes;
mod content;
mod convert;
mod failure;
mod hot;
mod lanes;
mod pijul;
mod process;
mod sys;
