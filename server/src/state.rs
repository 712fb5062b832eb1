//! What every handler can reach.

use app::DemoUsers;
use auth::Auth;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use crate::{
    http::{AllowedOrigins, TrustedProxies},
    origin::Origin,
};

/// One world: its accounts and its pages. A process may serve several.
#[derive(Clone, FromRef)]
pub struct AppState {
    /// Who calls.
    pub auth: Auth,
    /// Where the compiled app lies.
    pub leptos: LeptosOptions,
    /// Setting `PUBLIC_ORIGIN`.
    pub origin: PublicOrigin,
    /// Setting `TRUSTED_PROXIES`.
    pub trusted_proxies: TrustedProxies,
    /// Setting `CORS_ALLOWED_ORIGINS`.
    pub allowed_origins: AllowedOrigins,
    /// Setting `DEMO_USERS`: the pages mention them only where they exist.
    pub demo_users: DemoUsers,
}

/// Setting `PUBLIC_ORIGIN`: under which origin browsers reach this server, as `https://example.org`. Unset, which
/// development alone may leave it, it is the host that the request names.
#[derive(Clone, Debug, Default)]
pub struct PublicOrigin(pub Option<Origin>);

impl AppState {
    /// The state of a server that finds its compiled app in `site_root`, trusts no proxy and answers no other origin.
    #[must_use]
    pub fn new(auth: Auth, site_root: &str, public_origin: Option<Origin>) -> Self {
        let leptos = LeptosOptions::builder()
            .output_name("latchkey")
            .site_root(site_root.to_owned())
            .site_pkg_dir("pkg")
            .reload_port(3001_u32)
            .build();
        Self {
            auth,
            leptos,
            origin: PublicOrigin(public_origin),
            trusted_proxies: TrustedProxies::default(),
            allowed_origins: AllowedOrigins::default(),
            demo_users: DemoUsers::default(),
        }
    }
}
