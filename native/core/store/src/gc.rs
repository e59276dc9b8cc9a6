//! Collecting what nothing refers to: what is reachable is written anew, flushed, and only then the old packs go. Ended
//! anywhere, it leaves every object at least once; what is there twice goes with the next collection.

use crate::gc_plan;
use crate::kind::Kind;
use crate::pack::{Pack, index_name, length, name, pack_name};
use crate::put_content::Job;
use crate::settled::settled;
use crate::store::Store;
use ize_content::{Address, Error, Result};
use ize_sys::{Errno, Segment, reached};
use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Bytes of the packs and loose objects before and after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Collected {
    pub before: u64,
    pub after: u64,
}

impl Store {
    /// Closes the open pack. From now on what is put is written even if one of the packs there are has it. What was put
    /// before and is not reachable yet must be, before `gc_rewrite` is told what is: call this between batches.
    pub fn gc_begin(&self) -> Result<()> {
        let mut writer = self.write_gathered()?;
        self.close_current(&mut writer)?;
        let ids = self.packs().iter().map(|pack| pack.id).collect();
        *self.collected.write().unwrap_or_else(|e| e.into_inner()) = Some(ids);
        reached("gc-begun");
        self.stop_collecting.store(false, Ordering::Relaxed);
        for count in &self.packed {
            count.store(0, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Ends a collection, also one that is running in another thread; what it wrote stays.
    pub fn gc_abort(&self) {
        self.stop_collecting.store(true, Ordering::Relaxed);
        self.collected
            .write()
            .unwrap_or_else(|e| e.into_inner())
            .take();
    }

    /// How many blocks a collection has written, of how many.
    pub fn gc_progress(&self) -> [u64; 2] {
        [0, 1].map(|at| self.packed[at].load(Ordering::Relaxed))
    }

    /// Writes what is reachable (what became part of history first stands first) of the packs that there were at `gc_begin`,
    /// and of the loose objects, into new packs, flushes them, and removes the old. Packs that an earlier collection wrote
    /// stay, if at most `lost` thousandths of them are reachable no more. An object that cannot be read ends it, and
    /// nothing is removed; then, or ended otherwise, what it wrote goes again.
    pub fn gc_rewrite(&self, reachable: &[Address], lost: u64) -> Result<Collected> {
        let result = self.rewrite(reachable, lost);
        if result.is_err() {
            self.drop_packed();
        }
        result
    }

    fn rewrite(&self, reachable: &[Address], lost: u64) -> Result<Collected> {
        let collected = self
            .collected
            .read()
            .unwrap_or_else(|e| e.into_inner())
            .clone();
        let mut ids = collected.ok_or(Error::Refused("no collection was begun"))?;
        let (mut old, kept): (Vec<_>, Vec<_>) = self
            .packs()
            .into_iter()
            .partition(|pack| ids.contains(&pack.id));
        old.sort_by_key(|pack| pack.id);
        let mut before = old
            .iter()
            .map(|pack| length(&pack.file))
            .sum::<Result<u64>>()?;
        let kept_before = kept
            .iter()
            .map(|pack| length(&pack.file))
            .sum::<Result<u64>>()?;
        let ages: HashMap<_, _> = reachable.iter().copied().zip(0..).collect();
        let settled = settled(&old, &ages, lost)?;
        if !settled.is_empty() {
            old.retain(|pack| !settled.contains(&pack.id));
            self.narrow(&mut ids, |id| !settled.contains(id))?;
        }
        let plan = gc_plan::plan(&old, &ages, self.options.block_bytes, |address| {
            self.is_kept(address)
        })?;
        self.write_plan(&plan)?;
        drop(plan);
        self.finish_packed()?;
        reached("gc-packed");
        self.check_rewritten(&old, reachable)?;
        let mut loose = Vec::new();
        for directory in 0..=255 {
            for address in self.loose_objects(directory)? {
                self.check_collecting()?;
                before += ize_content::object_size(self.objects(), &address).unwrap_or(0);
                if ages.contains_key(&address) {
                    self.move_loose(&address)?;
                    reached("gc-loose-moved");
                }
                loose.push(address);
            }
        }
        self.flush()?;
        reached("gc-flushed");
        // Once it is ended, what is put counts on the old packs again; so neither happens beside the other.
        let mut collected = self.collected.write().unwrap_or_else(|e| e.into_inner());
        if collected.take() != Some(ids) {
            return Err(Error::Refused("the collection was ended"));
        }
        self.remove(&old, &loose)?;
        drop(collected);
        let after = self
            .packs()
            .iter()
            .map(|pack| length(&pack.file))
            .sum::<Result<u64>>()?;
        Ok(Collected {
            before,
            after: after.saturating_sub(kept_before),
        })
    }

    /// Fewer packs are to go.
    fn narrow(&self, ids: &mut Vec<u64>, keep: impl Fn(&u64) -> bool) -> Result<()> {
        let mut collected = self.collected.write().unwrap_or_else(|e| e.into_inner());
        if collected.as_ref() != Some(ids) {
            return Err(Error::Refused("the collection was ended"));
        }
        ids.retain(keep);
        *collected = Some(ids.clone());
        Ok(())
    }

    /// What is reachable and only in the old packs could not be found in them block by block: reading it tells why.
    fn check_rewritten(&self, old: &[Arc<Pack>], reachable: &[Address]) -> Result<()> {
        for address in reachable {
            if !self.is_kept(address) && old.iter().any(|pack| pack.find(address).is_some()) {
                self.get(address)?;
                return Err(Error::Damaged {
                    address: Some(*address),
                    place: "pack".to_owned(),
                    why: "its block was not found where its index says",
                });
            }
        }
        Ok(())
    }

    pub(crate) fn check_collecting(&self) -> Result<()> {
        if self.stop_collecting.load(Ordering::Relaxed) {
            return Err(Error::Refused("the collection was ended"));
        }
        Ok(())
    }

    /// Cuts a content of the first format into chunks; its old address leads to them.
    fn move_loose(&self, address: &Address) -> Result<()> {
        let flags = libc::O_TMPFILE | libc::O_RDWR;
        let file = ize_sys::open_at(self.pack_directory(), &name(".")?, flags, 0o600)
            .map_err(Error::system("moving an object of the first format"))?;
        let file = unsafe { File::from_raw_fd(file) };
        let size = ize_content::copy_object(self.objects(), address, file.as_raw_fd())?;
        let job = Job {
            segments: vec![Segment {
                fd: file.as_raw_fd(),
                offset: 0,
                length: size as i64,
            }],
            ..Job::default()
        };
        let root = self.put_content(&job, 0)?.root;
        if root != *address {
            self.put_again(Kind::Moved, *address, root.bytes(), "\u{1}6", None)?;
        }
        Ok(())
    }

    fn remove(&self, old: &[Arc<Pack>], loose: &[Address]) -> Result<()> {
        let removing = Error::system("removing a pack");
        self.retain_packs(|pack| !old.iter().any(|gone| gone.id == pack.id));
        self.cache.lock().unwrap_or_else(|e| e.into_inner()).clear();
        for pack in old {
            // The pack first: an index without a pack means nothing.
            for file in [pack_name(pack.id), index_name(pack.id)] {
                match ize_sys::unlink_at(self.pack_directory(), &name(&file)?, 0) {
                    Ok(()) | Err(Errno(libc::ENOENT)) => {}
                    Err(error) => return Err(removing(error)),
                }
                reached("gc-file-removed");
            }
        }
        for address in loose {
            ize_sys::unlink_at(self.objects(), &address.path(), 0).map_err(&removing)?;
            reached("gc-loose-removed");
        }
        ize_sys::sync_all(self.pack_directory()).map_err(&removing)
    }
}
