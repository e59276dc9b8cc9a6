//! eventfd(2): how other threads reach one that sleeps in poll(2).

use crate::errno::{Errno, Result, descriptor, done};

/// A non-blocking eventfd.
pub fn event_fd() -> Result<i32> {
    descriptor(|| unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) })
}

/// Makes `fd` readable. A counter that is full is readable already.
pub fn signal_event(fd: i32) -> Result<()> {
    let one = 1u64.to_ne_bytes();
    match done(|| unsafe { libc::write(fd, one.as_ptr().cast(), 8) } as i64) {
        Err(Errno(libc::EAGAIN)) => Ok(()),
        other => other,
    }
}

/// Takes what was signalled; false when nothing was.
pub(crate) fn drain_event(fd: i32) -> Result<bool> {
    let mut count = [0u8; 8];
    match done(|| unsafe { libc::read(fd, count.as_mut_ptr().cast(), 8) } as i64) {
        Ok(()) => Ok(true),
        Err(Errno(libc::EAGAIN)) => Ok(false),
        Err(error) => Err(error),
    }
}
