//! What crosses the border as text: names, JSON in, JSON and bytes out.
use std::ffi::{c_char, CStr, CString};
use std::ops::Deref;
use std::path::Path;
use std::ptr::{self, NonNull};

use interplay_sys as sys;
use serde::de::DeserializeOwned;
use serde::Serialize;

use crate::error::{made, Error, Result, Status};

/// Bytes that the library has made, a dumped model for one; read them as a slice. Freed with the value.
pub struct Bytes(NonNull<sys::interplay_text>);

// SAFETY: immutable, and handles may move between threads.
unsafe impl Send for Bytes {}
// SAFETY: as above; every function on it takes a const handle.
unsafe impl Sync for Bytes {}

impl Bytes {
    pub(crate) fn made(
        call: impl FnOnce(*mut *mut sys::interplay_text, *mut *mut sys::interplay_error) -> sys::interplay_status,
    ) -> Result<Self> {
        made(call).map(Bytes)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the bytes live as long as the text, and there are `size` of them.
        unsafe { slice(sys::interplay_text_data(self.0.as_ptr()).cast(), sys::interplay_text_size(self.0.as_ptr())) }
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // SAFETY: ours, and the last use.
        unsafe { sys::interplay_text_free(self.0.as_ptr()) }
    }
}

/// A slice of what C hands out, where nothing may be a null pointer.
///
/// # Safety
/// Null only with `n` 0; otherwise `n` values that live and stay as they are for `'a`.
pub(crate) unsafe fn slice<'a, T>(data: *const T, n: usize) -> &'a [T] {
    if data.is_null() || n == 0 {
        return &[];
    }
    // SAFETY: promised by the caller.
    unsafe { std::slice::from_raw_parts(data, n) }
}

/// Runs a call that gives JSON, and reads it.
pub(crate) fn document<T: DeserializeOwned>(
    call: impl FnOnce(*mut *mut sys::interplay_text, *mut *mut sys::interplay_error) -> sys::interplay_status,
) -> Result<T> {
    let text = Bytes::made(call)?;
    serde_json::from_slice(&text)
        .map_err(|error| Error::new(Status::Corrupt, format!("expected another JSON document from the library: {error}")))
}

/// A name for C.
pub(crate) fn name(text: &str) -> Result<CString> {
    CString::new(text)
        .map_err(|_| Error::new(Status::InvalidArgument, format!("expected a text without a NUL, found {text:?}; remove it")))
}

/// A path for C, which takes UTF-8.
pub(crate) fn path(path: &Path) -> Result<CString> {
    let text = path.to_str().ok_or_else(|| {
        Error::new(Status::InvalidArgument, format!("expected a path in UTF-8, found {}; rename the file", path.display()))
    })?;
    name(text)
}

/// An argument in JSON. What serialises to null, `()` and `None` do, is NULL for C: the defaults.
pub(crate) struct Json(Option<CString>);

impl Json {
    pub(crate) fn of(options: impl Serialize) -> Result<Self> {
        let text = serde_json::to_string(&options).map_err(|error| {
            Error::new(Status::InvalidArgument, format!("expected what serde can write as JSON, found: {error}"))
        })?;
        Ok(Json(if text == "null" { None } else { Some(name(&text)?) }))
    }

    pub(crate) fn as_ptr(&self) -> *const c_char {
        self.0.as_deref().map_or(ptr::null(), CStr::as_ptr)
    }
}

/// The pointer of an optional handle.
pub(crate) fn or_null<T>(handle: Option<NonNull<T>>) -> *mut T {
    handle.map_or(ptr::null_mut(), NonNull::as_ptr)
}
