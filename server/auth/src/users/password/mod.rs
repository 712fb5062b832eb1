//! Passwords: which ones are accepted (NIST SP 800-63B-4, 3.1.1), and how they are hashed (OWASP Password Storage).

mod argon2id;
mod django;
mod hasher;
mod rules;
mod stored;
mod threads;

pub use self::{
    argon2id::HashProblem,
    django::DjangoHash,
    hasher::{Hasher, PasswordVerdict},
    rules::{Password, PasswordProblem},
};
