//! Pages: who may read them, what they show, and where they redirect.

mod addresses;
mod guarded;
mod locale;
mod rendered;

use auth::{ModeInfo, testing::PASSWORD};
use serde_json::json;

use crate::client::{Client, Kind, Site};

/// The pages that show a user's own data.
fn own(mode: &ModeInfo) -> [String; 3] {
    ["/me/{mode}", "/account/{mode}", "/account/{mode}/activity"].map(|path| path.replace("{mode}", mode.id.0))
}

/// The pages that show every account.
fn admins(mode: &ModeInfo) -> [String; 2] {
    ["/admin/{mode}", "/admin/{mode}/activity"].map(|path| path.replace("{mode}", mode.id.0))
}

fn somebodys(mode: &ModeInfo) -> Vec<String> {
    own(mode).into_iter().chain(admins(mode)).collect()
}

/// A browser in which an administrator is signed in.
async fn root(site: &Site, mode: &ModeInfo) -> Client {
    let mut root = site.client(Kind::OwnPage);
    root.post(&format!("/api/{}/login", mode.id), json!({"username": "root", "password": PASSWORD})).await;
    root
}
