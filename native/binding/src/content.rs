//! The content store, hashing and diffs. A panic in here becomes an Error.

use crate::convert::{Bytes, Doubles};
use crate::failure::{Failure, guarded, throw};
use ize_content::{Address, Stored};
use ize_sys::Segment;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Task};
use napi_derive::napi;
use std::time::Duration;

#[napi(object, use_nullable = true)]
pub struct StoredObject {
    /// The address: 64 hex digits.
    pub hash: String,
    pub size: f64,
    /// The bytes of its file; 0 when it was there already.
    pub stored_size: f64,
    /// No NUL in it and valid UTF-8.
    pub text: bool,
    /// The bytes, when they are text and not more than `keepUpTo`.
    #[napi(ts_type = "Buffer | null")]
    pub content: Option<Buffer>,
}

impl From<Stored> for StoredObject {
    fn from(s: Stored) -> Self {
        StoredObject {
            hash: s.address.to_string(),
            size: s.size as f64,
            stored_size: s.stored_size as f64,
            text: s.text,
            content: s.content.map(Buffer::from),
        }
    }
}

/// Stores the bytes of `segments` (triples [fd, offset, length]; fd -1 is zeros) as an object file below
/// `objectsDirFd`, unless it is there. Not flushed. Throws with the name of the errno as `code`.
#[napi]
pub fn store_object(
    env: Env,
    objects_dir_fd: i32,
    segments: Doubles,
    level: i32,
    keep_up_to: f64,
) -> napi::Result<StoredObject> {
    let stored = guarded(|| {
        Ok(ize_content::store(
            objects_dir_fd,
            &list(&segments)?,
            level,
            keep_up_to as u64,
        )?)
    });
    throw(&env, stored).map(StoredObject::from)
}

/// The same for many at once, on all cores, at the priority of the calling thread; the order is kept. The descriptors
/// must stay open until it is settled.
#[napi(ts_return_type = "Promise<StoredObject[]>")]
pub fn store_objects(
    env: Env,
    objects_dir_fd: i32,
    jobs: Vec<Doubles>,
    level: i32,
    keep_up_to: f64,
) -> napi::Result<AsyncTask<Work<Vec<Stored>, Vec<StoredObject>>>> {
    let jobs = throw(&env, jobs.iter().map(list).collect::<Result<Vec<_>, _>>())?;
    let nice = ize_sys::thread_nice();
    Ok(Work::start(
        move || {
            Ok(ize_content::store_many(
                objects_dir_fd,
                &jobs,
                level,
                keep_up_to as u64,
                nice,
            )?)
        },
        |stored| stored.into_iter().map(StoredObject::from).collect(),
    ))
}

/// Stores bytes that are in memory.
#[napi]
pub fn store_buffer(
    env: Env,
    objects_dir_fd: i32,
    bytes: Bytes,
    level: i32,
) -> napi::Result<StoredObject> {
    let stored = guarded(|| {
        Ok(ize_content::store_bytes(
            objects_dir_fd,
            bytes.all(),
            level,
        )?)
    });
    throw(&env, stored).map(StoredObject::from)
}

/// The bytes of an object, checked against its address. Throws with the code EIZE_OBJECT_MISSING,
/// EIZE_OBJECT_DAMAGED, or EIZE_OBJECT_LARGE when there are more than `limit`.
#[napi]
pub fn read_object(
    env: Env,
    objects_dir_fd: i32,
    hash: String,
    limit: f64,
) -> napi::Result<Buffer> {
    let read = guarded(|| {
        Ok(ize_content::read_object(
            objects_dir_fd,
            &Address::parse(&hash)?,
            limit as u64,
        )?)
    });
    throw(&env, read).map(Buffer::from)
}

/// Writes the checked bytes of an object at the position of `outFd`, on the pool; resolves to their number. Objects over
/// 4 MiB are checked while they are written: when it rejects, what `outFd` got is to be thrown away.
#[napi(ts_return_type = "Promise<number>")]
pub fn copy_object(
    env: Env,
    objects_dir_fd: i32,
    hash: String,
    out_fd: i32,
) -> napi::Result<AsyncTask<Work<u64, f64>>> {
    let address = throw(&env, Address::parse(&hash).map_err(Failure::from))?;
    Ok(Work::start(
        move || Ok(ize_content::copy_object(objects_dir_fd, &address, out_fd)?),
        |size| size as f64,
    ))
}

/// BLAKE3 in derive-key mode with `context`: 64 hex digits.
#[napi]
pub fn hash_bytes(env: Env, bytes: Bytes, context: String) -> napi::Result<String> {
    throw(
        &env,
        guarded(|| Ok(ize_content::hash_bytes(bytes.all(), &context))),
    )
}

/// The hunks of a unified diff ("@@ -a,b +c,d @@" and lines; no file header), with "\ No newline at end of file".
/// After `deadlineMs` it is no longer refined: coarser, and still right. With `ignoreWhiteSpace` lines are the same
/// that differ in nothing else.
#[napi]
pub fn diff_unified(
    env: Env,
    a: Bytes,
    b: Bytes,
    context: u32,
    deadline_ms: u32,
    ignore_white_space: Option<bool>,
) -> napi::Result<Buffer> {
    let deadline = Duration::from_millis(deadline_ms.into());
    let diff = guarded(|| {
        Ok(ize_content::diff_unified(
            a.all(),
            b.all(),
            context as usize,
            deadline,
            ignore_white_space.unwrap_or(false),
        ))
    });
    throw(&env, diff).map(Buffer::from)
}

pub(crate) fn list(segments: &Doubles) -> Result<Vec<Segment>, Failure> {
    Segment::list(segments.all()).map_err(|errno| Failure::system(errno, "the list of segments"))
}

type Run<T> = Box<dyn FnOnce() -> Result<T, Failure> + Send>;

/// Something that runs on the pool and becomes the value of a promise.
pub struct Work<T, J> {
    run: Option<Run<T>>,
    convert: fn(T) -> J,
}

impl<T, J> Work<T, J>
where
    T: Send + 'static,
    J: napi::bindgen_prelude::ToNapiValue + napi::bindgen_prelude::TypeName + 'static,
{
    pub(crate) fn start(
        run: impl FnOnce() -> Result<T, Failure> + Send + 'static,
        convert: fn(T) -> J,
    ) -> AsyncTask<Self> {
        AsyncTask::new(Work {
            run: Some(Box::new(run)),
            convert,
        })
    }
}

impl<T, J> Task for Work<T, J>
where
    T: Send + 'static,
    J: napi::bindgen_prelude::ToNapiValue + napi::bindgen_prelude::TypeName + 'static,
{
    type Output = Result<T, Failure>;
    type JsValue = J;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        match self.run.take() {
            Some(run) => Ok(guarded(run)),
            None => Err(napi::Error::from_reason("this work was done already")),
        }
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> napi::Result<J> {
        throw(&env, output).map(self.convert)
    }
}
