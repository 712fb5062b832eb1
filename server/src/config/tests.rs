use super::*;

const SECRET: &str = "5c3f0e9a7d1b48268f6e2a94c07b3d51";

fn load(pairs: &[(&str, &str)]) -> (tempfile::TempDir, Result<Config, ConfigError>) {
    let dir = tempfile::tempdir().unwrap();
    let mut pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    pairs.push(("DATA_DIR".to_owned(), dir.path().join("data").display().to_string()));
    let config = Config::load(&Settings::new(pairs));
    (dir, config)
}

/// The error message for these settings.
fn refusal(pairs: &[(&str, &str)]) -> String {
    load(pairs).1.unwrap_err().to_string()
}

#[test]
fn production_is_the_default_and_wants_a_secret() {
    assert!(refusal(&[]).starts_with("APP_SECRET: is missing"));
}

#[test]
fn a_short_secret_is_refused_without_being_printed() {
    let message = refusal(&[("APP_SECRET", "hunter2")]);
    assert!(message.contains("at least 32 bytes") && !message.contains("hunter2"));
}

#[test]
fn a_secret_out_of_a_manual_is_refused() {
    assert!(refusal(&[("APP_SECRET", "changemechangemechangemechangeme")]).contains("cannot be guessed"));
}

#[test]
fn the_data_folder_is_created_only_if_something_is_in_it() {
    let elsewhere = ("DATABASE_URL", "postgres://latchkey@localhost/latchkey");
    for (database, exists) in [(None, true), (Some(elsewhere), false)] {
        let settings = [("APP_ENV", "development"), ("APP_SECRET", SECRET)].into_iter().chain(database);
        let (dir, config) = load(&settings.collect::<Vec<_>>());
        config.unwrap();
        assert_eq!(dir.path().join("data").exists(), exists, "{database:?}");
    }
}

#[test]
fn production_refuses_demo_users() {
    assert!(refusal(&[("APP_SECRET", SECRET), ("DEMO_USERS", "true")]).starts_with("DEMO_USERS"));
}

// part: comparison, begin
#[test]
fn the_lab_is_for_development_unless_it_is_named_a_public_demo() {
    let production = [("APP_SECRET", SECRET), ("PUBLIC_ORIGIN", "https://example.org")];
    let lab = |environment: &[(&'static str, &'static str)], value: Option<&'static str>| {
        load(&[environment, &value.map(|value| ("LAB", value)).into_iter().collect::<Vec<_>>()].concat()).1
    };
    let development = [("APP_ENV", "development")];
    assert!(lab(&development, None).unwrap().lab && !lab(&development, Some("false")).unwrap().lab);
    assert!(!lab(&production, None).unwrap().lab && lab(&production, Some("public-demo")).unwrap().lab);
    assert!(lab(&production, Some("true")).unwrap_err().to_string().starts_with("LAB"));
    assert!(lab(&development, Some("yes")).unwrap_err().to_string().starts_with("LAB"));
}
// part: comparison, end

#[test]
fn demo_users_are_never_served_to_the_network() {
    let pairs = [("APP_ENV", "development"), ("DEMO_USERS", "true"), ("LISTEN_ADDR", "0.0.0.0:3000")];
    assert!(refusal(&pairs).starts_with("DEMO_USERS"));
}

#[test]
fn a_proxy_that_cannot_be_read_is_no_start() {
    assert!(refusal(&[("APP_ENV", "development"), ("TRUSTED_PROXIES", "10.0.0.0/33")]).starts_with("TRUSTED_PROXIES"));
}

#[test]
fn the_previous_secret_may_lie_in_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("previous");
    fs::write(&path, "d0b1f6c27a8e4935b26e7f80c9a4d513\n").unwrap();
    let (_dir, config) = load(&[("APP_ENV", "development"), ("APP_SECRET_PREVIOUS_FILE", path.to_str().unwrap())]);
    assert_eq!(config.unwrap().app_secret_previous.unwrap().expose(), "d0b1f6c27a8e4935b26e7f80c9a4d513");
}

#[test]
fn only_production_demands_a_verified_database() {
    let secret = ("APP_SECRET", SECRET);
    let origin = ("PUBLIC_ORIGIN", "https://latchkey.test");
    for (pairs, tls) in [
        (&[secret, origin] as &[_], DatabaseTls::Required),
        (&[secret, origin, ("DATABASE_TLS", "off")], DatabaseTls::Optional),
        (&[("APP_ENV", "development")], DatabaseTls::Optional),
    ] {
        assert_eq!(load(pairs).1.unwrap().database_tls, tls, "{pairs:?}");
    }
}

#[test]
fn production_demands_to_know_its_origin() {
    assert!(refusal(&[("APP_SECRET", SECRET)]).starts_with("PUBLIC_ORIGIN: is missing"));
    assert_eq!(load(&[("APP_ENV", "development")]).1.unwrap().public_origin, None);
}

#[test]
fn an_origin_in_another_spelling_is_the_same_origin() {
    let (_dir, config) = load(&[("APP_SECRET", SECRET), ("PUBLIC_ORIGIN", "HTTPS://Latchkey.test:443/")]);
    assert_eq!(config.unwrap().public_origin.unwrap().as_str(), "https://latchkey.test");
}

#[test]
fn an_origin_with_a_path_is_refused() {
    let pairs = [("APP_SECRET", SECRET), ("PUBLIC_ORIGIN", "https://latchkey.test/app")];
    assert!(refusal(&pairs).starts_with("PUBLIC_ORIGIN: must be"));
}

#[test]
fn every_origin_is_no_list_of_origins() {
    assert!(refusal(&[("APP_ENV", "development"), ("CORS_ALLOWED_ORIGINS", "*")]).starts_with("CORS_ALLOWED_ORIGINS"));
}

#[test]
fn a_bound_on_connections_is_a_number_above_zero() {
    let pairs = |text| [("APP_ENV", "development"), ("MAX_CONNECTIONS", text)];
    assert_eq!(load(&pairs("64")).1.unwrap().max_connections, 64);
    for text in ["0", "-1", "many", "65537"] {
        assert!(refusal(&pairs(text)).starts_with("MAX_CONNECTIONS"), "{text}");
    }
}

#[test]
fn development_makes_one_secret_and_keeps_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("app_secret");
    let secret = made_once(&path).unwrap();
    assert_eq!(secret.len(), 64);
    assert_eq!(made_once(&path).unwrap(), secret);
}

#[cfg(unix)]
#[tokio::test]
async fn no_other_account_may_read_the_secret_or_the_database() {
    use std::os::unix::fs::PermissionsExt;

    let (dir, config) = load(&[("APP_ENV", "development")]);
    let auth = config.unwrap().open(Settings::default()).await.unwrap();
    let mode = |path: &str| fs::metadata(dir.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("data"), mode("data/app_secret")), (0o700, 0o600));
    assert_eq!(["", "-wal", "-shm"].map(|suffix| mode(&format!("data/latchkey.db{suffix}"))), [0o600; 3]);
    auth.db().close().await;
}
