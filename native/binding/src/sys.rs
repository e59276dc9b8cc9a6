//! System calls on descriptors, names and attributes. Unless a function says otherwise it returns a number >= 0, or -errno.
//! Paths and names are strings with one char per byte; `dirFd` -100 is the current directory.

use crate::convert::{Bytes, Doubles, Latin1, Sys, either, pair, unit};
use ize_sys::Errno;
use napi::bindgen_prelude::{Buffer, Either, Float64Array, Uint8Array};
use napi_derive::napi;

#[napi]
pub fn open_at(dir_fd: i32, name: Latin1, flags: i32, mode: u32) -> Sys {
    name.name()
        .and_then(|name| ize_sys::open_at(dir_fd, &name, flags, mode))
        .into()
}

#[napi]
pub fn close_fd(fd: i32) -> Sys {
    unit(ize_sys::close_fd(fd))
}

/// Programs that this process starts do not get the descriptor.
#[napi]
pub fn close_on_exec(fd: i32) -> Sys {
    unit(ize_sys::close_on_exec(fd))
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
    unit(
        name.name()
            .and_then(|name| ize_sys::mkdir_at(dir_fd, &name, mode)),
    )
}

#[napi]
pub fn unlink_at(dir_fd: i32, name: Latin1, flags: i32) -> Sys {
    unit(
        name.name()
            .and_then(|name| ize_sys::unlink_at(dir_fd, &name, flags)),
    )
}

#[napi]
pub fn rename_at2(from_fd: i32, from: Latin1, to_fd: i32, to: Latin1, flags: u32) -> Sys {
    unit(
        pair(from, to)
            .and_then(|(from, to)| ize_sys::rename_at2(from_fd, &from, to_fd, &to, flags)),
    )
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
    either(
        name.name()
            .and_then(|name| ize_sys::readlink_at(dir_fd, &name)),
        Latin1,
    )
}

/// `rdev` in the 32-bit encoding of FUSE (new_encode_dev).
#[napi]
pub fn mknod_at(dir_fd: i32, name: Latin1, mode: u32, rdev: u32) -> Sys {
    unit(
        name.name()
            .and_then(|name| ize_sys::mknod_at(dir_fd, &name, mode, rdev)),
    )
}

/// Never follows a symlink (-EOPNOTSUPP for one). An empty name is the descriptor itself, O_PATH ones included.
#[napi]
pub fn chmod_at(dir_fd: i32, name: Latin1, mode: u32) -> Sys {
    unit(
        name.name()
            .and_then(|name| ize_sys::chmod_at(dir_fd, &name, mode)),
    )
}

/// Never follows a symlink; -1 keeps. An empty name is the descriptor itself.
#[napi]
pub fn chown_at(dir_fd: i32, name: Latin1, uid: i64, gid: i64) -> Sys {
    unit(
        name.name()
            .and_then(|name| ize_sys::chown_at(dir_fd, &name, uid, gid)),
    )
}

/// A nanosecond of -1 omits that time, -2 is now. Never follows a symlink. An empty name is the descriptor itself.
#[napi]
pub fn utimes_at(
    dir_fd: i32,
    name: Latin1,
    a_sec: i64,
    a_nsec: i64,
    m_sec: i64,
    m_nsec: i64,
) -> Sys {
    unit(
        name.name()
            .and_then(|name| ize_sys::utimes_at(dir_fd, &name, a_sec, a_nsec, m_sec, m_nsec)),
    )
}

/// The value, or -errno. Extended attributes are those of (dirFd, name), not following a symlink, or of the descriptor
/// when the name is empty.
#[napi]
pub fn get_xattr(dir_fd: i32, name: Latin1, attr: Latin1) -> Either<Buffer, Sys> {
    either(
        pair(name, attr).and_then(|(name, attr)| ize_sys::get_xattr(dir_fd, &name, &attr)),
        Buffer::from,
    )
}

#[napi]
pub fn set_xattr(dir_fd: i32, name: Latin1, attr: Latin1, value: Bytes, flags: i32) -> Sys {
    unit(
        pair(name, attr)
            .and_then(|(name, attr)| ize_sys::set_xattr(dir_fd, &name, &attr, value.all(), flags)),
    )
}

#[napi]
pub fn remove_xattr(dir_fd: i32, name: Latin1, attr: Latin1) -> Sys {
    unit(pair(name, attr).and_then(|(name, attr)| ize_sys::remove_xattr(dir_fd, &name, &attr)))
}

/// The names of all attributes, or -errno.
#[napi]
pub fn list_xattr(dir_fd: i32, name: Latin1) -> Either<Vec<Latin1>, Sys> {
    let names = name
        .name()
        .and_then(|name| ize_sys::list_xattr(dir_fd, &name));
    either(names, |names| names.into_iter().map(Latin1).collect())
}

/// stat without following into `out`, 15 doubles: mode, ino, nlink, uid, gid, rdev, size, blocks, aSec, aNsec, mSec,
/// mNsec, cSec, cNsec, dev (devices as new_encode_dev); the value of `user.ize` into `identity` (64 bytes). Returns the
/// length of the identity, 0 when there is none. An empty name is the descriptor itself.
#[napi]
pub fn stat_identity(dir_fd: i32, name: Latin1, mut out: Doubles, mut identity: Bytes) -> Sys {
    let row = out.all_mut().first_chunk_mut().ok_or(Errno(libc::EINVAL));
    row.and_then(|row| ize_sys::stat_identity(dir_fd, &name.name()?, row, identity.all_mut()))
        .into()
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
