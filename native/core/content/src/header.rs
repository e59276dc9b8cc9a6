//! The first 16 bytes of an object file (README.md).

pub(crate) const HEADER_BYTES: usize = 16;
const MAGIC: [u8; 4] = *b"IzeB";
const VERSION: u8 = 1;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Encoding {
    Plain,
    Zstd,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Header {
    pub encoding: Encoding,
    /// Of the plain bytes.
    pub size: u64,
}

impl Header {
    /// Checks the header against the length of its file as well: the reason why it is none, else.
    pub fn decode(bytes: &[u8], file_bytes: u64) -> Result<Header, &'static str> {
        let Some((head, _)) = bytes.split_first_chunk::<HEADER_BYTES>() else {
            return Err("its file is shorter than a header");
        };
        let (mark, size) = head.split_at(8);
        if mark[..4] != MAGIC {
            return Err("its file does not begin like an object");
        }
        if mark[4] != VERSION || mark[6..] != [0, 0] {
            return Err("its format is not one that this release knows");
        }
        let encoding = match mark[5] {
            0 => Encoding::Plain,
            1 => Encoding::Zstd,
            _ => return Err("its encoding is not one that this release knows"),
        };
        let size = u64::from_le_bytes(size.try_into().map_err(|_| "its header is cut off")?);
        let payload = file_bytes.saturating_sub(HEADER_BYTES as u64);
        match encoding {
            Encoding::Plain if payload != size => Err("its file has not the length it should have"),
            // What zstd does not make smaller is stored plain.
            Encoding::Zstd if payload == 0 || payload >= size => {
                Err("its file has not a length it could have")
            }
            _ => Ok(Header { encoding, size }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Size 7, plain.
    const PLAIN: [u8; HEADER_BYTES] = *b"IzeB\x01\0\0\0\x07\0\0\0\0\0\0\0";

    #[test]
    fn a_header_says_what_follows_it() {
        let (encoding, size) = (Encoding::Plain, 7);
        assert_eq!(
            Header::decode(&PLAIN, 16 + 7),
            Ok(Header { encoding, size })
        );
        let mut packed = PLAIN;
        (packed[5], packed[13]) = (1, 1);
        let (encoding, size) = (Encoding::Zstd, (1 << 40) + 7);
        assert_eq!(
            Header::decode(&packed, 16 + 99),
            Ok(Header { encoding, size })
        );
    }

    #[test]
    fn a_header_that_does_not_fit_its_file_is_refused() {
        assert!(Header::decode(&PLAIN, 16 + 6).is_err());
        assert!(Header::decode(&PLAIN[..15], 15).is_err());
        assert!(Header::decode(&[0; 16], 16).is_err());
        for (at, byte) in [(4, 2), (5, 2), (6, 1)] {
            let mut newer = PLAIN;
            newer[at] = byte;
            assert!(Header::decode(&newer, 16 + 7).is_err());
        }
    }
}
