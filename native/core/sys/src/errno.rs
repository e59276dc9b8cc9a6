//! The error of a system call, and the loop that every call goes through.

use std::fmt;

/// A positive errno number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Errno(pub i32);

pub type Result<T> = std::result::Result<T, Errno>;

impl Errno {
    /// The error of the system call that just failed on this thread.
    pub fn last() -> Self {
        Errno(
            std::io::Error::last_os_error()
                .raw_os_error()
                .unwrap_or(libc::EIO),
        )
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        std::io::Error::from_raw_os_error(self.0).fmt(f)
    }
}

impl std::error::Error for Errno {}

impl From<Errno> for std::io::Error {
    fn from(e: Errno) -> Self {
        std::io::Error::from_raw_os_error(e.0)
    }
}

impl From<std::io::Error> for Errno {
    fn from(e: std::io::Error) -> Self {
        Errno(e.raw_os_error().unwrap_or(libc::EIO))
    }
}

/// Runs a call that returns -1 on failure until it is not interrupted.
#[inline]
pub(crate) fn retry<N: Into<i64>>(mut call: impl FnMut() -> N) -> Result<i64> {
    loop {
        let n = call().into();
        if n >= 0 {
            return Ok(n);
        }
        let error = Errno::last();
        if error.0 != libc::EINTR {
            return Err(error);
        }
    }
}

/// `retry` for calls whose value says nothing.
#[inline]
pub(crate) fn done<N: Into<i64>>(call: impl FnMut() -> N) -> Result<()> {
    retry(call).map(|_| ())
}

/// `retry` for calls that return a descriptor.
#[inline]
pub(crate) fn descriptor(call: impl FnMut() -> i32) -> Result<i32> {
    retry(call).map(|n| n as i32)
}
