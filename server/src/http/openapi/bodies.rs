//! What a body may hold, where no type of the handlers says so: they read the fields by name, so that each refusal is told by
//! name.
#![expect(dead_code, reason = "they only describe: see `body` for what is read")]

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::SchemaType, schema::Type},
};

/// A text that is not empty. A number counts as its digits.
pub struct Text;

impl PartialSchema for Text {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number]))
            .min_length(Some(1))
            .description(Some("A text that is not empty. A number counts as its digits."))
            .build()
            .into()
    }
}

impl ToSchema for Text {}

/// What is read if it is a text, and else passed over.
pub struct Anything;

impl PartialSchema for Anything {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::AnyValue)
            .description(Some("Read if it is a text, and else passed over."))
            .build()
            .into()
    }
}

impl ToSchema for Anything {}

/// Who signs in.
#[derive(ToSchema)]
pub struct Account {
    username: Text,
    password: Text,
}

/// A new account.
#[derive(ToSchema)]
pub struct NewAccount {
    /// 1 to 64 letters, digits and signs of `. _ - @ +`. Case does not count.
    username: Text,
    /// 15 to 256 characters, and none of the passwords that everybody guesses.
    password: Text,
}

/// The refresh token, for modes that have one, unless it is in its cookie.
#[derive(ToSchema)]
pub struct Presented {
    // No comment of its own: the macro would make an object of it.
    #[schema(required = false, inline)]
    refresh: Anything,
}

/// A new password.
#[derive(ToSchema)]
pub struct PasswordChange {
    /// The present one.
    current: Text,
    /// 15 to 256 characters, and none of the passwords that everybody guesses.
    new: Text,
    /// The mode whose credential counts, where the request shows several.
    #[schema(required = false)]
    mode: Text,
    // The refresh token, as in `Presented`.
    #[schema(required = false, inline)]
    refresh: Anything,
}

/// The password, to end all sign-ins but the caller's own.
#[derive(ToSchema)]
pub struct OthersEnd {
    password: Text,
    // The refresh token, as in `Presented`.
    #[schema(required = false, inline)]
    refresh: Anything,
}

/// The password, to end another sign-in than the caller's own.
#[derive(ToSchema)]
pub struct Confirmation {
    #[schema(required = false)]
    password: Text,
}

/// Whose sign-ins are to end.
#[derive(ToSchema)]
pub struct Everywhere {
    /// The mode whose credential counts, where the request shows several.
    #[schema(required = false)]
    mode: Text,
}

/// A token of any mode.
#[derive(ToSchema)]
pub struct Token {
    token: Text,
}

/// A token of any mode, and what it is expected to be.
#[derive(ToSchema)]
pub struct Introspected {
    token: Text,
    /// `refresh_token`: only a refresh token is active. Otherwise, no refresh token is.
    #[schema(required = false, inline)]
    token_type_hint: Anything,
}

/// What a token stands for. Nothing but `active` where it stands for nothing.
#[derive(ToSchema)]
pub struct Introspection {
    active: bool,
    mode: Option<String>,
    /// What it may be used for: `access`, `refresh` …
    token_use: Option<String>,
    /// The user's id.
    sub: Option<String>,
    username: Option<String>,
    iat: Option<i64>,
    exp: Option<i64>,
    jti: Option<String>,
    iss: Option<String>,
}
