//! What a call costs, as bindings/overhead/overhead.c measures it in C. Usage: overhead MODEL   (the one that bindings/overhead/run makes)
use std::hint::black_box;
use std::time::Instant;

use interplay::{Cell, Model};
use serde_json::json;

const ROUNDS: usize = 15;

/// Microseconds of one call, the best round's mean.
fn best(calls: i64, mut call: impl FnMut(i64)) -> f64 {
    let mut round = || {
        let start = Instant::now();
        (0..calls).for_each(&mut call);
        start.elapsed().as_secs_f64() * 1e6 / calls as f64
    };
    (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: overhead MODEL")?;
    let model = Model::load(path, ())?;
    let mut scorer = model.scorer(&["user_id"], &["item_id"], json!({"max_rows": 1}))?;
    let users: Vec<i64> = (0..10_000).map(|i| i % 900 + 1).collect();
    let items: Vec<i64> = (0..10_000).map(|i| i % 1600 + 1).collect();
    let mut out = [0f32];

    let pair = best(20_000, |i| {
        black_box(model.predict_pair(i % 900 + 1, i % 1600 + 1).unwrap());
    });
    let cell = best(20_000, |i| scorer.score_into(&[Cell::Int64(i % 900 + 1)], &[Cell::Int64(i % 1600 + 1)], &mut out).unwrap());
    println!("rust predict_pair {pair:.3}");
    println!("rust scorer {cell:.3}");
    println!(
        "rust batch {:.3}",
        best(1, |_| {
            black_box(model.predict_pairs(&users, &items).unwrap());
        })
    );
    Ok(())
}
