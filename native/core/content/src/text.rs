//! Whether a stream of bytes is text: no NUL in it and valid UTF-8.

/// Fed piece by piece; a character may be cut anywhere.
pub struct TextCheck {
    text: bool,
    /// The beginning of a character at the end of the last piece.
    cut: Vec<u8>,
}

impl Default for TextCheck {
    fn default() -> Self {
        Self::new()
    }
}

impl TextCheck {
    pub fn new() -> Self {
        TextCheck {
            text: true,
            cut: Vec::new(),
        }
    }

    pub fn update(&mut self, piece: &[u8]) {
        if !self.text {
            return;
        }
        let mut rest = piece;
        while let (false, Some((byte, after))) = (self.cut.is_empty(), rest.split_first()) {
            self.cut.push(*byte);
            rest = after;
            let cut = std::mem::take(&mut self.cut);
            self.check(&cut);
        }
        self.check(rest);
    }

    pub fn finish(self) -> bool {
        self.text && self.cut.is_empty()
    }

    fn check(&mut self, bytes: &[u8]) {
        if bytes.contains(&0) {
            self.text = false;
        } else if let Err(error) = std::str::from_utf8(bytes) {
            match error.error_len() {
                Some(_) => self.text = false,
                None => self.cut.extend_from_slice(&bytes[error.valid_up_to()..]),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_text(bytes: &[u8]) -> bool {
        !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok()
    }

    fn checked(bytes: &[u8], piece: usize) -> bool {
        let mut check = TextCheck::new();
        bytes.chunks(piece).for_each(|piece| check.update(piece));
        check.finish()
    }

    #[test]
    fn a_verdict_does_not_depend_on_the_pieces() {
        let cases: [&[u8]; 7] = [
            b"",
            "a\u{e9}\u{20ac}\u{1f600}z".as_bytes(),
            b"a\0b",
            b"\xff",
            b"ab\xe2\x82",
            b"\xe2\x28\xa1",
            b"\xed\xa0\x80",
        ];
        for bytes in cases {
            for piece in 1..6 {
                assert_eq!(
                    checked(bytes, piece),
                    is_text(bytes),
                    "{bytes:?} by {piece}"
                );
            }
        }
    }
}
