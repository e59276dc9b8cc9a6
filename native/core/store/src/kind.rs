//! Kinds of objects, each a domain of addresses of its own.

use ize_content::Address;
use std::sync::LazyLock;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    Chunk = 1,
    List = 2,
    Tree = 3,
    Seal = 4,
    Tag = 5,
    /// Its address is that of a content of the first format, its bytes say where that content is now.
    Moved = 6,
}

/// Contexts of BLAKE3's derive-key mode; never given another meaning.
static HASHERS: LazyLock<[blake3::Hasher; 5]> = LazyLock::new(|| {
    ["blob", "list", "tree", "seal", "tag"]
        .map(|name| blake3::Hasher::new_derive_key(&format!("ize 2026-11 {name} v1")))
});

impl Kind {
    pub fn of(number: u8) -> Option<Kind> {
        const ALL: [Kind; 6] = [
            Kind::Chunk,
            Kind::List,
            Kind::Tree,
            Kind::Seal,
            Kind::Tag,
            Kind::Moved,
        ];
        ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// The address of these bytes; none for `Moved`, whose address does not follow from them.
    pub fn address(self, bytes: &[u8]) -> Option<Address> {
        let hasher = HASHERS.get(self as usize - 1)?;
        Some(hasher.clone().update(bytes).finalize().into())
    }

    pub fn fits(self, bytes: &[u8], address: &Address) -> bool {
        self.address(bytes).is_none_or(|of| of == *address)
    }
}
