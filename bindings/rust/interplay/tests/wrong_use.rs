//! Wrong use gets an error with the library's text, and whatever happens, nothing is leaked or torn.
use std::ops::ControlFlow;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::time::Instant;

use interplay::{AutoInt, Cell, Column, Dataset, Event, Model, Monitor, Popularity, Status, Table};
use serde_json::json;

const USERS: [i64; 6] = [1, 1, 2, 2, 3, 3];
const ITEMS: [i64; 6] = [10, 20, 10, 30, 20, 30];
const RATINGS: [f32; 6] = [5.0, 1.0, 4.0, 2.0, 1.0, 3.0];

fn fitted() -> Model {
    Popularity::new().fit_pairs(&USERS, &ITEMS, Some(&RATINGS)).unwrap()
}

fn dataset() -> Dataset {
    let mut data = Dataset::new(json!({"user": "user_id", "item": "item_id", "label": "rating"})).unwrap();
    let columns = [("user_id", Column::of(USERS)), ("item_id", Column::of(ITEMS)), ("rating", Column::of(RATINGS))];
    data.append("interactions", &Table::of(columns).unwrap()).unwrap();
    data.seal().unwrap();
    data
}

/// An AutoInt that would go on for a long time.
fn endless() -> Model {
    AutoInt::new().epochs(100_000).validation_fraction(0.0).create().unwrap()
}

fn status<T>(result: interplay::Result<T>) -> Status {
    result.err().expect("expected a failure").status()
}

/// Fails with this status, in a sentence that has the words.
fn says<T>(result: interplay::Result<T>, expected: Status, words: &[&str]) {
    let error = result.err().expect("expected a failure");
    assert_eq!(error.status(), expected, "{error}");
    for word in words {
        assert!(error.message().contains(word), "expected {word:?} in {error}");
    }
}

#[test]
fn a_k_beyond_what_there_is_takes_no_memory_for_it() {
    let model = fitted();
    assert_eq!(model.recommend_user(1, usize::MAX).unwrap().len(), 1); // of three items user 1 has met two
    let mut scorer = model.scorer(&["user_id"], &["item_id"], ()).unwrap();
    assert_eq!(scorer.top(&[Cell::Int64(1)], None, usize::MAX).unwrap().len(), 1);
    assert_eq!(scorer.top(&[Cell::Int64(1)], Some(&[Cell::Int64(10)]), usize::MAX).unwrap().len(), 1);
    assert_eq!(status(model.recommend_user(1, 0)), Status::InvalidArgument);
}

#[test]
fn lengths_that_differ_are_refused() {
    assert_eq!(status(fitted().predict_pairs(&[1, 2], &[10])), Status::BadData);
    assert_eq!(status(Popularity::new().fit_pairs(&[1], &[1], Some(&[]))), Status::BadData);
    assert_eq!(status(Table::of([("a", Column::of([1i64])), ("b", Column::of([1i64, 2]))])), Status::BadData);
    let nulls = Column::lists([Some(vec![1i64]), None]);
    assert_eq!(status(Table::of([("a", Column::of([1i64])), ("b", nulls)])), Status::BadData);
    let mut scorer = fitted().scorer(&["user_id"], &["item_id"], ()).unwrap();
    assert_eq!(status(scorer.score(&[], &[Cell::Int64(10)])), Status::BadData);
    assert_eq!(status(scorer.score_into(&[Cell::Int64(1)], &[Cell::Int64(10)], &mut [0.0; 2])), Status::BadData);
}

#[test]
fn a_nul_in_a_name_is_refused_and_does_not_cut_it() {
    assert_eq!(status(Model::create("autoint\0x", ())), Status::InvalidArgument);
    assert_eq!(status(Table::of([("a\0b", Column::of([1i64]))])), Status::InvalidArgument);
}

#[test]
fn a_column_is_read_as_what_it_is() {
    let table = Table::of([("id", Column::of([1i64, 2])), ("text", Column::of(["", "K\u{f6}ln"]))]).unwrap();

    assert_eq!(table.values::<i64>("id").unwrap(), [1, 2]);
    assert_eq!(table.strings("text").unwrap(), ["", "K\u{f6}ln"]);
    assert_eq!(status(table.values::<i32>("id")), Status::InvalidArgument);
    assert_eq!(status(table.strings("id")), Status::InvalidArgument);
    let missing = table.strings("txt").unwrap_err();
    assert_eq!((missing.status(), missing.message().contains("text")), (Status::NotFound, true));
}

#[test]
fn files_that_are_missing_or_damaged_say_so() {
    let bytes = fitted().to_bytes(()).unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("half.interplay");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();

    says(Model::load("/nowhere/model.interplay", ()), Status::NotFound, &["/nowhere/model.interplay", "No such file"]);
    says(Model::load(&path, ()), Status::Corrupt, &[path.to_str().unwrap(), "cut short"]);
    says(Model::from_bytes(&bytes[..bytes.len() / 2], ()), Status::Corrupt, &["cut short"]);
    says(Model::from_bytes(&[], ()), Status::Corrupt, &["header", "has 0"]);
}

#[test]
fn tables_in_two_bytes_a_number_are_a_files_and_its_models() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("narrow.interplay");
    let model = AutoInt::new().epochs(1).fit_pairs(&USERS, &ITEMS, Some(&RATINGS)).unwrap();
    model.save(&path, json!({"tables": "bfloat16"})).unwrap();

    let loaded = Model::load(&path, json!({"mmap": true, "prefault": true})).unwrap();
    assert_eq!(loaded.info().unwrap()["tables"], "bfloat16");
    assert_eq!(status(model.to_bytes(json!({"tables": "int4"}))), Status::InvalidArgument);
}

#[test]
fn progress_comes_and_break_cancels() {
    let mut events: Vec<Event> = Vec::new();
    let progress = |event: &Event| {
        events.push(event.clone());
        if event.epoch_end && event.epoch == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };

    says(endless().fit(&dataset()).progress(progress).run(), Status::Cancelled, &["cancelled"]);
    let epochs: Vec<u64> = events.iter().filter(|event| event.epoch_end).map(|event| event.epoch).collect();
    assert_eq!(epochs, [1, 2, 3]);
    assert!(events.iter().all(|event| event.stage == "fit" && event.epochs == 100_000));
}

#[test]
fn another_thread_cancels() {
    let (monitor, data, model) = (Monitor::new().unwrap(), dataset(), endless());
    std::thread::scope(|scope| {
        let fit = scope.spawn(|| model.fit(&data).monitor(&monitor).run());
        while monitor.read().unwrap().epoch == 0 {
            std::thread::yield_now();
        }
        monitor.cancel();

        says(fit.join().unwrap(), Status::Cancelled, &["cancelled"]);
    });
}

#[test]
fn a_panic_in_a_progress_closure_goes_on_outside() {
    let data = dataset();
    let panic = catch_unwind(AssertUnwindSafe(|| endless().fit(&data).progress(|_| panic!("mine")).run().is_ok()));

    assert_eq!(*panic.unwrap_err().downcast::<&str>().unwrap(), "mine");
}

#[test]
fn one_model_serves_many_threads() {
    let model = fitted();
    let expected = model.predict_pairs(&USERS, &ITEMS).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let mut scorer = model.scorer(&["user_id"], &["item_id"], json!({"max_rows": 1})).unwrap();
                for round in 0..2000 {
                    let i = round % USERS.len();
                    let cells = ([Cell::Int64(USERS[i])], [Cell::Int64(ITEMS[i])]);
                    assert_eq!(model.predict_pair(USERS[i], ITEMS[i]).unwrap(), expected[i]);
                    assert_eq!(scorer.score(&cells.0, &cells.1).unwrap(), [expected[i]]);
                }
            });
        }
    });
}

#[test]
fn a_scorer_and_a_clone_keep_their_model_alive() {
    let model = fitted();
    let (copy, expected) = (model.clone(), model.predict_pair(1, 10).unwrap());
    let mut scorer = model.scorer(&["user_id", "item_id"], &[], ()).unwrap();
    drop(model);

    assert_eq!(scorer.score(&[1.into(), 10.into()], &[]).unwrap(), [expected]);
    assert_eq!(copy.predict_pair(1, 10).unwrap(), expected);
}

#[test]
fn handles_go_where_the_abi_lets_them() {
    fn both<T: Send + Sync>() {}
    both::<(Model, Dataset, Table, Monitor<'static>, interplay::Scorer, interplay::Assembly, interplay::Bytes, interplay::Error)>(
    );
}

/// Pages in memory that belong to this process alone, on Linux; elsewhere nothing is measured.
fn resident() -> Option<i64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split(' ').nth(1)?.parse().ok()
}

#[test]
fn a_million_calls_hold_memory_flat() {
    let model = fitted();
    let call = |i: i64| {
        model.predict_pair(i % 4, 10 + i % 30).unwrap();
        if i % 16 == 0 {
            assert!(Model::create("popularity", json!({"round": 1})).is_err());
            model.recommend_user(1, 3).unwrap();
            model.predict(&Table::of([("user_id", Column::of([1i64]))]).unwrap(), ()).unwrap();
        }
    };
    (0..100_000).for_each(call);
    let (before, began) = (resident(), Instant::now());
    (0..1_000_000).for_each(call);

    let grown = resident().unwrap_or(0) - before.unwrap_or(0);
    assert!(grown < 512, "expected less than 512 pages more after a million calls, found {grown} ({:?})", began.elapsed());
}
