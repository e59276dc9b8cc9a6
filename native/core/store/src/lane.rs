//! Packs that a collection writes, apart from the one that is open for what is put: all of it or none of it stays.

use crate::block;
use crate::pack::{Origin, Pack, index_name, name, pack_name};
use crate::store::Store;
use ize_content::{Error, Result};
use ize_sys::{reached, write_all_at};
use std::os::fd::AsRawFd;
use std::sync::{Arc, MutexGuard};

#[derive(Default)]
pub(crate) struct Lane {
    current: Option<Arc<Pack>>,
    made: Vec<u64>,
}

impl Store {
    /// Appends a block to what the collection writes; it can be found when it returns.
    pub(crate) fn append_packed(&self, bytes: &[u8]) -> Result<()> {
        let mut lane = self.lane();
        let pack = self.lane_pack(&mut lane)?;
        let (_, end) = pack.extent();
        write_all_at(pack.file.as_raw_fd(), bytes, end as i64)
            .map_err(Error::system("writing objects"))?;
        if let Some(head) = block::decode(bytes) {
            pack.insert(end, &head);
        }
        reached("gc-block-written");
        Ok(())
    }

    /// Everything that was written is on the disk, with indices.
    pub(crate) fn finish_packed(&self) -> Result<()> {
        let mut lane = self.lane();
        if let Some(pack) = lane.current.take() {
            pack.close(self.pack_directory())?;
        }
        ize_sys::sync_all(self.pack_directory()).map_err(Error::system("flushing a pack"))?;
        lane.made.clear();
        Ok(())
    }

    /// Removes what was written: the packs that it is made from are all there. What cannot be removed goes with the next
    /// collection.
    pub(crate) fn drop_packed(&self) {
        let mut lane = self.lane();
        lane.current = None;
        let made = std::mem::take(&mut lane.made);
        self.retain_packs(|pack| !made.contains(&pack.id));
        self.cache.lock().unwrap_or_else(|e| e.into_inner()).clear();
        for id in made {
            for file in [pack_name(id), index_name(id)] {
                let _ = name(&file).map(|file| ize_sys::unlink_at(self.pack_directory(), &file, 0));
                reached("gc-dropping");
            }
        }
    }

    fn lane(&self) -> MutexGuard<'_, Lane> {
        self.lane.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn lane_pack(&self, lane: &mut Lane) -> Result<Arc<Pack>> {
        if let Some(pack) = &lane.current {
            if !self.is_full(pack) {
                return Ok(pack.clone());
            }
            pack.close(self.pack_directory())?;
        }
        let pack = self.create_pack(&mut self.writer(), Origin::Collection)?;
        lane.made.push(pack.id);
        lane.current = Some(pack.clone());
        Ok(pack)
    }
}
