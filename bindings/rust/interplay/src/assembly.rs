//! A model from tensors that were trained elsewhere.
use std::ptr::NonNull;

use interplay_sys as sys;
use serde::Serialize;

use crate::error::{check, made, Error, Result, Status};
use crate::model::Model;
use crate::table::{Number, Table};
use crate::text::{name, Json};

/// A model in the making: describe the fields, hand over their values and the tensors, finish. After a failure it stays as it
/// was: mend it, and finish again. Names and shapes of the tensors are the engine's.
pub struct Assembly(NonNull<sys::interplay_assembly>);

// SAFETY: handles may move between threads.
unsafe impl Send for Assembly {}
// SAFETY: `finish` takes a const assembly; what adds needs `&mut self`.
unsafe impl Sync for Assembly {}

impl Drop for Assembly {
    fn drop(&mut self) {
        // SAFETY: ours, and the last use.
        unsafe { sys::interplay_assembly_free(self.0.as_ptr()) }
    }
}

impl Assembly {
    /// Begins. `description` has `schema`, `fields` in the order of the tensors, and `objective`: see `interplay_assembly_new` in
    /// `interplay.h`.
    pub fn new(engine: &str, parameters: impl Serialize, description: impl Serialize) -> Result<Self> {
        let (engine, parameters, description) = (name(engine)?, Json::of(parameters)?, Json::of(description)?);
        let (engine, parameters, description) = (engine.as_ptr(), parameters.as_ptr(), description.as_ptr());
        // SAFETY: live texts and live out pointers.
        made(|out, error| unsafe { sys::interplay_assembly_new(engine, parameters, description, out, error) }).map(Assembly)
    }

    /// The values of a category field, once for each, in the column `value`: row i has id i + 1.
    pub fn add_values(&mut self, field: &str, values: &Table) -> Result<()> {
        let field = name(field)?;
        // SAFETY: live handles, a live text, and nobody else uses the assembly.
        check(|error| unsafe { sys::interplay_assembly_add_values(self.0.as_ptr(), field.as_ptr(), values.0.as_ptr(), error) })
    }

    /// A tensor, row-major, copied; `shape` has up to four lengths, whose product is the length of `data`.
    pub fn add_tensor<T: Number>(&mut self, tensor: &str, data: &[T], shape: &[usize]) -> Result<()> {
        let tensor_name = name(tensor)?;
        if shape.iter().try_fold(1usize, |product, length| product.checked_mul(*length)) != Some(data.len()) {
            let text = format!("tensor {tensor:?}: expected as many numbers as the shape {shape:?} has, found {}", data.len());
            return Err(Error::new(Status::BadData, text));
        }
        let shape: Vec<i64> = shape.iter().map(|length| *length as i64).collect();
        let (values, rank) = (data.as_ptr().cast(), shape.len() as i32);
        // SAFETY: the data have as many numbers of T's type as the shape says, and nobody else uses the assembly.
        check(|error| unsafe {
            let handle = self.0.as_ptr();
            sys::interplay_assembly_add_tensor(handle, tensor_name.as_ptr(), T::TYPE as i32, values, rank, shape.as_ptr(), error)
        })
    }

    /// The fitted model.
    pub fn finish(&self) -> Result<Model> {
        // SAFETY: a live handle and live out pointers.
        Model::made(|out, error| unsafe { sys::interplay_assembly_finish(self.0.as_ptr(), out, error) })
    }
}
