//! Mode, owner and times, never through a symlink. An empty name means the descriptor, O_PATH ones included.

use crate::errno::{Errno, Result, done};
use crate::files::{close_fd, open_at};
use crate::name::Name;
use libc::{AT_SYMLINK_NOFOLLOW, c_long};

/// chmod. EOPNOTSUPP for a symlink.
pub fn chmod_at(dir_fd: i32, name: &Name, mode: u32) -> Result<()> {
    let flags = AT_SYMLINK_NOFOLLOW | name.empty_path_flag();
    match done(|| unsafe {
        libc::syscall(SYS_FCHMODAT2, dir_fd, name.ptr(), mode, flags) as c_long
    }) {
        // Linux before 6.6.
        Err(Errno(libc::ENOSYS)) if name.is_empty() => chmod_descriptor(dir_fd, mode),
        Err(Errno(libc::ENOSYS)) => {
            let fd = open_at(dir_fd, name, libc::O_PATH | libc::O_NOFOLLOW, 0)?;
            let changed = chmod_descriptor(fd, mode);
            close_fd(fd)?;
            changed
        }
        other => other,
    }
}

/// fchmodat2(2) has one number on every architecture; libc does not name it everywhere.
const SYS_FCHMODAT2: c_long = 452;

fn chmod_descriptor(fd: i32, mode: u32) -> Result<()> {
    let own = Name::new("")?.through_proc(fd);
    done(|| unsafe { libc::chmod(own.ptr(), mode) })
}

/// chown; -1 keeps that half.
pub fn chown_at(dir_fd: i32, name: &Name, uid: i64, gid: i64) -> Result<()> {
    let flags = AT_SYMLINK_NOFOLLOW | name.empty_path_flag();
    done(|| unsafe { libc::fchownat(dir_fd, name.ptr(), uid as u32, gid as u32, flags) })
}

/// utimensat(2); a nanosecond of -1 leaves that time alone, -2 sets it to now.
pub fn utimes_at(
    dir_fd: i32,
    name: &Name,
    a_sec: i64,
    a_nsec: i64,
    m_sec: i64,
    m_nsec: i64,
) -> Result<()> {
    let times = [time(a_sec, a_nsec), time(m_sec, m_nsec)];
    let flags = AT_SYMLINK_NOFOLLOW | name.empty_path_flag();
    done(|| unsafe { libc::utimensat(dir_fd, name.ptr(), times.as_ptr(), flags) })
}

fn time(sec: i64, nsec: i64) -> libc::timespec {
    let tv_nsec = match nsec {
        -1 => libc::UTIME_OMIT,
        -2 => libc::UTIME_NOW,
        nsec => nsec,
    };
    libc::timespec {
        tv_sec: sec,
        tv_nsec,
    }
}
