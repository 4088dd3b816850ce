//! What a call costs, as bindings/overhead/overhead.c measures it in C. Usage: overhead [--make] MODEL
use std::hint::black_box;
use std::time::Instant;

use interplay::{AutoInt, Cell, Model};
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
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments[..] {
        [make, path] if make == "--make" => Ok(made()?.save(path, ())?),
        [path] => measured(&Model::load(path, ())?),
        _ => Err("usage: overhead [--make] MODEL".into()),
    }
}

/// The model that bindings/overhead/run makes.
fn made() -> interplay::Result<Model> {
    let users: Vec<i64> = (0..90_000).map(|row| row % 900 + 1).collect();
    let items: Vec<i64> = (0..90_000).map(|row| row * 7 % 1600 + 1).collect();
    let ratings: Vec<f32> = users.iter().zip(&items).map(|(user, item)| ((user + item) % 5 + 1) as f32).collect();
    AutoInt::new().epochs(1).fit_pairs(&users, &items, Some(&ratings))
}

fn measured(model: &Model) -> Result<(), Box<dyn std::error::Error>> {
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
