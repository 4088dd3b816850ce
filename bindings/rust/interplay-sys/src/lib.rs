//! The C ABI of libinterplay: what `interplay.h` declares, one to one, as bindgen writes it. The header is the documentation;
//! the crate `interplay` is the safe way to use it.
#![allow(non_camel_case_types, missing_docs)]
#![no_std]

mod bindings;
pub use bindings::*;
