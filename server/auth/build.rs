//! Rebuilds the crate when a migration is added or deleted: `sqlx::migrate!` alone does not report that to cargo.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
