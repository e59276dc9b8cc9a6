//! A real directory with its descriptor.
#![allow(dead_code)] // each test file uses what it needs

use ize_sys::{Name, open_at};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use tempfile::TempDir;

pub struct Place {
    directory: TempDir,
    fd: OwnedFd,
}

impl Place {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = name(directory.path().to_str().unwrap());
        let fd = open_at(libc::AT_FDCWD, &path, libc::O_RDONLY | libc::O_DIRECTORY, 0).unwrap();
        Place {
            directory,
            fd: unsafe { OwnedFd::from_raw_fd(fd) },
        }
    }

    pub fn fd(&self) -> i32 {
        self.fd.as_raw_fd()
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.directory.path().join(below)
    }

    pub fn write(&self, below: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(below), bytes).unwrap();
    }

    pub fn read(&self, below: &str) -> Vec<u8> {
        std::fs::read(self.path(below)).unwrap()
    }

    pub fn open(&self, below: impl AsRef<[u8]>, flags: i32) -> OwnedFd {
        let fd = open_at(self.fd(), &name(below), flags, 0o600).unwrap();
        unsafe { OwnedFd::from_raw_fd(fd) }
    }
}

pub fn name(bytes: impl AsRef<[u8]>) -> Name {
    Name::new(bytes.as_ref()).unwrap()
}

pub fn errno<T: std::fmt::Debug>(result: ize_sys::Result<T>) -> i32 {
    result.unwrap_err().0
}
