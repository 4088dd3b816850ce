//! What this engine uses of include/interplay/engine.h, word for word in Rust. Order and types are the contract: members that
//! are not used stand here as `Unused`.
#![allow(dead_code)]

use std::ffi::{c_char, c_void};

pub type Status = i32;
pub const OK: Status = 0;
pub const CORRUPT: Status = 6;
pub const INTERNAL: Status = 11;

pub const ENGINE_ABI: u32 = 1;
pub const OF_USER: i32 = 1;
pub const OF_ITEM: i32 = 2;
pub const REGRESSION: i32 = 3;
pub const FLOAT32: i32 = 3;
pub const FLOAT64: i32 = 4;

/// Somebody else's: only ever behind a pointer.
#[repr(C)]
pub struct Opaque {
    _private: [u8; 0],
}
pub type ErrorOut = *mut *mut Opaque;
pub type Unused = *const c_void;

#[repr(C)]
pub struct Field {
    pub name: *const c_char,
    pub kind: i32,
    pub of: i32,
    pub cardinality: i32,
    pub is_id: i32,
}

#[repr(C)]
pub struct Values {
    pub rows: i64,
    pub ids: *const i32,
    pub numbers: *const f32,
    pub offsets: *const i32,
}

#[repr(C)]
pub struct Batch {
    pub struct_size: u32,
    pub n_fields: u32,
    pub rows: i64,
    pub fields: *const Values,
    pub labels: *const f32,
    pub weights: *const f32,
    pub users: *const i32,
    pub items: *const i32,
}

#[repr(C)]
#[derive(Default)]
pub struct Objective {
    pub kind: i32,
    pub reserved: i32,
    pub low: f64,
    pub high: f64,
    pub mean: f64,
}

#[repr(C)]
pub struct Tensor {
    pub data: *const c_void,
    pub dtype: i32,
    pub rank: i32,
    pub shape: [i64; 4],
}

#[repr(C)]
pub struct Event {
    pub struct_size: u32,
    pub epoch_end: i32,
    pub epoch: i64,
    pub epochs: i64,
    pub rows: i64,
    pub rows_total: i64,
    pub loss: f64,
    pub valid_loss: f64,
    pub valid_metric: f64,
    pub best_epoch: i64,
}

#[repr(C)]
pub struct Host {
    pub struct_size: u32,
    pub abi: u32,
    pub fail: extern "C" fn(ErrorOut, Status, *const c_char, *const c_char) -> Status,
    pub param_int: Unused,
    pub param_number: extern "C" fn(*const Opaque, *const c_char) -> f64,
    pub param_text: Unused,
    pub param_bool: Unused,
    pub param_list: Unused,
    pub view_rows: extern "C" fn(*const Opaque) -> i64,
    pub view_fields: extern "C" fn(*const Opaque, *mut *const Field) -> u32,
    pub view_objective: extern "C" fn(*const Opaque, *mut Objective),
    pub batch_new: extern "C" fn(*const Opaque, i64, *mut *mut Batch, ErrorOut) -> Status,
    pub batch_fill: extern "C" fn(*mut Batch, *const i64, i64, u64, ErrorOut) -> Status,
    pub batch_free: extern "C" fn(*mut Batch),
    pub workers: Unused,
    pub parallel: Unused,
    pub report: extern "C" fn(*mut Opaque, *const Event) -> Status,
    pub note: Unused,
    pub warn: Unused,
    pub put: extern "C" fn(*mut Opaque, *const c_char, *const Tensor, ErrorOut) -> Status,
    pub wants_optimizer: Unused,
    pub get: extern "C" fn(*mut Opaque, *const c_char, *mut Tensor, ErrorOut) -> Status,
}

/// The required members; the optional ones lie beyond struct_size.
#[repr(C)]
pub struct Engine {
    pub struct_size: u32,
    pub abi: u32,
    pub flags: u32,
    pub reserved: u32,
    pub name: *const c_char,
    pub version: *const c_char,
    pub summary: *const c_char,
    pub params_schema: *const c_char,
    pub fit: extern "C" fn(
        *mut Opaque,
        *const Opaque,
        *const Opaque,
        *const Opaque,
        *const c_void,
        *mut *mut c_void,
        ErrorOut,
    ) -> Status,
    pub score: extern "C" fn(*const c_void, *mut c_void, *const Batch, *mut f32, ErrorOut) -> Status,
    pub save: extern "C" fn(*const c_void, *mut Opaque, ErrorOut) -> Status,
    pub load: extern "C" fn(*mut Opaque, *const Opaque, *const Field, u32, *mut *mut c_void, ErrorOut) -> Status,
    pub destroy: extern "C" fn(*mut c_void),
}
// Both are only constants and functions.
unsafe impl Sync for Host {}
unsafe impl Sync for Engine {}
