//! The model: immutable, shared, and every verb there is.
use std::path::Path;
use std::ptr::{self, NonNull};

use interplay_sys as sys;
use serde::Serialize;
use serde_json::Value;

use crate::dataset::Dataset;
use crate::error::{check, made, ranked, Error, Result, Status};
use crate::fit::Fit;
use crate::monitor::{watched, Monitor};
use crate::scorer::Scorer;
use crate::table::Table;
use crate::text::{self, document, name, or_null, slice, Bytes, Json};

/// A model: created, and then fitted. It never changes, so any number of threads may use one; `fit` and `update` return another.
/// A clone is one more reference to the same.
///
/// Options are any serde value: `json!({"k": 10})`, a struct of yours, or `()` for the defaults. An unknown key is an error that
/// names the accepted ones.
pub struct Model(NonNull<sys::interplay_model>);

// SAFETY: handles may move between threads.
unsafe impl Send for Model {}
// SAFETY: immutable; every function takes a const model.
unsafe impl Sync for Model {}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: our reference, and its last use.
        unsafe { sys::interplay_model_free(self.0.as_ptr()) }
    }
}

impl Clone for Model {
    fn clone(&self) -> Self {
        // SAFETY: a live handle; retain gives null for null alone.
        Model(NonNull::new(unsafe { sys::interplay_model_retain(self.0.as_ptr()) }).expect("retain gives a reference"))
    }
}

/// Making.
impl Model {
    /// A model that knows its engine and parameters and has learned nothing yet. The structs [`AutoInt`](crate::AutoInt),
    /// [`Fm`](crate::Fm) and [`Popularity`](crate::Popularity) do the same with typed parameters.
    pub fn create(engine: &str, parameters: impl Serialize) -> Result<Self> {
        let (engine, parameters) = (name(engine)?, Json::of(parameters)?);
        // SAFETY: live handles and texts, and live out pointers.
        Self::made(|out, error| unsafe { sys::interplay_model_create(engine.as_ptr(), parameters.as_ptr(), out, error) })
    }

    /// Create and fit in one call, from pairs of ids. Without labels every pair is a positive one, and unseen items are drawn as
    /// negatives.
    pub fn fit_pairs(
        engine: &str,
        parameters: impl Serialize,
        users: &[i64],
        items: &[i64],
        labels: Option<&[f32]>,
    ) -> Result<Self> {
        same_length("items", users.len(), items.len())?;
        same_length("labels", users.len(), labels.map_or(users.len(), <[f32]>::len))?;
        let (engine, parameters) = (name(engine)?, Json::of(parameters)?);
        let labels = labels.map_or(ptr::null(), <[f32]>::as_ptr);
        let (n, users, items) = (users.len(), users.as_ptr(), items.as_ptr());
        // SAFETY: a live handle or texts, arrays of the lengths that go with them, live out pointers.
        Self::made(|out, error| unsafe {
            sys::interplay_fit_pairs(engine.as_ptr(), parameters.as_ptr(), n, users, items, labels, out, error)
        })
    }

    /// Reads a model from a file: `{"mmap": false, "prefault": false, "verify": true, "max_bytes": 0}`. A file from anywhere may be
    /// tried. `prefault` reads all of a mapped file at once, not when it is used.
    pub fn load(path: impl AsRef<Path>, options: impl Serialize) -> Result<Self> {
        let (path, options) = (text::path(path.as_ref())?, Json::of(options)?);
        // SAFETY: live handles and texts, and live out pointers.
        Self::made(|out, error| unsafe { sys::interplay_model_load(path.as_ptr(), options.as_ptr(), out, error) })
    }

    /// A model from the bytes of a file.
    pub fn from_bytes(bytes: &[u8], options: impl Serialize) -> Result<Self> {
        let options = Json::of(options)?;
        // SAFETY: a live handle or texts, arrays of the lengths that go with them, live out pointers.
        Self::made(|out, error| unsafe {
            sys::interplay_model_parse(bytes.as_ptr().cast(), bytes.len(), options.as_ptr(), out, error)
        })
    }

    /// Begins a fit on a sealed dataset: set what it takes, then [`run`](Fit::run).
    pub fn fit<'a>(&'a self, train: &'a Dataset) -> Fit<'a> {
        Fit::new(self, train)
    }

    /// The catalogue changes, the weights do not. `part` is `"users"`, `"items"` or `"seen"`; `{"action": "upsert" | "replace" |
    /// "remove"}`.
    pub fn update(&self, part: &str, table: &Table, options: impl Serialize) -> Result<Self> {
        let (part, options) = (name(part)?, Json::of(options)?);
        // SAFETY: live handles and texts, and live out pointers.
        Self::made(|out, error| unsafe {
            sys::interplay_model_update(self.as_ptr(), part.as_ptr(), table.0.as_ptr(), options.as_ptr(), out, error)
        })
    }

    pub(crate) fn made(
        call: impl FnOnce(*mut *mut sys::interplay_model, *mut *mut sys::interplay_error) -> sys::interplay_status,
    ) -> Result<Self> {
        made(call).map(Model)
    }

    pub(crate) fn as_ptr(&self) -> *const sys::interplay_model {
        self.0.as_ptr()
    }
}

/// Using.
impl Model {
    /// The score of one pair, in the label's unit or as a probability. [`Scorer`] is the faster way for many, one by one.
    pub fn predict_pair(&self, user: i64, item: i64) -> Result<f32> {
        let mut score = 0.0;
        // SAFETY: a live handle or texts, arrays of the lengths that go with them, live out pointers.
        check(|error| unsafe { sys::interplay_predict_pairs(self.as_ptr(), 1, &user, &item, &mut score, error) })?;
        Ok(score)
    }

    /// The scores of pairs. An id that the model does not know scores through the unknown value.
    pub fn predict_pairs(&self, users: &[i64], items: &[i64]) -> Result<Vec<f32>> {
        same_length("items", users.len(), items.len())?;
        let mut scores = vec![0.0; users.len()];
        let (n, users, items) = (users.len(), users.as_ptr(), items.as_ptr());
        // SAFETY: a live handle or texts, arrays of the lengths that go with them, live out pointers.
        check(|error| unsafe { sys::interplay_predict_pairs(self.as_ptr(), n, users, items, scores.as_mut_ptr(), error) })?;
        Ok(scores)
    }

    /// The best items that the user has not seen, with their scores, best first; fewer than `k` where there are no more.
    pub fn recommend_user(&self, user: i64, k: usize) -> Result<Vec<(i64, f32)>> {
        ranked(k, |room, items, scores, n| {
            // SAFETY: a live handle or texts, arrays of the lengths that go with them, live out pointers.
            check(|error| unsafe { sys::interplay_recommend_user(self.as_ptr(), user, room, items, scores, n, error) })
        })
    }

    /// Scores rows: `{"threads": 1, "output": "score" | "logit"}`. The result has one f32 column of the output's name. A column
    /// that `rows` has wins over the catalogue.
    pub fn predict(&self, rows: &Table, options: impl Serialize) -> Result<Table> {
        let options = Json::of(options)?;
        let (rows, options) = (rows.0.as_ptr(), options.as_ptr());
        // SAFETY: live handles and texts, and live out pointers.
        made(|out, error| unsafe { sys::interplay_model_predict(self.as_ptr(), rows, options, out, error) }).map(Table)
    }

    /// The best items for each row of `users`: `{"k": 10, "exclude_seen": true, "exclude": "a list column", "threads": 1}`, from
    /// the catalogue or from `candidates`. The result has the columns `row`, the item's, `score` and `rank`.
    pub fn recommend(&self, users: &Table, candidates: Option<&Table>, options: impl Serialize) -> Result<Table> {
        self.recommend_watched(users, candidates, options, None)
    }

    /// As [`recommend`](Self::recommend), with a monitor.
    pub fn recommend_watched(
        &self,
        users: &Table,
        candidates: Option<&Table>,
        options: impl Serialize,
        monitor: Option<&Monitor<'_>>,
    ) -> Result<Table> {
        let options = Json::of(options)?;
        let candidates = or_null(candidates.map(|table| table.0));
        let (users, options) = (users.0.as_ptr(), options.as_ptr());
        watched(monitor, |watch| {
            // SAFETY: live handles and texts, and live out pointers.
            made(|out, error| unsafe {
                sys::interplay_model_recommend(self.as_ptr(), users, candidates, options, watch, out, error)
            })
        })
        .map(Table)
    }

    /// Metrics on a sealed dataset, as JSON: `{"k": 10, "relevant": 4, "threads": 1}`; `interplay.h` explains each.
    pub fn evaluate(&self, dataset: &Dataset, options: impl Serialize) -> Result<Value> {
        self.evaluate_watched(dataset, options, None)
    }

    /// As [`evaluate`](Self::evaluate), with a monitor.
    pub fn evaluate_watched(&self, dataset: &Dataset, options: impl Serialize, monitor: Option<&Monitor<'_>>) -> Result<Value> {
        let options = Json::of(options)?;
        let (dataset, options) = (dataset.0.as_ptr(), options.as_ptr());
        watched(monitor, |watch| {
            // SAFETY: live handles and texts, and live out pointers.
            document(|out, error| unsafe { sys::interplay_model_evaluate(self.as_ptr(), dataset, options, watch, out, error) })
        })
    }

    /// What made the scores of some rows, as JSON: `{"what": ["attention", "fields", "pairs"], "per_row": false, "top": 20}`.
    pub fn explain(&self, rows: &Table, options: impl Serialize) -> Result<Value> {
        self.explain_watched(rows, options, None)
    }

    /// As [`explain`](Self::explain), with a monitor.
    pub fn explain_watched(&self, rows: &Table, options: impl Serialize, monitor: Option<&Monitor<'_>>) -> Result<Value> {
        let options = Json::of(options)?;
        let (rows, options) = (rows.0.as_ptr(), options.as_ptr());
        watched(monitor, |watch| {
            // SAFETY: live handles and texts, and live out pointers.
            document(|out, error| unsafe { sys::interplay_model_explain(self.as_ptr(), rows, options, watch, out, error) })
        })
    }

    /// One thread's scratch to score row after row: see [`Scorer::open`].
    pub fn scorer(&self, shared: &[&str], row: &[&str], options: impl Serialize) -> Result<Scorer> {
        Scorer::open(self, shared, row, options)
    }
}

/// Keeping and knowing.
impl Model {
    /// Writes a file, whole or not at all: `{"seen": true, "optimizer": false, "tables": "float32" | "bfloat16" | "int8"}`.
    /// `seen: false` leaves out what users have seen, which is personal data. `tables` keeps embeddings in 4, 2 or 1 bytes a number,
    /// also in a model that is read from the file; by default as they are.
    pub fn save(&self, path: impl AsRef<Path>, options: impl Serialize) -> Result<()> {
        let (path, options) = (text::path(path.as_ref())?, Json::of(options)?);
        // SAFETY: live handles and texts, and live out pointers.
        check(|error| unsafe { sys::interplay_model_save(self.as_ptr(), path.as_ptr(), options.as_ptr(), error) })
    }

    /// The bytes that [`save`](Self::save) would write.
    pub fn to_bytes(&self, options: impl Serialize) -> Result<Bytes> {
        let options = Json::of(options)?;
        // SAFETY: live handles and texts, and live out pointers.
        Bytes::made(|out, error| unsafe { sys::interplay_model_dump(self.as_ptr(), options.as_ptr(), out, error) })
    }

    /// Engine, parameters, schema, fields, catalogue, training, warnings, as JSON.
    pub fn info(&self) -> Result<Value> {
        // SAFETY: live handles and texts, and live out pointers.
        document(|out, error| unsafe { sys::interplay_model_info(self.as_ptr(), out, error) })
    }

    /// What was learned: `[{"name", "type", "shape"}, ...]`.
    pub fn tensors(&self) -> Result<Value> {
        // SAFETY: live handles and texts, and live out pointers.
        document(|out, error| unsafe { sys::interplay_model_tensors(self.as_ptr(), out, error) })
    }

    /// The numbers of a tensor of type float32, row-major. For other types see [`tensor_bytes`](Self::tensor_bytes).
    pub fn tensor(&self, tensor: &str) -> Result<Vec<f32>> {
        let listed = self.tensors()?;
        let found = listed.as_array().into_iter().flatten().find(|line| line["name"] == tensor);
        match found.and_then(|line| line["type"].as_str()) {
            None | Some("float32") => {}
            Some(other) => {
                let text = format!("tensor {tensor:?}: expected float32, found {other}; take its bytes by tensor_bytes");
                return Err(Error::new(Status::InvalidArgument, text));
            }
        }
        let bytes = self.tensor_bytes(tensor)?;
        // SAFETY: the library aligns them for any type; four bytes each.
        let numbers: &[f32] = unsafe { slice(bytes.as_ptr().cast(), bytes.len() / size_of::<f32>()) };
        Ok(numbers.to_vec())
    }

    /// The bytes of a tensor, row-major, in the machine's byte order.
    pub fn tensor_bytes(&self, tensor: &str) -> Result<Bytes> {
        let tensor = name(tensor)?;
        // SAFETY: live handles and texts, and live out pointers.
        Bytes::made(|out, error| unsafe { sys::interplay_model_tensor(self.as_ptr(), tensor.as_ptr(), out, error) })
    }
}

/// What a model file says of itself, as JSON; needs no engine.
pub fn file_info(path: impl AsRef<Path>) -> Result<Value> {
    let path = text::path(path.as_ref())?;
    // SAFETY: live handles and texts, and live out pointers.
    document(|out, error| unsafe { sys::interplay_file_info(path.as_ptr(), out, error) })
}

fn same_length(what: &str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    let text = format!("expected {what} of the same length as users, {expected}, found {found}; bring one a pair");
    Err(Error::new(Status::BadData, text))
}
