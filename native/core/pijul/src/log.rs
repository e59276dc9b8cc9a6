//! Reading a channel: its log, its tree, the content of a file.

use crate::edit::LogEntry;
use crate::error::{Context, Error, Result};
use crate::repository::Repository;
use pijul_core::change::ChangeFile;
use pijul_core::pristine::sanakirja::Txn as ReadTxn;
use pijul_core::pristine::{ArcTxn, Base32, ChannelRef, Hash, Merkle, TxnT};
use pijul_core::{TxnTExt, vertex_buffer};

impl Repository {
    pub(crate) fn look(&self) -> Result<(ReadTxn, ChannelRef<ReadTxn>)> {
        let txn = self.pristine.txn_begin().context("opening the pristine")?;
        let channel = txn
            .load_channel(self.channel.clone())
            .context("opening the channel")?
            .ok_or_else(|| Error::pijul("the channel is missing from the pristine"))?;
        Ok((txn, channel))
    }

    /// The newest change, or None. Costs one change file.
    pub fn head(&self) -> Result<Option<LogEntry>> {
        let (txn, channel) = self.look()?;
        let channel = channel.read();
        let newest = txn
            .reverse_log(&*channel, None)
            .context("reading the log")?
            .next();
        let Some(newest) = newest else {
            return Ok(None);
        };
        let (n, (hash, state)) = newest.context("reading the log")?;
        self.entry(n, hash.into(), state.into()).map(Some)
    }

    /// Oldest first, from position `from`, at most `limit`. Costs `limit` change files.
    pub fn log(&self, from: u64, limit: usize) -> Result<Vec<LogEntry>> {
        let (txn, channel) = self.look()?;
        let channel = channel.read();
        let entries = txn.log(&*channel, from).context("reading the log")?;
        entries
            .filter(|entry| !matches!(entry, Ok((n, _)) if *n < from))
            .take(limit)
            .map(|entry| {
                let (n, (hash, state)) = entry.context("reading the log")?;
                self.entry(n, hash.into(), state.into())
            })
            .collect()
    }

    fn entry(&self, n: u64, hash: Hash, state: Merkle) -> Result<LogEntry> {
        let file = self.changes.filename(&hash);
        let path = file
            .to_str()
            .ok_or_else(|| Error::pijul(format!("the path {file:?} is not UTF-8")))?;
        let change = ChangeFile::open(hash, path).context("reading a change")?;
        let hashed = change.hashed();
        Ok(LogEntry {
            n,
            hash: hash.to_base32(),
            state: state.to_base32(),
            message: hashed.header.message.clone(),
            time_ms: hashed.header.timestamp.as_millisecond(),
            metadata: hashed.metadata.clone(),
        })
    }

    /// Every tracked path; a directory ends in a slash.
    pub fn tracked(&self) -> Result<Vec<String>> {
        let (txn, _) = self.look()?;
        txn.iter_working_copy()
            .map(|entry| {
                let (_, path, is_dir) = entry.context("listing the tree")?;
                Ok(if is_dir { path + "/" } else { path })
            })
            .collect()
    }

    /// The content of a tracked file. Conflicts, if any, come with Pijul's markers.
    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        let (txn, channel) = self.look()?;
        let position = pijul_core::fs::get_vertex(&txn, path)
            .context("looking a path up")?
            .result
            .ok_or_else(|| Error::pijul(format!("the path {path:?} is not tracked")))?;
        let mut content = Vec::new();
        let txn = ArcTxn::new(txn);
        pijul_core::output::output_file(
            &self.changes,
            &txn,
            &channel,
            position,
            &mut vertex_buffer::Writer::new(&mut content),
        )
        .context("reading a file")?;
        Ok(content)
    }
}
