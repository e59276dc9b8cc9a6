//! One change from one list of edits, recorded and applied within an open transaction.

use crate::deps::DepsOf;
use crate::edit::Change;
use crate::error::{Context, Error, Result};
use crate::plan::Plan;
use crate::shortcuts::{Shortcuts, edited_files};
use crate::stage::Stager;
use crate::store::Changes;
use pijul_core::change::{Author, ChangeHeader, Hashed, Hunk, LocalChange, Offsets, VERSION};
use pijul_core::changestore::ChangeStore;
use pijul_core::pristine::sanakirja::MutTxn0;
use pijul_core::pristine::{ArcTxn, ChannelRef, Hash, Hasher, Merkle};
use pijul_core::record::{Algorithm, Recorded};
use pijul_core::{DEFAULT_SEPARATOR, MutTxnTExt, RecordBuilder};
use std::collections::BTreeMap;

pub type Txn = ArcTxn<MutTxn0>;
pub type Channel = ChannelRef<MutTxn0>;

/// Where and with what a change is recorded.
pub struct Session<'s> {
    pub txn: &'s Txn,
    pub channel: &'s Channel,
    pub changes: &'s Changes,
    /// Makes inodes unlike each other; grows with each.
    pub salt: &'s mut u64,
    pub shortcuts: &'s mut Shortcuts,
    /// Lists what a change must name.
    pub deps: DepsOf,
}

impl Session<'_> {
    /// None when the edits leave the tree as it is and there is no metadata to keep: with metadata (a mode or a time
    /// changed, which Pijul has no place for) the change has no hunks. The change file is written, not flushed.
    pub fn record(&mut self, change: &Change) -> Result<Option<(Hash, Merkle)>> {
        let recorded = self.compare(change)?;
        if recorded.actions.is_empty() && change.metadata.is_empty() {
            return Ok(None);
        }
        let inodes = recorded.updatables;
        let edited = edited_files(&recorded.actions);
        let contents = std::mem::take(&mut *recorded.contents.lock());
        let hunks = {
            let txn = self.txn.read();
            recorded
                .actions
                .into_iter()
                .map(|hunk| hunk.globalize(&*txn))
                .collect::<std::result::Result<Vec<_>, _>>()
                .context("naming the changes it depends on")?
        };
        let deps = (self.deps)(&self.txn.read(), &self.channel.read(), &hunks)?;
        let mut hasher = Hasher::default();
        hasher.update(&contents);
        let hashed = Hashed {
            version: VERSION,
            header: header(change)?,
            dependencies: deps.dependencies,
            extra_known: deps.known,
            metadata: change.metadata.clone(),
            changes: hunks,
            contents_hash: hasher.finish(),
        };
        let mut local = LocalChange {
            offsets: Offsets::default(),
            hashed,
            unhashed: None,
            contents,
        };
        let hash = self
            .changes
            .save_change(&mut local, |_, _| Ok::<_, StoreError>(()))
            .context("writing the change")?;
        let (_, state) = self
            .txn
            .write()
            .apply_local_change(self.channel, &local, &hash, &inodes)
            .context("applying the change")?;
        self.shortcuts.edited(self.txn, self.channel, &edited)?;
        Ok(Some((hash, state)))
    }

    fn compare(&mut self, change: &Change) -> Result<Recorded> {
        let plan = Plan::of(&*self.txn.read(), &change.edits)?;
        let mut stage = Stager::new(
            &mut self.txn.write(),
            self.channel,
            self.changes,
            &plan,
            self.salt,
        )
        .run()?;
        let mut builder = RecordBuilder::new();
        builder.ignore_missing = true;
        for prefix in &stage.prefixes {
            builder
                .record_single_thread(
                    self.txn.clone(),
                    Algorithm::default(),
                    false,
                    &DEFAULT_SEPARATOR,
                    self.channel.clone(),
                    &&stage.view,
                    self.changes,
                    prefix,
                )
                .context("comparing the edited paths")?;
        }
        stage.clear(&mut self.txn.write())?;
        let mut recorded = builder.finish();
        for hunk in &mut recorded.actions {
            if let Hunk::FileDel { path, .. } = hunk {
                *path = stage.unretire(path);
            }
        }
        Ok(recorded)
    }
}

fn header(change: &Change) -> Result<ChangeHeader> {
    Ok(ChangeHeader {
        message: change.message.clone(),
        description: None,
        timestamp: jiff::Timestamp::from_millisecond(change.time_ms)
            .map_err(|_| Error::pijul(format!("the time {} is out of range", change.time_ms)))?,
        authors: vec![Author(BTreeMap::from([(
            "name".to_string(),
            change.author.clone(),
        )]))],
    })
}

/// `save_change` wants one error type for the store's failures and the change's own.
#[derive(Debug)]
#[allow(dead_code, reason = "read through Debug, when a failure is told")]
enum StoreError {
    Store(pijul_core::changestore::filesystem::Error),
    Change(pijul_core::change::ChangeError),
}

impl From<pijul_core::changestore::filesystem::Error> for StoreError {
    fn from(error: pijul_core::changestore::filesystem::Error) -> Self {
        StoreError::Store(error)
    }
}

impl From<pijul_core::change::ChangeError> for StoreError {
    fn from(error: pijul_core::change::ChangeError) -> Self {
        StoreError::Change(error)
    }
}
