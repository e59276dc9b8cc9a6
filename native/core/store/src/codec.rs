//! zstd, with contexts that are kept: making one costs more than compressing a small object.

use ize_content::{Error, Result};
use ize_sys::Errno;
use std::cell::RefCell;
use zstd::zstd_safe::{
    CCtx, CParameter, DCtx, DParameter, ResetDirective, SafeResult, compress_bound,
};

thread_local! {
    static COMPRESSOR: RefCell<CCtx<'static>> = RefCell::new(CCtx::create());
    static DECOMPRESSOR: RefCell<DCtx<'static>> = RefCell::new(DCtx::create());
}

/// Longer than any block with its prefix.
const MAX_WINDOW_LOG: u32 = 26;

/// The frame of `bytes`, as the difference to `prefix` when that is not empty.
pub(crate) fn compress(bytes: &[u8], prefix: &[u8], level: i32) -> Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|context| {
        let mut out = Vec::with_capacity(compress_bound(bytes.len()));
        let result = (|| {
            context.set_parameter(CParameter::CompressionLevel(level))?;
            context.set_parameter(CParameter::ContentSizeFlag(false))?;
            if !prefix.is_empty() {
                let window = (prefix.len() + bytes.len()).next_power_of_two().ilog2();
                context.set_parameter(CParameter::WindowLog(window.clamp(10, MAX_WINDOW_LOG)))?;
                // SAFETY: the reference ends with the reset below, before `prefix` can go away.
                context
                    .ref_prefix(unsafe { std::mem::transmute::<&[u8], &'static [u8]>(prefix) })?;
            }
            context.compress2(&mut out, bytes)
        })();
        finish(result, context.reset(ResetDirective::SessionAndParameters))?;
        Ok(out)
    })
}

/// The `plain` bytes of a frame; None when it does not hold exactly so many.
pub(crate) fn decompress(frame: &[u8], prefix: &[u8], plain: usize) -> Result<Option<Vec<u8>>> {
    DECOMPRESSOR.with_borrow_mut(|context| {
        let mut out = Vec::with_capacity(plain);
        let result = (|| {
            context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG))?;
            if !prefix.is_empty() {
                // SAFETY: as above.
                context
                    .ref_prefix(unsafe { std::mem::transmute::<&[u8], &'static [u8]>(prefix) })?;
            }
            context.decompress(&mut out, frame)
        })();
        let reset = context.reset(ResetDirective::SessionAndParameters);
        finish(Ok(0), reset)?;
        Ok((result.is_ok() && out.len() == plain).then_some(out))
    })
}

fn finish(result: SafeResult, reset: SafeResult) -> Result<()> {
    match result.and(reset) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::System(Errno(libc::ENOMEM), "compressing objects")),
    }
}
