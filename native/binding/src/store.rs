//! The object store. Everything throws with a `code`: EIZE_OBJECT_MISSING, EIZE_OBJECT_DAMAGED, EIZE_OBJECT_LARGE,
//! EIZE_OBJECT_ADDRESS, EIZE_STORE_BUSY, EIZE_STORE_REFUSED, or the name of an errno.

use crate::content::{Work, list};
use crate::convert::{Bytes, Doubles, Latin1};
use crate::failure::{Failure, guarded, throw};
use crate::store_types::{
    ContentJob, StoreFinding, StoreOptions, StorePlace, StoreVerified, StoredContent, StoredNode,
};
use ize_store::{Address, Collected, Content, Finding, Kind, Options, Place, Store, Verified};
use napi::Env;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;
use std::sync::{Arc, Mutex};

/// The objects of a project, open for reading or for writing.
#[napi]
pub struct NativeObjectStore(Mutex<Option<Arc<Store>>>);

#[napi]
impl NativeObjectStore {
    /// Opens the store below the directory `objects`, which exists. EIZE_STORE_BUSY: it is open for writing elsewhere.
    #[napi(factory)]
    pub fn open(env: Env, objects: Latin1, options: StoreOptions) -> napi::Result<Self> {
        let default = Options::default();
        let options = Options {
            write: options.write,
            verify: options.verify,
            level: options.level.unwrap_or(default.level),
            pack_bytes: options.pack_bytes.map_or(default.pack_bytes, |n| n as u64),
            ..default
        };
        let opened = guarded(|| Ok(Store::open(objects.0, options)?));
        throw(&env, opened).map(|store| NativeObjectStore(Mutex::new(Some(Arc::new(store)))))
    }

    /// Keeps an object of kind 2 to 5, as a difference to `previous` when that pays; its address.
    #[napi]
    pub fn put_node(
        &self,
        env: Env,
        kind: u32,
        bytes: Bytes,
        #[napi(ts_arg_type = "string | null")] previous: Option<String>,
    ) -> napi::Result<String> {
        self.run(&env, |store| {
            let (kind, hint) = node_kind(kind)?;
            let previous = previous.as_deref().map(Address::parse).transpose()?;
            let (address, _) = store.put(kind, bytes.all(), hint, previous.as_ref())?;
            Ok(address.to_string())
        })
    }

    /// The same, written anew when the store has it and cannot read it; whether it was written.
    #[napi]
    pub fn replace_node(&self, env: Env, kind: u32, bytes: Bytes) -> napi::Result<bool> {
        self.run(&env, |store| {
            let (kind, hint) = node_kind(kind)?;
            Ok(store.replace(kind, bytes.all(), hint)?.1)
        })
    }

    /// Writes anew what cannot be read of a content, given its bytes (triples [fd, offset, length]). False: they are not
    /// that content, and nothing was written.
    #[napi]
    pub fn replace_content(
        &self,
        env: Env,
        address: String,
        segments: Doubles,
    ) -> napi::Result<bool> {
        self.run(&env, |store| {
            Ok(store.replace_content(&Address::parse(&address)?, &list(&segments)?)?)
        })
    }

    #[napi]
    pub fn get_node(&self, env: Env, address: String) -> napi::Result<StoredNode> {
        self.run(&env, |store| {
            let object = store.get(&Address::parse(&address)?)?;
            Ok(StoredNode {
                kind: object.kind as u32,
                bytes: object.bytes().into(),
            })
        })
    }

    #[napi]
    pub fn has(&self, env: Env, address: String) -> napi::Result<bool> {
        self.run(&env, |store| Ok(store.has(&Address::parse(&address)?)?))
    }

    /// The addresses in a list, or the one to which a content was moved; of other objects none.
    #[napi]
    pub fn children(&self, env: Env, address: String) -> napi::Result<Vec<String>> {
        self.run(&env, |store| {
            let children = store.children(&Address::parse(&address)?)?;
            Ok(children.iter().map(Address::to_string).collect())
        })
    }

    /// Bytes of a content.
    #[napi]
    pub fn size(&self, env: Env, address: String) -> napi::Result<f64> {
        self.run(&env, |store| {
            Ok(store.size(&Address::parse(&address)?)? as f64)
        })
    }

    /// All of a content of up to `limit` bytes, checked.
    #[napi]
    pub fn read(&self, env: Env, address: String, limit: f64) -> napi::Result<Buffer> {
        self.run(&env, |store| {
            Ok(store.read(&Address::parse(&address)?, limit as u64)?.into())
        })
    }

    /// As much of a part of a content as there is; only the chunks it lies in are read, and checked.
    #[napi]
    pub fn read_range(
        &self,
        env: Env,
        address: String,
        offset: f64,
        length: f64,
    ) -> napi::Result<Buffer> {
        self.run(&env, |store| {
            let range =
                store.read_range(&Address::parse(&address)?, offset as u64, length as u64)?;
            Ok(range.into())
        })
    }

    /// Writes a content at the position of `outFd`, on the pool; resolves to its size. It is checked while it is
    /// written: when it rejects, what `outFd` got is to be thrown away.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn copy_to(
        &self,
        env: Env,
        address: String,
        out_fd: i32,
    ) -> napi::Result<AsyncTask<Work<u64, f64>>> {
        let store = throw(&env, self.store())?;
        Ok(Work::start(
            move || Ok(store.copy_to(&Address::parse(&address)?, out_fd)?),
            |size| size as f64,
        ))
    }

    /// Keeps a content; see ContentJob.
    #[napi]
    pub fn put_content(
        &self,
        env: Env,
        job: ContentJob,
        keep_up_to: f64,
    ) -> napi::Result<StoredContent> {
        self.run(&env, |store| {
            Ok(store.put_content(&job.parse()?, keep_up_to as u64)?.into())
        })
    }

    /// Keeps a content that is in memory.
    #[napi]
    pub fn put_bytes(&self, env: Env, bytes: Bytes, hint: String) -> napi::Result<StoredContent> {
        self.run(&env, |store| {
            Ok(store.put_bytes(bytes.all(), &hint)?.into())
        })
    }

    /// The same as putContent for many at once, on all cores, at the priority of the calling thread; the order is kept. The
    /// descriptors must stay open until it is settled.
    #[napi(ts_return_type = "Promise<StoredContent[]>")]
    pub fn put_contents(
        &self,
        env: Env,
        jobs: Vec<ContentJob>,
        keep_up_to: f64,
    ) -> napi::Result<AsyncTask<Work<Vec<Content>, Vec<StoredContent>>>> {
        let store = throw(&env, self.store())?;
        let jobs = throw(
            &env,
            jobs.into_iter()
                .map(ContentJob::parse)
                .collect::<Result<Vec<_>, _>>(),
        )?;
        let nice = ize_sys::thread_nice();
        Ok(Work::start(
            move || Ok(store.put_many(&jobs, keep_up_to as u64, nice)?),
            |contents| contents.into_iter().map(StoredContent::from).collect(),
        ))
    }

    /// Writes what is gathered. What it returns (below `objects/`) must be flushed before anything refers to what was put.
    #[napi]
    pub fn publish(&self, env: Env) -> napi::Result<Vec<String>> {
        self.run(&env, |store| Ok(store.publish()?))
    }

    /// Writes what is gathered and flushes it.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn flush(&self, env: Env) -> napi::Result<AsyncTask<Work<(), ()>>> {
        let store = throw(&env, self.store())?;
        Ok(Work::start(move || Ok(store.flush()?), |()| ()))
    }

    /// What was unsound when packs were opened; the rest is readable.
    #[napi]
    pub fn problems(&self, env: Env) -> napi::Result<Vec<StoreFinding>> {
        self.run(&env, |store| {
            let problems = store.problems().into_iter();
            Ok(problems
                .map(|problem| Finding::from(problem).into())
                .collect())
        })
    }

    /// Checks about `budget` bytes from `place` on (null: from the start), on the pool.
    #[napi(ts_return_type = "Promise<StoreVerified>")]
    pub fn verify(
        &self,
        env: Env,
        #[napi(ts_arg_type = "StorePlace | null")] place: Option<StorePlace>,
        budget: f64,
    ) -> napi::Result<AsyncTask<Work<Verified, StoreVerified>>> {
        let store = throw(&env, self.store())?;
        let place = place.map_or(Place::START, Place::from);
        Ok(Work::start(
            move || Ok(store.verify(place, budget as u64)?),
            StoreVerified::from,
        ))
    }

    /// Begins a collection, between batches: from now on what is put is written even if a pack has it.
    #[napi]
    pub fn gc_begin(&self, env: Env) -> napi::Result<()> {
        self.run(&env, |store| Ok(store.gc_begin()?))
    }

    /// How many blocks a collection has written, and how many it writes.
    #[napi]
    pub fn gc_progress(&self, env: Env) -> napi::Result<Vec<f64>> {
        self.run(&env, |store| {
            Ok(store.gc_progress().map(|count| count as f64).to_vec())
        })
    }

    /// Writes what is reachable (addresses, 32 bytes each, oldest first) anew, flushes it, and removes the packs and
    /// loose objects that there were when it began; but not packs that a collection wrote, when at most `lost` thousandths of
    /// them go. Resolves to the bytes before and after. Nothing is removed when it rejects.
    #[napi(ts_return_type = "Promise<number[]>")]
    pub fn gc_rewrite(
        &self,
        env: Env,
        reachable: Bytes,
        lost: u32,
    ) -> napi::Result<AsyncTask<Work<Collected, Vec<f64>>>> {
        let store = throw(&env, self.store())?;
        let (addresses, _) = reachable.all().as_chunks::<32>();
        let reachable: Vec<_> = addresses.iter().copied().map(Address::from_bytes).collect();
        Ok(Work::start(
            move || Ok(store.gc_rewrite(&reachable, lost.into())?),
            |collected| vec![collected.before as f64, collected.after as f64],
        ))
    }

    /// Ends a collection, also one that runs; nothing is removed.
    #[napi]
    pub fn gc_abort(&self, env: Env) -> napi::Result<()> {
        self.run(&env, |store| {
            store.gc_abort();
            Ok(())
        })
    }

    /// Lets the lock go once what runs is done. What was put and not published is lost.
    #[napi]
    pub fn close(&self) {
        self.0.lock().unwrap_or_else(|e| e.into_inner()).take();
    }

    fn store(&self) -> Result<Arc<Store>, Failure> {
        let store = self.0.lock().unwrap_or_else(|e| e.into_inner()).clone();
        store.ok_or_else(|| ize_store::Error::Refused("the object store is closed").into())
    }

    fn run<T>(
        &self,
        env: &Env,
        work: impl FnOnce(&Store) -> Result<T, Failure>,
    ) -> napi::Result<T> {
        throw(env, self.store().and_then(|store| guarded(|| work(&store))))
    }
}

/// Nodes of one kind compress together.
fn node_kind(number: u32) -> Result<(Kind, &'static str), Failure> {
    let kind = u8::try_from(number)
        .ok()
        .and_then(Kind::of)
        .ok_or(ize_store::Error::Refused("there is no such kind of object"))?;
    let hint = match kind {
        Kind::Chunk | Kind::Moved => "\u{1}",
        Kind::List => "\u{1}lists",
        Kind::Tree => "\u{1}trees",
        Kind::Seal => "\u{1}seals",
        Kind::Tag => "\u{1}tags",
    };
    Ok((kind, hint))
}

/// The address that a content would have in a store: 64 hex digits.
#[napi]
pub fn content_address(env: Env, segments: Doubles) -> napi::Result<String> {
    let address = guarded(|| Ok(ize_store::content_address(&list(&segments)?)?.0.to_string()));
    throw(&env, address)
}
