//! The story that every binding tells with the same numbers: tests/scenario/README.md of the project. INTERPLAY_SCENARIO is the
//! file where the crate is not in the project's tree; without it the story is not told, and says so.
mod teller;

use std::collections::HashMap;
use std::path::PathBuf;

use interplay::{CellType, Error, Status, Type};
use serde_json::{json, Value};

fn story() -> Option<Value> {
    let near = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/scenario/scenario.json");
    let path = std::env::var_os("INTERPLAY_SCENARIO").map_or(near, PathBuf::from);
    match std::fs::read(&path) {
        Ok(text) => Some(serde_json::from_slice(&text).expect("the story is JSON")),
        Err(error) => {
            eprintln!("skipped: no story at {}: {error}", path.display());
            None
        }
    }
}

/// `InvalidArgument` is INVALID_ARGUMENT.
fn screaming(name: &str) -> String {
    let parts = name
        .char_indices()
        .map(|(at, letter)| if at > 0 && letter.is_uppercase() { format!("_{letter}") } else { letter.into() });
    parts.collect::<String>().to_uppercase()
}

#[test]
fn the_enumerations_are_the_storys() {
    let Some(story) = story() else { return };
    let mut status = json!({"OK": interplay_sys::INTERPLAY_OK});
    Status::ALL.iter().for_each(|each| status[screaming(&format!("{each:?}"))] = json!(*each as i32));
    let (mut types, mut cells) = (json!({}), json!({}));
    Type::ALL.iter().for_each(|each| types[format!("{each:?}").to_uppercase()] = json!(*each as i32));
    CellType::ALL.iter().for_each(|each| cells[format!("{each:?}").to_uppercase()] = json!(*each as i32));

    assert_eq!(json!({"status": status, "type": types, "cell": cells}), story["enumerations"]);
    assert_eq!(json!(interplay::abi_version().0), story["abi_major"]);
}

#[test]
fn a_status_of_the_future_is_internal() {
    assert_eq!(Status::from(99), Status::Internal);
    Status::ALL.iter().for_each(|status| assert_eq!(Status::from(*status as i32), *status));
}

#[test]
fn the_story() {
    let Some(story) = story() else { return };
    let folder = std::env::temp_dir().join(format!("interplay-story-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let steps = story["steps"].as_array().unwrap().clone();
    let within = story["within"].as_f64().unwrap();
    let mut teller = teller::Teller { story, folder: folder.clone(), made: HashMap::new() };

    let mut wrong = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let result = teller.tell(step);
        wrong.extend(complaints(step, result, within).into_iter().map(|why| format!("step {number}, {}: {why}", step["call"])));
    }
    std::fs::remove_dir_all(&folder).unwrap();

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(steps.len() > 100);
}

/// What is not as the step says.
fn complaints(step: &Value, result: Result<Value, Error>, within: f64) -> Vec<String> {
    match (result, &step["error"]) {
        (Err(error), expected) if as_expected(&error, expected) => Vec::new(),
        (Err(error), Value::Null) => vec![format!("expected success, found {:?}: {error}", error.status())],
        (Err(error), expected) => vec![format!("expected {expected}, found {error:?}")],
        (Ok(result), Value::Null) => {
            let checks = step["expect"].as_array().into_iter().flatten();
            let told = |check: &&Value| result.pointer(check["at"].as_str().unwrap()).cloned().unwrap_or(Value::Null);
            checks
                .filter(|check| !holds(check, &told(check), within))
                .map(|check| format!("expected {check}, found {}", told(&check)))
                .collect()
        }
        (Ok(_), expected) => vec![format!("expected {expected}, found success")],
    }
}

fn as_expected(error: &Error, expected: &Value) -> bool {
    if expected["by"] == "binding" {
        return true;
    }
    let mut detail = expected["detail"].as_object().into_iter().flatten();
    expected["status"] == screaming(&format!("{:?}", error.status()))
        && error.message().contains(expected["text"].as_str().unwrap())
        && detail.all(|(key, value)| error.detail()[key] == *value)
}

/// Whether one line of `expect` is true.
fn holds(check: &Value, found: &Value, within: f64) -> bool {
    let within = check["within"].as_f64().unwrap_or(within);
    let (kind, expected) = check.as_object().unwrap().iter().find(|(key, _)| !["at", "within"].contains(&key.as_str())).unwrap();
    match kind.as_str() {
        "equals" => same(found, expected),
        "near" => close(found, expected, within),
        "has" => found.as_str().unwrap().contains(expected.as_str().unwrap()),
        "length" => found.as_array().map(Vec::len) == expected.as_u64().map(|length| length as usize),
        "below" => found.as_f64().unwrap() < expected.as_f64().unwrap(),
        "above" => found.as_f64().unwrap() > expected.as_f64().unwrap(),
        other => panic!("a check that this teller does not know: {other}"),
    }
}

fn same(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| same(found, expected))
        }
        (Value::Number(found), Value::String(expected)) => found.to_string() == *expected,
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        _ => found == expected,
    }
}

fn close(found: &Value, expected: &Value, within: f64) -> bool {
    if let (Value::Array(found), Value::Array(expected)) = (found, expected) {
        return found.len() == expected.len()
            && found.iter().zip(expected).all(|(found, expected)| close(found, expected, within));
    }
    let (Some(found), Some(expected)) = (found.as_f64(), expected.as_f64()) else { return false };
    (found - expected).abs() <= within * expected.abs().max(1.0)
}
