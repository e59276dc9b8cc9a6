//! The facts of a file as a row of doubles, with the identity that Ize keeps beside it.

use crate::errno::{Result, done};
use crate::name::Name;
use crate::xattr::{self, Target};

/// mode, ino, nlink, uid, gid, rdev, size, blocks, aSec, aNsec, mSec, mNsec, cSec, cNsec, dev.
pub const STAT_WORDS: usize = 15;
/// Room for the value of `user.ize`.
pub const IDENTITY_BYTES: usize = 64;

/// stat(2) without following into `out`, and the value of `user.ize` into `identity`.
/// Returns the length of the identity: 0 when there is none or the kind of file cannot carry one.
pub fn stat_identity(
    dir_fd: i32,
    name: &Name,
    out: &mut [f64; STAT_WORDS],
    identity: &mut [u8],
) -> Result<usize> {
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    let flags = libc::AT_SYMLINK_NOFOLLOW | name.empty_path_flag();
    done(|| unsafe { libc::fstatat64(dir_fd, name.ptr(), &mut stat, flags) })?;
    *out = words(&stat);
    match stat.st_mode & libc::S_IFMT {
        libc::S_IFREG | libc::S_IFDIR => read_identity(dir_fd, name, identity),
        _ => Ok(0),
    }
}

fn read_identity(dir_fd: i32, name: &Name, identity: &mut [u8]) -> Result<usize> {
    let room = identity.len().min(IDENTITY_BYTES);
    match xattr::get_into(
        &Target::new(dir_fd, name),
        &Name::new("user.ize")?,
        &mut identity[..room],
    ) {
        Ok(n) => Ok(n),
        // No such attribute, a file system without them, a value that is not ours, or not ours to read.
        Err(e)
            if matches!(
                e.0,
                libc::ENODATA | libc::EOPNOTSUPP | libc::ERANGE | libc::EPERM | libc::EACCES
            ) =>
        {
            Ok(0)
        }
        Err(e) => Err(e),
    }
}

// The casts change nothing on x64 and widen elsewhere.
#[allow(clippy::unnecessary_cast)]
fn words(s: &libc::stat64) -> [f64; STAT_WORDS] {
    [
        s.st_mode as f64,
        s.st_ino as f64,
        s.st_nlink as f64,
        s.st_uid as f64,
        s.st_gid as f64,
        encode_device(s.st_rdev) as f64,
        s.st_size as f64,
        s.st_blocks as f64,
        s.st_atime as f64,
        s.st_atime_nsec as f64,
        s.st_mtime as f64,
        s.st_mtime_nsec as f64,
        s.st_ctime as f64,
        s.st_ctime_nsec as f64,
        encode_device(s.st_dev) as f64,
    ]
}

/// The kernel's `new_encode_dev` (include/linux/kdev_t.h): 12 bits of major, 20 of minor.
pub(crate) fn encode_device(device: u64) -> u32 {
    let (major, minor) = (libc::major(device) as u32, libc::minor(device) as u32);
    (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
}

/// The kernel's `new_decode_dev`.
pub(crate) fn decode_device(device: u32) -> u64 {
    libc::makedev(
        (device & 0xfff00) >> 8,
        (device & 0xff) | ((device >> 12) & 0xfff00),
    )
}
