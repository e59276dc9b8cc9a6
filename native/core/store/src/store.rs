//! The store: packs below `objects/pack/`, loose objects of the first format beside them.

use crate::block::{self, MAX_DEPTH, MAX_OBJECT, Row};
use crate::cache::Cache;
use crate::codec;
use crate::gather::{Delta, Gather, Pending};
use crate::kind::Kind;
use crate::lane::Lane;
use crate::open;
use crate::pack::Pack;
use crate::scan::Gap;
use crate::writer::Writer;
use ize_content::{Address, Error, Result};
use std::fs::File;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, RwLock};

#[derive(Clone, Debug)]
pub struct Options {
    /// Takes the lock of the store.
    pub write: bool,
    /// After an unclean stop of the machine: all of the open pack is checked.
    pub verify: bool,
    /// zstd's.
    pub level: i32,
    /// A pack is closed when it has so many bytes.
    pub pack_bytes: u64,
    /// A block is written when it holds so many plain bytes.
    pub block_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            write: false,
            verify: false,
            level: 3,
            pack_bytes: 256 << 20,
            block_bytes: 1 << 20,
        }
    }
}

/// What opening the store met: a pack and the bytes of it that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub pack: u64,
    pub gap: Gap,
}

pub struct Store {
    pub(crate) options: Options,
    objects: File,
    pub(crate) directory: File,
    /// Held while the store is open for writing.
    _lock: Option<File>,
    /// Newest first.
    packs: RwLock<Vec<Arc<Pack>>>,
    /// The directories of loose objects that there are.
    pub(crate) loose: Box<[bool; 256]>,
    gather: Mutex<Gather>,
    /// A builder was written.
    pub(crate) written: Condvar,
    writer: Mutex<Writer>,
    /// Held from taking what is gathered until it is written.
    pub(crate) publishing: Mutex<()>,
    pub(crate) cache: Mutex<Cache>,
    problems: Mutex<Vec<Problem>>,
    /// While a collection runs: the packs that it removes. What is in them, or loose, counts as absent when it is put.
    pub(crate) collected: RwLock<Option<Vec<u64>>>,
    /// A collection that runs ends at the next object.
    pub(crate) stop_collecting: AtomicBool,
    /// What it writes, and how many of how many blocks it has written.
    pub(crate) lane: Mutex<Lane>,
    pub(crate) packed: [AtomicU64; 2],
}

/// What became of an object.
pub(crate) struct Put {
    /// False when it waits to be written already.
    pub new: bool,
    pub delta: bool,
}

/// What is put as differences waits in memory up to this many bytes.
const MAX_DELTA_BYTES: usize = 8 << 20;
/// A difference takes a block of its own: head, base, row.
const DELTA_OVERHEAD: usize = 117;
/// Smaller objects are never stored as a difference.
const DELTA_FROM: usize = 512;

impl Store {
    /// Opens the store below the directory `objects`, which exists. `Busy` when it is open for writing elsewhere.
    pub fn open(objects: impl Into<Vec<u8>>, options: Options) -> Result<Store> {
        let opened = open::open(objects, &options)?;
        let current = opened.current;
        Ok(Store {
            options,
            objects: opened.objects,
            directory: opened.directory,
            _lock: opened.lock,
            packs: RwLock::new(opened.packs),
            loose: opened.loose,
            gather: Mutex::default(),
            written: Condvar::new(),
            writer: Mutex::new(Writer {
                current,
                ..Writer::default()
            }),
            publishing: Mutex::default(),
            cache: Mutex::default(),
            problems: Mutex::new(opened.problems),
            collected: RwLock::default(),
            stop_collecting: AtomicBool::new(false),
            lane: Mutex::default(),
            packed: Default::default(),
        })
    }

    /// What was unsound when packs were opened, or read anew since.
    pub fn problems(&self) -> Vec<Problem> {
        self.problems
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .clone()
    }

    pub(crate) fn add_problems(&self, pack: u64, gaps: Vec<Gap>) {
        let mut problems = self.problems.lock().unwrap_or_else(|e| e.into_inner());
        for gap in gaps {
            let problem = Problem { pack, gap };
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }

    pub(crate) fn objects(&self) -> RawFd {
        self.objects.as_raw_fd()
    }

    pub(crate) fn pack_directory(&self) -> RawFd {
        self.directory.as_raw_fd()
    }

    pub(crate) fn gather(&self) -> MutexGuard<'_, Gather> {
        self.gather.lock().unwrap_or_else(|e| e.into_inner())
    }

    pub(crate) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(|e| e.into_inner())
    }

    pub(crate) fn packs(&self) -> Vec<Arc<Pack>> {
        self.packs.read().unwrap_or_else(|e| e.into_inner()).clone()
    }

    pub(crate) fn set_packs(&self, mut packs: Vec<Arc<Pack>>) {
        packs.sort_by_key(|pack| std::cmp::Reverse(pack.id));
        *self.packs.write().unwrap_or_else(|e| e.into_inner()) = packs;
    }

    /// At once, since a collection may remove others meanwhile.
    pub(crate) fn add_pack(&self, pack: Arc<Pack>) {
        let mut packs = self.packs.write().unwrap_or_else(|e| e.into_inner());
        packs.push(pack);
        packs.sort_by_key(|pack| std::cmp::Reverse(pack.id));
    }

    pub(crate) fn retain_packs(&self, keep: impl Fn(&Pack) -> bool) {
        let mut packs = self.packs.write().unwrap_or_else(|e| e.into_inner());
        packs.retain(|pack| keep(pack));
    }

    pub(crate) fn check_writable(&self) -> Result<()> {
        if self.options.write {
            Ok(())
        } else {
            Err(Error::Refused("the object store is open for reading only"))
        }
    }

    /// Keeps an object unless it is there; its address, and whether it is new. `hint` says what it compresses well
    /// with, `base` of what it may be a version.
    pub fn put(
        &self,
        kind: Kind,
        bytes: &[u8],
        hint: &str,
        base: Option<&Address>,
    ) -> Result<(Address, bool)> {
        let address = kind.address(bytes).ok_or(Error::Refused(
            "a moved object is made by a collection only",
        ))?;
        let base = base.filter(|_| self.may_differ());
        let new = !self.is_kept(&address) && self.put_again(kind, address, bytes, hint, base)?.new;
        Ok((address, new))
    }

    /// Writes an object anew when it cannot be read; its address, and whether it was written.
    pub fn replace(&self, kind: Kind, bytes: &[u8], hint: &str) -> Result<(Address, bool)> {
        let address = kind.address(bytes).ok_or(Error::Refused(
            "a moved object is made by a collection only",
        ))?;
        let written =
            self.get(&address).is_err() && self.put_again(kind, address, bytes, hint, None)?.new;
        Ok((address, written))
    }

    /// Keeps an object whether or not a pack has it.
    pub(crate) fn put_again(
        &self,
        kind: Kind,
        address: Address,
        bytes: &[u8],
        hint: &str,
        base: Option<&Address>,
    ) -> Result<Put> {
        self.check_writable()?;
        if bytes.len() > MAX_OBJECT {
            return Err(Error::Refused("the object is larger than one may be"));
        }
        let row = Row {
            kind,
            address,
            length: bytes.len() as u32,
        };
        let delta = match base {
            Some(base) if bytes.len() >= DELTA_FROM => self.delta(&row, bytes, base)?,
            _ => None,
        };
        let bytes = Arc::new(bytes.to_vec());
        let mut gather = self.gather();
        if gather.pending.contains_key(&address) {
            return Ok(Put {
                new: false,
                delta: false,
            });
        }
        let put = Put {
            new: true,
            delta: delta.is_some(),
        };
        let depth = delta.as_ref().map_or(0, |(depth, _)| *depth);
        gather.pending.insert(
            address,
            Pending {
                kind,
                bytes: bytes.clone(),
                depth,
            },
        );
        let full = match delta {
            Some((_, delta)) => {
                gather.add_delta(delta);
                None
            }
            None => gather.add(hint, row, bytes, self.options.block_bytes),
        };
        let too_many = gather.delta_bytes() > MAX_DELTA_BYTES;
        drop(gather);
        if let Some((number, builder)) = full {
            self.write_out_builder(number, builder)?;
        }
        if too_many {
            drop(self.write_gathered()?);
        }
        Ok(put)
    }

    /// The object as a difference to `base`, when that is much smaller than the object alone.
    fn delta(&self, row: &Row, bytes: &[u8], base: &Address) -> Result<Option<(u16, Delta)>> {
        let (mut base, Ok(mut prefix)) = (*base, self.get(base)) else {
            return Ok(None);
        };
        // At the end of a chain another begins at its root, so that no version is cut off from those before it.
        if prefix.depth >= MAX_DEPTH {
            while let Some(root) = prefix.base() {
                let Ok(object) = self.get(&root) else {
                    return Ok(None);
                };
                (base, prefix) = (root, object);
            }
        }
        // The address of what was moved is not that of its bytes.
        if prefix.depth >= MAX_DEPTH || base == row.address || prefix.kind != row.kind {
            return Ok(None);
        }
        let frame = codec::compress(bytes, prefix.bytes(), self.options.level)?;
        let size = frame.len() + DELTA_OVERHEAD;
        let pays = size < bytes.len() / 8
            || (size < bytes.len()
                && size < codec::compress(bytes, &[], self.options.level)?.len() * 3 / 4);
        if !pays {
            return Ok(None);
        }
        let depth = prefix.depth + 1;
        let block = block::encode(
            &[*row],
            bytes,
            Some((base, depth, frame)),
            self.options.level,
        )?;
        Ok(Some((depth, Delta { row: *row, block })))
    }

    /// Whether objects may be stored as differences. A collection that runs may remove a base, and may store it as a
    /// difference to what was put; and when it is ended, what it wrote goes, and a base has more steps below it again.
    pub(crate) fn may_differ(&self) -> bool {
        self.collected
            .read()
            .unwrap_or_else(|e| e.into_inner())
            .is_none()
    }

    /// Whether it need not be written again.
    pub(crate) fn is_kept(&self, address: &Address) -> bool {
        if self.gather().pending.contains_key(address) {
            return true;
        }
        let collected = self.collected.read().unwrap_or_else(|e| e.into_inner());
        let is_collected = |id| collected.as_ref().is_some_and(|ids| ids.contains(&id));
        let packs = self.packs.read().unwrap_or_else(|e| e.into_inner());
        packs
            .iter()
            .any(|pack| !is_collected(pack.id) && pack.find(address).is_some())
            || (collected.is_none() && self.loose_size(address).is_some())
    }
}
