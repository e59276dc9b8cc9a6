//! The working copy that Pijul's record looks at: only what one change touches.

use pijul_core::pristine::InodeMetadata;
use pijul_core::working_copy::WorkingCopyRead;
use std::collections::HashMap;
use std::io::{Error, ErrorKind};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The stat-cache entry of a file whose content a change does not touch. The same values are put
/// into the pristine for it, so that record believes them and never asks for the content.
pub const UNTOUCHED: (u64, u64) = (1, 0);

#[derive(Clone, Copy)]
pub enum Entry<'a> {
    Dir,
    File {
        content: Option<&'a [u8]>,
        executable: bool,
    },
}

/// Paths as they are after the change; what is not here is missing, and missing means deleted.
#[derive(Clone, Default)]
pub struct View<'a> {
    pub entries: HashMap<String, Entry<'a>>,
}

impl View<'_> {
    fn entry(&self, path: &str) -> Result<Entry<'_>, Error> {
        self.entries
            .get(path)
            .copied()
            .ok_or_else(|| Error::new(ErrorKind::NotFound, path))
    }
}

/// What Pijul keeps of a mode: the x bit, which a directory always has.
pub fn metadata(entry: Entry<'_>) -> InodeMetadata {
    match entry {
        Entry::Dir => InodeMetadata::new(0o100, true),
        Entry::File { executable, .. } => {
            InodeMetadata::new(if executable { 0o100 } else { 0 }, false)
        }
    }
}

impl WorkingCopyRead for &View<'_> {
    type Error = Error;

    fn file_metadata(&self, path: &str) -> Result<InodeMetadata, Error> {
        self.entry(path).map(metadata)
    }

    fn read_file(&self, path: &str, buffer: &mut Vec<u8>) -> Result<(), Error> {
        match self.entry(path)? {
            Entry::File {
                content: Some(content),
                ..
            } => {
                buffer.extend_from_slice(content);
                Ok(())
            }
            _ => Err(Error::other(format!(
                "the content of {path:?} is no part of this change"
            ))),
        }
    }

    fn modified_time(&self, path: &str) -> Result<SystemTime, Error> {
        Ok(match self.entry(path)? {
            Entry::File { content: None, .. } => UNIX_EPOCH + Duration::from_nanos(UNTOUCHED.0),
            // In the future, which record takes as "may still change": it compares and caches nothing.
            _ => SystemTime::now() + Duration::from_secs(3600),
        })
    }

    fn file_size(&self, path: &str) -> Result<u64, Error> {
        Ok(match self.entry(path)? {
            Entry::File {
                content: Some(content),
                ..
            } => content.len() as u64,
            _ => UNTOUCHED.1,
        })
    }
}
