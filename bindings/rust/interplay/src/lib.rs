#![doc = include_str!("../README.md")]

mod assembly;
mod column;
mod dataset;
mod engines;
mod error;
mod fit;
mod model;
mod monitor;
mod parameters;
#[cfg(doctest)]
mod promises;
#[cfg(feature = "arrow")]
mod record_batch;
mod scorer;
mod table;
mod text;

pub use assembly::Assembly;
pub use column::{Column, Type, Value};
pub use dataset::Dataset;
pub use engines::{AutoInt, Fm, Popularity};
pub use error::{Error, Result, Status};
pub use fit::Fit;
pub use model::{file_info, Model};
pub use monitor::{Event, Monitor};
pub use scorer::{Cell, CellType, Id, Item, Scorer};
pub use table::{Number, Table};
pub use text::Bytes;

use interplay_sys as sys;
use std::ffi::CStr;
use std::path::Path;
use std::ptr;

/// The library's release, `"0.1.0"`.
pub fn version() -> &'static str {
    // SAFETY: the text lives for ever and ends with a NUL.
    unsafe { CStr::from_ptr(sys::interplay_version()) }.to_str().unwrap_or("")
}

/// The library's ABI, major and minor. Within a major, functions are added, never changed or removed.
pub fn abi_version() -> (u16, u16) {
    // SAFETY: takes nothing.
    let version = unsafe { sys::interplay_abi_version() };
    ((version >> 16) as u16, version as u16)
}

/// The engines there are: `[{"name", "version", "summary"}, ...]`.
pub fn engines() -> Result<serde_json::Value> {
    // SAFETY: live out pointers.
    text::document(|out, error| unsafe { sys::interplay_engine_list(out, error) })
}

/// One engine: `{"name", "version", "summary", "parameters": a JSON Schema}`.
pub fn engine(name: &str) -> Result<serde_json::Value> {
    let name = text::name(name)?;
    // SAFETY: a live text and live out pointers.
    text::document(|out, error| unsafe { sys::interplay_engine_info(name.as_ptr(), out, error) })
}

/// Loads an engine from a shared library (a plug-in), which then stays; its name for [`Model::create`]. The path is absolute; the
/// same file again changes nothing. Fails with [`Status::InvalidArgument`] (a relative path, a name that is taken),
/// [`Status::NotFound`] (no such file), [`Status::Incompatible`] (it is no engine for this library).
///
/// # Safety
/// The plug-in's code runs in this process with all its rights, from now on: it keeps the contract of `engine.h`, which nobody can
/// check. Load what you trust.
pub unsafe fn load_engine(path: impl AsRef<Path>) -> Result<String> {
    let path = text::path(path.as_ref())?;
    let mut name = ptr::null();
    // SAFETY: a live text and live out pointers; the code in the file is the caller's promise.
    error::check(|error| unsafe { sys::interplay_engine_load(path.as_ptr(), &mut name, error) })?;
    // SAFETY: the name lives for ever and ends with a NUL.
    Ok(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}
