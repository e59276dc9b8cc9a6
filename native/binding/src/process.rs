//! System calls on the process, its threads, its events and its mounts.

use crate::convert::{Latin1, Sys, either, pair, unit};
use napi::bindgen_prelude::Either;
use napi_derive::napi;

/// Exclusive, not waiting flock; -EWOULDBLOCK when held.
#[napi]
pub fn lock_exclusive(fd: i32) -> Sys {
    unit(ize_sys::lock_exclusive(fd))
}

/// Of the calling thread only.
#[napi]
pub fn set_thread_nice(nice: i32) -> Sys {
    unit(ize_sys::set_thread_nice(nice))
}

/// Soft RLIMIT_NOFILE up to min(wanted, hard), never down; returns the soft limit now.
#[napi]
pub fn raise_file_limit(wanted: i64) -> Sys {
    ize_sys::raise_file_limit(wanted.max(0) as u64)
        .map(|n| n.min(i64::MAX as u64))
        .into()
}

/// Returns the umask before.
#[napi]
pub fn set_umask(mask: u32) -> Sys {
    Ok(ize_sys::set_umask(mask)).into()
}

#[napi(object)]
pub struct PeerCredentials {
    pub pid: i32,
    pub uid: u32,
    pub gid: u32,
}

/// Who connected (SO_PEERCRED), or -errno.
#[napi]
pub fn peer_credentials(fd: i32) -> Either<PeerCredentials, Sys> {
    either(ize_sys::peer_credentials(fd), |(pid, uid, gid)| {
        PeerCredentials { pid, uid, gid }
    })
}

/// A non-blocking eventfd.
#[napi]
pub fn event_fd() -> Sys {
    ize_sys::event_fd().into()
}

#[napi]
pub fn signal_event(fd: i32) -> Sys {
    unit(ize_sys::signal_event(fd))
}

/// As root: opens /dev/fuse and mounts it (nosuid, nodev, type fuse.ize). Returns the non-blocking descriptor.
#[napi]
pub fn mount_direct(mountpoint: Latin1, options: Latin1, fsname: Latin1) -> Sys {
    pair(mountpoint, options)
        .and_then(|(mountpoint, options)| {
            ize_sys::mount_direct(&mountpoint, &options, &fsname.name()?)
        })
        .into()
}

/// As an ordinary user, through fusermount3. Returns the non-blocking descriptor, or throws with the helper's words.
#[napi]
pub fn mount_via_helper(
    mountpoint: Latin1,
    options: Latin1,
    fsname: Latin1,
    helper: Latin1,
) -> napi::Result<i32> {
    let fail = |reason: String| napi::Error::from_reason(reason);
    let names = pair(mountpoint, options).and_then(|a| Ok((a, pair(fsname, helper)?)));
    let ((mountpoint, options), (fsname, helper)) =
        names.map_err(|e| fail(format!("a mount argument: {e}")))?;
    ize_sys::mount_via_helper(&mountpoint, &options, &fsname, &helper)
        .map_err(|e| fail(e.to_string()))
}

/// umount2(2).
#[napi]
pub fn unmount_direct(mountpoint: Latin1, flags: i32) -> Sys {
    unit(
        mountpoint
            .name()
            .and_then(|mountpoint| ize_sys::unmount_direct(&mountpoint, flags)),
    )
}
