//! A migration that is added or deleted has to reach `sqlx::migrate!`, which cargo does not see by itself.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
