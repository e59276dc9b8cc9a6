//! One pack: its file, and where its objects are.

use crate::block::Head;
use crate::index::{self, MappedIndex, Spot};
use crate::scan::{Gap, Reader, Scan, scan};
use ize_content::{Address, Error, Result};
use ize_sys::{Errno, Name, reached, read_exact_at, write_all_at};
use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::sync::RwLock;

pub(crate) const HEAD_BYTES: u64 = 16;
const MAGIC: [u8; 4] = *b"IzPk";
const VERSION: u8 = 1;

/// What wrote a pack; byte 5 of its head.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Origin {
    Recording = 0,
    Collection = 1,
}

pub(crate) struct Pack {
    pub id: u64,
    pub file: File,
    pub origin: Origin,
    index: RwLock<Index>,
}

enum Index {
    Mapped {
        map: MappedIndex,
        checked: bool,
    },
    Memory {
        spots: HashMap<Address, Spot>,
        end: u64,
    },
}

/// How a pack is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Heads only; an index is believed.
    Heads,
    /// The checksum of the index too.
    Index,
    /// Every payload; the index is not looked at.
    Payloads,
}

pub(crate) fn pack_name(id: u64) -> String {
    format!("{id:016x}.pack")
}

pub(crate) fn index_name(id: u64) -> String {
    format!("{id:016x}.idx")
}

pub(crate) fn name(text: &str) -> Result<Name> {
    Name::new(text).map_err(Error::system("naming a pack"))
}

/// The number in the name of a pack.
pub(crate) fn pack_id(name: &[u8]) -> Option<u64> {
    let hex = name.strip_suffix(b".pack").filter(|hex| hex.len() == 16)?;
    let id = u64::from_str_radix(str::from_utf8(hex).ok()?, 16).ok()?;
    (pack_name(id).as_bytes() == name).then_some(id)
}

fn open_file(directory: RawFd, name_: &str, flags: i32) -> Result<Option<File>> {
    match ize_sys::open_at(directory, &name(name_)?, flags | libc::O_NOFOLLOW, 0o644) {
        Ok(fd) => Ok(Some(unsafe { File::from_raw_fd(fd) })),
        Err(Errno(libc::ENOENT)) => Ok(None),
        Err(error) => Err(Error::System(error, "opening a pack")),
    }
}

impl Pack {
    pub fn create(directory: RawFd, id: u64, origin: Origin) -> Result<Pack> {
        let flags = libc::O_CREAT | libc::O_EXCL | libc::O_RDWR;
        let file = open_file(directory, &pack_name(id), flags)?
            .ok_or(Error::System(Errno(libc::ENOENT), "making a pack"))?;
        let mut head = [0; HEAD_BYTES as usize];
        head[..4].copy_from_slice(&MAGIC);
        head[4] = VERSION;
        head[5] = origin as u8;
        head[8..].copy_from_slice(&id.to_le_bytes());
        reached("pack-made");
        write_all_at(file.as_raw_fd(), &head, 0).map_err(Error::system("making a pack"))?;
        Ok(Pack {
            id,
            file,
            origin,
            index: RwLock::new(Index::Memory {
                spots: HashMap::new(),
                end: HEAD_BYTES,
            }),
        })
    }

    /// None when it vanished meanwhile. A pack whose head is not sound has no objects; that is a gap.
    pub fn open(
        directory: RawFd,
        id: u64,
        write: bool,
        check: Check,
    ) -> Result<Option<(Pack, Vec<Gap>)>> {
        let flags = if write { libc::O_RDWR } else { libc::O_RDONLY };
        let Some(file) = open_file(directory, &pack_name(id), flags)? else {
            return Ok(None);
        };
        let length = length(&file)?;
        let mut pack = Pack {
            id,
            file,
            origin: Origin::Recording,
            index: RwLock::new(Index::Memory {
                spots: HashMap::new(),
                end: HEAD_BYTES,
            }),
        };
        let mut gaps = Vec::new();
        if let Some(origin) = pack.head(length) {
            pack.origin = origin;
        } else {
            // What is behind it may be sound all the same.
            let why = "the head of the pack is not sound";
            gaps.push(Gap {
                offset: 0,
                length: length.min(HEAD_BYTES),
                why,
            });
        }
        if check != Check::Payloads
            && let Some(map) = open_index(directory, id, length, check)?
        {
            let checked = check == Check::Index;
            pack.index = RwLock::new(Index::Mapped { map, checked });
        } else {
            gaps.extend(pack.grow(length, check == Check::Payloads)?);
        }
        Ok(Some((pack, gaps)))
    }

    pub fn has_head(&self, length: u64) -> bool {
        self.head(length).is_some()
    }

    /// What a sound head says.
    fn head(&self, length: u64) -> Option<Origin> {
        let mut head = [0; HEAD_BYTES as usize];
        let is_sound = length >= HEAD_BYTES
            && read_exact_at(self.file.as_raw_fd(), &mut head, 0).is_ok()
            && head[..4] == MAGIC
            && head[4] == VERSION
            && head[6..8] == [0, 0]
            && head[8..] == self.id.to_le_bytes();
        match head[5] {
            0 if is_sound => Some(Origin::Recording),
            1 if is_sound => Some(Origin::Collection),
            _ => None,
        }
    }

    /// Takes in what was appended since; the gaps it met.
    pub fn grow(&self, length: u64, payloads: bool) -> Result<Vec<Gap>> {
        let mut index = self.index.write().unwrap_or_else(|e| e.into_inner());
        let Index::Memory { spots, end } = &mut *index else {
            return Ok(Vec::new());
        };
        if *end >= length {
            return Ok(Vec::new());
        }
        let scan = scan(&self.file, *end, length, payloads)?;
        insert(spots, &scan);
        *end = scan.end;
        Ok(scan.gaps)
    }

    pub fn find(&self, address: &Address) -> Option<Spot> {
        match &*self.index.read().unwrap_or_else(|e| e.into_inner()) {
            Index::Mapped { map, .. } => map.find(address),
            Index::Memory { spots, .. } => spots.get(address).copied(),
        }
    }

    pub fn is_open(&self) -> bool {
        matches!(
            &*self.index.read().unwrap_or_else(|e| e.into_inner()),
            Index::Memory { .. }
        )
    }

    /// Objects and the end of the last sound block, of a pack whose index is in memory.
    pub fn extent(&self) -> (usize, u64) {
        match &*self.index.read().unwrap_or_else(|e| e.into_inner()) {
            Index::Mapped { map, .. } => (map.iter().count(), 0),
            Index::Memory { spots, end } => (spots.len(), *end),
        }
    }

    /// A block was written at `offset`.
    pub fn insert(&self, offset: u64, head: &Head) {
        let mut index = self.index.write().unwrap_or_else(|e| e.into_inner());
        if let Index::Memory { spots, end } = &mut *index {
            for (ordinal, row) in head.rows.iter().enumerate() {
                spots.insert(row.address, Spot::new(offset, ordinal));
            }
            *end = offset + head.total();
        }
    }

    /// Whether the index beside the pack, if there is one, is sound and says what the pack says.
    pub fn is_index_sound(&self, directory: RawFd, length: u64) -> Result<bool> {
        if open_file(directory, &index_name(self.id), libc::O_RDONLY)?.is_none() {
            return Ok(true);
        }
        let Some(map) = open_index(directory, self.id, length, Check::Index)? else {
            return Ok(false);
        };
        let scan = scan(&self.file, HEAD_BYTES, length, false)?;
        let mut spots = HashMap::new();
        insert(&mut spots, &scan);
        // Blocks may have been damaged since the index was made; that is found in them.
        Ok(spots
            .iter()
            .all(|(address, spot)| map.find(address) == Some(*spot)))
    }

    /// Scans the pack anew when its index turns out to be damaged; whether it did.
    pub fn distrust(&self) -> Result<bool> {
        let mut index = self.index.write().unwrap_or_else(|e| e.into_inner());
        match &mut *index {
            Index::Memory { .. } | Index::Mapped { checked: true, .. } => return Ok(false),
            Index::Mapped { map, checked } if map.is_sound() => {
                *checked = true;
                return Ok(false);
            }
            Index::Mapped { .. } => {}
        }
        let scan = scan(&self.file, HEAD_BYTES, length(&self.file)?, false)?;
        let mut spots = HashMap::new();
        insert(&mut spots, &scan);
        let end = scan.end;
        *index = Index::Memory { spots, end };
        Ok(true)
    }

    /// Cuts a bad end off, as long as the last block is not what was written; returns how many bytes that were.
    pub fn cut_tail(&self, payloads: bool) -> Result<u64> {
        let before = length(&self.file)?;
        let mut scan = scan(&self.file, HEAD_BYTES, before, payloads)?;
        let mut reader = Reader::new(&self.file, before);
        while let Some((offset, head)) = scan.blocks.last() {
            if reader.fits(*offset, head)? {
                break;
            }
            scan.blocks.pop();
        }
        let end = scan
            .blocks
            .last()
            .map_or(HEAD_BYTES, |(offset, head)| offset + head.total());
        if end < before {
            ize_sys::truncate_fd(self.file.as_raw_fd(), end as i64)
                .map_err(Error::system("cutting a torn pack"))?;
        }
        Ok(before.saturating_sub(end))
    }

    /// Flushes the pack, then writes its index beside it and uses that: a pack with an index is on the disk.
    pub fn close(&self, directory: RawFd) -> Result<()> {
        ize_sys::sync_data(self.file.as_raw_fd()).map_err(Error::system("flushing a pack"))?;
        reached("pack-flushed");
        let length = length(&self.file)?;
        let mut index = self.index.write().unwrap_or_else(|e| e.into_inner());
        let Index::Memory { spots, .. } = &*index else {
            return Ok(());
        };
        let bytes = index::encode(spots, length);
        let temporary = name(&format!("{}.tmp", index_name(self.id)))?;
        let flags = libc::O_CREAT | libc::O_TRUNC | libc::O_WRONLY | libc::O_NOFOLLOW;
        let writing = Error::system("writing an index");
        let file = ize_sys::open_at(directory, &temporary, flags, 0o444).map_err(&writing)?;
        let file = unsafe { File::from_raw_fd(file) };
        write_all_at(file.as_raw_fd(), &bytes, 0).map_err(&writing)?;
        reached("pack-index-written");
        let target = name(&index_name(self.id))?;
        ize_sys::rename_at2(directory, &temporary, directory, &target, 0).map_err(&writing)?;
        reached("pack-closed");
        if let Some(map) = open_index(directory, self.id, length, Check::Index)? {
            *index = Index::Mapped { map, checked: true };
        }
        Ok(())
    }
}

fn insert(spots: &mut HashMap<Address, Spot>, scan: &Scan) {
    for (offset, head) in &scan.blocks {
        for (ordinal, row) in head.rows.iter().enumerate() {
            spots.insert(row.address, Spot::new(*offset, ordinal));
        }
    }
}

pub(crate) fn length(file: &File) -> Result<u64> {
    Ok(file.metadata().map_err(Error::io("reading a pack"))?.len())
}

fn open_index(directory: RawFd, id: u64, length: u64, check: Check) -> Result<Option<MappedIndex>> {
    let Some(file) = open_file(directory, &index_name(id), libc::O_RDONLY)? else {
        return Ok(None);
    };
    if file
        .metadata()
        .map_err(Error::io("reading an index"))?
        .len()
        == 0
    {
        return Ok(None);
    }
    let map = MappedIndex::open(&file, length)?;
    Ok(map.filter(|map| check == Check::Heads || map.is_sound()))
}
