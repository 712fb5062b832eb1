//! mode: jwt
//! What is shown, and how each endpoint takes it.

use auth::{Seconds, jwt::published, on_both_databases};
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::{
    Ask, BLACKLIST, LOGOUT, ME, REFRESH, SLIDE, Sent, Told, VERIFY, bad_request, ok, pair, post, refreshed, refused,
    sliding, sliding_site, told,
};
use crate::client::Site;
use Verdict::{Accepted, Blacklisted, Expired, Inactive, Invalid, NoAccount, NotFound, WrongType};

/// How an endpoint takes a token.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Accepted,
    Invalid,
    Expired,
    WrongType,
    Blacklisted,
    NoAccount,
    Inactive,
    NotFound,
}

/// A token, by how it came to be as it is.
#[derive(Clone, Copy, Debug)]
enum Shown {
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
const ROWS: [(Shown, [Verdict; 6]); 23] = [
    //                                refresh      verify       blacklist    sliding      me         logout
    (Shown::Garbage,                 [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (Shown::BadSignature,            [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (Shown::UnknownKey,              [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (Shown::NoAlgorithm,             [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (Shown::OtherAlgorithm,          [Invalid,     Invalid,     Invalid,     Invalid,     Invalid,   Invalid]),
    (Shown::Access,                  [WrongType,   Accepted,    WrongType,   WrongType,   Accepted,  WrongType]),
    (Shown::Refresh,                 [Accepted,    Accepted,    Accepted,    WrongType,   WrongType, Accepted]),
    (Shown::Sliding,                 [WrongType,   Accepted,    WrongType,   Accepted,    Accepted,  WrongType]),
    (Shown::ExpiredAccess,           [Expired,     Expired,     Expired,     Expired,     Expired,   Expired]),
    (Shown::ExpiredRefresh,          [Expired,     Expired,     Expired,     Expired,     Expired,   Expired]),
    (Shown::ExpiredSliding,          [Expired,     Expired,     Expired,     Expired,     Expired,   Expired]),
    // Within the grace it counts as unused for whoever asks: the answer does not tell a thief that its owner was here. Whoever ends
    // its sign-in learns it, and has ended it.
    (Shown::RotatedJustNow,          [Accepted,    Accepted,    Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::RotatedLongAgo,          [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::RotatedTwice,            [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::HeirOfAReplay,           [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::Blacklisted,             [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::LoggedOut,               [Blacklisted, Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::AccessAfterLogout,       [WrongType,   Accepted,    WrongType,   WrongType,   Accepted,  WrongType]),
    (Shown::AccessAfterForcedExpiry, [WrongType,   Accepted,    WrongType,   WrongType,   Invalid,   WrongType]),
    (Shown::AccessOfDisabled,        [WrongType,   Accepted,    WrongType,   WrongType,   Inactive,  WrongType]),
    (Shown::RefreshOfDisabled,       [NoAccount,   Blacklisted, Blacklisted, WrongType,   WrongType, Blacklisted]),
    (Shown::AccessOfDeleted,         [WrongType,   Accepted,    WrongType,   WrongType,   NotFound,  WrongType]),
    (Shown::RefreshOfDeleted,        [NoAccount,   Invalid,     Invalid,     WrongType,   WrongType, Invalid]),
];

impl Verdict {
    /// The answer of an endpoint.
    fn at(self, endpoint: &str) -> Told {
        if self == Accepted {
            return match endpoint {
                REFRESH => ok(json!({"access": "a token", "refresh": "a token"})),
                SLIDE => ok(json!({"token": "a token"})),
                ME => ok(json!({"id": "an id", "username": "alice"})),
                LOGOUT => Told { status: StatusCode::RESET_CONTENT, ..ok(Value::Null) },
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

impl Shown {
    /// Makes one as a client would come to hold it.
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
                let (_, request) = Ask::post(LOGOUT, Sent::Fields(&fields)).with(Some(&bearer)).ways().remove(0);
                told(site, request, &Accepted.at(LOGOUT)).await;
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

/// The first character of the signature: of the last one, some bits count for nothing.
fn flipped(token: &str) -> String {
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{rest}.{first}{}", &signature[1..])
}

/// The same claims under the right key, with another header.
async fn forged(site: &Site, token: &str, kid: &str, algorithm: Algorithm) -> String {
    let claims: Value = jsonwebtoken::dangerous::insecure_decode(token).unwrap().claims;
    let jwk = published::export_key(&site.world.auth, "1").await.unwrap();
    let key = EncodingKey::from_urlsafe_base64_secret(&format!("{}=", jwk["k"].as_str().unwrap())).unwrap();
    let header = Header { kid: Some(kid.to_owned()), typ: Some("rt+jwt".to_owned()), ..Header::new(algorithm) };
    encode(&header, &claims, &key).unwrap()
}

/// Shows a token to an endpoint, and wants this verdict in every way of asking.
async fn show(site: &Site, shown: Shown, token: &str, caller: &str, endpoint: &'static str, verdict: Verdict) {
    let expected = verdict.at(endpoint);
    let field = if [VERIFY, SLIDE].contains(&endpoint) { "token" } else { "refresh" };
    let bearer = format!("Bearer {}", if endpoint == ME { token } else { caller });
    let mut fields = json!({field: token});
    for way in 0..if endpoint == ME { 2 } else { 6 } {
        if matches!(shown, Shown::Refresh | Shown::RotatedJustNow) && matches!(verdict, Accepted | Blacklisted) {
            // An earlier way has used it, or ended its sign-in.
            fields = json!({field: shown.make(site).await});
        }
        let ask = if endpoint == ME { Ask::get(ME) } else { Ask::post(endpoint, Sent::Fields(&fields)) };
        let (how, request) = ask.with(Some(&bearer)).ways().swap_remove(way);
        assert_eq!(told(site, request, &expected).await, expected, "{shown:?}: {how}");
    }
}

on_both_databases! {
    async fn every_endpoint_takes_every_token_as_the_table_says(driver: Driver) {
        let site = sliding_site(driver).await;
        for (shown, verdicts) in ROWS {
            let token = shown.make(&site).await;
            let (caller, _) = pair(&site, "alice").await;
            for (endpoint, verdict) in ENDPOINTS.into_iter().zip(verdicts) {
                show(&site, shown, &token, &caller, endpoint, verdict).await;
            }
        }
    }
}
