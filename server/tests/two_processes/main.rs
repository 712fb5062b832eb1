//! Two processes of the server on one PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod end_of_everything;
mod process;
mod refresh; // mode: jwt
