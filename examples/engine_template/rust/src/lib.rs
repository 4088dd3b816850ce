//! damped_means: the labels' mean, and how far each user and each item lies from it. An engine for interplay in Rust.
//!
//!     score = mean + effect[user] + effect[item],   effect = (sum of residuals) / (rows + damping)
//!
//! abi.rs has the C declarations; here the borders are `extern "C"` functions, each of which catches a panic.
mod abi;
use abi::*;

use std::ffi::{c_char, c_void, CStr};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr::{null, null_mut};
use std::slice::from_raw_parts;
use std::sync::OnceLock;

static HOST: OnceLock<&'static Host> = OnceLock::new();
fn host() -> &'static Host {
    HOST.get().expect("the entry function came first")
}

/// One side's ids, 0 .. effect.len() - 1; 0 is the unknown value, whose effect stays 0.
struct Side {
    field: Option<usize>, // of a batch
    effect: Vec<f32>,
}

/// Never changed once fit or load has returned it, so any number of threads may score.
struct State {
    numbers: [f64; 3], // mean, low, high
    sides: [Side; 2],  // items, users: the order of learning
}
const OWNERS: [i32; 2] = [OF_ITEM, OF_USER];
const NAMES: [&CStr; 2] = [c"items", c"users"];

impl State {
    fn new(fields: &[Field]) -> State {
        State {
            numbers: [0.0; 3],
            sides: OWNERS.map(|owner| {
                let field = fields.iter().position(|f| f.is_id != 0 && f.of == owner);
                Side { field, effect: vec![0.0; field.map_or(1, |f| fields[f].cardinality as usize)] }
            }),
        }
    }
}

impl Side {
    /// A field with one row counts for every row of the batch: the user's part of a ranking call comes so.
    unsafe fn id(&self, batch: &Batch, row: usize) -> usize {
        let Some(field) = self.field else { return 0 };
        let values = &*batch.fields.add(field);
        let id = *values.ids.add(if values.rows == 1 { 0 } else { row }) as usize;
        if id < self.effect.len() {
            id
        } else {
            0
        }
    }
}

/// A call to the host that fails has filled the error already: its status is all that travels.
fn check(status: Status) -> Result<(), Status> {
    if status == OK {
        Ok(())
    } else {
        Err(status)
    }
}

/// A panic must not cross into C.
fn guard(error: ErrorOut, body: impl FnOnce() -> Result<(), Status>) -> Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => OK,
        Ok(Err(status)) => status,
        Err(_) => (host().fail)(error, INTERNAL, c"damped_means_rust panicked".as_ptr(), null()),
    }
}

/// Frees a batch however the fit ends.
struct OwnBatch(*mut Batch);
impl Drop for OwnBatch {
    fn drop(&mut self) {
        (host().batch_free)(self.0)
    }
}

const BATCH_ROWS: i64 = 1024;

/// The effects of side `which`, given those of the other; Err(CANCELLED) as soon as the host says so.
unsafe fn learn(
    run: *mut Opaque,
    train: *const Opaque,
    state: &mut State,
    which: usize,
    damping: f64,
    error: ErrorOut,
) -> Result<(), Status> {
    let n = (host().view_rows)(train);
    let mut batch = null_mut();
    check((host().batch_new)(train, BATCH_ROWS, &mut batch, error))?;
    let batch = OwnBatch(batch);
    let (mine, other) = (&state.sides[which], &state.sides[1 - which]);
    let mut sums = vec![(0.0, 0.0); mine.effect.len()];
    let (mut loss, mut total) = (0.0, 0.0);
    for first in (0..n).step_by(BATCH_ROWS as usize) {
        let rows: Vec<i64> = (first..n.min(first + BATCH_ROWS)).collect();
        check((host().batch_fill)(batch.0, rows.as_ptr(), rows.len() as i64, 0, error))?;
        let filled = &*batch.0;
        for r in 0..rows.len() {
            let weight = if filled.weights.is_null() { 1.0 } else { *filled.weights.add(r) as f64 };
            let residual = *filled.labels.add(r) as f64 - state.numbers[0] - other.effect[other.id(filled, r)] as f64;
            let sum = &mut sums[mine.id(filled, r)];
            *sum = (sum.0 + weight * residual, sum.1 + weight);
            loss += weight * residual * residual;
            total += weight;
        }
        let done = first + rows.len() as i64;
        check((host().report)(
            run,
            &Event {
                struct_size: size_of::<Event>() as u32,
                epoch_end: (done == n) as i32,
                epoch: which as i64 + 1,
                epochs: 2,
                rows: done,
                rows_total: n,
                loss: loss / total,
                valid_loss: f64::NAN,
                valid_metric: f64::NAN,
                best_epoch: 0,
            },
        ))?;
    }
    for (effect, (sum, count)) in state.sides[which].effect.iter_mut().zip(sums).skip(1) {
        if count > 0.0 {
            *effect = (sum / (count + damping)) as f32; // ids without rows keep what an earlier fit gave them
        }
    }
    Ok(())
}

extern "C" fn fit(
    run: *mut Opaque,
    params: *const Opaque,
    train: *const Opaque,
    _valid: *const Opaque,
    from: *const c_void,
    out: *mut *mut c_void,
    error: ErrorOut,
) -> Status {
    guard(error, || unsafe {
        *out = null_mut();
        let (mut fields, mut objective) = (null(), Objective::default());
        let n_fields = (host().view_fields)(train, &mut fields);
        (host().view_objective)(train, &mut objective);
        let mut state = State::new(from_raw_parts(fields, n_fields as usize));
        let open = objective.kind == REGRESSION; // labels without a range
        let (low, high) = if open { (f64::MIN, f64::MAX) } else { (objective.low, objective.high) };
        state.numbers = [objective.mean, low, high];
        if let Some(before) = (from as *const State).as_ref() {
            for (side, old) in state.sides.iter_mut().zip(&before.sides) {
                side.effect[..old.effect.len()].copy_from_slice(&old.effect); // known ids keep their numbers
            }
        }
        let damping = (host().param_number)(params, c"damping".as_ptr());
        for which in 0..2 {
            learn(run, train, &mut state, which, damping, error)?;
        }
        *out = Box::into_raw(Box::new(state)) as *mut c_void;
        Ok(())
    })
}

extern "C" fn score(
    state: *const c_void,
    _scratch: *mut c_void,
    batch: *const Batch,
    out: *mut f32,
    error: ErrorOut,
) -> Status {
    guard(error, || unsafe {
        let (state, batch) = (&*(state as *const State), &*batch);
        let [mean, low, high] = state.numbers;
        for r in 0..batch.rows as usize {
            let effects: f64 = state.sides.iter().map(|side| side.effect[side.id(batch, r)] as f64).sum();
            *out.add(r) = (mean + effects).max(low).min(high) as f32;
        }
        Ok(())
    })
}

unsafe fn put<T>(writer: *mut Opaque, name: &CStr, dtype: i32, values: &[T], error: ErrorOut) -> Result<(), Status> {
    let tensor = Tensor { data: values.as_ptr().cast(), dtype, rank: 1, shape: [values.len() as i64, 0, 0, 0] };
    check((host().put)(writer, name.as_ptr(), &tensor, error))
}

extern "C" fn save(state: *const c_void, writer: *mut Opaque, error: ErrorOut) -> Status {
    guard(error, || unsafe {
        let state = &*(state as *const State);
        put(writer, c"numbers", FLOAT64, &state.numbers, error)?;
        for (name, side) in NAMES.iter().zip(&state.sides) {
            put(writer, name, FLOAT32, &side.effect, error)?;
        }
        Ok(())
    })
}

/// A file may come from anywhere: type, shape and every number are doubted.
unsafe fn get<T: Copy + Into<f64>>(
    reader: *mut Opaque,
    name: &CStr,
    dtype: i32,
    into: &mut [T],
    error: ErrorOut,
) -> Result<(), Status> {
    let mut tensor = Tensor { data: null(), dtype: 0, rank: 0, shape: [0; 4] };
    check((host().get)(reader, name.as_ptr(), &mut tensor, error))?;
    let fits = tensor.dtype == dtype && tensor.rank == 1 && tensor.shape[0] == into.len() as i64;
    if fits && !into.is_empty() {
        into.copy_from_slice(from_raw_parts(tensor.data.cast(), into.len()));
    }
    if fits && into.iter().all(|&x| x.into().is_finite()) {
        return Ok(());
    }
    let text = c"damped_means_rust: a tensor has another type or length than the fields ask for, or is not finite";
    Err((host().fail)(error, CORRUPT, text.as_ptr(), null()))
}

extern "C" fn load(
    reader: *mut Opaque,
    _params: *const Opaque,
    fields: *const Field,
    n_fields: u32,
    out: *mut *mut c_void,
    error: ErrorOut,
) -> Status {
    guard(error, || unsafe {
        *out = null_mut();
        let mut state = State::new(from_raw_parts(fields, n_fields as usize));
        get(reader, c"numbers", FLOAT64, &mut state.numbers, error)?;
        for (name, side) in NAMES.iter().zip(&mut state.sides) {
            get(reader, name, FLOAT32, &mut side.effect, error)?;
        }
        *out = Box::into_raw(Box::new(state)) as *mut c_void;
        Ok(())
    })
}

extern "C" fn destroy(state: *mut c_void) {
    if !state.is_null() {
        drop(unsafe { Box::from_raw(state as *mut State) });
    }
}

const fn text(text: &'static CStr) -> *const c_char {
    text.as_ptr()
}

static ENGINE: Engine = Engine {
    struct_size: size_of::<Engine>() as u32,
    abi: ENGINE_ABI,
    flags: 0,
    reserved: 0,
    name: text(c"damped_means_rust"),
    version: text(c"1.0"), // of what save writes
    summary: text(c"The labels' mean and damped effects of user and item, in Rust."),
    params_schema: text(cr#"{"type": "object", "properties": {"damping": {"type": "number", "default": 10, "minimum": 0,
        "maximum": 1000000, "description": "Rows of an average label that are added to each user's and item's own."}}}"#),
    fit,
    score,
    save,
    load,
    destroy,
};

/// The one symbol. A host of another major, or one that lacks a function that is called above, is declined.
#[no_mangle]
pub extern "C" fn interplay_engine_entry(host_abi: u32, host: &'static Host) -> *const Engine {
    if host_abi != ENGINE_ABI || (host.struct_size as usize) < size_of::<Host>() {
        return null();
    }
    HOST.get_or_init(|| host);
    std::panic::set_hook(Box::new(|_| {})); // a guest prints nothing; guard tells of the panic
    &ENGINE
}
