//! Making bytes last.

use crate::errno::{Errno, Result, done};

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

/// Waits until what is on its way to the disk of a range has arrived.
pub fn wait_range(fd: i32, offset: i64, length: i64) -> Result<()> {
    done(|| unsafe { libc::sync_file_range(fd, offset, length, libc::SYNC_FILE_RANGE_WAIT_BEFORE) })
}

/// Bytes that may be on their way to the disk at once.
const PACE: i64 = 1 << 22;

/// Keeps a long copy from filling the queue of the disk, in which somebody's fsync would then wait: of what was written,
/// no more than two stretches of PACE are not on the disk yet. Promises nothing about durability.
pub(crate) struct Pace {
    fd: i32,
    /// Where what was not yet sent on its way begins.
    from: i64,
    /// The stretch that is on its way.
    sent: (i64, i64),
}

impl Pace {
    pub fn new(fd: i32, from: i64) -> Self {
        Pace {
            fd,
            from,
            sent: (from, 0),
        }
    }

    /// Everything up to `to` is written.
    pub fn written(&mut self, to: i64) -> Result<()> {
        if to - self.from < PACE {
            return Ok(());
        }
        self.send(self.sent.0, self.sent.1, libc::SYNC_FILE_RANGE_WAIT_BEFORE)?;
        self.sent = (self.from, to - self.from);
        self.from = to;
        self.send(self.sent.0, self.sent.1, libc::SYNC_FILE_RANGE_WRITE)
    }

    fn send(&self, offset: i64, length: i64, how: libc::c_uint) -> Result<()> {
        if length == 0 {
            return Ok(());
        }
        match done(|| unsafe { libc::sync_file_range(self.fd, offset, length, how) }) {
            // A file system that knows no such thing.
            Err(Errno(libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP)) => Ok(()),
            other => other,
        }
    }
}
