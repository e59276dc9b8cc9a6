//! Makes change files durable. Pijul never flushes them itself, and a committed pristine that names
//! a change lost in a power cut cannot be opened any more; so this comes before each commit.

use crate::error::{Context, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Up to so many files are flushed one by one; more, by one flush of the whole file system.
const ONE_BY_ONE: usize = 16;

/// Flushes the files and the directories their names stand in.
pub fn flush(files: &[PathBuf], changes_dir: &Path) -> Result<()> {
    if files.len() > ONE_BY_ONE {
        let dir = File::open(changes_dir).context("opening the change store")?;
        return rustix::fs::syncfs(&dir).context("flushing the change store");
    }
    for file in files {
        File::open(file)
            .and_then(|file| file.sync_all())
            .context("flushing a change")?;
    }
    // A new file may stand in a new directory: its name is durable when both are flushed.
    let dirs: BTreeSet<&Path> = files
        .iter()
        .filter_map(|file| file.parent())
        .chain([changes_dir])
        .collect();
    flush_dirs(&dirs.into_iter().collect::<Vec<_>>())
}

/// Makes the names in these directories durable.
pub fn flush_dirs(dirs: &[&Path]) -> Result<()> {
    for dir in dirs {
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .context("flushing a directory")?;
    }
    Ok(())
}
