//! Interactions, and features of users and items.
use std::ptr::NonNull;

use interplay_sys as sys;
use serde::Serialize;

use crate::error::{check, made, Error, Result, Status};
use crate::table::Table;
use crate::text::{document, name, Json};

/// What a model learns from: interactions, and, where there are any, features of users and items. Append to it, seal it; from
/// there on threads may share it.
///
/// ```
/// use interplay::{Column, Dataset, Table};
/// use serde_json::json;
///
/// let mut data = Dataset::new(json!({"user": "user_id", "item": "movie_id", "label": "rating"}))?;
/// data.append("interactions", &Table::of([
///     ("user_id", Column::of([1i64, 1, 2])),
///     ("movie_id", Column::of([10i64, 20, 10])),
///     ("rating", Column::of([5f32, 1.0, 4.0])),
/// ])?)?;
/// data.append("items", &Table::of([
///     ("movie_id", Column::of([10i64, 20])),
///     ("genres", Column::lists([Some(vec!["Drama", "War"]), Some(vec![])])),
/// ])?)?;
/// data.seal()?;
/// assert_eq!(data.info()?["rows"], 3);
/// # Ok::<(), interplay::Error>(())
/// ```
pub struct Dataset(pub(crate) NonNull<sys::interplay_dataset>);

// SAFETY: handles may move between threads.
unsafe impl Send for Dataset {}
// SAFETY: `&self` calls only what takes a const dataset; appending and sealing need `&mut self`.
unsafe impl Sync for Dataset {}

impl Drop for Dataset {
    fn drop(&mut self) {
        // SAFETY: ours, and the last use.
        unsafe { sys::interplay_dataset_free(self.0.as_ptr()) }
    }
}

impl Dataset {
    /// An empty dataset. `schema` names the columns with a role: `{"user", "item", "label", "weight", "time", "group"}`, and more
    /// keys that `interplay.h` lists; any serde value will do.
    pub fn new(schema: impl Serialize) -> Result<Self> {
        let schema = Json::of(schema)?;
        // SAFETY: a live text and live out pointers.
        made(|out, error| unsafe { sys::interplay_dataset_new(schema.as_ptr(), out, error) }).map(Dataset)
    }

    /// Appends to a part: `"interactions"`, `"users"` or `"items"`; as often as there are chunks. On failure the dataset is as it
    /// was before.
    pub fn append(&mut self, part: &str, table: &Table) -> Result<()> {
        let part = name(part)?;
        // SAFETY: live handles, a live text, and nobody else uses the dataset.
        check(|error| unsafe { sys::interplay_dataset_append(self.0.as_ptr(), part.as_ptr(), table.0.as_ptr(), error) })
    }

    /// No more appends. Sealing twice is fine.
    pub fn seal(&mut self) -> Result<()> {
        // SAFETY: a live handle, and nobody else uses it.
        check(|error| unsafe { sys::interplay_dataset_seal(self.0.as_ptr(), error) })
    }

    /// Divides the interactions in two: `{"method": "random" | "last" | "time" | "users", "fraction": 0.2, "seed": 1}`, where
    /// `fraction` is the share of the second. Both are sealed and share the features.
    pub fn split(&self, options: impl Serialize) -> Result<(Dataset, Dataset)> {
        let options = Json::of(options)?;
        let mut second = std::ptr::null_mut();
        // SAFETY: a live handle, a live text and live out pointers.
        let first = made(|out, error| unsafe {
            sys::interplay_dataset_split(self.0.as_ptr(), options.as_ptr(), out, &mut second, error)
        });
        let first = first.map(Dataset)?;
        let second =
            NonNull::new(second).ok_or_else(|| Error::new(Status::Internal, "expected two parts of a split, found one"))?;
        Ok((first, Dataset(second)))
    }

    /// Rows, users, items, the label's range, fields and warnings, as JSON.
    pub fn info(&self) -> Result<serde_json::Value> {
        // SAFETY: a live handle and live out pointers.
        document(|out, error| unsafe { sys::interplay_dataset_info(self.0.as_ptr(), out, error) })
    }
}
