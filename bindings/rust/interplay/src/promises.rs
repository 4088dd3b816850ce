//! What README.md promises not to compile, each beside its twin that does, so that it fails for this one reason.

/// A model that was dropped.
/// ```
/// let model = interplay::Popularity::new().fit_pairs(&[1], &[10], None)?;
/// model.predict_pair(1, 10)?;
/// drop(model);
/// # Ok::<(), interplay::Error>(())
/// ```
/// ```compile_fail,E0382
/// let model = interplay::Popularity::new().fit_pairs(&[1], &[10], None)?;
/// drop(model);
/// model.predict_pair(1, 10)?;
/// # Ok::<(), interplay::Error>(())
/// ```
struct Dropped;

/// Appending, and sealing, through a shared reference.
/// ```
/// fn more(data: &mut interplay::Dataset, table: &interplay::Table) -> interplay::Result<()> {
///     data.append("interactions", table)
/// }
/// fn seal(data: &mut interplay::Dataset) -> interplay::Result<()> {
///     data.seal()
/// }
/// ```
/// ```compile_fail,E0596
/// fn more(data: &interplay::Dataset, table: &interplay::Table) -> interplay::Result<()> {
///     data.append("interactions", table)
/// }
/// ```
/// ```compile_fail,E0596
/// fn seal(data: &interplay::Dataset) -> interplay::Result<()> {
///     data.seal()
/// }
/// ```
struct Appended;

/// Scoring through a shared reference, and while an item is borrowed.
/// ```
/// fn score(scorer: &mut interplay::Scorer) -> interplay::Result<Vec<f32>> {
///     println!("{:?}", scorer.item(0)?);
///     scorer.score(&[], &[])
/// }
/// ```
/// ```compile_fail,E0596
/// fn score(scorer: &interplay::Scorer) -> interplay::Result<Vec<f32>> {
///     scorer.score(&[], &[])
/// }
/// ```
/// ```compile_fail,E0502
/// fn score(scorer: &mut interplay::Scorer) -> interplay::Result<Vec<f32>> {
///     let item = scorer.item(0)?;
///     let scores = scorer.score(&[], &[]);
///     println!("{item:?}");
///     scores
/// }
/// ```
struct Scored;

/// A monitor goes to other threads, so what its closure has must be fit for them.
/// ```
/// use std::ops::ControlFlow;
/// let events = std::sync::atomic::AtomicU64::new(0);
/// let monitor = interplay::Monitor::watching(|event| {
///     events.store(event.epoch, std::sync::atomic::Ordering::Relaxed);
///     ControlFlow::Continue(())
/// });
/// ```
/// ```compile_fail,E0277
/// use std::ops::ControlFlow;
/// let events = std::cell::Cell::new(0);
/// let monitor = interplay::Monitor::watching(|event| {
///     events.set(event.epoch);
///     ControlFlow::Continue(())
/// });
/// ```
struct Watched;
