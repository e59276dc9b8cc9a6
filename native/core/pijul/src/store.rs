//! Upstream's change store, which remembers the lines that were read.
//!
//! A comparison reads a file line by line out of the changes that brought the lines, each a compressed file of its own:
//! of a text with a long history, that was half of the time that an edit took.

use pijul_core::change::{Change, ChangeError, ChangeHeader};
use pijul_core::changestore::ChangeStore;
use pijul_core::changestore::filesystem::{Error, FileSystem};
use pijul_core::pristine::{ChangeId, Hash, Position, Vertex};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Longer pieces are read again: opening the change is little of what they cost.
const PIECE: usize = 4 << 10;
/// What is remembered at most, in bytes; then all is forgotten.
const REMEMBERED: usize = 16 << 20;
/// What an entry takes beside its bytes.
const ENTRY: usize = 64;

#[derive(Default)]
struct Pieces {
    bytes: usize,
    known: HashMap<Vertex<ChangeId>, Box<[u8]>>,
}

/// Clones share what they remember.
#[derive(Clone)]
pub struct Changes {
    files: Arc<FileSystem>,
    pieces: Arc<Mutex<Pieces>>,
}

impl Changes {
    /// `open` is how many change files may stay open.
    pub fn new(changes_dir: PathBuf, open: usize) -> Self {
        Changes {
            files: Arc::new(FileSystem::from_changes(changes_dir, open)),
            pieces: Arc::default(),
        }
    }

    pub fn filename(&self, hash: &Hash) -> PathBuf {
        self.files.filename(hash)
    }
}

impl ChangeStore for Changes {
    type Error = Error;

    fn get_contents<F: Fn(ChangeId) -> Option<Hash>>(
        &self,
        hash: F,
        key: Vertex<ChangeId>,
        buf: &mut [u8],
    ) -> Result<usize, Error> {
        if buf.len() > PIECE {
            return self.files.get_contents(hash, key, buf);
        }
        let mut pieces = self.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(piece) = pieces
            .known
            .get(&key)
            .filter(|piece| piece.len() == buf.len())
        {
            buf.copy_from_slice(piece);
            return Ok(piece.len());
        }
        let read = self.files.get_contents(hash, key, buf)?;
        if read == buf.len() {
            if pieces.bytes > REMEMBERED {
                *pieces = Pieces::default();
            }
            pieces.bytes += read + ENTRY;
            pieces.known.insert(key, (&*buf).into());
        }
        Ok(read)
    }

    fn has_contents(&self, hash: Hash, change: Option<ChangeId>) -> bool {
        self.files.has_contents(hash, change)
    }

    fn knows(&self, hash0: &Hash, hash1: &Hash) -> Result<bool, Error> {
        self.files.knows(hash0, hash1)
    }

    fn get_header(&self, hash: &Hash) -> Result<ChangeHeader, Error> {
        self.files.get_header(hash)
    }

    fn get_contents_ext(&self, key: Vertex<Option<Hash>>, buf: &mut [u8]) -> Result<usize, Error> {
        self.files.get_contents_ext(key, buf)
    }

    fn change_deletes_position<F: Fn(ChangeId) -> Option<Hash>>(
        &self,
        hash: F,
        change: ChangeId,
        pos: Position<Option<Hash>>,
    ) -> Result<Vec<Hash>, Error> {
        self.files.change_deletes_position(hash, change, pos)
    }

    fn save_change<
        E: From<Error> + From<ChangeError>,
        F: FnOnce(&mut Change, &Hash) -> Result<(), E>,
    >(
        &self,
        change: &mut Change,
        last: F,
    ) -> Result<Hash, E> {
        self.files.save_change(change, last)
    }

    fn del_change(&self, hash: &Hash) -> Result<bool, Error> {
        self.files.del_change(hash)
    }

    fn get_change(&self, hash: &Hash) -> Result<Change, Error> {
        self.files.get_change(hash)
    }
}
