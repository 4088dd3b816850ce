//! src/engines.rs is what the library publishes. INTERPLAY_WRITE=1 writes it (bindings/rust/generate does).
use std::fmt::Write as _;

use interplay::engine;
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/engines.rs");

fn published() -> String {
    let mut text =
        "//! The engines and their parameters. Written by bindings/rust/generate from what the library publishes: do not \
                    edit.\n\nuse crate::parameters::engine;\n"
            .to_string();
    for (class, name) in [("AutoInt", "autoint"), ("Fm", "fm"), ("Popularity", "popularity")] {
        let info = engine(name).unwrap();
        writeln!(text, "\nengine! {{\n    /// {}\n    {class} = {name:?} {{", info["summary"].as_str().unwrap()).unwrap();
        for (parameter, schema) in info["parameters"]["properties"].as_object().unwrap() {
            writeln!(text, "        ///{}\n        {parameter}: {},", documentation(schema), rust_type(schema)).unwrap();
        }
        text += "    }\n}\n";
    }
    text
}

fn documentation(schema: &Value) -> String {
    let mut text = schema["description"].as_str().unwrap().trim_end_matches('.').to_string();
    text[..1].make_ascii_uppercase();
    if let Some(accepted) = schema["enum"].as_array().filter(|_| schema["type"] == "string") {
        let names: Vec<_> = accepted.iter().map(|value| format!("`{}`", value.as_str().unwrap())).collect();
        write!(text, ". One of {}", names.join(", ")).unwrap();
    }
    if let (Some(low), Some(high)) = (schema.get("minimum"), schema.get("maximum")) {
        write!(text, ". {low} to {high}").unwrap();
    }
    format!(" {text}. Default: `{}`.", schema["default"])
}

fn rust_type(schema: &Value) -> &'static str {
    match schema["type"].as_str().unwrap() {
        "integer" => "i64",
        "number" => "f64",
        "boolean" => "bool",
        "string" => "String",
        "array" => "Vec<i64>",
        other => panic!("expected a type that this test knows, found {other}: add it"),
    }
}

#[test]
fn the_parameters_are_those_that_the_library_publishes() {
    if std::env::var_os("INTERPLAY_WRITE").is_some() {
        std::fs::write(FILE, published()).unwrap();
    }
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");

    assert_eq!(squeezed(&std::fs::read_to_string(FILE).unwrap()), squeezed(&published()), "run bindings/rust/generate");
}
