//! Hashing and diffs; work on the pool. A panic in here becomes an Error.

use crate::convert::{Bytes, Doubles};
use crate::failure::{Failure, guarded, throw};
use ize_sys::Segment;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Task};
use napi_derive::napi;
use std::time::Duration;

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
