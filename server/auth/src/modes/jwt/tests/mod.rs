//! The tokens of a pair, and the sliding token.

mod access;
mod refresh;
mod sliding;

use http::request::Parts;

use super::INFO;
use crate::{
    AuthError, Delivery, Issued, Refusal,
    testing::{Driver, PASSWORD, World, present, request},
};

async fn log_in(world: &World) -> Issued {
    world.auth.login(INFO.id.0, "alice", PASSWORD, &request(&[])).await.unwrap()
}

async fn world(driver: Driver) -> World {
    world_with(driver, &[]).await
}

async fn world_with(driver: Driver, settings: &[(&str, &str)]) -> World {
    let world = World::with_settings(driver, settings).await.unwrap();
    world.sign_up("alice").await.unwrap();
    world
}

fn refresh_text(issued: &Issued) -> String {
    match &issued.delivery {
        Delivery::Pair { refresh: Some(refresh), .. } => refresh.expose().to_owned(),
        other => panic!("no refresh token in {other:?}"),
    }
}

fn access_only(issued: &Issued) -> Parts {
    let mut req = present(issued);
    req.extensions.clear();
    req
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, AuthError>) -> Refusal {
    match outcome {
        Err(AuthError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}
