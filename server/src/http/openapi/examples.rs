//! Examples of the bodies that depend on the modes of the server, and of those that the interface shares.
//!
//! They are values of the types that the handlers send, so a new field needs a new example. The other schemas have
//! their examples beside their fields.

use app::{
    error::{AppError, ErrorCode},
    types::{
        AuditEntry, CredentialEntry, IssuedBody, Lifetime, Me, ModeId, Registered, Role, RotationReplay, RotationTrial,
        UserEntry, Verdict,
    },
};
use auth::{ModeInfo, Transport};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{
    ToSchema,
    openapi::{Components, RefOr, Schema},
};

use super::Everywhere;

const USER: &str = "01a218fb-f070-7df8-8e4e-1480be5b8e38";
const SIGN_IN: &str = "01a218fc-93b1-7c02-b1a5-0d5b9d1c2a77";
/// A login, in unix seconds.
const LOGIN: i64 = 1_790_000_000;
const AGENT: &str = "curl/8.14.1";
const ADDRESS: &str = "192.0.2.7";

/// Adds the examples to the schemas of their types.
pub fn add(components: &mut Components, modes: &[&'static ModeInfo]) {
    let Some(first) = modes.first() else { return };
    let mode = ModeId(first.id.0.to_owned());
    let mut add = |name: &str, values: Vec<Value>| match components.schemas.get_mut(name) {
        Some(RefOr::T(Schema::Object(object))) => object.examples = values,
        Some(RefOr::T(Schema::AllOf(parts))) => parts.examples = values,
        // A test finds a body without an example.
        _ => {}
    };
    add(&AppError::name(), values([AppError::new(ErrorCode::TokenNotValid).because("expired")]));
    add(&Everywhere::name(), vec![json!({"mode": mode})]);
    add(&app::types::ModeInfo::name(), values(modes.iter().map(|mode| app::ssr::mode_info(mode))));
    add(&Registered::name(), values([Registered { id: USER.to_owned(), username: "bob".to_owned() }]));
    add(&Lifetime::name(), values([lifetime(1)]));
    add(&Me::name(), values([me(mode.clone())]));
    add(&IssuedBody::name(), values(issued(modes)));
    add(&RotationTrial::name(), values([trial()]));
    add(&RotationReplay::name(), values([replay()]));
    add(&CredentialEntry::name(), values([credential(mode.clone())]));
    add(&AuditEntry::name(), values([event(mode)]));
    add(&UserEntry::name(), values([account()]));
}

fn values<T: Serialize>(examples: impl IntoIterator<Item = T>) -> Vec<Value> {
    // Serialization cannot fail: these types consist of texts and numbers.
    examples.into_iter().filter_map(|example| serde_json::to_value(example).ok()).collect()
}

fn lifetime(generation: i64) -> Lifetime {
    Lifetime { issued_at: LOGIN, expires_at: LOGIN + 1_800, absolute_expires_at: LOGIN + 43_200, generation }
}

fn me(mode: ModeId) -> Me {
    Me { id: USER.to_owned(), username: "alice".to_owned(), role: Role::User, mode, auth: lifetime(1) }
}

/// One body for each form of credential that the modes have: in a cookie, one token, two tokens.
fn issued(modes: &[&'static ModeInfo]) -> Vec<IssuedBody> {
    let mut bodies: Vec<IssuedBody> = Vec::new();
    for mode in modes {
        let mut body = IssuedBody::new(lifetime(1));
        match (mode.transport, mode.cookie) {
            (Transport::Cookie, _) => {}
            (Transport::Bearer, None) => {
                body.token = Some("<token>".to_owned());
                body.expires_in = Some(86_400);
            }
            (Transport::Bearer, Some(_)) => {
                body.access = Some("<access token>".to_owned());
                body.access_expires_in = Some(300);
                body.refresh = Some("<refresh token>".to_owned());
                body.refresh_expires_in = Some(1_209_600);
            }
        }
        if !bodies.iter().any(|other| (&other.token, &other.access) == (&body.token, &body.access)) {
            bodies.push(body);
        }
    }
    bodies
}

fn trial() -> RotationTrial {
    let refused = Verdict::Refused { reason: "replaced".to_owned(), ends_sign_in: false };
    RotationTrial {
        issued: IssuedBody::new(lifetime(2)),
        previous: lifetime(1),
        to_sign_in: refused.clone(),
        to_rotate: refused,
    }
}

fn replay() -> RotationReplay {
    RotationReplay {
        generation: 1,
        outcome: Verdict::Refused { reason: "refresh_token_reused".to_owned(), ends_sign_in: true },
    }
}

fn credential(mode: ModeId) -> CredentialEntry {
    CredentialEntry {
        id: SIGN_IN.to_owned(),
        mode,
        created_at: LOGIN,
        last_seen_at: LOGIN + 60,
        expires_at: LOGIN + 1_860,
        absolute_expires_at: LOGIN + 43_200,
        user_agent: AGENT.to_owned(),
        address: ADDRESS.to_owned(),
        current: true,
    }
}

fn event(mode: ModeId) -> AuditEntry {
    AuditEntry {
        id: "01a218fc-93b2-7e1f-9a40-5c1f3a5be1d0".to_owned(),
        at: LOGIN,
        action: "login".to_owned(),
        mode: Some(mode),
        user_id: Some(USER.to_owned()),
        username: Some("alice".to_owned()),
        actor: None,
        outcome: "ok".to_owned(),
        credential_hash: None,
        address: ADDRESS.to_owned(),
        user_agent: AGENT.to_owned(),
        request_id: "6c1a1b7e-0f0a-4a55-9f9c-3f2b9c6f8f11".to_owned(),
    }
}

fn account() -> UserEntry {
    UserEntry {
        id: USER.to_owned(),
        username: "alice".to_owned(),
        role: Role::User,
        created_at: LOGIN - 86_400,
        last_login_at: Some(LOGIN),
        disabled_at: None,
    }
}
