//! An engine from a shared library is one like any other. INTERPLAY_TREE is the project's tree where the crate is not in it.
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use interplay::{load_engine, Model, Status};
use serde_json::json;

/// The template in C, compiled as its author would; none where that cannot be, which is said.
fn compiled() -> Option<PathBuf> {
    let tree =
        std::env::var_os("INTERPLAY_TREE").map_or(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.."), PathBuf::from);
    let template = tree.join("examples/engine_template/c/damped_means.c");
    if !template.exists() {
        eprintln!("skipped: no {}", template.display());
        return None;
    }
    let plugin = Path::new(env!("CARGO_TARGET_TMPDIR")).join("damped_means_c.so");
    let mut cc = Command::new("cc");
    cc.args(["-shared", "-fPIC", "-I"]).arg(tree.join("include")).arg(template).arg("-o").arg(&plugin).arg("-lm");
    match cc.status() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            eprintln!("skipped: there is no C compiler cc on the PATH");
            None
        }
        status => {
            assert!(status.unwrap().success(), "expected the template to compile");
            Some(plugin)
        }
    }
}

#[test]
fn a_plugin_is_an_engine_like_any_other() {
    let Some(plugin) = compiled() else { return };
    // SAFETY: the project's own template.
    let (name, again) = unsafe { (load_engine(&plugin).unwrap(), load_engine(&plugin).unwrap()) };
    assert_eq!([name.as_str(), again.as_str()], ["damped_means_c"; 2]);

    let labels = [1.0, 2.0, 4.0, 5.0];
    let model = Model::fit_pairs(&name, json!({"damping": 0}), &[1, 1, 2, 2], &[7, 8, 7, 8], Some(&labels)).unwrap();

    // Users lie 1.5 below and above the mean of 3, items 0.5.
    assert_eq!(model.predict_pairs(&[1, 2], &[7, 8]).unwrap(), [1.0, 5.0]);
}

#[test]
fn a_plugin_is_named_by_an_absolute_path() {
    // SAFETY: neither is loaded.
    let (relative, missing) = unsafe { (load_engine("plugin.so").unwrap_err(), load_engine("/nowhere/plugin.so").unwrap_err()) };

    assert_eq!(relative.status(), Status::InvalidArgument);
    assert!(relative.message().contains("expected an absolute path, found \"plugin.so\""), "{relative}");
    assert_eq!(missing.status(), Status::NotFound);
}
