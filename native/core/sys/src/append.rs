//! Log records: the checksum first, then everything it covers.

use crate::errno::{Errno, Result};
use crate::read_write::write_all_at;

/// CRC-32C (Castagnoli, in hardware where there is any) continued from `seed`.
pub fn crc32c(bytes: &[u8], seed: u32) -> u32 {
    crc32c::crc32c_append(seed, bytes)
}

/// Stores the CRC-32C of `record[4..]` little-endian in `record[..4]` and writes the whole record at `position`.
/// EINVAL when the record is shorter than its checksum.
pub fn append_record(fd: i32, record: &mut [u8], position: i64, seed: u32) -> Result<()> {
    if record.len() < 4 {
        return Err(Errno(libc::EINVAL));
    }
    let sum = crc32c(&record[4..], seed);
    record[..4].copy_from_slice(&sum.to_le_bytes());
    write_all_at(fd, record, position)
}
