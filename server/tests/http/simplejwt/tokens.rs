//! mode: jwt
//! Every kind of token at every endpoint, as a table.

use auth::{Seconds, jwt::published, on_both_databases};
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{
    BLACKLIST, Case, Content, LOGOUT, ME, REFRESH, Reply, SLIDE, VERIFY, bad_request, ok, pair, post, refreshed,
    refused, reply, sliding, sliding_site,
};
use crate::client::Site;
use TokenResult::{Accepted, Blacklisted, Expired, Inactive, Invalid, NoAccount, NotFound, WrongType};

/// The result of a token at an endpoint.
#[derive(Clone, Copy, Debug, PartialEq)]
enum TokenResult {
    Accepted,
    Invalid,
    Expired,
    WrongType,
    Blacklisted,
    NoAccount,
    Inactive,
    NotFound,
}

/// A kind of token, by its history.
#[derive(Clone, Copy, Debug)]
enum TokenKind {
    Garbage,
    BadSignature,
    UnknownKey,
    NoAlgorithm,
    OtherAlgorithm,
    Access,
    Refresh,
    Sliding,
    ExpiredAccess,
    ExpiredRefresh,
    ExpiredSliding,
    RotatedJustNow,
    RotatedLongAgo,
    RotatedTwice,
    HeirOfAReplay,
    Blacklisted,
    LoggedOut,
    AccessAfterLogout,
    AccessAfterForcedExpiry,
    AccessOfDisabled,
    RefreshOfDisabled,
    AccessOfDeleted,
    RefreshOfDeleted,
}

const ENDPOINTS: [&str; 6] = [REFRESH, VERIFY, BLACKLIST, SLIDE, ME, LOGOUT];

#[rustfmt::skip]
const ROWS: [(TokenKind, [TokenResult; 6]); 23] = [
    //                                refresh      verify       blacklist    sliding      me         logout
    (TokenKind::Garbage,                 [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (TokenKind::BadSignature,            [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (TokenKind::UnknownKey,              [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (TokenKind::NoAlgorithm,             [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (TokenKind::OtherAlgorithm,          [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (TokenKind::Access,                  [WrongType,   Accepted,    WrongType,   WrongType,   Accepted,  WrongType]),
    (TokenKind::Refresh,                 [Accepted,    Accepted,    Accepted,    WrongType,   WrongType, Accepted]),
    (TokenKind::Sliding,                 [WrongType,   Accepted,    WrongType,   Accepted,    Accepted,  WrongType]),
    (TokenKind::ExpiredAccess,           [Expired,     Expired,     Expired,     Expired,     Expired,   Expired]),
    (TokenKind::ExpiredRefresh,          [Expired,     Expired,     Expired,     Expired,     Expired,   Expired]),
    (TokenKind::ExpiredSliding,          [Expired,     Expired,     Expired,     Expired,     Expired,   Expired]),
    // Within the grace, refresh and verify treat it as unused, so that the answer does not tell a thief that the owner
    // has used it. Blacklist and logout do tell it, and end the sign-in.
    (TokenKind::RotatedJustNow,          [Accepted,    Accepted,    Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::RotatedLongAgo,          [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::RotatedTwice,            [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::HeirOfAReplay,           [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::Blacklisted,             [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::LoggedOut,               [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::AccessAfterLogout,       [WrongType,   Accepted,    WrongType,   WrongType,   Accepted,  WrongType]),
    (TokenKind::AccessAfterForcedExpiry, [WrongType,   Accepted,    WrongType,   WrongType,   Invalid,   WrongType]),
    (TokenKind::AccessOfDisabled,        [WrongType,   Accepted,    WrongType,   WrongType,   Inactive,  WrongType]),
    (TokenKind::RefreshOfDisabled,       [NoAccount,   Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (TokenKind::AccessOfDeleted,         [WrongType,   Accepted,    WrongType,   WrongType,   NotFound,  WrongType]),
    (TokenKind::RefreshOfDeleted,        [NoAccount,   Invalid,     Invalid,     WrongType,   WrongType, Invalid]),
];

impl TokenResult {
    /// The expected answer of an endpoint.
    fn at(self, endpoint: &str) -> Reply {
        if self == Accepted {
            return match endpoint {
                REFRESH => ok(json!({"access": "a token", "refresh": "a token"})),
                SLIDE => ok(json!({"token": "a token"})),
                ME => ok(json!({"id": "an id", "username": "alice"})),
                LOGOUT => Reply { status: StatusCode::RESET_CONTENT, ..ok(Value::Null) },
                _ => ok(json!({})),
            };
        }
        let message = match self {
            Expired => "Token is expired",
            WrongType => "Token has wrong type",
            Blacklisted => "Token is blacklisted",
            NoAccount => "No active account found for the given token.",
            _ => "Token is invalid",
        };
        match (endpoint, self) {
            (LOGOUT, _) => bad_request(json!({"detail": "invalid token"})),
            (VERIFY, Blacklisted) => bad_request(json!({"non_field_errors": [message]})),
            (ME, Inactive) => refused(json!({"detail": "User is inactive", "code": "user_inactive"})),
            (ME, NotFound) => refused(json!({"detail": "User not found", "code": "user_not_found"})),
            (ME, _) => refused(json!({
                "detail": "Given token not valid for any token type",
                "code": "token_not_valid",
                "messages": [
                    {"token_class": "AccessToken", "token_type": "access", "message": message},
                    {"token_class": "SlidingToken", "token_type": "sliding", "message": message},
                ],
            })),
            _ => refused(json!({"detail": message, "code": "token_not_valid"})),
        }
    }
}

impl TokenKind {
    /// Makes a token of this kind by the requests of a client.
    async fn make(self, site: &Site) -> String {
        let (access, refresh) = pair(site, "alice").await;
        match self {
            Self::Garbage => "garbage".to_owned(),
            Self::BadSignature => flipped(&refresh),
            Self::UnknownKey => forged(site, &refresh, "2", Algorithm::HS256).await,
            // {"alg":"none","kid":"1"}
            Self::NoAlgorithm => {
                format!("eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.{}.", refresh.split('.').nth(1).unwrap())
            }
            Self::OtherAlgorithm => forged(site, &refresh, "1", Algorithm::HS512).await,
            Self::Access => access,
            Self::Refresh => refresh,
            Self::Sliding => sliding(site).await,
            Self::ExpiredAccess => later(site, Seconds::minutes(5), access),
            Self::ExpiredRefresh => later(site, Seconds::days(14), refresh),
            Self::ExpiredSliding => {
                let token = sliding(site).await;
                later(site, Seconds::minutes(5), token)
            }
            Self::RotatedJustNow => {
                refreshed(site, &refresh).await;
                later(site, Seconds(10), refresh)
            }
            Self::RotatedLongAgo => {
                refreshed(site, &refresh).await;
                later(site, Seconds(11), refresh)
            }
            Self::RotatedTwice => {
                let next = refreshed(site, &refresh).await;
                refreshed(site, &next).await;
                refresh
            }
            Self::HeirOfAReplay => {
                let next = refreshed(site, &refresh).await;
                let heir = refreshed(site, &next).await;
                post(site, REFRESH, json!({"refresh": refresh})).await;
                heir
            }
            Self::Blacklisted => {
                post(site, BLACKLIST, json!({"refresh": refresh})).await;
                refresh
            }
            Self::LoggedOut | Self::AccessAfterLogout => {
                let bearer = format!("Bearer {access}");
                let fields = json!({"refresh": refresh});
                let (_, request) = Case::post(LOGOUT, Content::Fields(&fields)).with(Some(&bearer)).ways().remove(0);
                reply(site, request, &Accepted.at(LOGOUT)).await;
                if matches!(self, Self::LoggedOut) { refresh } else { access }
            }
            Self::AccessAfterForcedExpiry => {
                let request = auth::testing::request(&[("authorization", &format!("Bearer {access}"))]);
                site.world.auth.logout_everywhere("jwt", &request).await.unwrap();
                access
            }
            Self::AccessOfDisabled | Self::RefreshOfDisabled | Self::AccessOfDeleted | Self::RefreshOfDeleted => {
                self.of_another_user(site).await
            }
        }
    }

    async fn of_another_user(self, site: &Site) -> String {
        let name = format!("{self:?}");
        let user = site.world.sign_up(&name).await.unwrap();
        let (access, refresh) = pair(site, &name).await;
        match self {
            Self::AccessOfDisabled | Self::RefreshOfDisabled => site.world.auth.disable(&user).await.map(drop).unwrap(),
            _ => site.world.delete_user(&user).await.unwrap(),
        }
        match self {
            Self::AccessOfDisabled | Self::AccessOfDeleted => access,
            _ => refresh,
        }
    }
}

fn later(site: &Site, length: Seconds, token: String) -> String {
    site.world.clock.advance(length);
    token
}

/// Changes the first character of the signature. In the last one, some bits are unused.
fn flipped(token: &str) -> String {
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{rest}.{first}{}", &signature[1..])
}

/// The same claims, signed with the right key under another header.
async fn forged(site: &Site, token: &str, kid: &str, algorithm: Algorithm) -> String {
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(token).unwrap().claims;
    let jwk = published::export_key(&site.world.auth, "1").await.unwrap();
    let key = EncodingKey::from_urlsafe_base64_secret(&format!("{}=", jwk["k"].as_str().unwrap())).unwrap();
    let header = Header { kid: Some(kid.to_owned()), typ: Some("rt+jwt".to_owned()), ..Header::new(algorithm) };
    encode(&header, &claims, &key).unwrap()
}

/// Sends a token to an endpoint in every way, and expects this result.
async fn check(site: &Site, kind: TokenKind, token: &str, caller: &str, endpoint: &'static str, result: TokenResult) {
    let expected = result.at(endpoint);
    let field = if [VERIFY, SLIDE].contains(&endpoint) { "token" } else { "refresh" };
    let bearer = format!("Bearer {}", if endpoint == ME { token } else { caller });
    let mut fields = json!({field: token});
    for way in 0..if endpoint == ME { 2 } else { 6 } {
        if matches!(kind, TokenKind::Refresh | TokenKind::RotatedJustNow) && matches!(result, Accepted | Blacklisted) {
            // An earlier way has used the token or ended its sign-in.
            fields = json!({field: kind.make(site).await});
        }
        let case = if endpoint == ME { Case::get(ME) } else { Case::post(endpoint, Content::Fields(&fields)) };
        let (how, request) = case.with(Some(&bearer)).ways().swap_remove(way);
        assert_eq!(reply(site, request, &expected).await, expected, "{kind:?}: {how}");
    }
}

on_both_databases! {
    async fn every_endpoint_takes_every_token_as_the_table_says(driver: Driver) {
        let site = sliding_site(driver).await;
        for (kind, results) in ROWS {
            let token = kind.make(&site).await;
            let (caller, _) = pair(&site, "alice").await;
            for (endpoint, result) in ENDPOINTS.into_iter().zip(results) {
                check(&site, kind, &token, &caller, endpoint, result).await;
            }
        }
    }
}
