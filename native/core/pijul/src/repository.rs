//! A Pijul repository without a working copy, which the stock `pijul` of the pinned release opens.

use crate::deps::{DepsOf, deps};
use crate::edit::{Change, Recorded};
use crate::error::{Context, Error, Result, guarded};
use crate::flush::{flush, flush_together};
use crate::plan::small;
use crate::record::{Channel, Session, Txn};
use crate::reserve::reserve;
use crate::shortcuts::Shortcuts;
use crate::store::Changes;
use pijul_core::changestore::ChangeStore;
use pijul_core::pristine::sanakirja::Pristine;
use pijul_core::pristine::{Base32, Hash, MutTxnT, TxnT, current_state};
use pijul_core::small_string::SmallString;
use pijul_core::{DOT_DIR, MutTxnTExt};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Change files the store keeps open; a descriptor each.
const OPEN_CHANGES: usize = 4096;
/// Descriptors left for everything else.
const OTHER_FILES: u64 = 1024;

/// The first map of a new pristine, as Pijul itself makes it.
const FIRST_MAP: u64 = 1 << 20;

pub struct Repository {
    pub(crate) pristine: Pristine,
    pub(crate) changes: Changes,
    pub(crate) channel: SmallString,
    changes_dir: PathBuf,
    db: File,
    first_map: u64,
    salt: u64,
    shortcuts: Shortcuts,
    pub(crate) deps: DepsOf,
}

impl Repository {
    /// Opens `root/.pijul`, made if missing, and the channel. A process opens a repository once.
    pub fn open(root: &Path, channel: &str) -> Result<Self> {
        Self::open_or_create(root, channel).map_err(Error::while_opening)
    }

    fn open_or_create(root: &Path, channel: &str) -> Result<Self> {
        let dot = root.join(DOT_DIR);
        let (pristine_dir, changes_dir) = (dot.join("pristine"), dot.join("changes"));
        fs::create_dir_all(&pristine_dir).context("making the pristine's directory")?;
        fs::create_dir_all(&changes_dir).context("making the change store")?;
        sweep(&changes_dir)?;
        let config = dot.join("config");
        if !config.exists() && !dot.join("config.toml").exists() {
            fs::write(&config, "[hooks]\nrecord = []\n").context("writing .pijul/config")?;
        }
        let path = pristine_dir.join("db");
        let db = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .context("opening the pristine")?;
        let length = db.metadata().context("opening the pristine")?.len();
        let fresh = is_blank(&db)?;
        if fresh {
            // Sanakirja initialises a file only when it makes it itself.
            fs::remove_file(&path).context("opening the pristine")?;
        }
        let pristine = Pristine::new(&path).context("opening the pristine")?;
        let db = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .context("opening the pristine")?;
        let first_map = if fresh {
            FIRST_MAP
        } else {
            length.max(FIRST_MAP)
        };
        let channel = small(channel)?;
        // A repository that is there opens on a full disk too: nothing is written to it.
        if !has_channel(&pristine, &channel)? {
            reserve(&db, first_map, 0)?;
            make_channel(&pristine, &channel)?;
        }
        if fresh {
            // The names of a new repository, before anything in it is called durable.
            flush_together(&[&pristine_dir, &changes_dir, &dot, root])?;
        }
        let salt = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |now| now.as_nanos() as u64);
        let changes = Changes::new(changes_dir.clone(), open_changes());
        Ok(Repository {
            pristine,
            changes,
            channel,
            changes_dir,
            db,
            first_map,
            salt,
            shortcuts: Shortcuts::default(),
            deps,
        })
    }

    /// One change per entry and one commit for all of them: all are recorded, or none.
    pub fn record(&mut self, changes: &[Change]) -> Result<Vec<Recorded>> {
        let mut hashes = Vec::new();
        let result = guarded(|| self.record_into(changes, &mut hashes));
        if result.is_err() {
            // The pristine is as it was; the files of this batch belong to nothing. The store is
            // made anew because it may hold what it read of them.
            for hash in &hashes {
                if self.changes.filename(hash).exists() {
                    let _ = self.changes.del_change(hash);
                }
            }
            self.changes = Changes::new(self.changes_dir.clone(), open_changes());
        }
        result
    }

    fn record_into(&mut self, changes: &[Change], hashes: &mut Vec<Hash>) -> Result<Vec<Recorded>> {
        reserve(
            &self.db,
            self.first_map,
            changes.iter().map(|change| change.edits.len()).sum(),
        )?;
        let (txn, channel) = self.begin()?;
        let root = txn
            .write()
            .apply_root_change_if_needed(&self.changes, &channel, rand::rng())
            .context("making the root")?;
        hashes.extend(root.map(|(hash, _, _)| hash));
        let mut session = Session {
            txn: &txn,
            channel: &channel,
            changes: &self.changes,
            salt: &mut self.salt,
            shortcuts: &mut self.shortcuts,
            deps: self.deps,
        };
        let mut recorded = Vec::with_capacity(changes.len());
        for change in changes {
            recorded.push(match session.record(change)? {
                Some((hash, state)) => {
                    hashes.push(hash);
                    Recorded {
                        hash: Some(hash.to_base32()),
                        state: state.to_base32(),
                    }
                }
                None => {
                    let state = current_state(&*txn.read(), &*channel.read())
                        .context("reading the state")?;
                    Recorded {
                        hash: None,
                        state: state.to_base32(),
                    }
                }
            });
        }
        drop(channel);
        if hashes.is_empty() {
            return Ok(recorded);
        }
        // Order: change files and what they need, then the pristine that names them. A crash between the two leaves
        // change files that nothing names.
        let made = hashes.iter().map(|hash| self.changes.filename(hash));
        let needed = changes.iter().flat_map(|change| change.needs.clone());
        flush(&made.chain(needed).collect::<Vec<_>>(), &self.changes_dir)?;
        txn.commit().context("committing the pristine")?;
        Ok(recorded)
    }

    pub(crate) fn begin(&self) -> Result<(Txn, Channel)> {
        let txn = self
            .pristine
            .arc_txn_begin()
            .context("opening the pristine")?;
        let channel = txn
            .read()
            .load_channel(self.channel.clone())
            .context("opening the channel")?
            .ok_or_else(|| Error::pijul("the channel is missing from the pristine"))?;
        Ok((txn, channel))
    }
}

/// Makes the channel if the repository has none yet. The tree tables describe the current channel
/// only: recording into another one on top of them would be wrong, so that is refused.
/// False when it has no channel at all. Errors: it stands on another one.
fn has_channel(pristine: &Pristine, channel: &SmallString) -> Result<bool> {
    // What was never written to has no version to read yet; what is damaged shows when it is written to.
    let Ok(txn) = pristine.txn_begin() else {
        return Ok(false);
    };
    let current = txn
        .current_channel()
        .context("opening the channel")?
        .to_string();
    let exists = txn
        .load_channel(small(&current)?)
        .context("opening the channel")?
        .is_some();
    match exists {
        true if current == channel.as_str() => Ok(true),
        true => Err(Error::pijul(format!(
            "the repository stands on the channel {current:?}, not on {:?}: switch it back first",
            channel.as_str()
        ))),
        false => Ok(false),
    }
}

fn make_channel(pristine: &Pristine, channel: &SmallString) -> Result<()> {
    let mut txn = pristine.mut_txn_begin().context("opening the pristine")?;
    txn.open_or_create_channel(channel)
        .context("making the channel")?;
    txn.set_current_channel(channel.as_str())
        .context("making the channel")?;
    txn.commit().context("making the channel")
}

/// Whether nothing was ever written to it: its maker was killed at once.
fn is_blank(db: &File) -> Result<bool> {
    let mut page = [0u8; 4096];
    let mut at = 0;
    loop {
        let read = db.read_at(&mut page, at).context("reading the pristine")?;
        if page[..read].iter().any(|byte| *byte != 0) {
            return Ok(false);
        }
        if read == 0 {
            return Ok(true);
        }
        at += read as u64;
    }
}

/// Removes what a killed process left half written; whole change files are never touched.
fn sweep(changes_dir: &Path) -> Result<()> {
    for entry in fs::read_dir(changes_dir).context("reading the change store")? {
        let entry = entry.context("reading the change store")?;
        if entry.file_name().to_string_lossy().starts_with(".tmp") {
            fs::remove_file(entry.path()).context("sweeping the change store")?;
        }
    }
    Ok(())
}

/// How many change files may stay open here, after raising the limit of descriptors as far as it goes.
fn open_changes() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let wanted = OPEN_CHANGES as u64 + OTHER_FILES;
    let limit = getrlimit(Resource::Nofile);
    let mut current = limit.current.unwrap_or(u64::MAX);
    if current < wanted {
        let raised = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
        if setrlimit(
            Resource::Nofile,
            Rlimit {
                current: Some(raised),
                maximum: limit.maximum,
            },
        )
        .is_ok()
        {
            current = raised;
        }
    }
    usize::try_from(current.saturating_sub(OTHER_FILES))
        .unwrap_or(OPEN_CHANGES)
        .clamp(64, OPEN_CHANGES)
}
