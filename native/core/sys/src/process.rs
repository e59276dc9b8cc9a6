//! Locks, priorities, limits and who is at the other end of a socket.

use crate::errno::{Errno, Result, done};

/// Takes an exclusive lock (flock(2)) at once, or EWOULDBLOCK.
pub fn lock_exclusive(fd: i32) -> Result<()> {
    done(|| unsafe { libc::flock(fd, libc::LOCK_EX | libc::LOCK_NB) })
}

/// The priority of the calling thread alone: on Linux a nice value belongs to a thread.
pub fn set_thread_nice(nice: i32) -> Result<()> {
    done(|| unsafe { libc::setpriority(libc::PRIO_PROCESS, libc::gettid() as libc::id_t, nice) })
}

/// The nice value of the calling thread.
pub fn thread_nice() -> i32 {
    unsafe { libc::getpriority(libc::PRIO_PROCESS, libc::gettid() as libc::id_t) }
}

/// Raises the soft RLIMIT_NOFILE to `wanted` or the hard limit, never lowers it; returns the soft limit now.
pub fn raise_file_limit(wanted: u64) -> Result<u64> {
    let mut limit = libc::rlimit64 {
        rlim_cur: 0,
        rlim_max: 0,
    };
    done(|| unsafe { libc::getrlimit64(libc::RLIMIT_NOFILE, &mut limit) })?;
    let target = wanted.min(limit.rlim_max);
    if target > limit.rlim_cur {
        limit.rlim_cur = target;
        done(|| unsafe { libc::setrlimit64(libc::RLIMIT_NOFILE, &limit) })?;
    }
    Ok(limit.rlim_cur)
}

/// Sets the umask of the process; returns the one before.
pub fn set_umask(mask: u32) -> u32 {
    unsafe { libc::umask(mask) }
}

/// pid, uid, gid of the process that connected (SO_PEERCRED).
pub fn peer_credentials(fd: i32) -> Result<(i32, u32, u32)> {
    let mut peer = libc::ucred {
        pid: 0,
        uid: 0,
        gid: 0,
    };
    let mut length = size_of::<libc::ucred>() as libc::socklen_t;
    let out = (&raw mut peer).cast();
    done(|| unsafe {
        libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_PEERCRED, out, &mut length)
    })?;
    if length as usize != size_of::<libc::ucred>() {
        return Err(Errno(libc::EPROTO));
    }
    Ok((peer.pid, peer.uid, peer.gid))
}
