//! Errors and panics on their way into JavaScript: an Error with a stable `code`.

use ize_store::Error as StoreError;
use ize_sys::Errno;
use napi::bindgen_prelude::{FromNapiValue, ToNapiValue, Unknown};
use napi::{Env, check_status, sys};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// What becomes an Error: `code` and `message`.
#[derive(Debug)]
pub struct Failure {
    pub code: String,
    pub message: String,
}

impl Failure {
    pub fn system(errno: Errno, what: &str) -> Self {
        Failure {
            code: errno_name(errno),
            message: format!("{what}: {errno}"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::Missing(_) => "EIZE_OBJECT_MISSING".into(),
            StoreError::Damaged { .. } => "EIZE_OBJECT_DAMAGED".into(),
            StoreError::Large { .. } => "EIZE_OBJECT_LARGE".into(),
            StoreError::NotAnAddress(_) => "EIZE_OBJECT_ADDRESS".into(),
            StoreError::Busy => "EIZE_STORE_BUSY".into(),
            StoreError::Refused(_) => "EIZE_STORE_REFUSED".into(),
            StoreError::System(errno, _) => errno_name(*errno),
        };
        Failure {
            code,
            message: error.to_string(),
        }
    }
}

fn errno_name(errno: Errno) -> String {
    let name = match errno.0 {
        libc::EACCES => "EACCES",
        libc::EBADF => "EBADF",
        libc::EDQUOT => "EDQUOT",
        libc::EEXIST => "EEXIST",
        libc::EFBIG => "EFBIG",
        libc::EINVAL => "EINVAL",
        libc::EIO => "EIO",
        libc::EISDIR => "EISDIR",
        libc::EMFILE => "EMFILE",
        libc::ENFILE => "ENFILE",
        libc::ENOENT => "ENOENT",
        libc::ENOMEM => "ENOMEM",
        libc::ENOSPC => "ENOSPC",
        libc::ENOTDIR => "ENOTDIR",
        libc::EPERM => "EPERM",
        libc::EPIPE => "EPIPE",
        libc::EROFS => "EROFS",
        libc::ESTALE => "ESTALE",
        other => return format!("E{other}"),
    };
    name.to_owned()
}

/// Runs `work`; a panic is a bug and becomes a failure with the code EIZE_PANIC.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    // What a panic left half done is dropped with the closure; nothing else shares it.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        Err(Failure {
            code: "EIZE_PANIC".into(),
            message: format!("the native addon failed: {words}"),
        })
    })
}

/// The value, or the failure as an Error with its `code`.
pub fn throw<T>(env: &Env, result: Result<T, Failure>) -> napi::Result<T> {
    match result {
        Ok(value) => Ok(value),
        Err(failure) => Err(error_object(env, failure)?),
    }
}

fn error_object(env: &Env, failure: Failure) -> napi::Result<napi::Error> {
    let raw = env.raw();
    let mut object = ptr::null_mut();
    unsafe {
        let code = String::to_napi_value(raw, failure.code)?;
        let message = String::to_napi_value(raw, failure.message)?;
        check_status!(
            sys::napi_create_error(raw, code, message, &mut object),
            "could not make an error"
        )?;
        Ok(napi::Error::from(Unknown::from_napi_value(raw, object)?))
    }
}
