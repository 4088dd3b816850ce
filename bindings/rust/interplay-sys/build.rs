//! Says where libinterplay is. See README.md for the order.
use std::env;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-env-changed=INTERPLAY_LIB_DIR");
    println!("cargo:rerun-if-changed=build.rs");
    if let Some(folder) = env::var_os("INTERPLAY_LIB_DIR") {
        copy_and_link(Path::new(&folder), "INTERPLAY_LIB_DIR");
    } else if cfg!(feature = "vendored") {
        let target = env::var("TARGET").expect("cargo sets TARGET");
        let folder = Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("vendor").join(target);
        copy_and_link(&folder, "the feature `vendored`");
    } else {
        installed();
    }
}

/// Links a copy in OUT_DIR: cargo puts that folder, and none outside its own, on the search path of what it runs.
fn copy_and_link(folder: &Path, why: &str) {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let library = folder.join("libinterplay.so.1");
    println!("cargo:rerun-if-changed={}", library.display());
    for name in ["libinterplay.so.1", "libinterplay.so"] {
        if let Err(error) = std::fs::copy(&library, out.join(name)) {
            panic!(
                "interplay-sys: {why}: expected the library at {}, found: {error}. Set INTERPLAY_LIB_DIR to the folder of \
                 libinterplay.so.1, or install the library and use the feature `pkg-config`.",
                library.display()
            );
        }
    }
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=dylib=interplay");
}

#[cfg(feature = "pkg-config")]
fn installed() {
    if let Err(error) = pkg_config::Config::new().atleast_version("0.1").probe("interplay") {
        panic!(
            "interplay-sys: expected an installed libinterplay with its interplay.pc, found: {error}\nSet PKG_CONFIG_PATH to \
             its folder, or INTERPLAY_LIB_DIR to that of libinterplay.so.1, or use the feature `vendored`."
        );
    }
}

#[cfg(not(feature = "pkg-config"))]
fn installed() {
    panic!("interplay-sys: expected one of INTERPLAY_LIB_DIR, the feature `vendored` or the feature `pkg-config`, found none");
}
