//! The state that every handler can extract.

use std::{
    ops::Deref,
    path::{self, Path},
    sync::Arc,
};

use auth::Auth;
use axum::extract::FromRef;
use leptos::config::LeptosOptions;

use crate::lab::Lab; // part: comparison
use crate::{
    http::{AllowedOrigins, TrustedProxies},
    origin::Origin,
};

/// The state of one server. Each layer and each handler clones it for each request, so a clone is one pointer.
#[derive(Clone)]
pub struct AppState(Arc<ServerParts>);

/// The accounts and the pages of one server. A process can have several, as tests do.
pub struct ServerParts {
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
    pub demo_users: bool,
    // part: comparison, begin
    /// Setting `LAB`: the experiments, if this server has them.
    pub lab: Option<Lab>,
    // part: comparison, end
}

/// Setting `PUBLIC_ORIGIN`: the origin under which browsers reach this server, as `https://example.org`. Only
/// development may leave it unset; then the `Host` of the request decides.
#[derive(Clone, Debug, Default)]
pub struct PublicOrigin(pub Option<Origin>);

impl ServerParts {
    /// A server with its compiled app in `site_root`, without trusted proxies and without CORS.
    ///
    /// If the site has a list of names with hashes, as the optimised one has, the pages ask for those names.
    #[must_use]
    pub fn new(auth: Auth, site_root: &str, public_origin: Option<Origin>) -> Self {
        let names = Path::new(site_root).join("hash.txt");
        let leptos = LeptosOptions::builder()
            .output_name("latchkey")
            .site_root(site_root.to_owned())
            .site_pkg_dir("pkg")
            .reload_port(3001_u32)
            .hash_files(names.exists())
            // Absolute, because leptos looks for a relative path beside the program.
            .hash_file(path::absolute(&names).unwrap_or(names).to_string_lossy().into())
            .build();
        Self {
            auth,
            leptos,
            origin: PublicOrigin(public_origin),
            trusted_proxies: TrustedProxies::default(),
            allowed_origins: AllowedOrigins::default(),
            demo_users: false,
            lab: None, // part: comparison
        }
    }
}

impl From<ServerParts> for AppState {
    fn from(parts: ServerParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for AppState {
    type Target = ServerParts;

    fn deref(&self) -> &ServerParts {
        &self.0
    }
}

impl FromRef<AppState> for Auth {
    fn from_ref(state: &AppState) -> Self {
        state.auth.clone()
    }
}

/// Leptos renders the pages with it.
impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.leptos.clone()
    }
}
