//! The state that every handler can extract.

use app::DemoUsers;
use auth::Auth;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use crate::{
    http::{AllowedOrigins, TrustedProxies},
    origin::Origin,
};

/// The accounts and the pages of one server. A process can have several, as tests do.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub auth: Auth,
    /// The location of the compiled app, and what its pages load.
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

/// Setting `PUBLIC_ORIGIN`: the origin under which browsers reach this server, as `https://example.org`. Only
/// development may leave it unset; then the `Host` of the request decides.
#[derive(Clone, Debug, Default)]
pub struct PublicOrigin(pub Option<Origin>);

impl AppState {
    /// The state of a server with its compiled app in `site_root`, without trusted proxies and without CORS.
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
