//! interplay-sys declares what interplay.h does. INTERPLAY_TREE is the project's tree where the crate is not in it.
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Function names and how many arguments each has, between `before` and `end` of a text.
fn functions(text: &str, before: &str) -> BTreeMap<String, usize> {
    let code: String = text.split("/*").flat_map(|part| part.split("*/").last()).collect();
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let declarations = code.split(before).skip(1).filter_map(|rest| rest.split(';').next()?.split_once('('));
    declarations
        .map(|(head, arguments)| {
            let name = head.rsplit([' ', '*']).next().unwrap_or_default();
            let arguments = arguments.rsplit_once(')').map_or(arguments, |(arguments, _)| arguments);
            (name.to_string(), arguments.split(',').filter(|each| !["", "void"].contains(&each.trim())).count())
        })
        .collect()
}

#[test]
fn the_functions_are_the_headers() {
    let tree =
        std::env::var_os("INTERPLAY_TREE").map_or(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.."), PathBuf::from);
    let Ok(header) = std::fs::read_to_string(tree.join("include/interplay/interplay.h")) else {
        eprintln!("skipped: no interplay.h in {}", tree.display());
        return;
    };
    let ours = std::fs::read_to_string(tree.join("bindings/rust/interplay-sys/src/bindings.rs")).unwrap();
    let ours: BTreeMap<String, usize> = functions(&ours.replace(") -> ", "); "), "pub fn ");
    let mut theirs = functions(&header, "INTERPLAY_API ");
    theirs.retain(|name, _| name.starts_with("interplay_"));

    assert!(theirs.len() > 60, "expected the header's functions, found {}", theirs.len());
    assert_eq!(ours, theirs, "run bindings/rust/generate");
}
