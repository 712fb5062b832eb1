// part: comparison
//! The lab: absent unless it is turned on, closed to other sites, and apart from the accounts of the server.

use std::collections::BTreeMap;

use auth::{Clock, testing::Driver};
use http::StatusCode;
use server::{Lab, ServerParts, router};

use crate::client::{Client, Kind, Site};

async fn with_lab() -> Site {
    let mut site = Site::new(Driver::Sqlite).await;
    let parts = ServerParts::new(site.world.auth.clone(), "target/site", None);
    site.router = router(ServerParts { lab: Some(Lab::new(Clock::System).unwrap()), ..parts });
    site
}

async fn open(site: &Site) -> Client {
    let mut browser = site.client(Kind::OwnPage);
    let answer = browser.submit("/lab/sandbox", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    browser
}

#[tokio::test]
async fn a_server_without_the_lab_answers_its_path_like_any_unknown_one() {
    let site = Site::new(Driver::Sqlite).await;
    let mut client = site.client(Kind::OwnPage);
    for path in ["/lab", "/lab/claims", "/lab/attacks", "/lab/strategies", "/lab/policies", "/lab/requests.har", "/bal"]
    {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let answer = client.submit("/lab/sandbox", &[]).await;
    assert!(answer.status.is_client_error() && client.cookies.is_empty(), "{}", answer.status);
}

#[tokio::test]
async fn a_server_without_the_lab_does_not_tell_the_time_of_a_request() {
    let (without, with) = (Site::new(Driver::Sqlite).await, with_lab().await);
    assert!(!without.client(Kind::OwnPage).get("/healthz").await.headers.contains_key("server-timing"));
    let timing = with.client(Kind::OwnPage).get("/readyz").await;
    assert!(timing.header("server-timing").contains("sql;desc=\"1 statements\""), "{timing:?}");
}

#[tokio::test]
async fn another_site_cannot_run_an_experiment() {
    let site = with_lab().await;
    for kind in [Kind::OtherSite, Kind::OldBrowserOtherSite, Kind::Program] {
        let mut client = site.client(kind);
        let answer = client.submit("/lab/sandbox", &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{kind:?}");
        assert!(client.cookies.is_empty(), "{kind:?}");
    }
}

#[tokio::test]
async fn an_action_that_does_not_exist_is_refused() {
    let site = with_lab().await;
    let answer = open(&site).await.submit("/lab", &[("action", "format the disk")]).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn two_browsers_do_not_see_each_other() {
    let site = with_lab().await;
    let (mut one, mut other) = (open(&site).await, open(&site).await);
    one.submit("/lab", &[("action", "log-in")]).await;
    assert!(!one.get("/lab").await.body.contains("No credential."));
    assert!(other.get("/lab").await.body.contains("No credential."));
}

#[tokio::test]
async fn no_experiment_reaches_an_account_of_the_server() {
    let site = with_lab().await;
    let mut browser = open(&site).await;
    let id = site.world.auth.find_user("alice").await.unwrap().unwrap().id;
    // Everything that ends something, in a sandbox that has an account of the same name.
    let mut signed_in = BTreeMap::new();
    for mode in site.modes() {
        signed_in.insert(mode.id.0, site.signed_in(Kind::OwnPage, mode).await);
    }
    for action in ["log-in", "steal", "change-password", "log-out-everywhere", "retire-key", "disable", "twelve-hours"]
    {
        let answer = browser.submit("/lab", &[("action", action)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.body);
        assert!(!browser.get("/lab").await.body.contains(id.as_str()), "{action}");
    }
    for mode in site.modes() {
        let client = signed_in.get_mut(mode.id.0).unwrap();
        assert_eq!(client.me(mode).await.status, StatusCode::OK, "{}", mode.id);
        let answer = site.client(Kind::OwnPage).log_in(mode).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", mode.id);
    }
}

#[tokio::test]
async fn every_button_of_the_page_does_something() {
    let site = with_lab().await;
    let mut browser = open(&site).await;
    let page = browser.get("/lab").await.body;
    let actions: Vec<_> =
        page.split("name=\"action\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(actions.len() > 20, "{actions:?}");
    for action in actions {
        let mut browser = open(&site).await;
        let answer = browser.submit("/lab", &[("action", action)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{action}: {}", answer.body);
        assert!(!browser.get("/lab").await.body.contains("The sandbox is open."), "{action}");
    }
}

#[tokio::test]
async fn no_page_of_the_lab_has_a_header_that_a_proxy_would_refuse() {
    let site = with_lab().await;
    let mut browser = open(&site).await;
    for action in ["log-in", "hundred-me", "race-crowd"] {
        let answer = browser.submit("/lab", &[("action", action)]).await;
        assert!(answer.header("server-timing").len() < 400, "{action}: {}", answer.header("server-timing"));
    }
    let page = browser.get("/lab").await;
    assert!(page.header("server-timing").len() < 400, "{}", page.header("server-timing"));
}
