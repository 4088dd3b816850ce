//! Watching and cancelling a long call.
use std::any::Any;
use std::ffi::{c_char, c_void, CStr};
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::ptr::{self, NonNull};
use std::sync::{Mutex, PoisonError};

use interplay_sys as sys;
use serde::Deserialize;

use crate::error::{made, Result};
use crate::text::document;

/// How far a long call is. What it does not know is at its default.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Event {
    /// What is going on: `fit`, say; empty before the first event.
    pub stage: String,
    /// The pass over the training rows, from 1.
    pub epoch: u64,
    /// How many there will be, at most.
    pub epochs: u64,
    /// Whether this event ends an epoch; there are others, about four a second.
    pub epoch_end: bool,
    /// Rows done in this epoch.
    pub rows: u64,
    /// Rows of an epoch.
    pub rows_total: u64,
    /// The training loss.
    pub loss: Option<f64>,
    /// The loss on what is held out, at an epoch's end.
    pub valid_loss: Option<f64>,
    /// The metric's name, `rmse` say.
    pub metric: String,
    /// The metric on what is held out, at an epoch's end.
    pub valid_metric: Option<f64>,
    /// The best epoch until now.
    pub best_epoch: u64,
    /// Training rows a second.
    pub rows_per_second: f64,
    /// Seconds since the call began.
    pub seconds: f64,
    /// Seconds that are left, as it seems.
    pub seconds_left: f64,
}

type Callback<'a> = dyn Fn(&Event) -> ControlFlow<()> + 'a;

/// The closure and what it panicked with: a panic must not unwind through C.
struct Watch<'a> {
    callback: Box<Callback<'a>>,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// Watches long calls, and cancels them from any thread: `fit` takes one by reference, [`cancel`](Self::cancel) is called from
/// elsewhere, and [`read`](Self::read) gives the newest event.
///
/// ```
/// let monitor = interplay::Monitor::new()?;
/// monitor.cancel();   // every call with this monitor stops with Status::Cancelled
/// # Ok::<(), interplay::Error>(())
/// ```
pub struct Monitor<'a> {
    pub(crate) handle: NonNull<sys::interplay_monitor>,
    watch: Option<Box<Watch<'a>>>,
    life: PhantomData<&'a ()>,
}

// SAFETY: handles may move between threads, and so may the closure: `watching` asks for it, and `local` never leaves its call.
unsafe impl Send for Monitor<'_> {}
// SAFETY: cancel and read take a const monitor; the closure is Sync likewise.
unsafe impl Sync for Monitor<'_> {}

impl Drop for Monitor<'_> {
    fn drop(&mut self) {
        // SAFETY: ours, and the last use: calls borrow the monitor.
        unsafe { sys::interplay_monitor_free(self.handle.as_ptr()) }
    }
}

impl Monitor<'static> {
    /// A monitor to poll and to cancel.
    pub fn new() -> Result<Self> {
        // SAFETY: no callback, live out pointers.
        let handle = made(|out, error| unsafe { sys::interplay_monitor_new(None, ptr::null_mut(), out, error) })?;
        Ok(Monitor { handle, watch: None, life: PhantomData })
    }
}

impl<'a> Monitor<'a> {
    /// A monitor whose closure is called on the thread inside the watched call, about four times a second and at each epoch's
    /// end. `Break` cancels; so does a panic, which goes on when the call has returned.
    pub fn watching(callback: impl Fn(&Event) -> ControlFlow<()> + Send + Sync + 'a) -> Result<Self> {
        Self::local(Box::new(callback))
    }

    /// Without `Send` and `Sync`: for monitors that live for one call on one thread.
    pub(crate) fn local(callback: Box<Callback<'a>>) -> Result<Self> {
        let watch = Box::new(Watch { callback, panic: Mutex::new(None) });
        let user_data = ptr::from_ref(&*watch).cast_mut().cast::<c_void>();
        // SAFETY: the watch is boxed, so it stays where it is, and is dropped after the handle.
        let handle = made(|out, error| unsafe { sys::interplay_monitor_new(Some(progress), user_data, out, error) })?;
        Ok(Monitor { handle, watch: Some(watch), life: PhantomData })
    }

    /// Asks the watched call, and every later one with this monitor, to stop. Any thread, any time.
    pub fn cancel(&self) {
        // SAFETY: a live handle.
        unsafe { sys::interplay_monitor_cancel(self.handle.as_ptr()) }
    }

    /// The newest event as it came, `{}` before the first. Any thread, any time.
    pub fn read_json(&self) -> Result<serde_json::Value> {
        // SAFETY: a live handle and live out pointers.
        document(|out, error| unsafe { sys::interplay_monitor_read(self.handle.as_ptr(), out, error) })
    }

    /// The newest event. Any thread, any time.
    pub fn read(&self) -> Result<Event> {
        // SAFETY: a live handle and live out pointers.
        document(|out, error| unsafe { sys::interplay_monitor_read(self.handle.as_ptr(), out, error) })
    }

    /// Lets a panic of the closure go on, once C has returned.
    pub(crate) fn resume(&self) {
        let panic = self.watch.as_ref().and_then(|watch| watch.panic.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }
}

unsafe extern "C" fn progress(user_data: *mut c_void, event: *const c_char) -> i32 {
    // SAFETY: what `local` gave to monitor_new; it outlives the handle.
    let watch = unsafe { &*user_data.cast::<Watch<'_>>() };
    // SAFETY: the library's text ends with a NUL and lives until we return.
    let event = unsafe { CStr::from_ptr(event) };
    let called = catch_unwind(AssertUnwindSafe(|| {
        let event = serde_json::from_slice(event.to_bytes()).unwrap_or_default();
        (watch.callback)(&event).is_break()
    }));
    match called {
        Ok(stop) => i32::from(stop),
        Err(panic) => {
            *watch.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
            1
        }
    }
}

/// Runs a call with a monitor or none, and lets a panic of its closure go on afterwards.
pub(crate) fn watched<T>(
    monitor: Option<&Monitor<'_>>,
    call: impl FnOnce(*const sys::interplay_monitor) -> Result<T>,
) -> Result<T> {
    let result = call(monitor.map_or(ptr::null(), |monitor| monitor.handle.as_ptr().cast_const()));
    if let Some(monitor) = monitor {
        monitor.resume();
    }
    result
}
