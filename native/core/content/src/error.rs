//! What can go wrong with objects and the store of them.

use crate::address::Address;
use ize_sys::Errno;
use std::fmt;

#[derive(Debug)]
pub enum Error {
    Missing(Address),
    /// Bytes that are there are not those that were stored; `place` names the file, and in a pack the offset.
    Damaged {
        address: Option<Address>,
        place: String,
        why: &'static str,
    },
    Large {
        address: Address,
        size: u64,
        limit: u64,
    },
    NotAnAddress(String),
    /// Another process (or another handle of this one) writes into the store.
    Busy,
    /// The call does not fit the state of the store or of the object; with the reason.
    Refused(&'static str),
    System(Errno, &'static str),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// What a system call was needed for, at the place where it failed.
    pub fn system(what: &'static str) -> impl Fn(Errno) -> Error {
        move |errno| Error::System(errno, what)
    }

    pub fn io(what: &'static str) -> impl Fn(std::io::Error) -> Error {
        move |error| Error::System(error.into(), what)
    }

    /// An object of the first format, a file of its own.
    pub(crate) fn damaged(address: &Address, why: &'static str) -> Error {
        Error::Damaged {
            address: Some(*address),
            place: String::from_utf8_lossy(address.path().bytes()).into_owned(),
            why,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing(address) => write!(f, "object {address} is not in the store"),
            Error::Damaged {
                address: Some(address),
                place,
                why,
            } => write!(f, "object {address} is damaged: {why} ({place})"),
            Error::Damaged {
                address: None,
                place,
                why,
            } => write!(f, "{place} is damaged: {why}"),
            Error::Large {
                address,
                size,
                limit,
            } => write!(
                f,
                "object {address} has {size} bytes, more than the {limit} asked for"
            ),
            Error::NotAnAddress(text) => write!(f, "{text:?} is not the address of an object"),
            Error::Busy => f.write_str("the object store is open for writing elsewhere"),
            Error::Refused(why) => f.write_str(why),
            Error::System(errno, what) => write!(f, "{what}: {errno}"),
        }
    }
}

impl std::error::Error for Error {}
