//! What can go wrong, as one sentence and a stable code.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The stable codes the caller tells failures apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The repository could not be opened or created.
    Open,
    /// Pijul refused or failed; nothing was recorded.
    Pijul,
    /// The disk is full; nothing was recorded.
    NoSpace,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Open => "EPIJUL_OPEN",
            Code::Pijul => "EPIJUL",
            Code::NoSpace => "ENOSPC",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Error {
    pub code: Code,
    pub message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn pijul(message: impl Into<String>) -> Self {
        Error {
            code: Code::Pijul,
            message: message.into(),
        }
    }

    /// Gives the same failure the code of a failed open, unless the disk is full.
    pub fn while_opening(self) -> Self {
        let code = if self.code == Code::NoSpace {
            Code::NoSpace
        } else {
            Code::Open
        };
        Error { code, ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.message)
    }
}

impl std::error::Error for Error {}

/// Adds what was being done to a failure of the Pijul library or of the system.
pub trait Context<T> {
    fn context(self, what: &str) -> Result<T>;
}

impl<T, E: fmt::Debug> Context<T> for std::result::Result<T, E> {
    fn context(self, what: &str) -> Result<T> {
        self.map_err(|cause| {
            let cause = format!("{cause:?}");
            Error {
                code: code_of(&cause),
                message: format!("{what} failed: {cause}"),
            }
        })
    }
}

/// Pijul's error types wrap an io::Error at several depths, and not all expose it as a source: their
/// debug text is where it surely shows.
fn code_of(cause: &str) -> Code {
    let full = ["StorageFull", "QuotaExceeded", "code: 28,"]
        .iter()
        .any(|sign| cause.contains(sign));
    if full { Code::NoSpace } else { Code::Pijul }
}

/// Runs `work`; a panic in it, by which Pijul reports what it finds impossible, is an error.
pub fn guarded<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no reason given");
        Err(Error {
            code: code_of(why),
            message: format!("Pijul stopped in the middle: {why}"),
        })
    })
}
