//! A fit, before it is run.
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::ptr;

use interplay_sys as sys;

use crate::dataset::Dataset;
use crate::error::Result;
use crate::model::Model;
use crate::monitor::{watched, Event, Monitor};
use crate::text::{or_null, Json};

type Progress<'a> = dyn FnMut(&Event) -> ControlFlow<()> + 'a;

enum Watch<'a> {
    None,
    Monitor(&'a Monitor<'a>),
    Progress(RefCell<Box<Progress<'a>>>),
}

/// A fit to be run: [`Model::fit`].
#[must_use = "a fit does nothing until it is run"]
pub struct Fit<'a> {
    from: &'a Model,
    train: &'a Dataset,
    valid: Option<&'a Dataset>,
    threads: u32,
    watch: Watch<'a>,
}

impl<'a> Fit<'a> {
    pub(crate) fn new(from: &'a Model, train: &'a Dataset) -> Self {
        Fit { from, train, valid: None, threads: 0, watch: Watch::None }
    }

    /// A sealed dataset to choose the best epoch by, instead of a share of the training rows.
    pub fn valid(mut self, valid: &'a Dataset) -> Self {
        self.valid = Some(valid);
        self
    }

    /// How many threads; 0, the default, takes what affinity and CPU quota allow. The result does not depend on it.
    pub fn threads(mut self, threads: u32) -> Self {
        self.threads = threads;
        self
    }

    /// Calls this on your thread with each event; `Break` cancels. It takes the place of a monitor.
    pub fn progress(mut self, progress: impl FnMut(&Event) -> ControlFlow<()> + 'a) -> Self {
        self.watch = Watch::Progress(RefCell::new(Box::new(progress)));
        self
    }

    /// Lets another thread watch and cancel. It takes the place of a progress closure; [`Monitor::watching`] is both.
    pub fn monitor(mut self, monitor: &'a Monitor<'a>) -> Self {
        self.watch = Watch::Monitor(monitor);
        self
    }

    /// Learns, on this thread and others that are gone when it returns. `Cancelled` when asked to stop; the model that it began
    /// from is as it was.
    pub fn run(self) -> Result<Model> {
        match &self.watch {
            Watch::None => self.run_watched(None),
            Watch::Monitor(monitor) => self.run_watched(Some(monitor)),
            Watch::Progress(progress) => {
                let monitor = Monitor::local(Box::new(|event| (progress.borrow_mut())(event)))?;
                self.run_watched(Some(&monitor))
            }
        }
    }

    fn run_watched(&self, monitor: Option<&Monitor<'_>>) -> Result<Model> {
        let options = Json::of(serde_json::json!({"threads": self.threads}))?;
        let (train, valid) = (self.train.0.as_ptr(), or_null(self.valid.map(|valid| valid.0)));
        watched(monitor, |watch| {
            // SAFETY: live handles and texts, and live out pointers.
            Model::made(|out, error| unsafe {
                sys::interplay_model_fit(self.from.as_ptr(), train, valid, options.as_ptr(), watch, ptr::null(), out, error)
            })
        })
    }
}
