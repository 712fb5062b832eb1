// mode: jwt
//! The claims of a JWT, decoded in the browser. Nothing is verified here: only the server has the key, and the page
//! shows what the token says.

use leptos::prelude::*;

use crate::{
    client::{Member, Token, json_members},
    components::Instant,
};

/// The claims of the token, if it has the form of a JWT. The form decides, not the mode.
pub(super) fn claims(token: &Token) -> impl IntoView + use<> {
    let claims = payload(token.reveal()).and_then(|payload| json_members(&payload));
    claims.map(|claims| view! {
        <p class="mt-6 text-pretty text-muted">
            "This token is a JWT: three parts, separated by dots. The middle one contains these claims, signed but not encrypted. Everyone \
            who has the token can read them."
        </p>
        <table class="claims" aria-label="Claims">
            <thead>
                <tr>
                    <th scope="col">"Claim"</th>
                    <th scope="col">"Value and meaning"</th>
                </tr>
            </thead>
            <tbody>{claims.into_iter().map(|claim| view! { <Row claim /> }).collect_view()}</tbody>
        </table>
    })
}

#[component]
fn Row(claim: Member) -> impl IntoView {
    let Member { name, text, number } = claim;
    let (meaning, is_instant) = meaning(&name);
    let instant = number.filter(|_| is_instant).map(|at| view! { " = " <Instant at /> });
    let row = name.clone();
    view! {
        <tr data-claim=row>
            <th scope="row"><code>{name}</code></th>
            <td>
                <code>{text}</code>
                {instant}
                <span class="hint block">{meaning}</span>
            </td>
        </tr>
    }
}

/// The meaning of a claim, and whether it is an instant in unix seconds.
fn meaning(claim: &str) -> (&'static str, bool) {
    match claim {
        "exp" => ("When the token expires", true),
        "iat" => ("When the server issued it", true),
        "nbf" => ("It is not valid before", true),
        "absolute_exp" => ("When the sign-in ends at the latest", true),
        "refresh_exp" => ("When its renewal ends", true),
        "jti" => ("The id of this token", false),
        "sid" => ("The id of the sign-in, as in the server's record", false),
        "generation" => ("1 at login, one more with each rotation", false),
        "epoch" => ("The account's epoch at login: a raised epoch ends the sign-in", false),
        "sub" | "user_id" => ("The id of the account", false),
        "username" => ("The name of the account", false),
        "role" => ("The permissions of the account when the token was issued", false),
        "token_type" => ("Its use: an access token is sent with each request", false),
        "iss" => ("Who issued it", false),
        "aud" => ("Whom it is for", false),
        _ => ("", false),
    }
}

/// The second of three parts, decoded. `None` if the token has another form.
fn payload(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let (_header, payload, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    String::from_utf8(base64url(payload)?).ok()
}

/// Base64 with the alphabet for URLs and without padding (RFC 4648, 5; RFC 7515, 2).
fn base64url(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.extend(u8::try_from(bits >> count));
            bits &= (1 << count) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_payload_of_a_jwt_is_decoded() {
        // {"exp":1,"username":"zoë"}
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjEsInVzZXJuYW1lIjoiem_DqyJ9.c2lnbmF0dXJl";
        assert_eq!(payload(token).as_deref(), Some(r#"{"exp":1,"username":"zoë"}"#));
    }

    #[test]
    fn a_token_of_another_form_has_no_claims() {
        for token in ["lk_0123456789", "", "a.b", "YQ.YQ.YQ.YQ", "YQ.not base64.YQ", "YQ._w.YQ"] {
            assert_eq!(payload(token), None, "{token:?}");
        }
    }

    #[test]
    fn base64url_is_decoded_at_each_length() {
        for (text, bytes) in [("", &b""[..]), ("_w", b"\xff"), ("-_8", b"\xfb\xff"), ("AAEC", b"\x00\x01\x02")] {
            assert_eq!(base64url(text).as_deref(), Some(bytes), "{text}");
        }
    }
}
