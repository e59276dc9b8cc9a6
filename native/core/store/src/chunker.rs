//! Content-defined chunks: FastCDC with normalized chunking (Xia et al., 2016). Where a chunk ends depends on its own
//! bytes alone, or on the end of the file.

use std::sync::LazyLock;

pub const MIN: usize = 16 << 10;
pub const AVERAGE: usize = 64 << 10;
pub const MAX: usize = 256 << 10;

/// Before the average length a cut is four times as rare as one in AVERAGE, after it four times as frequent.
const RARE: u64 = !0 << (64 - 18);
const FREQUENT: u64 = !0 << (64 - 14);

/// One number for each byte: 2,048 bytes of BLAKE3's output for the empty input, little-endian.
static GEAR: LazyLock<[u64; 256]> = LazyLock::new(|| {
    let mut bytes = [0; 2048];
    blake3::Hasher::new_derive_key("ize 2026-11 gear v1")
        .finalize_xof()
        .fill(&mut bytes);
    let mut gear = [0; 256];
    for (number, word) in gear.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *number = u64::from_le_bytes(*word);
    }
    gear
});

/// The length of the chunk that begins with `bytes`: all of them when nothing cuts them earlier. There must be `MAX` of
/// them, or all that are left.
pub fn cut(bytes: &[u8]) -> usize {
    let end = bytes.len().min(MAX);
    if end <= MIN {
        return end;
    }
    let gear = &*GEAR;
    let normal = end.min(AVERAGE);
    let mut hash = 0u64;
    for (at, byte) in bytes[MIN..normal].iter().enumerate() {
        hash = (hash << 1).wrapping_add(gear[usize::from(*byte)]);
        if hash & RARE == 0 {
            return MIN + at + 1;
        }
    }
    for (at, byte) in bytes[normal..end].iter().enumerate() {
        hash = (hash << 1).wrapping_add(gear[usize::from(*byte)]);
        if hash & FREQUENT == 0 {
            return normal + at + 1;
        }
    }
    end
}
