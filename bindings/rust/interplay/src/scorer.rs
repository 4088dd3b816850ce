//! The hot path: one thread's scratch for scoring one model.
use std::ffi::{c_char, c_void};
use std::ptr::{self, NonNull};

use interplay_sys as sys;
use serde::Serialize;

use crate::error::{check, made, ranked, Error, Result, Status};
use crate::model::Model;
use crate::text::{document, name, slice, Json};

/// The type of a cell. The numbers are those of the C ABI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum CellType {
    /// Nothing.
    Null = sys::INTERPLAY_CELL_NULL,
    /// A number or id.
    Int64 = sys::INTERPLAY_CELL_INT64,
    /// A number.
    Float64 = sys::INTERPLAY_CELL_FLOAT64,
    /// UTF-8.
    String = sys::INTERPLAY_CELL_STRING,
    /// A list of cells.
    List = sys::INTERPLAY_CELL_LIST,
    /// A value that was looked up.
    Id = sys::INTERPLAY_CELL_ID,
}

impl CellType {
    /// Every type, in the order of their numbers.
    pub const ALL: [CellType; 6] =
        [CellType::Null, CellType::Int64, CellType::Float64, CellType::String, CellType::List, CellType::Id];
}

/// One value of a row, borrowed for the call.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    /// Missing.
    Null,
    /// An id or a category, or a number.
    Int64(i64),
    /// A number; NaN is missing.
    Float64(f64),
    /// An id or a category.
    String(&'a str),
    /// The values of a multi-valued column.
    List(&'a [Cell<'a>]),
    /// What [`Scorer::resolve`] has looked up.
    Id(Id),
}

macro_rules! cells {
    ($($from:ty => $kind:ident),*) => {$(
        impl<'a> From<$from> for Cell<'a> {
            fn from(value: $from) -> Self {
                Cell::$kind(value.into())
            }
        }
    )*};
}
cells!(i64 => Int64, f64 => Float64, &'a str => String, &'a [Cell<'a>] => List, Id => Id);

/// A value that was looked up once, for one column of scorers of one model.
#[derive(Clone, Copy)]
pub struct Id(sys::interplay_cell);

impl std::fmt::Debug for Id {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Id").finish_non_exhaustive()
    }
}

/// An item of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    /// Of a model with whole numbers for ids.
    Int64(i64),
    /// Of a model with strings for ids; borrowed from the scorer.
    String(&'a str),
}

/// Cells as C wants them: strings and lists lie in one heap. Kept, so that a warm scorer allocates nothing.
#[derive(Default)]
struct Encoder {
    shared: Vec<sys::interplay_cell>,
    rows: Vec<sys::interplay_cell>,
    heap: Vec<u64>, // lists begin at multiples of 8
    size: usize,    // of the heap, in bytes
}

const CELL: usize = size_of::<sys::interplay_cell>();

impl Encoder {
    fn encode(&mut self, shared: &[Cell<'_>], rows: &[Cell<'_>]) {
        let mut heap = Heap { words: &mut self.heap, size: 0 };
        heap.words.clear();
        self.shared.clear();
        self.rows.clear();
        self.shared.extend(shared.iter().map(|cell| heap.cell(cell)));
        self.rows.extend(rows.iter().map(|cell| heap.cell(cell)));
        self.size = heap.size;
    }

    fn heap(&self) -> *const c_void {
        if self.size == 0 {
            ptr::null()
        } else {
            self.heap.as_ptr().cast()
        }
    }
}

struct Heap<'h> {
    words: &'h mut Vec<u64>,
    size: usize,
}

impl Heap<'_> {
    fn cell(&mut self, cell: &Cell<'_>) -> sys::interplay_cell {
        let made = |kind: CellType, size: usize, value: u64| sys::interplay_cell { type_: kind as i32, size: size as u32, value };
        match *cell {
            Cell::Null => made(CellType::Null, 0, 0),
            Cell::Int64(value) => made(CellType::Int64, 0, value as u64),
            Cell::Float64(value) => made(CellType::Float64, 0, value.to_bits()),
            Cell::Id(id) => id.0,
            Cell::String(text) => {
                let at = self.room(text.len());
                self.bytes()[at..at + text.len()].copy_from_slice(text.as_bytes());
                made(CellType::String, text.len(), at as u64)
            }
            Cell::List(cells) => {
                let at = self.room(cells.len() * CELL);
                for (i, cell) in cells.iter().enumerate() {
                    let cell = self.cell(cell);
                    let to = &mut self.bytes()[at + i * CELL..][..CELL];
                    to[..4].copy_from_slice(&cell.type_.to_ne_bytes());
                    to[4..8].copy_from_slice(&cell.size.to_ne_bytes());
                    to[8..].copy_from_slice(&cell.value.to_ne_bytes());
                }
                made(CellType::List, cells.len(), at as u64)
            }
        }
    }

    /// Takes so many bytes, from a multiple of 8 on.
    fn room(&mut self, bytes: usize) -> usize {
        let at = self.words.len() * 8;
        self.words.resize(self.words.len() + bytes.div_ceil(8), 0);
        self.size = self.words.len() * 8;
        at
    }

    fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the words are so many initialised bytes.
        unsafe { std::slice::from_raw_parts_mut(self.words.as_mut_ptr().cast(), self.words.len() * 8) }
    }
}

/// One thread's scratch for scoring one model, row after row; it keeps the model alive. A warm one allocates nothing in
/// [`score_into`](Self::score_into). Scoring takes `&mut self`: another thread opens another scorer.
///
/// ```
/// # use interplay::{Popularity, Cell};
/// let model = Popularity::new().fit_pairs(&[1, 1, 2], &[10, 20, 10], Some(&[5.0, 1.0, 4.0]))?;
/// let mut scorer = model.scorer(&["user_id"], &["item_id"], ())?;
/// let scores = scorer.score(&[1i64.into()], &[Cell::Int64(10), Cell::Int64(20)])?;
/// assert!(scores[0] > scores[1]);
/// # Ok::<(), interplay::Error>(())
/// ```
pub struct Scorer {
    handle: NonNull<sys::interplay_scorer>,
    n_shared: usize,
    n_row: usize,
    encoder: Encoder,
}

// SAFETY: handles may move between threads.
unsafe impl Send for Scorer {}
// SAFETY: `&self` calls only what takes a const scorer.
unsafe impl Sync for Scorer {}

impl Drop for Scorer {
    fn drop(&mut self) {
        // SAFETY: ours, and the last use.
        unsafe { sys::interplay_scorer_free(self.handle.as_ptr()) }
    }
}

impl Scorer {
    /// Opens a scorer for these columns: `shared` ones are given once a call (typically the user's), `row` ones with each row.
    /// `{"output": "score" | "logit", "max_rows": 1024, "exclude_seen": true}`; opening takes about as long as scoring
    /// `max_rows` rows.
    pub fn open(model: &Model, shared: &[&str], row: &[&str], options: impl Serialize) -> Result<Self> {
        let names = shared.iter().chain(row).map(|column| name(column)).collect::<Result<Vec<_>>>()?;
        let columns: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
        let options = Json::of(options)?;
        let (n_shared, n_row) = (shared.len(), row.len());
        let (model, options) = (model.as_ptr(), options.as_ptr());
        // SAFETY: a live handle and live texts, n_shared + n_row of them.
        let handle = made(|out, error| unsafe {
            sys::interplay_scorer_open(model, columns.as_ptr(), n_shared as u32, n_row as u32, options, out, error)
        })?;
        Ok(Scorer { handle, n_shared, n_row, encoder: Encoder::default() })
    }

    /// Scores as many rows as `out` has room for. `rows` are their cells, row by row. Zeros when it fails.
    pub fn score_into(&mut self, shared: &[Cell<'_>], rows: &[Cell<'_>], out: &mut [f32]) -> Result<()> {
        self.encode(shared, rows, out.len())?;
        let (shared, rows, n) = (self.encoder.shared.as_ptr(), self.encoder.rows.as_ptr(), out.len());
        let (heap, size) = (self.encoder.heap(), self.encoder.size);
        // SAFETY: the lengths are checked, the heap has `size` bytes, and nobody else uses the scorer.
        check(|error| unsafe {
            sys::interplay_scorer_score(self.handle.as_ptr(), shared, rows, n, heap, size, out.as_mut_ptr(), error)
        })
    }

    /// The scores of rows; without row columns, of the one that the shared cells make.
    pub fn score(&mut self, shared: &[Cell<'_>], rows: &[Cell<'_>]) -> Result<Vec<f32>> {
        let mut scores = vec![0.0; self.count(rows)];
        self.score_into(shared, rows, &mut scores)?;
        Ok(scores)
    }

    /// The `k` best with their scores, best first: of the given rows, by number, or, without rows, of the catalogue, by an
    /// index for [`item`](Self::item).
    pub fn top(&mut self, shared: &[Cell<'_>], rows: Option<&[Cell<'_>]>, k: usize) -> Result<Vec<(i64, f32)>> {
        let n_rows = rows.map_or(0, |rows| self.count(rows));
        self.encode(shared, rows.unwrap_or_default(), n_rows)?;
        let to_rows = if rows.is_some() { self.encoder.rows.as_ptr() } else { ptr::null() };
        let (shared, heap, size) = (self.encoder.shared.as_ptr(), self.encoder.heap(), self.encoder.size);
        let handle = self.handle.as_ptr();
        ranked(k, |room, index, scores, n| {
            // SAFETY: as in `score_into`; room for as many of each.
            check(|error| unsafe {
                sys::interplay_scorer_top(handle, shared, to_rows, n_rows, heap, size, room, index, scores, n, error)
            })
        })
    }

    /// Looks a value up once. `column` counts the shared ones first; for a list's column, `value` is one of its values.
    pub fn resolve(&self, column: usize, value: Cell<'_>) -> Result<Id> {
        let mut encoder = Encoder::default();
        encoder.encode(&[value], &[]);
        let mut found = encoder.shared[0];
        let (heap, size) = (encoder.heap(), encoder.size);
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        // SAFETY: a const scorer; one live cell and its heap.
        check(|error| unsafe {
            let (handle, value) = (self.handle.as_ptr(), encoder.shared.as_ptr());
            sys::interplay_scorer_resolve(handle, column, value, heap, size, &mut found, error)
        })?;
        Ok(Id(found))
    }

    /// The item at an index of the catalogue.
    pub fn item(&self, index: i64) -> Result<Item<'_>> {
        let mut cell = sys::interplay_cell { type_: 0, size: 0, value: 0 };
        let mut text = ptr::null();
        // SAFETY: a const scorer and live out pointers.
        check(|error| unsafe { sys::interplay_scorer_item(self.handle.as_ptr(), index, &mut cell, &mut text, error) })?;
        if cell.type_ != CellType::String as i32 {
            return Ok(Item::Int64(cell.value as i64));
        }
        // SAFETY: `size` bytes that live as long as the scorer.
        let text = unsafe { slice(text.cast::<u8>(), cell.size as usize) };
        std::str::from_utf8(text).map(Item::String).map_err(|error| {
            Error::new(Status::Internal, format!("item {index}: expected UTF-8 from the library, found: {error}"))
        })
    }

    /// `{"rows": N, "unknown": {"user_id": rows, ...}}` since open: in how many rows a column's value was unknown.
    pub fn stats(&self) -> Result<serde_json::Value> {
        // SAFETY: a const scorer and live out pointers.
        document(|out, error| unsafe { sys::interplay_scorer_stats(self.handle.as_ptr(), out, error) })
    }

    fn count(&self, rows: &[Cell<'_>]) -> usize {
        rows.len().checked_div(self.n_row).unwrap_or(1)
    }

    fn encode(&mut self, shared: &[Cell<'_>], rows: &[Cell<'_>], n_rows: usize) -> Result<()> {
        if shared.len() != self.n_shared || rows.len() != n_rows * self.n_row {
            let text = format!(
                "expected {} shared cells and {} a row, found {} and {} for {n_rows} rows; bring one for each column that was named",
                self.n_shared, self.n_row, shared.len(), rows.len()
            );
            return Err(Error::new(Status::BadData, text));
        }
        self.encoder.encode(shared, rows);
        Ok(())
    }
}
