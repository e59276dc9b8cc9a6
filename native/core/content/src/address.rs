//! Addresses: BLAKE3 with a domain, so that no two kinds of payload can have one address.

use crate::error::{Error, Result};
use ize_sys::Name;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// The address of a blob; prints as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Address([u8; 32]);

static BLOB: LazyLock<blake3::Hasher> =
    LazyLock::new(|| blake3::Hasher::new_derive_key("ize 2026-11 blob v1"));

/// A hasher in the domain of blobs.
pub fn blob_hasher() -> blake3::Hasher {
    BLOB.clone()
}

impl Address {
    pub fn of(bytes: &[u8]) -> Self {
        Address::from(blob_hasher().update(bytes).finalize())
    }

    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Address(bytes)
    }

    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// From 64 lower-case hex digits.
    pub fn parse(text: &str) -> Result<Self> {
        let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        match blake3::Hash::from_hex(text) {
            Ok(hash) if lower => Ok(hash.into()),
            _ => Err(Error::NotAnAddress(text.chars().take(80).collect())),
        }
    }

    /// `ab/cdef…`, below the objects directory.
    pub fn path(&self) -> Name {
        let hex = self.to_string();
        name(&format!("{}/{}", &hex[..2], &hex[2..]))
    }
}

fn name(text: &str) -> Name {
    Name::new(text).expect("hex digits hold no NUL")
}

impl From<blake3::Hash> for Address {
    fn from(hash: blake3::Hash) -> Self {
        Address(*hash.as_bytes())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

/// BLAKE3 in derive-key mode with `context`, as hex.
pub fn hash_bytes(bytes: &[u8], context: &str) -> String {
    CONTEXTS.with_borrow_mut(|contexts| {
        if contexts.len() >= MAX_CONTEXTS {
            contexts.clear();
        }
        let hasher = contexts
            .entry(context.to_owned())
            .or_insert_with(|| blake3::Hasher::new_derive_key(context));
        let hash = hasher.update(bytes).finalize();
        hasher.reset();
        hash.to_hex().to_string()
    })
}

/// Deriving a key takes longer than hashing a node of a tree; there are a handful of contexts.
const MAX_CONTEXTS: usize = 32;

thread_local! {
    static CONTEXTS: RefCell<HashMap<String, blake3::Hasher>> = RefCell::default();
}
