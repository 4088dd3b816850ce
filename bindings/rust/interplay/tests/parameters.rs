//! Typed parameters and serde.
use interplay::{AutoInt, Status};
use serde_json::json;

#[test]
fn parameters_survive_serde() {
    let engine = AutoInt::new().embedding_dim(8).dropout(0.0).deep_layers([16, 8]).preset("best").first_order(true);
    let written = serde_json::to_value(&engine).unwrap();

    assert_eq!(
        written,
        json!({"embedding_dim": 8, "dropout": 0.0, "deep_layers": [16, 8], "preset": "best", "first_order": true})
    );
    assert_eq!(serde_json::from_value::<AutoInt>(written).unwrap(), engine);
}

#[test]
fn a_misspelt_parameter_is_refused_with_the_nearest() {
    let error = AutoInt::new().set("epoch", 3).create().err().unwrap();

    assert_eq!(error.status(), Status::InvalidArgument);
    assert_eq!(error.detail()["nearest"], "epochs");
}
