//! Record batches in and out.
#![cfg(feature = "arrow")]
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::types::{Float32Type, Int64Type};
use arrow_array::{
    cast::AsArray, ArrayRef, Decimal128Array, Float32Array, Int64Array, RecordBatch, RecordBatchIterator, StringArray,
};
use interplay::{Dataset, Popularity, Status, Table};
use serde_json::json;

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn ids(values: &[i64]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

fn ratings() -> RecordBatch {
    let ratings: ArrayRef = Arc::new(Float32Array::from(vec![5.0, 1.0, 4.0]));
    batch(vec![("user_id", ids(&[1, 1, 2])), ("item_id", ids(&[10, 20, 10])), ("rating", ratings)])
}

#[test]
fn a_batch_comes_back_as_it_went() {
    let mut tags = ListBuilder::new(StringBuilder::new());
    tags.append_value([Some("cat"), Some("dog")]);
    tags.append_null();
    let names: ArrayRef = Arc::new(StringArray::from(vec![Some("K\u{f6}ln"), None]));
    let given = batch(vec![("id", ids(&[1, 9_007_199_254_740_993])), ("name", names), ("tags", Arc::new(tags.finish()))]);

    let table = Table::from_batch(&given).unwrap();
    drop(given);
    let back = table.to_batch().unwrap();
    drop(table);

    assert_eq!(back.column(0).as_primitive::<Int64Type>().values(), &[1, 9_007_199_254_740_993]);
    assert_eq!((back.num_rows(), back.column(1).null_count(), back.column(2).null_count()), (2, 1, 1));
    assert_eq!(back.schema().fields().iter().map(|field| field.name().as_str()).collect::<Vec<_>>(), ["id", "name", "tags"]);
}

#[test]
fn chunks_make_a_dataset_and_scores_make_a_batch() {
    let mut data = Dataset::new(json!({"user": "user_id", "item": "item_id", "label": "rating"})).unwrap();
    let chunks = vec![Ok(ratings()), Ok(ratings())];
    data.append_reader("interactions", RecordBatchIterator::new(chunks, ratings().schema())).unwrap();
    data.append_batch("interactions", &ratings()).unwrap();
    data.seal().unwrap();
    assert_eq!(data.info().unwrap()["rows"], 9);

    let model = Popularity::new().create().unwrap().fit(&data).run().unwrap();
    let scores = model.predict(&Table::from_batch(&ratings()).unwrap(), ()).unwrap().to_batch().unwrap();

    let expected = model.predict_pairs(&[1, 1, 2], &[10, 20, 10]).unwrap();
    assert_eq!(scores.column_by_name("score").unwrap().as_primitive::<Float32Type>().values(), &expected[..]);
}

#[test]
fn a_type_without_a_meaning_is_refused_by_name() {
    let error = Table::from_batch(&batch(vec![("price", Arc::new(Decimal128Array::from(vec![1])))])).err().unwrap();

    assert_eq!(error.status(), Status::Unsupported);
    assert!(error.message().contains("price"), "{error}");
}
