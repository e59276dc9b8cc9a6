//! A Pijul repository on a thread of its own; every method answers with a promise.

use ize_pijul::{Change, Edit, Error, Handle, LogEntry, Recorded};
use napi::bindgen_prelude::{Buffer, JsObjectValue, Object, ToNapiValue};
use napi::{Env, Result};
use napi_derive::napi;
use std::path::PathBuf;

/// One step of a change. Paths are UTF-8 text, relative, "a/b/c".
#[napi(
    discriminant = "kind",
    discriminant_case = "lowercase",
    object_to_js = false
)]
pub enum PijulEdit {
    /// Creates or replaces a file; missing parent directories become tracked.
    Write {
        path: String,
        content: Buffer,
        executable: bool,
    },
    Mkdir {
        path: String,
    },
    /// A file, or a directory with everything below it.
    Delete {
        path: String,
    },
    /// A file, or a directory with everything below it; `to` must be free.
    Rename {
        from: String,
        to: String,
    },
}

#[napi(object, object_to_js = false)]
pub struct PijulChange {
    pub message: String,
    pub author: String,
    pub time_ms: i64,
    /// Kept as it is, and given back by the log. Not empty, it makes a change even when nothing differs.
    pub metadata: Buffer,
    /// They take the tree from before to after, in this order.
    pub edits: Vec<PijulEdit>,
    /// Paths of files that the metadata speaks of: on the disk before the change is committed.
    pub needs: Option<Vec<String>>,
}

#[napi(object, object_from_js = false)]
pub struct PijulRecorded {
    /// null: nothing differed and there was no metadata to keep, so no change was made.
    #[napi(ts_type = "string | null")]
    pub hash: Nullable<String>,
    /// The state of the channel after it.
    pub state: String,
}

#[napi(object, object_from_js = false)]
pub struct PijulLogEntry {
    /// Position in the channel's log, from 0.
    pub n: i64,
    pub hash: String,
    pub state: String,
    pub message: String,
    pub time_ms: i64,
    pub metadata: Buffer,
}

#[napi]
pub struct PijulRepository {
    handle: Handle,
}

#[napi]
impl PijulRepository {
    /// Opens or makes root/.pijul and the channel, on a native thread that owns it from then on. Rejects with code
    /// EPIJUL_OPEN or ENOSPC. Sweeps what a killed process left half written in the change store.
    #[napi(ts_return_type = "Promise<PijulRepository>")]
    pub fn open(env: &Env, root: String, channel: String) -> Result<Object<'_>> {
        settle(env, move |done| {
            Handle::open(PathBuf::from(root), channel, |opened| {
                done(opened.map(|handle| PijulRepository { handle }))
            });
        })
    }

    /// One change per entry, one commit for all: all of them are recorded and durable, or none. Rejects with code EPIJUL
    /// (the repository goes on working) or ENOSPC.
    #[napi(ts_return_type = "Promise<PijulRecorded[]>")]
    pub fn record<'env>(&self, env: &'env Env, changes: Vec<PijulChange>) -> Result<Object<'env>> {
        let changes: Vec<Change> = changes.into_iter().map(Change::from).collect();
        settle(env, move |done| {
            self.handle.run(
                move |repository| repository.record(&changes),
                |recorded| {
                    done(
                        recorded.map(|all| {
                            all.into_iter().map(PijulRecorded::from).collect::<Vec<_>>()
                        }),
                    )
                },
            );
        })
    }

    /// The newest change of the channel, or null.
    #[napi(ts_return_type = "Promise<PijulLogEntry | null>")]
    pub fn head<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        settle(env, move |done| {
            self.handle.run(
                |repository| repository.head(),
                |head| done(head.map(|entry| Nullable(entry.map(PijulLogEntry::from)))),
            );
        })
    }

    /// Oldest first, from log position `from`, at most `limit`.
    #[napi(ts_return_type = "Promise<PijulLogEntry[]>")]
    pub fn log<'env>(&self, env: &'env Env, from: i64, limit: u32) -> Result<Object<'env>> {
        let from = u64::try_from(from).unwrap_or(0);
        settle(env, move |done| {
            self.handle.run(
                move |repository| repository.log(from, limit as usize),
                |log| {
                    done(
                        log.map(|all| all.into_iter().map(PijulLogEntry::from).collect::<Vec<_>>()),
                    )
                },
            );
        })
    }

    /// Every tracked path of the channel; a directory ends in a slash.
    #[napi(ts_return_type = "Promise<string[]>")]
    pub fn tracked<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        settle(env, move |done| {
            self.handle.run(|repository| repository.tracked(), done)
        })
    }

    /// The current content of a tracked file.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn read<'env>(&self, env: &'env Env, path: String) -> Result<Object<'env>> {
        settle(env, move |done| {
            self.handle.run(
                move |repository| repository.read(&path),
                |content| done(content.map(Buffer::from)),
            );
        })
    }

    /// Makes root/.pijul, where there is none yet, with nothing but the tree as it is now, in one change, or in a few where
    /// one would not fit in memory, each with the header and metadata given (its edits count for nothing). Resolves to
    /// their number when all is compared and durable. This repository stays as it is.
    #[napi(ts_return_type = "Promise<number>")]
    pub fn fold_into<'env>(
        &self,
        env: &'env Env,
        root: String,
        like: PijulChange,
    ) -> Result<Object<'env>> {
        let like = Change::from(like);
        settle(env, move |done| {
            self.handle.run(
                move |repository| repository.fold_into(&PathBuf::from(root), &like),
                |made| done(made.map(|changes| changes as u32)),
            );
        })
    }

    /// Resolves when all that was asked before has been done and the repository is closed.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        settle(env, move |done| self.handle.close(move || done(Ok(()))))
    }
}

type Done<T> = Box<dyn FnOnce(ize_pijul::Result<T>) + Send>;

/// A promise that is settled by what `start` is given, from any thread. Errors carry their stable code.
fn settle<T: ToNapiValue + Send + 'static>(
    env: &Env,
    start: impl FnOnce(Done<T>),
) -> Result<Object<'_>> {
    let (deferred, promise) = env.create_deferred()?;
    start(Box::new(move |result| {
        deferred.resolve(move |env| result.map_err(|error| coded(&env, &error)))
    }));
    Ok(promise)
}

fn coded(env: &Env, error: &Error) -> napi::Error {
    let with_code = || {
        let mut object = env.create_error(napi::Error::from_reason(error.message.clone()))?;
        object.set_named_property("code", error.code.as_str())?;
        object.into_unknown(env)
    };
    with_code().map_or_else(|failed| failed, napi::Error::from)
}

/// null where napi would leave a property out.
pub struct Nullable<T>(Option<T>);

impl<T: ToNapiValue> ToNapiValue for Nullable<T> {
    unsafe fn to_napi_value(
        env: napi::sys::napi_env,
        value: Self,
    ) -> Result<napi::sys::napi_value> {
        match value.0 {
            Some(value) => unsafe { T::to_napi_value(env, value) },
            None => unsafe {
                napi::bindgen_prelude::Null::to_napi_value(env, napi::bindgen_prelude::Null)
            },
        }
    }
}

impl From<PijulEdit> for Edit {
    fn from(edit: PijulEdit) -> Self {
        match edit {
            PijulEdit::Write {
                path,
                content,
                executable,
            } => Edit::Write {
                path,
                content: content.to_vec(),
                executable,
            },
            PijulEdit::Mkdir { path } => Edit::Mkdir { path },
            PijulEdit::Delete { path } => Edit::Delete { path },
            PijulEdit::Rename { from, to } => Edit::Rename { from, to },
        }
    }
}

impl From<PijulChange> for Change {
    fn from(change: PijulChange) -> Self {
        Change {
            message: change.message,
            author: change.author,
            time_ms: change.time_ms,
            metadata: change.metadata.to_vec(),
            edits: change.edits.into_iter().map(Edit::from).collect(),
            needs: change
                .needs
                .into_iter()
                .flatten()
                .map(PathBuf::from)
                .collect(),
        }
    }
}

impl From<Recorded> for PijulRecorded {
    fn from(recorded: Recorded) -> Self {
        PijulRecorded {
            hash: Nullable(recorded.hash),
            state: recorded.state,
        }
    }
}

impl From<LogEntry> for PijulLogEntry {
    fn from(entry: LogEntry) -> Self {
        PijulLogEntry {
            n: entry.n as i64,
            hash: entry.hash,
            state: entry.state,
            message: entry.message,
            time_ms: entry.time_ms,
            metadata: entry.metadata.into(),
        }
    }
}
