//! Arguments and results. The names of these types stand in the generated declarations (native/types.mjs says what
//! they are there). None of the argument types allocates but `Latin1`, and none keeps a reference to JavaScript.

use ize_sys::{Errno, Name};
use napi::bindgen_prelude::{
    Either, FromNapiValue, ToNapiValue, TypeName, ValidateNapiValue, ValueType,
};
use napi::{Error, Result, Status, check_status, sys};
use std::ptr;

/// A number >= 0, or -errno.
pub enum Sys {
    Value(i64),
    Failed(Errno),
}

impl<T: TryInto<i64>> From<ize_sys::Result<T>> for Sys {
    fn from(result: ize_sys::Result<T>) -> Self {
        match result.map(TryInto::try_into) {
            Ok(Ok(n)) => Sys::Value(n),
            Ok(Err(_)) => Sys::Failed(Errno(libc::EOVERFLOW)),
            Err(error) => Sys::Failed(error),
        }
    }
}

/// 0 or -errno.
pub fn unit(result: ize_sys::Result<()>) -> Sys {
    result.map(|()| 0).into()
}

impl TypeName for Sys {
    fn type_name() -> &'static str {
        "number"
    }
    fn value_type() -> ValueType {
        ValueType::Number
    }
}

impl ToNapiValue for Sys {
    unsafe fn to_napi_value(env: sys::napi_env, val: Self) -> Result<sys::napi_value> {
        let n = match val {
            Sys::Value(n) => n,
            Sys::Failed(error) => -i64::from(error.0),
        };
        let mut out = ptr::null_mut();
        // Integers of 32 bits are cheaper for V8 than doubles.
        let status = match i32::try_from(n) {
            Ok(small) => unsafe { sys::napi_create_int32(env, small, &mut out) },
            Err(_) => unsafe { sys::napi_create_int64(env, n, &mut out) },
        };
        check_status!(status, "could not make a number")?;
        Ok(out)
    }
}

/// A string with one char per byte.
pub struct Latin1(pub Vec<u8>);

impl Latin1 {
    pub fn name(self) -> ize_sys::Result<Name> {
        Name::new(self.0)
    }
}

impl TypeName for Latin1 {
    fn type_name() -> &'static str {
        "string"
    }
    fn value_type() -> ValueType {
        ValueType::String
    }
}

impl ValidateNapiValue for Latin1 {}

impl FromNapiValue for Latin1 {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        // Nearly every name fits the first try; only one that fills it needs its length asked for.
        let mut bytes = vec![0u8; 256];
        let mut length = unsafe { read_latin1(env, value, &mut bytes)? };
        if length == bytes.len() - 1 {
            let mut whole = 0;
            let status = unsafe {
                sys::napi_get_value_string_latin1(env, value, ptr::null_mut(), 0, &mut whole)
            };
            check_status!(status, "could not measure a string")?;
            bytes.resize(whole + 1, 0);
            length = unsafe { read_latin1(env, value, &mut bytes)? };
        }
        bytes.truncate(length);
        Ok(Latin1(bytes))
    }
}

unsafe fn read_latin1(env: sys::napi_env, value: sys::napi_value, out: &mut [u8]) -> Result<usize> {
    let mut length = 0;
    let status = unsafe {
        sys::napi_get_value_string_latin1(
            env,
            value,
            out.as_mut_ptr().cast(),
            out.len(),
            &mut length,
        )
    };
    check_status!(status, "expected a string (one char per byte)")?;
    Ok(length)
}

impl ToNapiValue for Latin1 {
    unsafe fn to_napi_value(env: sys::napi_env, val: Self) -> Result<sys::napi_value> {
        let mut out = ptr::null_mut();
        let length = val.0.len() as isize;
        let status =
            unsafe { sys::napi_create_string_latin1(env, val.0.as_ptr().cast(), length, &mut out) };
        check_status!(status, "could not make a string")?;
        Ok(out)
    }
}

/// The memory of a typed array, for the length of one synchronous call.
pub struct View<const KIND: i32, T> {
    data: *mut T,
    length: usize,
}

/// A Uint8Array (or Buffer).
pub type Bytes = View<{ sys::TypedarrayType::uint8_array }, u8>;
/// A Float64Array.
pub type Doubles = View<{ sys::TypedarrayType::float64_array }, f64>;
/// An Int32Array.
pub type Ints = View<{ sys::TypedarrayType::int32_array }, i32>;

impl<const KIND: i32, T> View<KIND, T> {
    pub fn all(&self) -> &[T] {
        if self.length == 0 {
            &[]
        } else {
            unsafe { std::slice::from_raw_parts(self.data, self.length) }
        }
    }

    pub fn all_mut(&mut self) -> &mut [T] {
        if self.length == 0 {
            &mut []
        } else {
            unsafe { std::slice::from_raw_parts_mut(self.data, self.length) }
        }
    }

    /// `[offset..offset+length)`, or EINVAL when that is not within.
    pub fn part(&self, offset: i64, length: i64) -> ize_sys::Result<&[T]> {
        let (from, to) = self.range(offset, length)?;
        Ok(&self.all()[from..to])
    }

    pub fn part_mut(&mut self, offset: i64, length: i64) -> ize_sys::Result<&mut [T]> {
        let (from, to) = self.range(offset, length)?;
        Ok(&mut self.all_mut()[from..to])
    }

    fn range(&self, offset: i64, length: i64) -> ize_sys::Result<(usize, usize)> {
        match offset.checked_add(length) {
            Some(end) if offset >= 0 && length >= 0 && end as u64 <= self.length as u64 => {
                Ok((offset as usize, end as usize))
            }
            _ => Err(Errno(libc::EINVAL)),
        }
    }
}

impl<const KIND: i32, T> TypeName for View<KIND, T> {
    fn type_name() -> &'static str {
        "TypedArray"
    }
    fn value_type() -> ValueType {
        ValueType::Object
    }
}

impl<const KIND: i32, T> ValidateNapiValue for View<KIND, T> {}

impl<const KIND: i32, T> FromNapiValue for View<KIND, T> {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> Result<Self> {
        let (mut kind, mut length, mut data) = (0, 0, ptr::null_mut());
        let nothing = ptr::null_mut();
        let status = unsafe {
            sys::napi_get_typedarray_info(
                env,
                value,
                &mut kind,
                &mut length,
                &mut data,
                nothing,
                ptr::null_mut(),
            )
        };
        if status != sys::Status::napi_ok || kind != KIND {
            return Err(Error::new(
                Status::InvalidArg,
                "expected a typed array of the declared kind".to_owned(),
            ));
        }
        Ok(View {
            data: data.cast(),
            length,
        })
    }
}

/// Two names, or the error of the first that is none.
pub fn pair(a: Latin1, b: Latin1) -> ize_sys::Result<(ize_sys::Name, ize_sys::Name)> {
    Ok((a.name()?, b.name()?))
}

/// What a call returns when it is not a number, or -errno.
pub fn either<T, J>(result: ize_sys::Result<T>, convert: impl FnOnce(T) -> J) -> Either<J, Sys> {
    match result {
        Ok(value) => Either::A(convert(value)),
        Err(error) => Either::B(Sys::Failed(error)),
    }
}
