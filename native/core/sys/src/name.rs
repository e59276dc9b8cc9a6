//! A file name or path: bytes, ended by NUL for the kernel.

use crate::errno::{Errno, Result};
use std::ffi::{CString, c_char};

/// Bytes without NUL. Empty means "the descriptor itself" wherever a call documents it so.
#[derive(Clone, Debug)]
pub struct Name(CString);

impl Name {
    /// EINVAL when the bytes hold a NUL.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self> {
        CString::new(bytes)
            .map(Name)
            .map_err(|_| Errno(libc::EINVAL))
    }

    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_bytes().is_empty()
    }

    pub(crate) fn ptr(&self) -> *const c_char {
        self.0.as_ptr()
    }

    /// The AT_EMPTY_PATH bit when this is the empty name, so that the call acts on the descriptor.
    pub(crate) fn empty_path_flag(&self) -> i32 {
        if self.is_empty() {
            libc::AT_EMPTY_PATH
        } else {
            0
        }
    }

    /// A path that reaches `name` below `dir_fd` for calls that have no `*at` form. Its last component is `name`, so
    /// the `l…` variants do not follow it; with an empty name it is the descriptor's own link, which must be followed.
    pub(crate) fn through_proc(&self, dir_fd: i32) -> Name {
        if dir_fd == libc::AT_FDCWD || self.bytes().first() == Some(&b'/') {
            return self.clone();
        }
        let mut path = format!("/proc/self/fd/{dir_fd}").into_bytes();
        if !self.is_empty() {
            path.push(b'/');
            path.extend_from_slice(self.bytes());
        }
        Name(CString::new(path).expect("a name holds no NUL"))
    }
}
