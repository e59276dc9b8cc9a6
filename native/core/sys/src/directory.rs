//! Names in directories: made, moved, linked, removed.

use crate::errno::{Errno, Result, done, retry};
use crate::name::Name;
use crate::stat::decode_device;

pub fn mkdir_at(dir_fd: i32, name: &Name, mode: u32) -> Result<()> {
    done(|| unsafe { libc::mkdirat(dir_fd, name.ptr(), mode) })
}

pub fn unlink_at(dir_fd: i32, name: &Name, flags: i32) -> Result<()> {
    done(|| unsafe { libc::unlinkat(dir_fd, name.ptr(), flags) })
}

pub fn rename_at2(from_fd: i32, from: &Name, to_fd: i32, to: &Name, flags: u32) -> Result<()> {
    done(|| unsafe {
        libc::syscall(
            libc::SYS_renameat2,
            from_fd,
            from.ptr(),
            to_fd,
            to.ptr(),
            flags,
        )
    })
}

/// linkat(2) that never follows a symlink. An empty `from` links what `from_fd` itself is.
pub fn link_at(from_fd: i32, from: &Name, to_fd: i32, to: &Name) -> Result<()> {
    if from.is_empty() {
        // AT_EMPTY_PATH wants CAP_DAC_READ_SEARCH; the descriptor's link in /proc does not.
        let own = from.through_proc(from_fd);
        let flags = libc::AT_SYMLINK_FOLLOW;
        return done(|| unsafe { libc::linkat(libc::AT_FDCWD, own.ptr(), to_fd, to.ptr(), flags) });
    }
    done(|| unsafe { libc::linkat(from_fd, from.ptr(), to_fd, to.ptr(), 0) })
}

pub fn symlink_at(target: &Name, dir_fd: i32, name: &Name) -> Result<()> {
    done(|| unsafe { libc::symlinkat(target.ptr(), dir_fd, name.ptr()) })
}

/// The target of a symlink, any length. An empty name reads the O_PATH descriptor itself.
pub fn readlink_at(dir_fd: i32, name: &Name) -> Result<Vec<u8>> {
    let mut target = vec![0u8; 256];
    loop {
        let room = target.len();
        let n = retry(|| unsafe {
            libc::readlinkat(dir_fd, name.ptr(), target.as_mut_ptr().cast(), room)
        } as i64)?;
        if (n as usize) < room {
            target.truncate(n as usize);
            return Ok(target);
        }
        if room > 1 << 20 {
            return Err(Errno(libc::ENAMETOOLONG));
        }
        target.resize(room * 4, 0);
    }
}

/// mknodat(2); `rdev` in the 32-bit encoding of the kernel and of FUSE.
pub fn mknod_at(dir_fd: i32, name: &Name, mode: u32, rdev: u32) -> Result<()> {
    done(|| unsafe { libc::mknodat(dir_fd, name.ptr(), mode, decode_device(rdev)) })
}
