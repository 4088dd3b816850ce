//! Why a call failed: a status, the library's sentence, and a document for programs.
use std::ffi::{c_char, CStr};
use std::fmt;
use std::ptr::{self, NonNull};

use interplay_sys as sys;

/// The result of every call that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// The kind of a failure. The numbers are those of the C ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(i32)]
pub enum Status {
    /// The call is wrong: an unknown key, a value out of range.
    InvalidArgument = sys::INTERPLAY_INVALID_ARGUMENT,
    /// Predict before fit, append after seal.
    InvalidState = sys::INTERPLAY_INVALID_STATE,
    /// The content of a table: lengths, a NaN label, an id of the wrong type.
    BadData = sys::INTERPLAY_BAD_DATA,
    /// An engine, a column or a file that is not there.
    NotFound = sys::INTERPLAY_NOT_FOUND,
    /// Sensible, but this engine, model or build does not do it.
    Unsupported = sys::INTERPLAY_UNSUPPORTED,
    /// A model file or document is damaged.
    Corrupt = sys::INTERPLAY_CORRUPT,
    /// A model file of another version.
    Incompatible = sys::INTERPLAY_INCOMPATIBLE,
    /// The operating system refused.
    Io = sys::INTERPLAY_IO,
    /// Out of memory.
    NoMemory = sys::INTERPLAY_NO_MEMORY,
    /// A monitor or its callback asked to stop.
    Cancelled = sys::INTERPLAY_CANCELLED,
    /// A defect of the library: please report it.
    Internal = sys::INTERPLAY_INTERNAL,
}

impl Status {
    /// Every status, in the order of their numbers.
    pub const ALL: [Status; 11] = [
        Status::InvalidArgument,
        Status::InvalidState,
        Status::BadData,
        Status::NotFound,
        Status::Unsupported,
        Status::Corrupt,
        Status::Incompatible,
        Status::Io,
        Status::NoMemory,
        Status::Cancelled,
        Status::Internal,
    ];
}

/// From the C ABI's number. One that this release does not know counts as [`Status::Internal`].
impl From<i32> for Status {
    fn from(number: i32) -> Self {
        Self::ALL.into_iter().find(|status| *status as i32 == number).unwrap_or(Status::Internal)
    }
}

/// A failed call. `Display` is the library's message: what was expected, what was found, where, what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    status: Status,
    message: String,
    detail: serde_json::Value,
}

impl Error {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Error { status, message: message.into(), detail: serde_json::json!({}) }
    }

    /// The kind, to match on.
    pub fn status(&self) -> Status {
        self.status
    }

    /// One or two sentences for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// An object for programs; may have `key`, `accepted`, `nearest`, `column`, `row`, `path`.
    pub fn detail(&self) -> &serde_json::Value {
        &self.detail
    }

    /// Takes the error object of a call that failed, and frees it. It may be null: out of memory leaves none.
    fn taken(status: sys::interplay_status, error: *mut sys::interplay_error) -> Self {
        // SAFETY: null or an error of ours, whose texts live until it is freed; each function takes null.
        let (message, detail) = unsafe { (text(sys::interplay_error_message(error)), text(sys::interplay_error_detail(error))) };
        // SAFETY: as above, and nothing refers to it any more.
        unsafe { sys::interplay_error_free(error) };
        let detail = serde_json::from_str(&detail).unwrap_or_else(|_| serde_json::json!({}));
        Error { status: status.into(), message, detail }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// # Safety
/// `data` is null or ends with a NUL.
unsafe fn text(data: *const c_char) -> String {
    if data.is_null() {
        return String::new();
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(data) }.to_string_lossy().into_owned()
}

/// Runs a call that only succeeds or fails.
pub(crate) fn check(call: impl FnOnce(*mut *mut sys::interplay_error) -> sys::interplay_status) -> Result<()> {
    let mut error = ptr::null_mut();
    match call(&mut error) {
        status if status == sys::INTERPLAY_OK => Ok(()),
        status => Err(Error::taken(status, error)),
    }
}

/// Runs a call that writes the best `k` and how many they are. A `k` beyond what there is must not take the memory of `k`.
pub(crate) fn ranked(
    k: usize,
    mut call: impl FnMut(usize, *mut i64, *mut f32, &mut usize) -> Result<()>,
) -> Result<Vec<(i64, f32)>> {
    let mut room = k.min(4096);
    loop {
        let (mut ids, mut scores, mut n) = (vec![0; room], vec![0.0; room], 0);
        call(room, ids.as_mut_ptr(), scores.as_mut_ptr(), &mut n)?;
        if n < room || room == k {
            ids.truncate(n);
            return Ok(ids.into_iter().zip(scores).collect());
        }
        room = room.saturating_mul(16).min(k);
    }
}

/// Runs a call that makes a handle.
pub(crate) fn made<T>(
    call: impl FnOnce(*mut *mut T, *mut *mut sys::interplay_error) -> sys::interplay_status,
) -> Result<NonNull<T>> {
    let mut out = ptr::null_mut();
    check(|error| call(&mut out, error))?;
    NonNull::new(out).ok_or_else(|| Error::new(Status::Internal, "expected a handle from a call that succeeded, found null"))
}
