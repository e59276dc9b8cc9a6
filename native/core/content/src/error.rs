//! What can go wrong with objects.

use crate::address::Address;
use ize_sys::Errno;
use std::fmt;

#[derive(Debug)]
pub enum Error {
    Missing(Address),
    /// The file is there but its bytes are not those of its address; with the reason.
    Damaged(Address, &'static str),
    Large {
        address: Address,
        size: u64,
        limit: u64,
    },
    NotAnAddress(String),
    System(Errno, &'static str),
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// What a system call was needed for, at the place where it failed.
    pub(crate) fn system(what: &'static str) -> impl Fn(Errno) -> Error {
        move |errno| Error::System(errno, what)
    }

    pub(crate) fn io(what: &'static str) -> impl Fn(std::io::Error) -> Error {
        move |error| Error::System(error.into(), what)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Missing(address) => write!(f, "object {address} is not in the store"),
            Error::Damaged(address, why) => write!(f, "object {address} is damaged: {why}"),
            Error::Large {
                address,
                size,
                limit,
            } => {
                write!(
                    f,
                    "object {address} has {size} bytes, more than the {limit} asked for"
                )
            }
            Error::NotAnAddress(text) => write!(f, "{text:?} is not the address of an object"),
            Error::System(errno, what) => write!(f, "{what}: {errno}"),
        }
    }
}

impl std::error::Error for Error {}
