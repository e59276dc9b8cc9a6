//! Descriptors: opened, closed, duplicated, let go of.

use crate::errno::{Errno, Result, descriptor, done};
use crate::name::Name;
use std::os::fd::{FromRawFd, OwnedFd};

/// openat(2) with O_CLOEXEC added. `dir_fd` may be AT_FDCWD (-100).
pub fn open_at(dir_fd: i32, name: &Name, flags: i32, mode: u32) -> Result<i32> {
    descriptor(|| unsafe { libc::openat64(dir_fd, name.ptr(), flags | libc::O_CLOEXEC, mode) })
}

pub fn close_fd(fd: i32) -> Result<()> {
    // Not retried: Linux has let go of the number even when close(2) says EINTR.
    match unsafe { libc::close(fd) } {
        0 => Ok(()),
        _ => match Errno::last() {
            Errno(libc::EINTR) => Ok(()),
            error => Err(error),
        },
    }
}

pub fn dup_fd(fd: i32) -> Result<i32> {
    descriptor(|| unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) })
}

/// The same file, opened once more for reading, also when it has no name any more.
pub fn open_again(fd: i32) -> Result<OwnedFd> {
    let path = format!("/proc/self/fd/{fd}\0");
    let flags = libc::O_RDONLY | libc::O_CLOEXEC;
    let own = descriptor(|| unsafe { libc::open(path.as_ptr().cast(), flags) })?;
    Ok(unsafe { OwnedFd::from_raw_fd(own) })
}

/// Programs that this process starts do not get the descriptor.
pub fn close_on_exec(fd: i32) -> Result<()> {
    done(|| unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) })
}

/// Puts /dev/null in the place of `fd`: this process lets go of what it was, while threads that still hold the number
/// cannot hit a stranger.
pub fn replace_with_null(fd: i32) -> Result<()> {
    // dup3 would happily create a number that was never open.
    done(|| unsafe { libc::fcntl(fd, libc::F_GETFD) })?;
    let null = descriptor(|| unsafe {
        libc::open(c"/dev/null".as_ptr(), libc::O_RDWR | libc::O_CLOEXEC)
    })?;
    let replaced = done(|| unsafe { libc::dup3(null, fd, libc::O_CLOEXEC) });
    close_fd(null)?;
    replaced
}
