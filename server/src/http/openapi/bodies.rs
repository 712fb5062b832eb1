//! Request bodies for the OpenAPI document. The handlers read fields by name and have no type for a body, so that an
//! error can name each refused field.
#![expect(dead_code, reason = "these types describe; `extract` has what is parsed")]

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::SchemaType, schema::Type},
};

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

pub struct Anything;

impl PartialSchema for Anything {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::AnyValue)
            .description(Some("Ignored unless it is a text."))
            .build()
            .into()
    }
}

impl ToSchema for Anything {}

/// The credentials of a login.
#[derive(ToSchema)]
#[schema(examples(json!({"username": "alice", "password": "gravel otter lampshade"})))]
pub struct Account {
    username: Text,
    password: Text,
}

/// A new account.
#[derive(ToSchema)]
#[schema(examples(json!({"username": "bob", "password": "copper lantern by the weir"})))]
pub struct NewAccount {
    /// 1 to 64 letters, digits or `. _ - @ +`. Case does not count.
    username: Text,
    /// 15 to 256 characters, and not a common password.
    password: Text,
}

/// The refresh token, for modes that have one, if the request has no refresh cookie.
#[derive(ToSchema)]
#[schema(examples(json!({"refresh": "<refresh token>"})))]
pub struct RefreshTokenBody {
    // Not a doc comment: the macro would turn the schema into an object.
    #[schema(required = false, inline)]
    refresh: Anything,
}

/// A new password.
#[derive(ToSchema)]
#[schema(examples(json!({"current": "gravel otter lampshade", "new": "copper lantern by the weir"})))]
pub struct PasswordChange {
    /// The current password.
    current: Text,
    /// 15 to 256 characters, and not a common password.
    new: Text,
    /// The mode of the credential, needed if the request has several of different users.
    #[schema(required = false)]
    mode: Text,
    // The refresh token, as in `RefreshTokenBody`.
    #[schema(required = false, inline)]
    refresh: Anything,
}

/// The password, to end all sign-ins but the caller's own.
#[derive(ToSchema)]
#[schema(examples(json!({"password": "gravel otter lampshade"})))]
pub struct OthersEnd {
    password: Text,
    // The refresh token, as in `RefreshTokenBody`.
    #[schema(required = false, inline)]
    refresh: Anything,
}

/// The password, to end another sign-in than the caller's own.
#[derive(ToSchema)]
#[schema(examples(json!({"password": "gravel otter lampshade"})))]
pub struct Confirmation {
    #[schema(required = false)]
    password: Text,
}

/// The mode of the caller's credential.
#[derive(ToSchema)]
pub struct Everywhere {
    /// The mode of the credential, needed if the request has several of different users.
    #[schema(required = false)]
    mode: Text,
}

/// A token of any mode.
#[derive(ToSchema)]
#[schema(examples(json!({"token": "<token>"})))]
pub struct Token {
    token: Text,
}

/// A token of any mode, and its expected type.
#[derive(ToSchema)]
#[schema(examples(json!({"token": "<token>"})))]
pub struct Introspected {
    token: Text,
    /// With `refresh_token`, only a refresh token is active. Without it, no refresh token is.
    #[schema(required = false, inline)]
    token_type_hint: Anything,
}

/// What a token stands for. An inactive token has `active` and no other member.
#[derive(ToSchema)]
#[schema(examples(
    json!({"active": true, "token_use": "access", "sub": "01a218fb-f070-7df8-8e4e-1480be5b8e38", "username": "alice",
        "iat": 1_790_000_000, "exp": 1_790_000_300}),
    json!({"active": false})
))]
pub struct Introspection {
    active: bool,
    mode: Option<String>,
    /// The use of the token: `access`, `refresh` …
    token_use: Option<String>,
    /// The user's id.
    sub: Option<String>,
    username: Option<String>,
    iat: Option<i64>,
    exp: Option<i64>,
    jti: Option<String>,
    iss: Option<String>,
}
