//! Named columns of equal length, going in or coming out.
use std::ffi::c_void;
use std::ptr::{self, NonNull};

use interplay_sys as sys;

use crate::column::{Column, Type, Values};
use crate::error::{check, made, Error, Result, Status};
use crate::text::{document, name, slice};

/// Named columns of equal length. Columns are copied in; what is read from a table is borrowed from it.
pub struct Table(pub(crate) NonNull<sys::interplay_table>);

// SAFETY: handles may move between threads.
unsafe impl Send for Table {}
// SAFETY: `&self` calls only what takes a const table, which any number of threads may use at once.
unsafe impl Sync for Table {}

impl Drop for Table {
    fn drop(&mut self) {
        // SAFETY: ours, and the last use.
        unsafe { sys::interplay_table_free(self.0.as_ptr()) }
    }
}

impl Table {
    /// A table of so many rows and no column yet.
    pub fn new(rows: usize) -> Result<Self> {
        // SAFETY: the out pointers are live.
        made(|out, error| unsafe { sys::interplay_table_new(rows as i64, out, error) }).map(Table)
    }

    /// A table of these columns; the first one's rows are the table's.
    ///
    /// ```
    /// use interplay::{Column, Table};
    /// let table = Table::of([
    ///     ("user_id", Column::of([1i64, 2])),
    ///     ("age", Column::nullable([Some(31.5), None])),
    ///     ("tags", Column::lists([Some(vec!["cat", "dog"]), None])),
    /// ])?;
    /// assert_eq!(table.values::<i64>("user_id")?, [1, 2]);
    /// # Ok::<(), interplay::Error>(())
    /// ```
    pub fn of<'n>(columns: impl IntoIterator<Item = (&'n str, Column)>) -> Result<Self> {
        let mut columns = columns.into_iter().peekable();
        let mut table = Table::new(columns.peek().map_or(0, |(_, column)| column.rows()))?;
        for (name, column) in columns {
            table.add(name, column)?;
        }
        Ok(table)
    }

    /// Adds a column; fails with `BadData` when its length is not the table's, and leaves the table as it was.
    pub fn add(&mut self, column_name: &str, column: Column) -> Result<()> {
        let key = name(column_name)?;
        if column.rows() as i64 != self.rows()? {
            let text =
                format!("column {column_name:?}: expected {} rows, found {}; bring one value a row", self.rows()?, column.rows());
            return Err(Error::new(Status::BadData, text));
        }
        let rows = column.row_offsets.as_ref().map_or(ptr::null(), |offsets| offsets.as_ptr());
        let valid = column.valid.as_ref().map_or(ptr::null(), |valid| valid.as_ptr());
        let (table, n) = (self.0.as_ptr(), column.values.len() as i64);
        // SAFETY: every pointer is live for the call and has the length that goes with it: rows + 1 offsets, `rows` valid
        // bytes (checked above), n values.
        check(|error| unsafe {
            let add = |kind: Type, values: *const c_void| {
                sys::interplay_table_add(table, key.as_ptr(), kind as i32, values, n, rows, valid, error)
            };
            match &column.values {
                Values::Int64(values) => add(Type::Int64, values.as_ptr().cast()),
                Values::Int32(values) => add(Type::Int32, values.as_ptr().cast()),
                Values::Float32(values) => add(Type::Float32, values.as_ptr().cast()),
                Values::Float64(values) => add(Type::Float64, values.as_ptr().cast()),
                Values::Bool8(values) => add(Type::Bool8, values.as_ptr().cast()),
                Values::String { bytes, offsets } => {
                    let (at, size) = (bytes.as_ptr().cast(), bytes.len() as i64);
                    sys::interplay_table_add_strings(table, key.as_ptr(), at, size, offsets.as_ptr(), n, rows, valid, error)
                }
            }
        })
    }

    /// `{"rows": N, "columns": [{"name", "type", "multi_valued", "nulls"}, ...]}`.
    pub fn info(&self) -> Result<serde_json::Value> {
        // SAFETY: a live handle and live out pointers.
        document(|out, error| unsafe { sys::interplay_table_info(self.0.as_ptr(), out, error) })
    }

    /// The number of rows.
    pub fn rows(&self) -> Result<i64> {
        Ok(self.info()?["rows"].as_i64().unwrap_or(0))
    }

    /// The numbers of a column, where they lie: one a row, or of all lists one behind the other (see
    /// [`row_offsets`](Self::row_offsets)). What stands in a null's place has no meaning (see [`valid`](Self::valid)).
    /// Fails with `NotFound`, and with `InvalidArgument` for a column of another type. Bools are bytes, 0 and 1.
    pub fn values<T: Number>(&self, column: &str) -> Result<&[T]> {
        let found = self.column(column)?;
        if found.type_ != T::TYPE as i32 {
            return Err(wrong_type(column, T::TYPE, found.type_));
        }
        // SAFETY: the type is T's, and the pointer lives as long as the table, which is borrowed and cannot change meanwhile.
        Ok(unsafe { slice(found.values.cast(), found.n_values as usize) })
    }

    /// The strings of a column, borrowed. Fails as [`values`](Self::values) does.
    pub fn strings(&self, column: &str) -> Result<Vec<&str>> {
        let found = self.column(column)?;
        if found.type_ != Type::String as i32 {
            return Err(wrong_type(column, Type::String, found.type_));
        }
        // SAFETY: as in `values`; a string column has n_bytes bytes and n_values + 1 offsets.
        let (bytes, offsets): (&[u8], &[i64]) = unsafe {
            (slice(found.values.cast(), found.n_bytes as usize), slice(found.string_offsets, found.n_values as usize + 1))
        };
        let text = |ends: &[i64]| std::str::from_utf8(&bytes[ends[0] as usize..ends[1] as usize]);
        offsets.windows(2).map(text).collect::<std::result::Result<_, _>>().map_err(|error| {
            Error::new(Status::Internal, format!("column {column:?}: expected UTF-8 from the library, found: {error}"))
        })
    }

    /// A byte a row, 0 for null; `None` for a column without nulls.
    pub fn valid(&self, column: &str) -> Result<Option<&[u8]>> {
        let found = self.column(column)?;
        // SAFETY: as in `values`; a byte a row where it is not null.
        Ok((!found.valid.is_null()).then(|| unsafe { slice(found.valid, found.rows as usize) }))
    }

    /// Where each row's values begin, and one more, for a multi-valued column; `None`: one value a row.
    pub fn row_offsets(&self, column: &str) -> Result<Option<&[i64]>> {
        let found = self.column(column)?;
        // SAFETY: as in `values`; rows + 1 numbers where it is not null.
        Ok((!found.row_offsets.is_null()).then(|| unsafe { slice(found.row_offsets, found.rows as usize + 1) }))
    }

    fn column(&self, column: &str) -> Result<sys::interplay_column> {
        let key = name(column)?;
        let mut found = std::mem::MaybeUninit::zeroed();
        // SAFETY: a live handle and live out pointers.
        check(|error| unsafe { sys::interplay_table_column(self.0.as_ptr(), key.as_ptr(), found.as_mut_ptr(), error) })?;
        // SAFETY: every field may be zero, and the call has succeeded.
        Ok(unsafe { found.assume_init() })
    }
}

/// The types that lie in a column as plain arrays: `i64`, `i32`, `f32`, `f64`, and `u8` for bools.
pub trait Number: Copy + crate::column::Plain {
    /// The column's type.
    const TYPE: Type;
}

impl Number for u8 {
    const TYPE: Type = Type::Bool8;
}

fn wrong_type(column: &str, expected: Type, found: i32) -> Error {
    let found =
        Type::ALL.into_iter().find(|kind| *kind as i32 == found).map_or(format!("type {found}"), |kind| format!("{kind:?}"));
    let text = format!("column {column:?}: expected the type {expected:?}, found {found}; read it as that, or as strings()");
    Error::new(Status::InvalidArgument, text)
}
