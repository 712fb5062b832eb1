//! Responses: the answers of handlers, and the shape of every failure.

mod answer;
mod preference;
mod problem;

pub use self::{
    answer::{
        AnswerAs, ROTATION, account_failed, account_page, carried_along, code_text, ended_page, failed, issued_body,
        logged_out, revocation_header, rotation_header, see_other, with_cookies, with_problem, with_query,
    },
    preference::set_preference,
    problem::{Problem, method_not_allowed, not_found, panicked, password_code, username_code},
};
