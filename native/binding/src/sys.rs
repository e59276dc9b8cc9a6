//! System calls. Unless a function says otherwise it returns a number >= 0, or -errno.
//! Paths and names are strings with one char per byte; `dirFd` -100 is the current directory.

use crate::convert::{Bytes, Doubles, Latin1, Sys, unit};
use ize_sys::{Errno, Segment};
use napi::bindgen_prelude::{Buffer, Either, Float64Array, Uint8Array};
use napi_derive::napi;
use std::time::Duration;

/// Polls (spins) for `spinNs`, then sleeps until `fd` (non-blocking) or `controlFd` (an eventfd) is ready. Returns the
/// bytes read into `buf`, 0 when `controlFd` fired (it is drained then), -ENODEV when unmounted. ENOENT, EINTR and
/// EAGAIN are retried. With `checkControl` the control descriptor is looked at first, even while requests keep coming.
#[napi]
pub fn read_request(
    fd: i32,
    control_fd: i32,
    mut buf: Bytes,
    offset: i64,
    length: i64,
    spin_ns: u32,
    check_control: bool,
) -> Sys {
    buf.part_mut(offset, length)
        .and_then(|out| {
            ize_sys::read_request(fd, control_fd, out, Duration::from_nanos(spin_ns.into()), check_control)
        })
        .into()
}

/// write(2) in one call.
#[napi]
pub fn write_reply(fd: i32, buf: Bytes, offset: i64, length: i64) -> Sys {
    buf.part(offset, length).and_then(|bytes| ize_sys::write_once(fd, bytes)).into()
}

/// Stores the CRC-32C of buf[offset+4..offset+length), continued from `seed`, little-endian at buf[offset], then writes
/// all of it at `position`. Returns length, or -errno when not everything could be written.
#[napi]
pub fn append_record(fd: i32, mut buf: Bytes, offset: i64, length: i64, position: i64, seed: u32) -> Sys {
    buf.part_mut(offset, length)
        .and_then(|record| ize_sys::append_record(fd, record, position, seed).map(|()| length))
        .into()
}

/// CRC-32C of a part of `buf`, continued from `seed` (0 to begin). Throws when that is not within `buf`.
#[napi(js_name = "crc32c")]
pub fn crc32c(buf: Bytes, offset: i64, length: i64, seed: u32) -> napi::Result<u32> {
    match buf.part(offset, length) {
        Ok(bytes) => Ok(ize_sys::crc32c(bytes, seed)),
        Err(_) => Err(napi::Error::from_reason("the range is not within the array")),
    }
}

/// Reads at `position` until the part is full; returns the bytes read, fewer at the end of the file.
#[napi]
pub fn read_at(fd: i32, mut buf: Bytes, offset: i64, length: i64, position: i64) -> Sys {
    buf.part_mut(offset, length).and_then(|out| ize_sys::read_at(fd, out, position)).into()
}

/// Writes at `position` until all is written; returns the bytes written, fewer when an error stopped it midway.
#[napi]
pub fn write_at(fd: i32, buf: Bytes, offset: i64, length: i64, position: i64) -> Sys {
    buf.part(offset, length).and_then(|bytes| ize_sys::write_at(fd, bytes, position)).into()
}

#[napi]
pub fn open_at(dir_fd: i32, name: Latin1, flags: i32, mode: u32) -> Sys {
    name.name().and_then(|name| ize_sys::open_at(dir_fd, &name, flags, mode)).into()
}

#[napi]
pub fn close_fd(fd: i32) -> Sys {
    unit(ize_sys::close_fd(fd))
}

#[napi]
pub fn dup_fd(fd: i32) -> Sys {
    ize_sys::dup_fd(fd).into()
}

/// dup2(/dev/null, fd): whatever `fd` was is released by this process even if other threads hold the number.
#[napi]
pub fn replace_with_null(fd: i32) -> Sys {
    unit(ize_sys::replace_with_null(fd))
}

#[napi]
pub fn mkdir_at(dir_fd: i32, name: Latin1, mode: u32) -> Sys {
    unit(name.name().and_then(|name| ize_sys::mkdir_at(dir_fd, &name, mode)))
}

#[napi]
pub fn unlink_at(dir_fd: i32, name: Latin1, flags: i32) -> Sys {
    unit(name.name().and_then(|name| ize_sys::unlink_at(dir_fd, &name, flags)))
}

#[napi]
pub fn rename_at2(from_fd: i32, from: Latin1, to_fd: i32, to: Latin1, flags: u32) -> Sys {
    unit(pair(from, to).and_then(|(from, to)| ize_sys::rename_at2(from_fd, &from, to_fd, &to, flags)))
}

/// Never follows a symlink. An empty `from` links what `fromFd` is.
#[napi]
pub fn link_at(from_fd: i32, from: Latin1, to_fd: i32, to: Latin1) -> Sys {
    unit(pair(from, to).and_then(|(from, to)| ize_sys::link_at(from_fd, &from, to_fd, &to)))
}

#[napi]
pub fn symlink_at(target: Latin1, dir_fd: i32, name: Latin1) -> Sys {
    unit(pair(target, name).and_then(|(target, name)| ize_sys::symlink_at(&target, dir_fd, &name)))
}

/// The target, or -errno.
#[napi]
pub fn readlink_at(dir_fd: i32, name: Latin1) -> Either<Latin1, Sys> {
    either(name.name().and_then(|name| ize_sys::readlink_at(dir_fd, &name)), Latin1)
}

/// `rdev` in the 32-bit encoding of FUSE (new_encode_dev).
#[napi]
pub fn mknod_at(dir_fd: i32, name: Latin1, mode: u32, rdev: u32) -> Sys {
    unit(name.name().and_then(|name| ize_sys::mknod_at(dir_fd, &name, mode, rdev)))
}

/// Never follows a symlink (-EOPNOTSUPP for one). An empty name is the descriptor itself, O_PATH ones included.
#[napi]
pub fn chmod_at(dir_fd: i32, name: Latin1, mode: u32) -> Sys {
    unit(name.name().and_then(|name| ize_sys::chmod_at(dir_fd, &name, mode)))
}

/// Never follows a symlink; -1 keeps. An empty name is the descriptor itself.
#[napi]
pub fn chown_at(dir_fd: i32, name: Latin1, uid: i64, gid: i64) -> Sys {
    unit(name.name().and_then(|name| ize_sys::chown_at(dir_fd, &name, uid, gid)))
}

/// A nanosecond of -1 omits that time, -2 is now. Never follows a symlink. An empty name is the descriptor itself.
#[napi]
pub fn utimes_at(dir_fd: i32, name: Latin1, a_sec: i64, a_nsec: i64, m_sec: i64, m_nsec: i64) -> Sys {
    unit(name.name().and_then(|name| ize_sys::utimes_at(dir_fd, &name, a_sec, a_nsec, m_sec, m_nsec)))
}

#[napi]
pub fn truncate_fd(fd: i32, size: i64) -> Sys {
    unit(ize_sys::truncate_fd(fd, size))
}

/// The value, or -errno. Extended attributes are those of (dirFd, name), not following a symlink, or of the descriptor
/// when the name is empty.
#[napi]
pub fn get_xattr(dir_fd: i32, name: Latin1, attr: Latin1) -> Either<Buffer, Sys> {
    either(pair(name, attr).and_then(|(name, attr)| ize_sys::get_xattr(dir_fd, &name, &attr)), Buffer::from)
}

#[napi]
pub fn set_xattr(dir_fd: i32, name: Latin1, attr: Latin1, value: Bytes, flags: i32) -> Sys {
    unit(pair(name, attr).and_then(|(name, attr)| ize_sys::set_xattr(dir_fd, &name, &attr, value.all(), flags)))
}

#[napi]
pub fn remove_xattr(dir_fd: i32, name: Latin1, attr: Latin1) -> Sys {
    unit(pair(name, attr).and_then(|(name, attr)| ize_sys::remove_xattr(dir_fd, &name, &attr)))
}

/// The names of all attributes, or -errno.
#[napi]
pub fn list_xattr(dir_fd: i32, name: Latin1) -> Either<Vec<Latin1>, Sys> {
    let names = name.name().and_then(|name| ize_sys::list_xattr(dir_fd, &name));
    either(names, |names| names.into_iter().map(Latin1).collect())
}

/// stat without following into `out`, 15 doubles: mode, ino, nlink, uid, gid, rdev, size, blocks, aSec, aNsec, mSec,
/// mNsec, cSec, cNsec, dev (devices as new_encode_dev); the value of `user.ize` into `identity` (64 bytes). Returns the
/// length of the identity, 0 when there is none. An empty name is the descriptor itself.
#[napi]
pub fn stat_identity(dir_fd: i32, name: Latin1, mut out: Doubles, mut identity: Bytes) -> Sys {
    let row = out.all_mut().first_chunk_mut().ok_or(Errno(libc::EINVAL));
    row.and_then(|row| ize_sys::stat_identity(dir_fd, &name.name()?, row, identity.all_mut())).into()
}

/// Entry i: names[i], 15 doubles of stats, 64 bytes of identities of which identityLengths[i] count.
#[napi(object)]
pub struct Listing {
    #[napi(ts_type = "Latin1[]")]
    pub names: Vec<Latin1>,
    pub stats: Float64Array,
    pub identities: Uint8Array,
    pub identity_lengths: Uint8Array,
}

/// All entries but . and .. with the facts of statIdentity, or -errno. One that vanishes meanwhile is left out.
#[napi]
pub fn list_directory(dir_fd: i32) -> Either<Listing, Sys> {
    either(ize_sys::list_directory(dir_fd), |l| Listing {
        names: l.names.into_iter().map(Latin1).collect(),
        stats: l.stats.into(),
        identities: l.identities.into(),
        identity_lengths: l.identity_lengths.into(),
    })
}

/// fallocate(2).
#[napi]
pub fn allocate(fd: i32, mode: i32, offset: i64, length: i64) -> Sys {
    unit(ize_sys::allocate(fd, mode, offset, length))
}

/// lseek(2): SEEK_DATA 3, SEEK_HOLE 4.
#[napi]
pub fn seek_from(fd: i32, offset: i64, whence: i32) -> Sys {
    ize_sys::seek_from(fd, offset, whence).into()
}

/// Copies up to `length` bytes and returns how many; moves neither offset. With `sparse`, holes stay holes.
#[napi]
pub fn copy_range(from_fd: i32, from_offset: i64, to_fd: i32, to_offset: i64, length: i64, sparse: bool) -> Sys {
    ize_sys::copy_range(from_fd, from_offset, to_fd, to_offset, length, sparse).into()
}

/// fdatasync(2).
#[napi]
pub fn sync_data(fd: i32) -> Sys {
    unit(ize_sys::sync_data(fd))
}

/// fsync(2).
#[napi]
pub fn sync_all(fd: i32) -> Sys {
    unit(ize_sys::sync_all(fd))
}

/// syncfs(2).
#[napi]
pub fn sync_file_system(fd: i32) -> Sys {
    unit(ize_sys::sync_file_system(fd))
}

/// sync_file_range(2): starts write-back, waits for nothing.
#[napi]
pub fn sync_range(fd: i32, offset: i64, length: i64) -> Sys {
    unit(ize_sys::sync_range(fd, offset, length))
}

/// statfs into `out`: bsize, blocks, bfree, bavail, files, ffree, namelen, frsize, type.
#[napi]
pub fn stat_fs(fd: i32, mut out: Doubles) -> Sys {
    let row = out.all_mut().first_chunk_mut().ok_or(Errno(libc::EINVAL));
    unit(row.and_then(|row| ize_sys::stat_fs(fd).map(|words| *row = words)))
}

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
    ize_sys::raise_file_limit(wanted.max(0) as u64).map(|n| n.min(i64::MAX as u64)).into()
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
    either(ize_sys::peer_credentials(fd), |(pid, uid, gid)| PeerCredentials { pid, uid, gid })
}

/// `segments` are triples [fd, offset, length]; fd -1 is zeros, left as a hole where possible. Writes them one after
/// the other at `toOffset`; returns the bytes written, -EIO when a source ends early.
#[napi]
pub fn write_segments(to_fd: i32, to_offset: i64, segments: Doubles) -> Sys {
    Segment::list(segments.all()).and_then(|list| ize_sys::write_segments(to_fd, to_offset, &list)).into()
}

/// Makes the regular file `name` in `dirFd`, fills it from `segments`, cuts or extends it to `size`, gives it owner
/// (-1 keeps), xattrs, `user.ize`, mode and times. A file already there is emptied, stripped and refilled. Never
/// flushes. On an error, a file that this call made is removed.
#[napi]
#[allow(clippy::too_many_arguments)] // one crossing per file is the point
pub fn materialize(
    dir_fd: i32,
    name: Latin1,
    segments: Doubles,
    size: i64,
    mode: u32,
    uid: i64,
    gid: i64,
    xattr_names: Vec<Latin1>,
    xattr_values: Vec<Bytes>,
    identity: Bytes,
    a_sec: i64,
    a_nsec: i64,
    m_sec: i64,
    m_nsec: i64,
) -> Sys {
    let make = || {
        if xattr_names.len() != xattr_values.len() {
            return Err(Errno(libc::EINVAL));
        }
        let pairs = xattr_names.into_iter().zip(&xattr_values);
        let xattrs = pairs.map(|(name, value)| Ok((name.name()?, value.all().to_vec())));
        let attributes = ize_sys::Attributes {
            mode,
            uid,
            gid,
            xattrs: xattrs.collect::<ize_sys::Result<_>>()?,
            identity: identity.all().to_vec(),
            times: [a_sec, a_nsec, m_sec, m_nsec],
        };
        ize_sys::materialize(dir_fd, &name.name()?, &Segment::list(segments.all())?, size, &attributes)
    };
    unit(make())
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
        .and_then(|(mountpoint, options)| ize_sys::mount_direct(&mountpoint, &options, &fsname.name()?))
        .into()
}

/// As an ordinary user, through fusermount3. Returns the non-blocking descriptor, or throws with the helper's words.
#[napi]
pub fn mount_via_helper(mountpoint: Latin1, options: Latin1, fsname: Latin1, helper: Latin1) -> napi::Result<i32> {
    let fail = |reason: String| napi::Error::from_reason(reason);
    let names = pair(mountpoint, options).and_then(|a| Ok((a, pair(fsname, helper)?)));
    let ((mountpoint, options), (fsname, helper)) = names.map_err(|e| fail(format!("a mount argument: {e}")))?;
    ize_sys::mount_via_helper(&mountpoint, &options, &fsname, &helper).map_err(|e| fail(e.to_string()))
}

/// umount2(2).
#[napi]
pub fn unmount_direct(mountpoint: Latin1, flags: i32) -> Sys {
    unit(mountpoint.name().and_then(|mountpoint| ize_sys::unmount_direct(&mountpoint, flags)))
}

fn pair(a: Latin1, b: Latin1) -> ize_sys::Result<(ize_sys::Name, ize_sys::Name)> {
    Ok((a.name()?, b.name()?))
}

fn either<T, J>(result: ize_sys::Result<T>, convert: impl FnOnce(T) -> J) -> Either<J, Sys> {
    match result {
        Ok(value) => Either::A(convert(value)),
        Err(error) => Either::B(Sys::Failed(error)),
    }
}
