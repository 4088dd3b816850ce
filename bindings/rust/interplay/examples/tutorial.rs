//! The tutorial on MovieLens. Usage: tutorial FOLDER   (ratings.csv, items.csv of ml-100k, with headings)
use std::error::Error;
use std::ops::ControlFlow;
use std::path::Path;

use interplay::{AutoInt, Column, Dataset, Model, Table};
use serde_json::json;

/// The first four columns of ratings.csv: user, item, rating, time.
#[derive(Default)]
struct Ratings {
    users: Vec<i64>,
    items: Vec<i64>,
    ratings: Vec<f32>,
    times: Vec<i64>,
}

impl Ratings {
    fn push(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        let mut cells = line.split(',');
        let mut next = || cells.next().ok_or_else(|| format!("expected four columns, found {line:?}"));
        self.users.push(next()?.parse()?);
        self.items.push(next()?.parse()?);
        self.ratings.push(next()?.parse()?);
        self.times.push(next()?.parse()?);
        Ok(())
    }

    /// Every fifth row is held out.
    fn read(path: &Path) -> Result<(Ratings, Ratings), Box<dyn Error>> {
        let (mut train, mut test) = (Ratings::default(), Ratings::default());
        for (row, line) in std::fs::read_to_string(path)?.lines().skip(1).enumerate() {
            if row % 5 == 4 {
                test.push(line)?
            } else {
                train.push(line)?
            }
        }
        Ok((train, test))
    }
}

fn rmse(scores: &[f32], ratings: &[f32]) -> f64 {
    let squares = scores.iter().zip(ratings).map(|(score, rating)| f64::from(score - rating).powi(2));
    (squares.sum::<f64>() / ratings.len() as f64).sqrt()
}

fn pairs(folder: &Path) -> Result<(), Box<dyn Error>> {
    let (train, test) = Ratings::read(&folder.join("ratings.csv"))?;

    let model = AutoInt::new()
        .embedding_dim(32)
        .attention_dim(32)
        .num_heads(2)
        .num_layers(3)
        .dropout(0.1)
        .epochs(20)
        .batch_size(256)
        .learning_rate(0.001)
        .fit_pairs(&train.users, &train.items, Some(&train.ratings))?;

    println!("user 196 and movie 242: {:.2}", model.predict_pair(196, 242)?);
    println!("three pairs: {:?}", model.predict_pairs(&[196, 186, 22], &[242, 302, 377])?);
    for (movie, score) in model.recommend_user(196, 10)? {
        println!("  movie {movie}: {score:.2}");
    }
    println!("test RMSE {:.4}", rmse(&model.predict_pairs(&test.users, &test.items)?, &test.ratings));

    let file = std::env::temp_dir().join(format!("tutorial-{}.interplay", std::process::id()));
    model.save(&file, ())?;
    let again = Model::load(&file, ())?;
    std::fs::remove_file(&file)?;
    assert_eq!(again.predict_pair(196, 242)?, model.predict_pair(196, 242)?, "a loaded model gives the same score");

    if let Err(error) = AutoInt::new().set("embeding_dim", 32).create() {
        println!("a wrong parameter: {error}");
    }
    Ok(())
}

/// The movies' years beside the ids, the last fifth by time held out, progress by epoch.
fn with_features(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut all = Ratings::default();
    for line in std::fs::read_to_string(folder.join("ratings.csv"))?.lines().skip(1) {
        all.push(line)?;
    }
    let (mut items, mut years) = (Vec::new(), Vec::new());
    for line in std::fs::read_to_string(folder.join("items.csv"))?.lines().skip(1) {
        items.push(line.split(',').next().unwrap_or_default().parse::<i64>()?);
        years.push(line.split(',').rev().find_map(|cell| cell.parse::<i64>().ok().filter(|year| (1900..2100).contains(year))));
    }

    let mut data = Dataset::new(json!({"user": "user_id", "item": "item_id", "label": "rating", "time": "timestamp"}))?;
    let columns = [("user_id", Column::of(all.users)), ("item_id", Column::of(all.items)), ("rating", Column::of(all.ratings))];
    let mut interactions = Table::of(columns)?;
    interactions.add("timestamp", Column::of(all.times))?;
    data.append("interactions", &interactions)?;
    data.append("items", &Table::of([("item_id", Column::of(items)), ("year", Column::nullable(years))])?)?;
    data.seal()?;

    let (early, late) = data.split(json!({"method": "time", "fraction": 0.2}))?;
    let progress = |event: &interplay::Event| {
        if event.epoch_end {
            println!("  epoch {} of {}: {:?}", event.epoch, event.epochs, event.valid_metric);
        }
        ControlFlow::Continue(())
    };
    let model = AutoInt::new().epochs(5).create()?.fit(&early).progress(progress).run()?;
    let found = model.evaluate(&late, ())?;
    println!("by time, with features: RMSE {}, biases alone {}", found["metrics"]["rmse"], found["baselines"]["biases"]);
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: tutorial FOLDER")?;
    pairs(Path::new(&folder))?;
    with_features(Path::new(&folder))
}
