//! Opening the directory of packs.

use crate::pack::{self, Check, Origin, Pack, index_name, name, pack_id, pack_name};
use crate::store::{Options, Problem};
use ize_content::{Error, Result};
use ize_sys::{Errno, Name};
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::sync::Arc;

pub(crate) struct Opened {
    pub objects: File,
    pub directory: File,
    pub lock: Option<File>,
    pub packs: Vec<Arc<Pack>>,
    /// The pack that is appended to.
    pub current: Option<Arc<Pack>>,
    pub loose: Box<[bool; 256]>,
    pub problems: Vec<Problem>,
}

pub(crate) fn open(objects: impl Into<Vec<u8>>, options: &Options) -> Result<Opened> {
    let path = Name::new(objects).map_err(Error::system("opening the object store"))?;
    let objects = open_directory(libc::AT_FDCWD, &path)?;
    let pack = name("pack")?;
    if options.write {
        match ize_sys::mkdir_at(objects.as_raw_fd(), &pack, 0o755) {
            Ok(()) => ize_sys::sync_all(objects.as_raw_fd())
                .map_err(Error::system("making the pack directory"))?,
            Err(Errno(libc::EEXIST)) => {}
            Err(error) => return Err(Error::System(error, "making the pack directory")),
        }
    }
    // Without packs there is nothing to read in them; they may come.
    let directory = match open_directory(objects.as_raw_fd(), &pack) {
        Err(Error::System(Errno(libc::ENOENT), _)) => objects
            .try_clone()
            .map_err(Error::io("opening the object store"))?,
        other => other?,
    };
    let lock = if options.write {
        Some(take_lock(directory.as_raw_fd())?)
    } else {
        None
    };
    let mut opened = Opened {
        loose: loose_directories(objects.as_raw_fd())?,
        objects,
        directory,
        lock,
        packs: Vec::new(),
        current: None,
        problems: Vec::new(),
    };
    opened.packs(options)?;
    Ok(opened)
}

impl Opened {
    fn packs(&mut self, options: &Options) -> Result<()> {
        let fd = self.directory.as_raw_fd();
        let mut ids = list_packs(fd)?;
        ids.sort_unstable_by_key(|id| std::cmp::Reverse(*id));
        for id in ids {
            if options.write && self.was_never_begun(id)? {
                continue;
            }
            let check = if options.write {
                Check::Index
            } else {
                Check::Heads
            };
            let Some((pack, gaps)) = Pack::open(fd, id, options.write, check)? else {
                continue;
            };
            let (pack, gaps) = if options.write && pack.is_open() {
                drop((pack, gaps));
                self.open_for_writing(id, options)?
            } else {
                (pack, gaps)
            };
            let pack = Arc::new(pack);
            if options.write && pack.is_open() {
                // A pack with a bad block is not appended to: the next scan would have to look for what is behind it.
                let newest = self.packs.is_empty();
                // Nor is what a collection wrote: its packs are left as they are.
                if newest && gaps.is_empty() && pack.origin == Origin::Recording {
                    self.current = Some(pack.clone());
                } else {
                    pack.close(fd)?;
                }
            }
            self.problems
                .extend(gaps.into_iter().map(|gap| Problem { pack: id, gap }));
            self.packs.push(pack);
        }
        Ok(())
    }

    /// A pack without a sound index: its torn end is cut first.
    fn open_for_writing(
        &self,
        id: u64,
        options: &Options,
    ) -> Result<(Pack, Vec<crate::scan::Gap>)> {
        let fd = self.directory.as_raw_fd();
        let gone = Error::System(Errno(libc::ENOENT), "opening a pack");
        let index = name(&index_name(id))?;
        match ize_sys::unlink_at(fd, &index, 0) {
            Ok(()) | Err(Errno(libc::ENOENT)) => {}
            Err(error) => return Err(Error::System(error, "removing a damaged index")),
        }
        let check = if options.verify {
            Check::Payloads
        } else {
            Check::Heads
        };
        let (pack, _) = Pack::open(fd, id, true, Check::Heads)?.ok_or(gone)?;
        pack.cut_tail(options.verify)?;
        let gone = Error::System(Errno(libc::ENOENT), "opening a pack");
        Pack::open(fd, id, true, check)?.ok_or(gone)
    }

    /// Ended between making the pack and writing its head: it is removed.
    fn was_never_begun(&self, id: u64) -> Result<bool> {
        let fd = self.directory.as_raw_fd();
        let file = name(&pack_name(id))?;
        let opened = ize_sys::open_at(fd, &file, libc::O_RDONLY | libc::O_NOFOLLOW, 0)
            .map_err(Error::system("opening a pack"))?;
        let opened = unsafe { File::from_raw_fd(opened) };
        if pack::length(&opened)? >= pack::HEAD_BYTES {
            return Ok(false);
        }
        ize_sys::unlink_at(fd, &file, 0).map_err(Error::system("removing an empty pack"))?;
        Ok(true)
    }
}

pub(crate) fn open_directory(at: RawFd, path: &Name) -> Result<File> {
    ize_sys::open_at(at, path, libc::O_RDONLY | libc::O_DIRECTORY, 0)
        .map(|fd| unsafe { File::from_raw_fd(fd) })
        .map_err(Error::system("opening the object store"))
}

fn take_lock(directory: RawFd) -> Result<File> {
    let flags = libc::O_CREAT | libc::O_RDWR | libc::O_NOFOLLOW;
    let fd = ize_sys::open_at(directory, &name("lock")?, flags, 0o644)
        .map_err(Error::system("locking the object store"))?;
    let file = unsafe { File::from_raw_fd(fd) };
    match ize_sys::lock_exclusive(fd) {
        Ok(()) => Ok(file),
        Err(Errno(libc::EWOULDBLOCK)) => Err(Error::Busy),
        Err(error) => Err(Error::System(error, "locking the object store")),
    }
}

pub(crate) fn list_packs(directory: RawFd) -> Result<Vec<u64>> {
    Ok(names(directory)?
        .iter()
        .filter_map(|name| pack_id(name))
        .collect())
}

pub(crate) fn names(directory: RawFd) -> Result<Vec<Vec<u8>>> {
    let listing =
        ize_sys::list_directory(directory).map_err(Error::system("listing the object store"))?;
    Ok(listing.names)
}

fn loose_directories(objects: RawFd) -> Result<Box<[bool; 256]>> {
    let mut there = Box::new([false; 256]);
    for name in names(objects)? {
        let hex = str::from_utf8(&name).ok().filter(|hex| hex.len() == 2);
        if let Some(first) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            there[usize::from(first)] = true;
        }
    }
    Ok(there)
}
