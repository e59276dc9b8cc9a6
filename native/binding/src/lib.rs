//! The native addon: converts between JavaScript and the core crates, nothing else.

mod content;
mod convert;
mod lanes;
mod pijul;
mod sys;
