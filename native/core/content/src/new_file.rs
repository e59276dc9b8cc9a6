//! An object on its way: written under a name of its own, then renamed to its address.

use crate::address::Address;
use crate::error::{Error, Result};
use ize_sys::{Errno, Name};
use std::fs::File;
use std::os::fd::{FromRawFd, RawFd};
use std::sync::atomic::{AtomicU64, Ordering};

/// Removes itself unless it is published.
pub(crate) struct NewFile {
    objects_fd: RawFd,
    name: Option<Name>,
    pub file: File,
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

impl NewFile {
    pub fn create(objects_fd: RawFd) -> Result<Self> {
        let flags = libc::O_CREAT | libc::O_EXCL | libc::O_RDWR | libc::O_NOFOLLOW;
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = named(format!("tmp/{}-{number}", std::process::id()))?;
            match ize_sys::open_at(objects_fd, &name, flags, 0o444) {
                Ok(fd) => {
                    let file = unsafe { File::from_raw_fd(fd) };
                    return Ok(NewFile {
                        objects_fd,
                        name: Some(name),
                        file,
                    });
                }
                // Left by an earlier process of our number.
                Err(Errno(libc::EEXIST)) => {}
                Err(Errno(libc::ENOENT)) => make_directory(objects_fd, &named("tmp".into())?)?,
                Err(error) => return Err(Error::System(error, "making an object file")),
            }
        }
    }

    /// Gives the file its address. Not flushed: what refers to the object is written after the caller's flush.
    pub fn publish(mut self, address: &Address) -> Result<()> {
        let Some(name) = self.name.as_ref() else {
            return Ok(());
        };
        let path = address.path();
        let rename = || ize_sys::rename_at2(self.objects_fd, name, self.objects_fd, &path, 0);
        let renamed = match rename() {
            Err(Errno(libc::ENOENT)) => {
                make_directory(self.objects_fd, &address.directory())?;
                rename()
            }
            other => other,
        };
        renamed.map_err(Error::system("renaming an object file"))?;
        self.name = None;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // What cannot be removed now is removed when the store is opened again.
            let _ = ize_sys::unlink_at(self.objects_fd, name, 0);
        }
    }
}

fn named(text: String) -> Result<Name> {
    Name::new(text).map_err(Error::system("naming an object file"))
}

fn make_directory(objects_fd: RawFd, name: &Name) -> Result<()> {
    match ize_sys::mkdir_at(objects_fd, name, 0o755) {
        // Another thread was first.
        Ok(()) | Err(Errno(libc::EEXIST)) => Ok(()),
        Err(error) => Err(Error::System(error, "making a directory of objects")),
    }
}
