//! interplay-sys declares what interplay.h does. INTERPLAY_TREE is the project's tree where the crate is not in it.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

use interplay_sys as sys;

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

/// interplay.h and bindings.rs of the tree, and where interplay.h is found.
fn texts() -> Option<(String, String, PathBuf)> {
    let tree =
        std::env::var_os("INTERPLAY_TREE").map_or(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.."), PathBuf::from);
    let Ok(header) = std::fs::read_to_string(tree.join("include/interplay/interplay.h")) else {
        eprintln!("skipped: no interplay.h in {}", tree.display());
        return None;
    };
    let ours = std::fs::read_to_string(tree.join("bindings/rust/interplay-sys/src/bindings.rs")).unwrap();
    Some((header, ours, tree.join("include")))
}

#[test]
fn the_functions_are_the_headers() {
    let Some((header, ours, _)) = texts() else { return };
    let ours: BTreeMap<String, usize> = functions(&ours.replace(") -> ", "); "), "pub fn ");
    let mut theirs = functions(&header, "INTERPLAY_API ");
    theirs.retain(|name, _| name.starts_with("interplay_"));

    assert!(theirs.len() > 60, "expected the header's functions, found {}", theirs.len());
    assert_eq!(ours, theirs, "run bindings/rust/generate");
}

/// A type of bindings.rs in C.
fn in_c(rust: &str) -> String {
    if let Some(behind) = rust.strip_prefix("*const ") {
        return in_c(behind) + " const *";
    }
    if let Some(behind) = rust.strip_prefix("*mut ") {
        return in_c(behind) + " *";
    }
    match rust {
        "i32" | "i64" => format!("int{}_t", &rust[1..]),
        "u8" | "u32" | "u64" => format!("uint{}_t", &rust[1..]),
        "usize" => "size_t".into(),
        "f32" => "float".into(),
        "core::ffi::c_char" => "char".into(),
        "core::ffi::c_void" => "void".into(),
        "interplay_status" | "interplay_progress" | "interplay_engine_entry_fn" => rust.into(),
        name => format!("struct {name}"), // one that there is not has no typedef, and differs
    }
}

/// `(name: type, ...) -> type` in C, with `name` as what is declared.
fn declaration(name: &str, signature: &str) -> String {
    let (arguments, result) = signature.rsplit_once(')').unwrap();
    let arguments: Vec<_> =
        arguments.split(',').filter_map(|each| each.split_once(": ")).map(|(_, rust)| in_c(rust.trim())).collect();
    let arguments = if arguments.is_empty() { "void".into() } else { arguments.join(", ") };
    format!("{} {name}({arguments})", result.trim().strip_prefix("-> ").map_or("void".into(), in_c))
}

/// Sizes and offsets as this compiler lays the structs out, as assertions in C. A field left out does not compile.
macro_rules! layouts {
    ($($name:ident { $($field:ident),* })*) => {{
        let mut out = BTreeMap::new();
        $(
            let _ = |whole: sys::$name| { let sys::$name { $($field: _),* } = whole; };
            let name = stringify!($name);
            let mut text = format!("_Static_assert(sizeof(struct {name}) == {}, \"\");\n", size_of::<sys::$name>());
            $(
                let (field, offset) = (stringify!($field).trim_end_matches('_'), std::mem::offset_of!(sys::$name, $field));
                writeln!(text, "_Static_assert(offsetof(struct {name}, {field}) == {offset}, \"\");").unwrap();
            )*
            out.insert(name, text);
        )*
        out
    }};
}

/// Everything in bindings.rs said again in C, behind the header: a C compiler refuses what is not the same.
fn said_again(ours: &str) -> String {
    let ours = ours.split_whitespace().collect::<Vec<_>>().join(" ");
    let ours = ours.replace("::core::option::Option<unsafe extern \"C\" fn", "callback");
    let mut layouts = layouts! {
        interplay_column { type_, reserved, rows, n_values, n_bytes, values, string_offsets, row_offsets, valid }
        interplay_cell { type_, size, value }
    };
    let mut out = "#include <stddef.h>\n#include <interplay/interplay.h>\n".to_string();
    for item in ours.split("pub const ").skip(1) {
        let (name, value) = item.split(';').next().unwrap().split_once(": i32 = ").unwrap();
        writeln!(out, "_Static_assert({name} == {value}, \"\");").unwrap();
    }
    for item in ours.split("pub type ").skip(1) {
        let (name, meaning) = item.split(';').next().unwrap().split_once(" = ").unwrap();
        match meaning.strip_prefix("callback(") {
            Some(signature) => writeln!(out, "typedef {};", declaration(&format!("(*{name})"), signature.trim_end_matches('>'))),
            None => writeln!(out, "typedef {} {name};", in_c(meaning)),
        }
        .unwrap();
    }
    for item in ours.split("pub struct ").skip(1) {
        let (name, fields) = item.split('}').next().unwrap().split_once(" { ").unwrap();
        if fields.contains("_unused") {
            continue; // known by pointers alone
        }
        out += &layouts.remove(name).unwrap_or_else(|| panic!("expected {name} among this test's layouts: add it"));
        for (field, rust) in fields.split("pub ").filter_map(|each| each.trim().trim_end_matches(',').split_once(": ")) {
            let field = field.trim_end_matches('_');
            writeln!(out, "extern __typeof__(((struct {name} *)0)->{field}) {name}_{field};").unwrap();
            writeln!(out, "extern {} {name}_{field};", in_c(rust)).unwrap();
        }
    }
    for item in ours.split("pub fn ").skip(1) {
        let (name, signature) = item.split(';').next().unwrap().split_once('(').unwrap();
        writeln!(out, "{};", declaration(name, signature)).unwrap();
    }
    out
}

#[test]
fn a_c_compiler_finds_the_same_types_layouts_and_values() {
    let Some((_, ours, include)) = texts() else { return };
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("abi.c");
    std::fs::write(&file, said_again(&ours)).unwrap();
    let Ok(compiled) = Command::new("cc").args(["-std=c11", "-fsyntax-only", "-Werror", "-I"]).args([&include, &file]).output()
    else {
        eprintln!("skipped: no C compiler cc on the PATH");
        return;
    };
    let text = String::from_utf8_lossy(&compiled.stderr);

    assert!(compiled.status.success(), "run bindings/rust/generate: interplay.h and bindings.rs differ:\n{text}");
}

#[test]
fn the_constants_and_structs_are_the_headers() {
    let Some((header, ours, _)) = texts() else { return };
    let names = |text: &str, before: &str, after: fn(&str) -> bool| -> BTreeSet<String> {
        let starts = text.lines().filter_map(|line| line.strip_prefix(before)?.split_once([' ', ':']));
        starts.filter(|(_, rest)| after(rest)).map(|(name, _)| name.to_string()).collect()
    };
    let constants = names(&header, "#define ", |rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    let structs = names(&header, "typedef struct ", |_| true);

    assert!(constants.len() > 20 && structs.len() > 5, "has the header's form changed? {constants:?} {structs:?}");
    assert_eq!(names(&ours, "pub const ", |_| true), constants, "run bindings/rust/generate");
    assert!(structs.is_subset(&names(&ours, "pub struct ", |_| true)), "run bindings/rust/generate: {structs:?}");
}
