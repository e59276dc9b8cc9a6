//! Appending blocks to the open pack.

use crate::block;
use crate::gather::{Builder, Gathered};
use crate::pack::{Origin, Pack, pack_name};
use crate::store::Store;
use ize_content::{Error, Result};
use ize_sys::write_all_at;
use std::os::fd::AsRawFd;
use std::sync::{Arc, MutexGuard};

/// A pack is closed at so many objects, too: its index is in memory until then.
const MAX_PACK_OBJECTS: usize = 500_000;
/// Blocks are handed to the kernel in lots of about this size.
const LOT: usize = 8 << 20;

#[derive(Default)]
pub(crate) struct Writer {
    pub current: Option<Arc<Pack>>,
    /// Packs that were written to and not yet handed out to be flushed.
    pub unflushed: Vec<Arc<Pack>>,
    /// Whether the directory has a name that may not be on the disk.
    pub new_names: bool,
}

impl Store {
    /// Writes what is gathered; the paths, below `objects/`, of what must be flushed to keep all that was put so far.
    pub fn publish(&self) -> Result<Vec<String>> {
        let mut writer = self.write_gathered()?;
        let mut paths: Vec<_> = writer
            .unflushed
            .drain(..)
            .map(|pack| format!("pack/{}", pack_name(pack.id)))
            .collect();
        if std::mem::take(&mut writer.new_names) {
            paths.push("pack".to_owned());
        }
        Ok(paths)
    }

    /// Writes what is gathered and flushes it.
    pub fn flush(&self) -> Result<()> {
        let mut writer = self.write_gathered()?;
        let flushing = Error::system("flushing a pack");
        for pack in &writer.unflushed {
            ize_sys::sync_data(pack.file.as_raw_fd()).map_err(&flushing)?;
        }
        if writer.new_names {
            ize_sys::sync_all(self.pack_directory()).map_err(&flushing)?;
        }
        writer.unflushed.clear();
        writer.new_names = false;
        Ok(())
    }

    /// The writer, when all is written.
    pub(crate) fn write_gathered(&self) -> Result<MutexGuard<'_, Writer>> {
        self.check_writable()?;
        let _publishing = self.publishing.lock().unwrap_or_else(|e| e.into_inner());
        let gathered = {
            let mut gather = self.gather();
            // What other threads compress may have been put by somebody else as well.
            let until = gather.next_writing;
            while gather
                .writing
                .first()
                .is_some_and(|number| *number <= until)
            {
                gather = self.written.wait(gather).unwrap_or_else(|e| e.into_inner());
            }
            gather.take()
        };
        if let Err(error) = self.write_all(&gathered) {
            self.gather().put_back(gathered);
            return Err(error);
        }
        Ok(self.writer())
    }

    /// Compresses and writes one builder that a thread has taken out.
    pub(crate) fn write_builder(&self, number: u64, builder: Builder) -> Result<()> {
        let gathered = Gathered {
            builders: vec![builder],
            deltas: Vec::new(),
        };
        let result = self.write_all(&gathered);
        let mut gather = self.gather();
        if result.is_err() {
            gather.put_back(gathered);
        }
        gather.writing.remove(&number);
        self.written.notify_all();
        result
    }

    fn write_all(&self, gathered: &Gathered) -> Result<()> {
        let mut lot = Vec::new();
        for builder in &gathered.builders {
            for objects in builder.blocks(self.options.block_bytes) {
                let (rows, plain) = (
                    &builder.rows[objects.clone()],
                    builder.concatenated(objects),
                );
                lot.extend_from_slice(&block::encode(rows, &plain, None, self.options.level)?);
                if lot.len() >= LOT {
                    self.append(&std::mem::take(&mut lot))?;
                }
            }
        }
        for delta in &gathered.deltas {
            lot.extend_from_slice(&delta.block);
            if lot.len() >= LOT {
                self.append(&std::mem::take(&mut lot))?;
            }
        }
        self.append(&lot)?;
        let mut gather = self.gather();
        for builder in &gathered.builders {
            for row in &builder.rows {
                gather.pending.remove(&row.address);
            }
        }
        for delta in &gathered.deltas {
            gather.pending.remove(&delta.row.address);
        }
        Ok(())
    }

    /// Appends whole blocks by one write; they can be found when it returns.
    pub(crate) fn append(&self, blocks: &[u8]) -> Result<()> {
        if blocks.is_empty() {
            return Ok(());
        }
        let mut writer = self.writer();
        let pack = self.open_pack(&mut writer)?;
        let (_, end) = pack.extent();
        if let Err(error) = write_all_at(pack.file.as_raw_fd(), blocks, end as i64) {
            // A part of a block would be cut when the store is opened the next time; now is better.
            let _ = ize_sys::truncate_fd(pack.file.as_raw_fd(), end as i64);
            return Err(Error::System(error, "writing objects"));
        }
        let mut at = 0;
        while let Some(head) = block::decode(&blocks[at..]) {
            pack.insert(end + at as u64, &head);
            at += head.total() as usize;
            if at >= blocks.len() {
                break;
            }
        }
        if !writer.unflushed.iter().any(|one| one.id == pack.id) {
            writer.unflushed.push(pack);
        }
        Ok(())
    }

    /// The pack to append to: a new one when the last is full.
    fn open_pack(&self, writer: &mut Writer) -> Result<Arc<Pack>> {
        if let Some(pack) = &writer.current {
            if !self.is_full(pack) {
                return Ok(pack.clone());
            }
            self.close_current(writer)?;
        }
        let pack = self.create_pack(writer, Origin::Recording)?;
        writer.current = Some(pack.clone());
        Ok(pack)
    }

    pub(crate) fn is_full(&self, pack: &Pack) -> bool {
        let (objects, end) = pack.extent();
        end >= self.options.pack_bytes || objects >= MAX_PACK_OBJECTS
    }

    pub(crate) fn create_pack(&self, writer: &mut Writer, origin: Origin) -> Result<Arc<Pack>> {
        let id = 1 + self.packs().iter().map(|pack| pack.id).max().unwrap_or(0);
        let pack = Arc::new(Pack::create(self.pack_directory(), id, origin)?);
        writer.new_names = true;
        self.add_pack(pack.clone());
        Ok(pack)
    }

    /// Closes the open pack; what is put next goes into another.
    pub(crate) fn close_current(&self, writer: &mut Writer) -> Result<()> {
        if let Some(pack) = &writer.current {
            pack.close(self.pack_directory())?;
            writer.unflushed.retain(|one| one.id != pack.id);
            // The index is new, and the pack may be.
            writer.new_names = true;
            writer.current = None;
        }
        Ok(())
    }
}
