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

/// The library's release, `"0.1.0"`.
pub fn version() -> &'static str {
    // SAFETY: the text lives for ever and ends with a NUL.
    unsafe { std::ffi::CStr::from_ptr(sys::interplay_version()) }.to_str().unwrap_or("")
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
