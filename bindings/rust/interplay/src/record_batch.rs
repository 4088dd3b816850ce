//! Record batches of arrow-rs, in and out, over Arrow's C stream interface.
use std::mem::ManuallyDrop;
use std::ptr;

use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow_schema::ArrowError;
use interplay_sys as sys;

use crate::dataset::Dataset;
use crate::error::{check, made, Error, Result, Status};
use crate::table::Table;
use crate::text::name;

/// The library releases the stream in every case, so that nothing is left to drop here.
fn exported(reader: Box<dyn RecordBatchReader + Send>) -> ManuallyDrop<FFI_ArrowArrayStream> {
    ManuallyDrop::new(FFI_ArrowArrayStream::new(reader))
}

fn address(stream: &mut FFI_ArrowArrayStream) -> *mut sys::ArrowArrayStream {
    ptr::from_mut(stream).cast()
}

fn foreign(error: ArrowError) -> Error {
    Error::new(Status::Internal, format!("expected a record batch that arrow-rs can read, found: {error}"))
}

/// arrow-rs.
impl Table {
    /// Adopts what a reader gives. A single batch is used where it lies; several are joined once.
    pub fn from_reader(reader: impl RecordBatchReader + Send + 'static) -> Result<Self> {
        let mut stream = exported(Box::new(reader));
        // SAFETY: a live stream, which is moved in.
        made(|out, error| unsafe { sys::interplay_table_from_arrow(address(&mut stream), out, error) }).map(Table)
    }

    /// Adopts a batch without a copy: its buffers are shared.
    pub fn from_batch(batch: &RecordBatch) -> Result<Self> {
        Self::from_reader(RecordBatchIterator::new([Ok(batch.clone())], batch.schema()))
    }

    /// The table as one batch, which outlives it.
    pub fn to_batch(&self) -> Result<RecordBatch> {
        let mut stream = FFI_ArrowArrayStream::empty();
        // SAFETY: a live handle; the stream is written like a fresh object.
        check(|error| unsafe { sys::interplay_table_to_arrow(self.0.as_ptr(), address(&mut stream), error) })?;
        let mut reader = ArrowArrayStreamReader::try_new(stream).map_err(foreign)?;
        let schema = reader.schema();
        reader.next().unwrap_or_else(|| Ok(RecordBatch::new_empty(schema))).map_err(foreign)
    }
}

impl TryFrom<&RecordBatch> for Table {
    type Error = Error;

    fn try_from(batch: &RecordBatch) -> Result<Self> {
        Table::from_batch(batch)
    }
}

impl TryFrom<&Table> for RecordBatch {
    type Error = Error;

    fn try_from(table: &Table) -> Result<Self> {
        table.to_batch()
    }
}

/// arrow-rs.
impl Dataset {
    /// As [`append`](Self::append), for what a reader gives.
    pub fn append_reader(&mut self, part: &str, reader: impl RecordBatchReader + Send + 'static) -> Result<()> {
        let part = name(part)?;
        let mut stream = exported(Box::new(reader));
        // SAFETY: a live handle that nobody else uses, and a live stream, which is moved in.
        check(|error| unsafe { sys::interplay_dataset_append_arrow(self.0.as_ptr(), part.as_ptr(), address(&mut stream), error) })
    }

    /// As [`append`](Self::append), for a batch.
    pub fn append_batch(&mut self, part: &str, batch: &RecordBatch) -> Result<()> {
        self.append_reader(part, RecordBatchIterator::new([Ok(batch.clone())], batch.schema()))
    }
}
