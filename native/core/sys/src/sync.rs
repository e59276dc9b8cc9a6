//! Making bytes last.

use crate::errno::{Result, done};

pub fn sync_data(fd: i32) -> Result<()> {
    done(|| unsafe { libc::fdatasync(fd) })
}

pub fn sync_all(fd: i32) -> Result<()> {
    done(|| unsafe { libc::fsync(fd) })
}

/// syncfs(2): everything on the file system of `fd`.
pub fn sync_file_system(fd: i32) -> Result<()> {
    done(|| unsafe { libc::syncfs(fd) })
}

/// Starts write-back of a range and waits for nothing; promises nothing about durability.
pub fn sync_range(fd: i32, offset: i64, length: i64) -> Result<()> {
    done(|| unsafe { libc::sync_file_range(fd, offset, length, libc::SYNC_FILE_RANGE_WRITE) })
}
