//! What a caller asks to record, and what comes back.

use crate::error::{Error, Result};
use std::path::PathBuf;

/// One step of a change. Paths are UTF-8, relative to the root, with `/` between components.
#[derive(Clone, Debug)]
pub enum Edit {
    /// Creates or replaces a file; missing parent directories become tracked.
    Write {
        path: String,
        content: Vec<u8>,
        executable: bool,
    },
    Mkdir {
        path: String,
    },
    /// A file, or a directory with everything below it.
    Delete {
        path: String,
    },
    /// A file, or a directory with everything below it; `to` must be free.
    Rename {
        from: String,
        to: String,
    },
}

#[derive(Clone, Debug)]
pub struct Change {
    pub message: String,
    pub author: String,
    /// Milliseconds since the epoch.
    pub time_ms: i64,
    /// Kept as it is in the change, and given back by the log. Not empty, it makes a change even of
    /// edits that leave the tree as it was (a mode or a time, which Pijul has no place for).
    pub metadata: Vec<u8>,
    pub edits: Vec<Edit>,
    /// Files that the metadata speaks of: flushed with the change, before it is committed.
    pub needs: Vec<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// None when the edits leave the tree as it was and there is no metadata to keep.
    pub hash: Option<String>,
    /// The state of the channel after it.
    pub state: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Position in the channel's log, from 0.
    pub n: u64,
    pub hash: String,
    pub state: String,
    pub message: String,
    pub time_ms: i64,
    pub metadata: Vec<u8>,
}

/// The longest name Pijul's tables can hold; a longer one would panic inside them.
const MAX_NAME: usize = 255;

/// Splits a path into its checked components.
pub fn components(path: &str) -> Result<Vec<&str>> {
    let refuse = |why: &str| {
        Err(Error::pijul(format!(
            "the path {path:?} cannot be recorded: {why}"
        )))
    };
    if path.is_empty() {
        return refuse("it is empty");
    }
    let parts: Vec<&str> = path.split('/').collect();
    for part in &parts {
        match *part {
            "" => return refuse("it has an empty component"),
            "." | ".." => return refuse("it has a component '.' or '..'"),
            name if name.len() > MAX_NAME => return refuse("a component is longer than 255 bytes"),
            name if name.contains('\0') => return refuse("a component holds a NUL"),
            _ => {}
        }
    }
    if parts[0] == pijul_core::DOT_DIR {
        return refuse("`.pijul` at the root would be the repository of a clone");
    }
    Ok(parts)
}
