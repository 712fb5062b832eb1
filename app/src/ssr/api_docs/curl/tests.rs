use auth::{ModeId, ModeTexts};
use serde_json::json;

use super::*;
use crate::ssr::api_docs::reference::{Body, Kind};

const fn mode(id: &'static str, transport: Transport, cookie: Option<&'static str>) -> ModeInfo {
    ModeInfo {
        id: ModeId(id),
        name: id,
        transport,
        remembers: true,
        needs_key: false,
        cookie,
        renews_silently: false,
        client_holds: "",
        server_holds: "",
        request_costs: "",
        ended_by: "",
        injected_script: "",
        other_site: "",
        choose_when: "",
        often_said: "",
        in_fact: "",
        korean: NO_TEXTS,
    }
}

const NO_TEXTS: ModeTexts = ModeTexts {
    name: "",
    client_holds: "",
    server_holds: "",
    request_costs: "",
    ended_by: "",
    injected_script: "",
    other_site: "",
    choose_when: "",
    often_said: "",
    in_fact: "",
};

static BY_COOKIE: ModeInfo = mode("ring", Transport::Cookie, Some("ring"));
static BY_TOKEN: ModeInfo = mode("badge", Transport::Bearer, None);
static BY_PAIR: ModeInfo = mode("pair", Transport::Bearer, Some("refresh"));

/// The commands of one call, with a server that has these modes.
fn samples(modes: &[&'static ModeInfo], call: &Operation) -> Vec<(String, String)> {
    let curl = Curl { origin: "http://localhost:3000".to_owned(), modes: modes.to_vec() };
    curl.samples(call).into_iter().map(|sample| (sample.label, sample.command)).collect()
}

fn command(modes: &[&'static ModeInfo], call: &Operation) -> String {
    samples(modes, call).remove(0).1
}

fn call(method: &str, path: &str, credentials: &[&str], example: &[(&str, &str)]) -> Operation {
    let example = example.iter().map(|&(name, value)| (name.to_owned(), json!(value))).collect();
    let kind = Kind { text: String::new(), shape: None };
    Operation {
        id: String::new(),
        method: method.to_owned(),
        path: path.to_owned(),
        summary: String::new(),
        description: String::new(),
        credentials: credentials.iter().map(|&name| name.to_owned()).collect(),
        parameters: Vec::new(),
        body: Some(Body { media_types: Vec::new(), kind, required: true, example }),
        answers: Vec::new(),
    }
}

#[test]
fn a_call_of_all_modes_has_one_command_for_each_transport() {
    let found =
        samples(&[&BY_COOKIE, &BY_TOKEN, &BY_PAIR], &call("GET", "/api/{mode}/me", &["ring", "badge", "pair"], &[]));
    assert_eq!(
        found,
        [
            (
                "With a cookie: ring".to_owned(),
                "curl -si \"http://localhost:3000/api/ring/me\" \\\n    -b cookies.txt -c cookies.txt".to_owned()
            ),
            (
                "With a bearer token: badge, pair".to_owned(),
                "curl -si \"http://localhost:3000/api/badge/me\" \\\n    -H \"Authorization: Bearer $TOKEN\""
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn a_change_by_cookie_shows_its_origin_and_a_change_by_token_does_not() {
    let logout = call("POST", "/api/{mode}/logout", &["ring", "badge"], &[]);
    let origin = "-H \"Origin: http://localhost:3000\"";
    assert!(command(&[&BY_COOKIE], &logout).contains(origin));
    assert!(!command(&[&BY_TOKEN], &logout).contains(origin));
}

#[test]
fn a_login_shows_no_token() {
    let login = call("POST", "/api/{mode}/login", &[], &[("username", "alice")]);
    assert_eq!(
        command(&[&BY_TOKEN], &login),
        "curl -si \"http://localhost:3000/api/badge/login\" \\\n    --data-urlencode 'username=alice'"
    );
}

#[test]
fn a_refresh_token_is_sent_in_the_modes_that_have_one() {
    let rotate = call("POST", "/api/{mode}/rotate", &["ring", "badge", "pair"], &[("refresh", "eyJ")]);
    assert!(command(&[&BY_PAIR], &rotate).contains("--data-urlencode \"refresh=$REFRESH\""));
    for mode in [&BY_COOKIE, &BY_TOKEN] {
        let command = command(&[mode], &rotate);
        assert!(command.starts_with("curl -si -X POST ") && !command.contains("refresh"), "{command}");
    }
}

#[test]
fn the_field_mode_names_the_mode_of_the_command() {
    let everywhere = call("POST", "/api/account/logout-everywhere", &["ring", "badge"], &[("mode", "ring")]);
    let commands: Vec<_> =
        samples(&[&BY_COOKIE, &BY_TOKEN], &everywhere).into_iter().map(|(_, command)| command).collect();
    assert!(commands[0].contains("'mode=ring'") && commands[1].contains("'mode=badge'"), "{commands:?}");
}

#[test]
fn a_call_for_services_shows_the_client_and_a_public_one_nothing() {
    let introspect = command(&[&BY_TOKEN], &call("POST", "/oauth/introspect", &["client"], &[("token", "lk_")]));
    assert!(
        introspect.ends_with("--data-urlencode \"token=$TOKEN\" \\\n    -u \"shop:$CLIENT_SECRET\""),
        "{introspect}"
    );
    assert_eq!(command(&[&BY_TOKEN], &call("GET", "/healthz", &[], &[])), "curl -si \"http://localhost:3000/healthz\"");
}

#[test]
fn an_id_in_the_path_is_a_variable_of_the_shell() {
    let end = command(&[&BY_TOKEN], &call("DELETE", "/api/{mode}/credentials/{id}", &["badge"], &[]));
    assert!(end.starts_with("curl -si -X DELETE \"http://localhost:3000/api/badge/credentials/$ID\""), "{end}");
}

#[test]
fn a_value_is_one_word_of_the_shell() {
    let command = command(&[], &call("POST", "/api/register", &[], &[("password", "it's $HOME `id`")]));
    assert!(command.ends_with(r"--data-urlencode 'password=it'\''s $HOME `id`'"), "{command}");
}
