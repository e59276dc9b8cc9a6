//! What goes in and out of the object store.

use crate::content::list;
use crate::convert::Doubles;
use crate::failure::Failure;
use ize_store::{Address, Content, Finding, Job, Place, Verified};
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

#[napi(object, object_to_js = false)]
pub struct StoreOptions {
    /// Takes the lock of the store; it is let go by close().
    pub write: bool,
    /// After an unclean stop of the machine: all of the open pack is checked.
    pub verify: bool,
    /// zstd's; 3 by default.
    pub level: Option<i32>,
    /// A pack is closed at this size; 256 MiB by default.
    pub pack_bytes: Option<i64>,
}

/// A content to be put.
#[napi(object, object_to_js = false)]
pub struct ContentJob {
    /// Triples [fd, offset, length]; fd -1 is zeros.
    #[napi(ts_type = "Doubles")]
    pub segments: Doubles,
    /// What it compresses well with: the ending of the file's name.
    pub hint: Option<String>,
    /// The address of the version before it.
    pub previous: Option<String>,
    /// Pairs [offset, length], sorted, of ranges that hold the same bytes in the version before it: they are not read.
    #[napi(ts_type = "Doubles")]
    pub unchanged: Option<Doubles>,
}

impl ContentJob {
    pub fn parse(self) -> Result<Job, Failure> {
        let unchanged = self.unchanged.as_ref().map_or(&[][..], |pairs| pairs.all());
        Ok(Job {
            segments: list(&self.segments)?,
            hint: self.hint.unwrap_or_default(),
            previous: self.previous.as_deref().map(Address::parse).transpose()?,
            unchanged: unchanged
                .as_chunks::<2>()
                .0
                .iter()
                .map(|[offset, length]| (*offset as u64, *length as u64))
                .collect(),
            ..Job::default()
        })
    }
}

#[napi(object, use_nullable = true, object_from_js = false)]
pub struct StoredContent {
    /// The address: 64 hex digits.
    pub hash: String,
    pub size: f64,
    /// Plain bytes of the objects that are new.
    pub fresh: f64,
    /// No NUL in it and valid UTF-8; false when not all of it was read.
    pub text: bool,
    /// The bytes, when they are text and not more than `keepUpTo`.
    #[napi(ts_type = "Buffer | null")]
    pub content: Option<Buffer>,
}

impl From<Content> for StoredContent {
    fn from(content: Content) -> Self {
        StoredContent {
            hash: content.root.to_string(),
            size: content.size as f64,
            fresh: content.fresh as f64,
            text: content.text,
            content: content.content.map(Buffer::from),
        }
    }
}

#[napi(object, object_from_js = false)]
pub struct StoredNode {
    /// 1 chunk, 2 list, 3 tree, 4 seal, 5 tag, 6 moved.
    pub kind: u32,
    pub bytes: Buffer,
}

/// Bytes of a store that are not what was written.
#[napi(object, use_nullable = true, object_from_js = false)]
pub struct StoreFinding {
    /// Below `objects/`.
    pub file: String,
    pub offset: f64,
    /// The object that cannot be read because of it, when that is known.
    pub address: Option<String>,
    pub why: String,
}

impl From<Finding> for StoreFinding {
    fn from(finding: Finding) -> Self {
        StoreFinding {
            file: finding.file,
            offset: finding.offset as f64,
            address: finding.address.map(|address| address.to_string()),
            why: finding.why,
        }
    }
}

/// Where a check goes on: at an offset of a pack, or (pack -1) at a directory of loose objects.
#[napi(object)]
pub struct StorePlace {
    pub pack: f64,
    pub offset: f64,
}

impl From<Place> for StorePlace {
    fn from(place: Place) -> Self {
        let (pack, offset) = match place {
            Place::Pack { id, offset } => (id as f64, offset as f64),
            Place::Loose { directory } => (-1.0, f64::from(directory)),
        };
        StorePlace { pack, offset }
    }
}

impl From<StorePlace> for Place {
    fn from(place: StorePlace) -> Self {
        if place.pack < 0.0 {
            return Place::Loose {
                directory: place.offset as u16,
            };
        }
        Place::Pack {
            id: place.pack as u64,
            offset: place.offset as u64,
        }
    }
}

#[napi(object, use_nullable = true, object_from_js = false)]
pub struct StoreVerified {
    pub findings: Vec<StoreFinding>,
    /// Null when everything was checked.
    pub next: Option<StorePlace>,
    /// Bytes that this step checked.
    pub bytes: f64,
}

impl From<Verified> for StoreVerified {
    fn from(verified: Verified) -> Self {
        StoreVerified {
            findings: verified
                .findings
                .into_iter()
                .map(StoreFinding::from)
                .collect(),
            next: verified.next.map(StorePlace::from),
            bytes: verified.bytes as f64,
        }
    }
}
