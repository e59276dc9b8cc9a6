//! Putting the content of a file: chunks, then the tree over them.

use crate::chunker;
use crate::kind::Kind;
use crate::list::{Entry, List};
use crate::previous::Previous;
use crate::source::Source;
use crate::store::Store;
use crate::tree_builder::{Nodes, TreeBuilder};
use ize_content::{Address, Error, Result, TextCheck, blob_hasher};
use ize_sys::Segment;
use std::sync::atomic::{AtomicU64, Ordering};

/// A content to be put.
#[derive(Default)]
pub struct Job {
    pub segments: Vec<Segment>,
    /// What it compresses well with: the ending of the file's name.
    pub hint: String,
    /// The version before it.
    pub previous: Option<Address>,
    /// Ranges (offset, length), sorted, that are the same bytes at the same place in the version before it. Empty: not
    /// known.
    pub unchanged: Vec<(u64, u64)>,
    /// Objects that are there and cannot be read are written again.
    pub mends: bool,
}

#[derive(Debug)]
pub struct Content {
    pub root: Address,
    pub size: u64,
    /// Plain bytes of the objects that are new.
    pub fresh: u64,
    /// No NUL in it and valid UTF-8. False when not all of it was read.
    pub text: bool,
    /// The bytes, when they are text and were few enough to keep.
    pub content: Option<Vec<u8>>,
}

/// Read at once: much when all is read, little when only a part is.
const AHEAD: usize = 1 << 20;
const AHEAD_OF_EDIT: usize = chunker::MAX;
/// After so many chunks in a row that are no versions of old ones, no more are tried.
const VAIN_DELTAS: u32 = 4;
const LISTS: &str = "\u{1}lists";

static FILES: AtomicU64 = AtomicU64::new(0);

impl Store {
    /// Keeps a content; text of up to `keep_up_to` bytes comes back. A version before it makes what is new smaller;
    /// ranges that are unchanged are not even read.
    pub fn put_content(&self, job: &Job, keep_up_to: u64) -> Result<Content> {
        self.put_source(Source::new(&job.segments), job, keep_up_to)
    }

    /// Writes anew what cannot be read of the content of this address, given its bytes. False: they are not that content,
    /// and nothing was written.
    pub fn replace_content(&self, address: &Address, segments: &[Segment]) -> Result<bool> {
        self.check_writable()?;
        let (root, size) = content_address(segments)?;
        let moved = root != *address;
        if moved && blob_address(segments, size)? != *address {
            return Ok(false);
        }
        let job = Job {
            segments: segments.to_vec(),
            mends: true,
            ..Job::default()
        };
        self.put_content(&job, 0)?;
        if moved && self.get(address).is_err() {
            self.put_again(Kind::Moved, *address, root.bytes(), LISTS, None)?;
        }
        Ok(true)
    }

    /// Keeps a content that is in memory.
    pub fn put_bytes(&self, bytes: &[u8], hint: &str) -> Result<Content> {
        let job = Job {
            hint: hint.to_owned(),
            ..Job::default()
        };
        self.put_source(Source::of(bytes), &job, 0)
    }

    fn put_source(&self, source: Source<'_>, job: &Job, keep_up_to: u64) -> Result<Content> {
        self.check_writable()?;
        let mut put = Put {
            store: Some(self),
            previous: job
                .previous
                .as_ref()
                .and_then(|address| Previous::open(self, address)),
            own: None,
            hint: &job.hint,
            mends: job.mends,
            fresh: 0,
            vain: 0,
        };
        let result = put.run(source, job, keep_up_to);
        if let Some(own) = put.own.take() {
            let full = self
                .gather()
                .dissolve(&own, &job.hint, self.options.block_bytes);
            if let Some((number, builder)) = full {
                self.write_out_builder(number, builder)?;
            }
        }
        result
    }
}

/// The address that a content would have in a store, and its size.
pub fn content_address(segments: &[Segment]) -> Result<(Address, u64)> {
    let job = Job::default();
    let mut put = Put {
        store: None,
        previous: None,
        own: None,
        hint: "",
        mends: false,
        fresh: 0,
        vain: 0,
    };
    put.run(Source::new(segments), &job, 0)
        .map(|content| (content.root, content.size))
}

/// The address in the first format.
fn blob_address(segments: &[Segment], size: u64) -> Result<Address> {
    let (mut source, mut hasher, mut at) = (Source::new(segments), blob_hasher(), 0);
    while at < size {
        let bytes = source.bytes(at, 1, AHEAD)?;
        hasher.update(bytes);
        at += bytes.len() as u64;
    }
    Ok(hasher.finalize().into())
}

struct Put<'a> {
    /// None: addresses only.
    store: Option<&'a Store>,
    previous: Option<Previous<'a>>,
    /// The builder of this file alone, which keeps its chunks in order.
    own: Option<String>,
    hint: &'a str,
    mends: bool,
    fresh: u64,
    vain: u32,
}

impl Put<'_> {
    fn run(&mut self, mut source: Source<'_>, job: &Job, keep_up_to: u64) -> Result<Content> {
        let (size, mut tree) = (source.length, TreeBuilder::default());
        let mut text = TextCheck::new();
        let mut kept = (size <= keep_up_to).then(Vec::new);
        // What comes back has to be read.
        let skips = kept.is_none() && !job.unchanged.is_empty();
        if size > chunker::MAX as u64 && self.store.is_some() {
            self.own = Some(format!("\0{}", FILES.fetch_add(1, Ordering::Relaxed)));
        }
        if !skips
            && size > 0
            && let Some(previous) = &mut self.previous
        {
            previous.match_chunks()?;
        }
        let (mut at, mut skipped) = (0, false);
        while at < size {
            if skips && let Some((level, entry)) = self.reusable(&tree, at, size, &job.unchanged)? {
                tree.push(level, entry, self)?;
                at += entry.length;
                skipped = true;
                continue;
            }
            let ahead = if skips { AHEAD_OF_EDIT } else { AHEAD };
            let bytes = source.bytes(at, chunker::MAX, ahead)?;
            let chunk = &bytes[..chunker::cut(bytes)];
            text.update(chunk);
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(chunk);
            }
            let entry = self.chunk(chunk, at)?;
            tree.push(0, entry, self)?;
            at += entry.length;
        }
        let root = match tree.finish(self)? {
            Some(root) => root,
            None => self.chunk(&[], 0)?,
        };
        let text = text.finish() && !skipped;
        Ok(Content {
            root: root.address,
            size,
            fresh: self.fresh,
            text,
            content: kept.filter(|_| text),
        })
    }

    /// The largest part of the version before that begins at `at` and is unchanged, with what ended it.
    fn reusable(
        &mut self,
        tree: &TreeBuilder,
        at: u64,
        size: u64,
        unchanged: &[(u64, u64)],
    ) -> Result<Option<(u8, Entry)>> {
        let Some(previous) = &mut self.previous else {
            return Ok(None);
        };
        if at >= previous.length() {
            return Ok(None);
        }
        let range = unchanged.partition_point(|(offset, _)| *offset <= at);
        let Some((offset, length)) = range.checked_sub(1).and_then(|range| unchanged.get(range))
        else {
            return Ok(None);
        };
        let end = offset.saturating_add(*length);
        let path = previous.path(at)?;
        let found = path.into_iter().find(|step| {
            let step_end = step.start + step.entry.length;
            step.start == at
                && step_end <= end
                && (!step.last || step_end == size)
                && tree.takes(step.level)
        });
        Ok(found.map(|step| (step.level, step.entry)))
    }

    fn chunk(&mut self, bytes: &[u8], offset: u64) -> Result<Entry> {
        let address = self.put(Kind::Chunk, bytes, 0, offset)?;
        if let Some(previous) = &mut self.previous {
            previous.matched(&address, offset);
        }
        Ok(Entry {
            address,
            length: bytes.len() as u64,
        })
    }

    fn put(&mut self, kind: Kind, bytes: &[u8], level: u8, offset: u64) -> Result<Address> {
        let address = kind
            .address(bytes)
            .ok_or(Error::Refused("contents have no such objects"))?;
        let Some(store) = self.store else {
            return Ok(address);
        };
        if store.is_kept(&address) && !(self.mends && store.get(&address).is_err()) {
            return Ok(address);
        }
        let tries = self.vain < VAIN_DELTAS || level > 0;
        let base = self
            .previous
            .as_mut()
            .filter(|_| tries)
            .and_then(|previous| previous.base(level, offset))
            .filter(|_| store.may_differ());
        let hint = match (kind, &self.own) {
            (Kind::Chunk, Some(own)) => own,
            (Kind::Chunk, None) => self.hint,
            _ => LISTS,
        };
        let put = store.put_again(kind, address, bytes, hint, base.as_ref())?;
        if put.new {
            self.fresh += bytes.len() as u64;
        }
        if base.is_some() && level == 0 {
            self.vain = if put.delta { 0 } else { self.vain + 1 };
        }
        Ok(address)
    }
}

impl Nodes for Put<'_> {
    fn keep(&mut self, list: &List, offset: u64) -> Result<Entry> {
        let address = self.put(Kind::List, &list.encode(), list.level, offset)?;
        Ok(Entry {
            address,
            length: list.length(),
        })
    }
}
