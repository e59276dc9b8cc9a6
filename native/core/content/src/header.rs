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
    pub fn encode(self) -> [u8; HEADER_BYTES] {
        let mut out = [0; HEADER_BYTES];
        out[..4].copy_from_slice(&MAGIC);
        out[4] = VERSION;
        out[5] = match self.encoding {
            Encoding::Plain => 0,
            Encoding::Zstd => 1,
        };
        out[8..].copy_from_slice(&self.size.to_le_bytes());
        out
    }

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

    #[test]
    fn a_header_survives_the_round_trip() {
        let plain = Header {
            encoding: Encoding::Plain,
            size: 7,
        };
        let packed = Header {
            encoding: Encoding::Zstd,
            size: 1 << 40,
        };
        assert_eq!(Header::decode(&plain.encode(), 16 + 7), Ok(plain));
        assert_eq!(Header::decode(&packed.encode(), 16 + 99), Ok(packed));
    }

    #[test]
    fn a_header_that_does_not_fit_its_file_is_refused() {
        let plain = Header {
            encoding: Encoding::Plain,
            size: 7,
        }
        .encode();
        assert!(Header::decode(&plain, 16 + 6).is_err());
        assert!(Header::decode(&plain[..15], 15).is_err());
        assert!(Header::decode(&[0; 16], 16).is_err());
        let mut newer = plain;
        newer[4] = 2;
        assert!(Header::decode(&newer, 16 + 7).is_err());
    }
}
