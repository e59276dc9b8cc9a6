//! The native addon: converts between JavaScript and the core crates, nothing else.

// Under test the macros register nothing, and so nothing is used.
#![cfg_attr(test, allow(dead_code))]

mod bytes;
mod content;
mod convert;
mod failure;
mod hot;
mod lanes;
mod pijul;
mod process;
mod store;
mod store_types;
mod sys;
