//! Makes change files durable. Pijul never flushes them itself, and a committed pristine that names
//! a change lost in a power cut cannot be opened any more; so this comes before each commit.

use crate::error::{Context, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Up to so many files are flushed one by one; more, by one flush of the whole file system.
const ONE_BY_ONE: usize = 16;

/// Flushes the files and the directories their names stand in.
pub fn flush(files: &[PathBuf], changes_dir: &Path) -> Result<()> {
    if files.len() > ONE_BY_ONE {
        let dir = File::open(changes_dir).context("opening the change store")?;
        return rustix::fs::syncfs(&dir).context("flushing the change store");
    }
    // A new file may stand in a new directory: its name is durable when both are flushed.
    let dirs = files.iter().filter_map(|file| file.parent());
    let all: BTreeSet<&Path> = dirs
        .chain([changes_dir])
        .chain(files.iter().map(PathBuf::as_path))
        .collect();
    flush_together(&all.into_iter().collect::<Vec<_>>())
}

/// Makes files, and the names in directories, durable. Flushes that are asked for at the same time share a commit of the
/// file system's journal.
pub fn flush_together(paths: &[&Path]) -> Result<()> {
    let flush = |path: &Path| File::open(path).and_then(|file| file.sync_all());
    std::thread::scope(|scope| {
        let others: Vec<_> = paths
            .iter()
            .skip(1)
            .map(|path| scope.spawn(|| flush(path)))
            .collect();
        let first = paths.first().map_or(Ok(()), |path| flush(path));
        others
            .into_iter()
            .map(|other| {
                other
                    .join()
                    .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
            })
            .fold(first, io::Result::and)
    })
    .context("flushing a change")
}
