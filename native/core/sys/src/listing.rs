//! A whole directory with the facts of every entry, in one call.

use crate::errno::{Errno, Result, retry};
use crate::files::{close_fd, open_at};
use crate::name::Name;
use crate::stat::{IDENTITY_BYTES, STAT_WORDS, stat_identity};

/// Entry i has `names[i]`, `stats[i*STAT_WORDS..]`, `identities[i*IDENTITY_BYTES..][..identity_lengths[i]]`.
#[derive(Default)]
pub struct Listing {
    pub names: Vec<Vec<u8>>,
    pub stats: Vec<f64>,
    pub identities: Vec<u8>,
    pub identity_lengths: Vec<u8>,
}

/// All entries but `.` and `..`, in the directory's own order. One that vanishes meanwhile is left out.
pub fn list_directory(dir_fd: i32) -> Result<Listing> {
    // A description of its own: the caller's offset stays, and an O_PATH descriptor will do.
    let fd = open_at(
        dir_fd,
        &Name::new(".")?,
        libc::O_RDONLY | libc::O_DIRECTORY,
        0,
    )?;
    let listing = read_entries(fd);
    close_fd(fd)?;
    listing
}

fn read_entries(fd: i32) -> Result<Listing> {
    let mut listing = Listing::default();
    let mut buffer = vec![0u64; 8192];
    loop {
        let (room, out) = (buffer.len() * 8, buffer.as_mut_ptr());
        let n = retry(|| unsafe { libc::syscall(libc::SYS_getdents64, fd, out, room) })? as usize;
        if n == 0 {
            return Ok(listing);
        }
        let records = unsafe { std::slice::from_raw_parts(buffer.as_ptr().cast::<u8>(), n) };
        for name in entry_names(records) {
            add_entry(fd, name, &mut listing)?;
        }
    }
}

/// The names in a block of `struct linux_dirent64` (getdents64(2)): ino u64, off u64, reclen u16, type u8, name.
fn entry_names(records: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = records;
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes([*rest.get(16)?, *rest.get(17)?]));
        let (record, next) = rest.split_at_checked(length)?;
        rest = next;
        record.get(19..)?.split(|byte| *byte == 0).next()
    })
    .filter(|name| *name != b"." && *name != b"..")
}

fn add_entry(fd: i32, bytes: &[u8], listing: &mut Listing) -> Result<()> {
    let name = Name::new(bytes)?;
    let mut stat = [0f64; STAT_WORDS];
    let mut identity = [0u8; IDENTITY_BYTES];
    let length = match stat_identity(fd, &name, &mut stat, &mut identity) {
        Ok(length) => length,
        Err(Errno(libc::ENOENT)) => return Ok(()),
        Err(error) => return Err(error),
    };
    listing.names.push(bytes.to_vec());
    listing.stats.extend_from_slice(&stat);
    listing.identities.extend_from_slice(&identity);
    listing.identity_lengths.push(length as u8);
    Ok(())
}
