//! Room on the disk for the pristine, taken before it is written.
//!
//! Sanakirja writes through a memory map of a sparse file: on a full disk the first touch of a page
//! without a block is a SIGBUS, which nothing catches. Blocks are therefore allocated ahead of each
//! batch, for all that is mapped and for the next maps where the batch may grow into them.

use crate::error::{Code, Error, Result};
use rustix::fs::{FallocateFlags, fallocate};
use std::fs::File;
use std::os::unix::fs::FileExt;

/// What a batch may need at least: a change rewrites the pages on the way to each key it touches.
const MARGIN: u64 = 4 << 20;
const MARGIN_PER_EDIT: u64 = 4 << 10;

/// Format of the first page: Sanakirja 2.0.0-beta.3, `environment/global_header.rs`, little-endian:
/// version u16, root u8, number of roots u8, checksum u32, length in use u64.
const HEADER: usize = 16;
const PAGE: u64 = 4096;

/// Allocates the blocks of the pristine `db`, and of the maps it would grow into with so many edits.
/// Errors: `NoSpace` when the disk cannot hold them; nothing has been written then.
pub fn reserve(db: &File, first_map: u64, edits: usize) -> Result<()> {
    let mapped = db.metadata().map_err(failed)?.len();
    allocate(db, FallocateFlags::empty(), 0, mapped)?;
    let wanted = used(db)?
        .saturating_add(MARGIN)
        .saturating_add(MARGIN_PER_EDIT * edits as u64);
    let mut end = mapped;
    while end < wanted {
        // Each map is twice the one before it: all of them together, twice and once the first.
        end = 2 * end + first_map;
    }
    if end > mapped {
        // The length stays: Sanakirja maps what it finds at the next opening.
        allocate(db, FallocateFlags::KEEP_SIZE, mapped, end - mapped)?;
    }
    Ok(())
}

/// Bytes of the file in use by the newest version: the larger of the two roots' lengths.
fn used(db: &File) -> Result<u64> {
    let mut header = [0u8; HEADER];
    db.read_exact_at(&mut header, 0).map_err(failed)?;
    let roots = header[3];
    let mut longest = 0;
    for root in 0..u64::from(roots) {
        db.read_exact_at(&mut header, root * PAGE).map_err(failed)?;
        longest = longest.max(u64::from_le_bytes(
            header[8..16].try_into().expect("eight bytes"),
        ));
    }
    Ok(longest)
}

fn allocate(db: &File, flags: FallocateFlags, from: u64, length: u64) -> Result<()> {
    loop {
        match fallocate(db, flags, from, length) {
            Ok(()) => return Ok(()),
            Err(rustix::io::Errno::INTR) => {}
            // A file system without fallocate keeps its promise some other way, or not at all.
            Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => return Ok(()),
            Err(errno) => return Err(failed(errno.into())),
        }
    }
}

fn failed(cause: std::io::Error) -> Error {
    let full = matches!(
        cause.raw_os_error(),
        Some(libc_errno::ENOSPC | libc_errno::EDQUOT | libc_errno::EFBIG)
    );
    Error {
        code: if full { Code::NoSpace } else { Code::Pijul },
        message: format!("making room for the pristine failed: {cause}"),
    }
}

mod libc_errno {
    pub const ENOSPC: i32 = rustix::io::Errno::NOSPC.raw_os_error();
    pub const EDQUOT: i32 = rustix::io::Errno::DQUOT.raw_os_error();
    pub const EFBIG: i32 = rustix::io::Errno::FBIG.raw_os_error();
}
