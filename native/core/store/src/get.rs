//! One object, never without checking it against its address.

use crate::block::{self, Encoding, HEAD_BYTES, MAX_DEPTH};
use crate::cache::Block;
use crate::codec;
use crate::index::Spot;
use crate::kind::Kind;
use crate::open::{list_packs, open_directory};
use crate::pack::{self, Check, Pack, pack_name};
use crate::store::Store;
use ize_content::{Address, Error, Result};
use ize_sys::read_at;
use std::ops::Range;
use std::os::fd::AsRawFd;
use std::sync::Arc;

/// An object, held together with the block it lies in.
pub struct Object {
    pub kind: Kind,
    /// How many differences were undone to read it.
    pub(crate) depth: u16,
    held: Held,
}

enum Held {
    Alone(Arc<Vec<u8>>),
    Block(Arc<Block>, Range<usize>),
}

impl Object {
    pub fn bytes(&self) -> &[u8] {
        match &self.held {
            Held::Alone(bytes) => bytes,
            Held::Block(block, range) => &block.plain[range.clone()],
        }
    }

    /// What it is stored as the difference to.
    pub(crate) fn base(&self) -> Option<Address> {
        match &self.held {
            Held::Block(block, _) => match block.head.encoding {
                Encoding::Delta(base, _) => Some(base),
                _ => None,
            },
            Held::Alone(_) => None,
        }
    }
}

/// What a reader with a head in front of it needs no more than this for.
const FIRST_READ: usize = 4 << 10;

impl Store {
    /// The object of this address. `Missing` when no pack has it; loose contents are not looked at.
    pub fn get(&self, address: &Address) -> Result<Object> {
        self.get_within(address, MAX_DEPTH)
    }

    pub fn has(&self, address: &Address) -> Result<bool> {
        Ok(self.gather().pending.contains_key(address)
            || !self.locate(address)?.is_empty()
            || self.loose_size(address).is_some())
    }

    fn get_within(&self, address: &Address, steps: u16) -> Result<Object> {
        if let Some(pending) = self.gather().pending.get(address) {
            return Ok(Object {
                kind: pending.kind,
                depth: pending.depth,
                held: Held::Alone(pending.bytes.clone()),
            });
        }
        let mut failed = Error::Missing(*address);
        for (pack, spot) in self.locate(address)? {
            match self.read_object(&pack, spot, address, steps) {
                Err(error @ (Error::Damaged { .. } | Error::Missing(_))) => failed = error,
                other => return other,
            }
        }
        Err(failed)
    }

    /// Every pack that has the object, newest first. Looks for what changed in the directory before it gives up.
    pub(crate) fn locate(&self, address: &Address) -> Result<Vec<(Arc<Pack>, Spot)>> {
        let look = || -> Vec<_> {
            let packs = self.packs();
            packs
                .into_iter()
                .filter_map(|pack| pack.find(address).map(|spot| (pack, spot)))
                .collect()
        };
        let found = look();
        if !found.is_empty() {
            return Ok(found);
        }
        if self.refresh()? {
            let found = look();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let mut distrusted = false;
        for pack in self.packs() {
            distrusted |= pack.distrust()?;
        }
        Ok(if distrusted { look() } else { Vec::new() })
    }

    /// Takes in what a writer did meanwhile; whether anything changed.
    pub(crate) fn refresh(&self) -> Result<bool> {
        if self.options.write {
            return Ok(false);
        }
        let directory = match open_directory(self.objects(), &pack::name("pack")?) {
            Ok(directory) => directory,
            Err(Error::System(ize_sys::Errno(libc::ENOENT), _)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let ids = list_packs(directory.as_raw_fd())?;
        let known = self.packs();
        let mut packs: Vec<_> = known
            .iter()
            .filter(|pack| ids.contains(&pack.id))
            .cloned()
            .collect();
        let mut changed = packs.len() != known.len();
        for pack in packs.iter().filter(|pack| pack.is_open()) {
            let (_, before) = pack.extent();
            self.add_problems(pack.id, pack.grow(pack::length(&pack.file)?, false)?);
            changed |= pack.extent().1 != before;
        }
        for id in ids
            .iter()
            .filter(|id| !known.iter().any(|pack| pack.id == **id))
        {
            if let Some((pack, gaps)) = Pack::open(directory.as_raw_fd(), *id, false, Check::Heads)?
            {
                self.add_problems(*id, gaps);
                packs.push(Arc::new(pack));
                changed = true;
            }
        }
        if changed {
            self.set_packs(packs);
        }
        Ok(changed)
    }

    fn read_object(
        &self,
        pack: &Pack,
        spot: Spot,
        address: &Address,
        steps: u16,
    ) -> Result<Object> {
        let offset = spot.offset();
        let found = self.block(pack, offset, Some(address), steps);
        let is_there = |block: &Arc<Block>| {
            let row = block.head.rows.get(spot.ordinal());
            row.is_some_and(|row| row.address == *address)
        };
        // What the index says may be wrong; then the pack itself is asked, once.
        if !found.as_ref().is_ok_and(is_there)
            && pack.distrust()?
            && let Some(spot) = pack.find(address)
        {
            return self.read_object(pack, spot, address, steps);
        }
        let damaged = |why| damaged(pack, offset, Some(*address), why);
        let block = found?;
        if !is_there(&block) {
            return Err(damaged("it is not where the index of its pack says"));
        }
        let row = &block.head.rows[spot.ordinal()];
        let from = block.head.offset(spot.ordinal());
        let range = from..from + row.length as usize;
        if !row.kind.fits(&block.plain[range.clone()], address) {
            return Err(damaged("its bytes are not those it was stored with"));
        }
        Ok(Object {
            kind: row.kind,
            depth: block.head.depth(),
            held: Held::Block(block, range),
        })
    }

    fn block(
        &self,
        pack: &Pack,
        offset: u64,
        address: Option<&Address>,
        steps: u16,
    ) -> Result<Arc<Block>> {
        let key = (pack.id, offset);
        if let Some(block) = self
            .cache
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .get(key)
        {
            return Ok(block);
        }
        let block = Arc::new(self.read_block(pack, offset, address, steps)?);
        self.cache
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .insert(key, block.clone());
        Ok(block)
    }

    pub(crate) fn read_block(
        &self,
        pack: &Pack,
        offset: u64,
        address: Option<&Address>,
        steps: u16,
    ) -> Result<Block> {
        let damaged = |why| damaged(pack, offset, address.copied(), why);
        let mut bytes = read(pack, offset, FIRST_READ)?;
        let front = block::front_bytes(&bytes)
            .ok_or(damaged("there is no block where the object should be"))?;
        if front > bytes.len() {
            bytes = read(pack, offset, front)?;
        }
        let head = block::decode(&bytes)
            .ok_or(damaged("the head of its block is not what was written"))?;
        let total = head.total() as usize;
        if bytes.len() < total {
            let rest = read(pack, offset + bytes.len() as u64, total - bytes.len())?;
            bytes.extend(rest);
        }
        let payload = bytes
            .get(head.bytes()..total)
            .ok_or(damaged("its block is cut off"))?;
        let plain = match head.encoding {
            Encoding::Plain => payload.to_vec(),
            Encoding::Zstd => codec::decompress(payload, &[], head.plain())?
                .ok_or(damaged("its block cannot be decompressed"))?,
            Encoding::Delta(base, _) => {
                let steps = steps
                    .checked_sub(1)
                    .ok_or(damaged("it is a difference to too many others"))?;
                let base = self.get_within(&base, steps).map_err(|error| match error {
                    Error::Missing(_) => {
                        damaged("the object that it is the difference to is missing")
                    }
                    other => other,
                })?;
                codec::decompress(payload, base.bytes(), head.plain())?
                    .ok_or(damaged("its difference cannot be undone"))?
            }
        };
        if plain.len() != head.plain() {
            return Err(damaged("its block has not the length it should have"));
        }
        Ok(Block { head, plain })
    }
}

pub(crate) fn damaged(
    pack: &Pack,
    offset: u64,
    address: Option<Address>,
    why: &'static str,
) -> Error {
    Error::Damaged {
        address,
        place: format!("pack/{} at {offset}", pack_name(pack.id)),
        why,
    }
}

fn read(pack: &Pack, offset: u64, length: usize) -> Result<Vec<u8>> {
    let mut bytes = vec![0; length.max(HEAD_BYTES)];
    let n = read_at(pack.file.as_raw_fd(), &mut bytes, offset as i64)
        .map_err(Error::system("reading a pack"))?;
    bytes.truncate(n);
    Ok(bytes)
}
