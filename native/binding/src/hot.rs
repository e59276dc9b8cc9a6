//! What is called for every request, converted by hand: the general conversion costs as much as the system call does.
//! The declarations are in hot.d.ts beside this file.

use crate::convert::{Bytes, Sys};
use napi::bindgen_prelude::{FromNapiValue, Object, ToNapiValue};
use napi::{Env, JsError, JsValue, check_status, sys};
use napi_derive::napi;
use std::ptr;
use std::time::Duration;

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

const FUNCTIONS: [(&str, Callback); 6] = [
    ("readRequest", read_request),
    ("writeReply", write_reply),
    ("appendRecord", append_record),
    ("crc32c", crc32c),
    ("readAt", read_at),
    ("writeAt", write_at),
];

/// Adds them to the addon, once for each thread that loads it.
#[napi(module_exports)]
pub fn add_hot_functions(exports: Object, env: Env) -> napi::Result<()> {
    for (name, callback) in FUNCTIONS {
        let (text, length) = (name.as_ptr().cast(), name.len() as isize);
        let (raw, mut function) = (env.raw(), ptr::null_mut());
        let mut key = ptr::null_mut();
        unsafe {
            check_status!(
                sys::napi_create_function(
                    raw,
                    text,
                    length,
                    Some(callback),
                    ptr::null_mut(),
                    &mut function
                ),
                "could not make the function {name}"
            )?;
            check_status!(
                sys::napi_create_string_utf8(raw, text, length, &mut key),
                "could not name {name}"
            )?;
            check_status!(
                sys::napi_set_property(raw, exports.raw(), key, function),
                "could not export {name}"
            )?;
        }
    }
    Ok(())
}

struct Arguments<const N: usize> {
    env: sys::napi_env,
    values: [sys::napi_value; N],
}

impl<const N: usize> Arguments<N> {
    fn number(&self, index: usize) -> napi::Result<i64> {
        unsafe { i64::from_napi_value(self.env, self.values[index]) }
    }

    fn flag(&self, index: usize) -> napi::Result<bool> {
        unsafe { bool::from_napi_value(self.env, self.values[index]) }
    }

    fn bytes(&self, index: usize) -> napi::Result<Bytes> {
        unsafe { Bytes::from_napi_value(self.env, self.values[index]) }
    }
}

/// Takes N arguments (missing ones are undefined), runs `body`, and throws what it fails with.
#[inline(always)]
fn call<const N: usize>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    body: impl FnOnce(&Arguments<N>) -> napi::Result<Sys>,
) -> sys::napi_value {
    let (mut count, mut values) = (N, [ptr::null_mut(); N]);
    let nothing = ptr::null_mut();
    let status = unsafe {
        sys::napi_get_cb_info(
            env,
            info,
            &mut count,
            values.as_mut_ptr(),
            nothing,
            ptr::null_mut(),
        )
    };
    let result = check_status!(status, "could not take the arguments")
        .and_then(|()| body(&Arguments { env, values }))
        .and_then(|n| unsafe { Sys::to_napi_value(env, n) });
    result.unwrap_or_else(|error| {
        unsafe { JsError::from(error).throw_into(env) };
        ptr::null_mut()
    })
}

unsafe extern "C" fn read_request(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    call::<7>(env, info, |a| {
        let (fd, control_fd) = (a.number(0)? as i32, a.number(1)? as i32);
        let (mut buf, offset, length) = (a.bytes(2)?, a.number(3)?, a.number(4)?);
        let (spin, check_control) = (Duration::from_nanos(a.number(5)?.max(0) as u64), a.flag(6)?);
        let read = |out: &mut [u8]| ize_sys::read_request(fd, control_fd, out, spin, check_control);
        Ok(buf.part_mut(offset, length).and_then(read).into())
    })
}

unsafe extern "C" fn write_reply(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    call::<4>(env, info, |a| {
        let (fd, buf, offset, length) =
            (a.number(0)? as i32, a.bytes(1)?, a.number(2)?, a.number(3)?);
        Ok(buf
            .part(offset, length)
            .and_then(|bytes| ize_sys::write_once(fd, bytes))
            .into())
    })
}

unsafe extern "C" fn append_record(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    call::<6>(env, info, |a| {
        let (fd, mut buf, offset, length) =
            (a.number(0)? as i32, a.bytes(1)?, a.number(2)?, a.number(3)?);
        let (position, seed) = (a.number(4)?, a.number(5)? as u32);
        let append =
            |record: &mut [u8]| ize_sys::append_record(fd, record, position, seed).map(|()| length);
        Ok(buf.part_mut(offset, length).and_then(append).into())
    })
}

unsafe extern "C" fn crc32c(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    call::<4>(env, info, |a| {
        let (buf, offset, length, seed) =
            (a.bytes(0)?, a.number(1)?, a.number(2)?, a.number(3)? as u32);
        match buf.part(offset, length) {
            Ok(bytes) => Ok(Sys::Value(ize_sys::crc32c(bytes, seed).into())),
            Err(_) => Err(napi::Error::from_reason(
                "the range is not within the array",
            )),
        }
    })
}

unsafe extern "C" fn read_at(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    call::<5>(env, info, |a| {
        let (fd, mut buf, offset, length) =
            (a.number(0)? as i32, a.bytes(1)?, a.number(2)?, a.number(3)?);
        let position = a.number(4)?;
        Ok(buf
            .part_mut(offset, length)
            .and_then(|out| ize_sys::read_at(fd, out, position))
            .into())
    })
}

unsafe extern "C" fn write_at(
    env: sys::napi_env,
    info: sys::napi_callback_info,
) -> sys::napi_value {
    call::<5>(env, info, |a| {
        let (fd, buf, offset, length) =
            (a.number(0)? as i32, a.bytes(1)?, a.number(2)?, a.number(3)?);
        let position = a.number(4)?;
        Ok(buf
            .part(offset, length)
            .and_then(|bytes| ize_sys::write_at(fd, bytes, position))
            .into())
    })
}
