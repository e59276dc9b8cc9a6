//! Mounting as root: /dev/fuse and mount(2). See Documentation/filesystems/fuse.rst of the kernel.

use crate::errno::{Result, descriptor, done};
use crate::files::close_fd;
use crate::name::Name;

/// Opens /dev/fuse and mounts it at `mountpoint` as type `fuse.ize`, nosuid and nodev.
/// `options` are further FUSE options, comma separated; `fsname` is the source that mount tables show.
/// Returns the non-blocking descriptor.
pub fn mount_direct(mountpoint: &Name, options: &Name, fsname: &Name) -> Result<i32> {
    let mut stat: libc::stat64 = unsafe { std::mem::zeroed() };
    done(|| unsafe { libc::stat64(mountpoint.ptr(), &mut stat) })?;
    let flags = libc::O_RDWR | libc::O_CLOEXEC | libc::O_NONBLOCK;
    let fd = descriptor(|| unsafe { libc::open(c"/dev/fuse".as_ptr(), flags) })?;
    let mounted = mount(fd, stat.st_mode & libc::S_IFMT, mountpoint, options, fsname);
    if mounted.is_err() {
        close_fd(fd)?;
    }
    mounted.map(|()| fd)
}

fn mount(fd: i32, root_mode: u32, mountpoint: &Name, options: &Name, fsname: &Name) -> Result<()> {
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    let mut data =
        format!("fd={fd},rootmode={root_mode:o},user_id={uid},group_id={gid}").into_bytes();
    if !options.bytes().is_empty() {
        data.push(b',');
        data.extend_from_slice(options.bytes());
    }
    let data = Name::new(data)?;
    let flags = libc::MS_NOSUID | libc::MS_NODEV;
    let kind = c"fuse.ize".as_ptr();
    done(|| unsafe {
        libc::mount(
            fsname.ptr(),
            mountpoint.ptr(),
            kind,
            flags,
            data.ptr().cast(),
        )
    })
}

/// umount2(2).
pub fn unmount_direct(mountpoint: &Name, flags: i32) -> Result<()> {
    done(|| unsafe { libc::umount2(mountpoint.ptr(), flags) })
}
