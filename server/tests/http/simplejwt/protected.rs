//! mode: jwt
//! The two paths that read an `Authorization` header.

use auth::on_both_databases;
use http::{Request, header};
use serde_json::{Value, json};

use super::{
    Case, Content, LOGOUT, ME, OBTAIN, REFRESH, Reply, bad_request, credentials, get_me, ok, pair, post, refused,
    reply, site, site_with, text, unauthorized,
};
use crate::client::{Kind, Site};

/// The class of an `Authorization` header.
#[derive(Clone, Copy)]
enum Header {
    Good,
    Absent,
    NotOfTwoParts,
    BadToken,
}

/// `TOKEN` stands for a valid access token. The comparison of the scheme is case-sensitive, as in SimpleJWT.
const HEADERS: [(Option<&str>, Header); 18] = [
    (None, Header::Absent),
    (Some(""), Header::Absent),
    (Some("  "), Header::Absent),
    (Some("TOKEN"), Header::Absent),
    (Some("Basic YTpi"), Header::Absent),
    (Some("Token TOKEN"), Header::Absent),
    (Some("JWT TOKEN"), Header::Absent),
    (Some("bearer TOKEN"), Header::Absent),
    (Some("BEARER TOKEN"), Header::Absent),
    (Some("Bearer"), Header::NotOfTwoParts),
    (Some("Bearer "), Header::NotOfTwoParts),
    (Some("Bearer TOKEN b"), Header::NotOfTwoParts),
    (Some("Bearer a b c"), Header::NotOfTwoParts),
    (Some("Bearer garbage"), Header::BadToken),
    (Some("Bearer \u{e9}"), Header::BadToken),
    (Some("Bearer TOKEN"), Header::Good),
    (Some("  Bearer   TOKEN  "), Header::Good),
    (Some("Bearer\tTOKEN"), Header::Good),
];

impl Header {
    fn refusal(self) -> Option<Reply> {
        match self {
            Self::Good => None,
            Self::Absent => Some(unauthorized(json!({"detail": "Authentication credentials were not provided."}))),
            Self::NotOfTwoParts => Some(refused(json!({
                "detail": "Authorization header must contain two space-delimited values",
                "code": "bad_authorization_header",
            }))),
            Self::BadToken => Some(refused(not_valid(&[("AccessToken", "access")], "Token is invalid"))),
        }
    }
}

fn not_valid(classes: &[(&str, &str)], message: &str) -> Value {
    let messages: Vec<_> = classes
        .iter()
        .map(|(class, kind)| json!({"token_class": class, "token_type": kind, "message": message}))
        .collect();
    json!({"detail": "Given token not valid for any token type", "code": "token_not_valid", "messages": messages})
}

async fn check_headers(site: &Site, headers: &[(Option<&str>, Header)]) {
    let (access, _) = pair(site, "alice").await;
    let me = ok(json!({"id": "an id", "username": "alice"}));
    let required = bad_request(json!({"detail": "refresh required"}));
    for (text, header) in headers {
        let text = text.map(|text| text.replace("TOKEN", &access));
        let refusal = header.refusal();
        Case::get(ME).with(text.as_deref()).expect(site, refusal.as_ref().unwrap_or(&me)).await;
        // An unauthenticated caller learns nothing about the body.
        for body in [Content::Fields(&json!({})), Content::Nothing] {
            let refusal = refusal.as_ref().unwrap_or(&required);
            Case::post(LOGOUT, body).with(text.as_deref()).expect(site, refusal).await;
        }
        if let Some(refusal) = &refusal {
            for (kind, body) in [("application/json", "{"), ("text/plain", "a"), ("application/json", "[]")] {
                Case::post(LOGOUT, Content::Raw(kind, body)).with(text.as_deref()).expect(site, refusal).await;
            }
        }
    }
}

on_both_databases! {
    async fn a_header_is_none_or_malformed_or_shows_a_token(driver: Driver) {
        check_headers(&site(driver).await, &HEADERS).await;
    }

    async fn every_configured_scheme_is_taken_and_no_other(driver: Driver) {
        let site = site_with(driver, &[("AUTH_HEADER_TYPES", "Bearer, JWT")]).await;
        check_headers(&site, &[
            (Some("Bearer TOKEN"), Header::Good),
            (Some("JWT TOKEN"), Header::Good),
            (Some("JWT"), Header::NotOfTwoParts),
            (Some("JWT garbage"), Header::BadToken),
            (Some("Token TOKEN"), Header::Absent),
        ])
        .await;
        let site = site_with(driver, &[("AUTH_HEADER_TYPES", "JWT")]).await;
        check_headers(&site, &[(Some("JWT TOKEN"), Header::Good), (Some("Bearer TOKEN"), Header::Absent)]).await;
    }

    async fn two_headers_are_not_of_two_parts(driver: Driver) {
        let site = site(driver).await;
        let (access, _) = pair(&site, "alice").await;
        let request = Request::get(ME)
            .header(header::AUTHORIZATION, format!("Bearer {access}"))
            .header(header::AUTHORIZATION, "Bearer other");
        let expected = Header::NotOfTwoParts.refusal().unwrap();
        assert_eq!(reply(&site, request.body(axum::body::Body::empty()).unwrap(), &expected).await, expected);
    }

    async fn logging_out_wants_a_refresh_token_and_says_nothing_else_of_it(driver: Driver) {
        let site = site(driver).await;
        let (access, _) = pair(&site, "alice").await;
        let bearer = format!("Bearer {access}");
        let required = bad_request(json!({"detail": "refresh required"}));
        let invalid = bad_request(json!({"detail": "invalid token"}));
        for (fields, expected) in [
            (json!({}), &required),
            (json!({"refresh": ""}), &required),
            (json!({"refresh": null}), &required),
            (json!({"refresh": false}), &required),
            (json!({"refresh": []}), &required),
            (json!({"token": access}), &required),
            (json!({"refresh": 5}), &invalid),
            (json!({"refresh": "garbage"}), &invalid),
            (json!({"refresh": access}), &invalid),
        ] {
            Case::post(LOGOUT, Content::Fields(&fields)).with(Some(&bearer)).expect(&site, expected).await;
        }
        let malformed = bad_request(json!({"detail": "JSON parse error - …"}));
        Case::post(LOGOUT, Content::Raw("application/json", "{")).with(Some(&bearer)).expect(&site, &malformed).await;
    }

    async fn a_refusal_names_every_class_of_token_that_was_tried(driver: Driver) {
        let both = [("AccessToken", "access"), ("SlidingToken", "sliding")];
        let classes = "AccessToken, SlidingToken";
        let site = site_with(driver, &[("AUTH_TOKEN_CLASSES", classes), ("ACCESS_TOKEN_LIFETIME", "60")]).await;
        let (access, refresh) = pair(&site, "alice").await;
        site.world.clock.advance(auth::Seconds(60));
        for (token, message) in
            [("garbage", "Token is invalid"), (&access, "Token is expired"), (&refresh, "Token has wrong type")]
        {
            let bearer = format!("Bearer {token}");
            Case::get(ME).with(Some(&bearer)).expect(&site, &refused(not_valid(&both, message))).await;
        }
    }

    async fn a_browser_is_answered_like_a_program(driver: Driver) {
        let site = site(driver).await;
        for kind in [Kind::OwnPage, Kind::OtherSite, Kind::OldBrowser] {
            let answer = site.client(kind).post(OBTAIN, credentials("alice")).await;
            let (access, refresh) = (text(&answer, "access"), text(&answer, "refresh"));
            assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{kind:?}");
            assert_eq!(get_me(&site, &access).await.status, 200);
            assert_eq!(post(&site, REFRESH, json!({"refresh": refresh})).await.status, 200);
        }
    }
}
