//! The cost of a request without a socket: to recognise its caller, in every mode and with every strength of the access
//! check, and to check a password.
//!
//!     cargo bench --package server --bench recognise
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

use std::time::Duration;

use auth::Recording; // part: comparison
use auth::{
    Auth, Base, Clock, Db, Hasher, Keys, Password, Role, Settings,
    testing::{APP_SECRET, PASSWORD, START, present, request},
};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::runtime::Runtime;

/// Values of `ACCESS_CHECK`.
const CHECKS: [&str; 3] = ["signature", "account", "sign-in"];
const USERNAME: &str = "alice";
/// Enough for a spread of a few per cent. criterion's default is 5 s for each of a dozen benchmarks.
const MEASUREMENT: Duration = Duration::from_secs(3);

/// An instance on a database in memory, so that the file system is not measured. The clock stands still, so that no
/// request has to write that its sign-in was seen.
async fn instance(check: &str) -> Auth {
    let db = Db::connect("sqlite::memory:").await.unwrap();
    let settings = Settings::new([("ACCESS_CHECK".to_owned(), check.to_owned())]);
    let base = Base::new(db.clone(), Keys::new(APP_SECRET, db).unwrap(), settings).unwrap();
    let auth = Auth::new(base, Clock::manual(START), Hasher::new().unwrap()).unwrap();
    auth.register_as(USERNAME, PASSWORD, Role::User).await.unwrap();
    auth
}

fn identify(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("identify");
    group.measurement_time(MEASUREMENT);
    for check in CHECKS {
        let auth = runtime.block_on(instance(check));
        for mode in auth.modes() {
            let id = mode.id.0;
            let issued = runtime.block_on(auth.login(id, USERNAME, PASSWORD, &request(&[]))).unwrap();
            let caller = present(&issued);
            group.bench_function(format!("{id}/{check}"), |bencher| {
                bencher.to_async(&runtime).iter(async || auth.identify(id, &caller).await.unwrap().unwrap());
            });
            // part: comparison, begin
            // As on a server with the lab.
            group.bench_function(format!("{id}/{check}, recorded"), |bencher| {
                bencher
                    .to_async(&runtime)
                    .iter(async || Recording::default().of(auth.identify(id, &caller)).await.unwrap().unwrap());
            });
            // part: comparison, end
        }
    }
}

fn password(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let hasher = Hasher::new().unwrap();
    let hash = hasher.hash_new(Password::parse(PASSWORD).unwrap(), USERNAME.to_owned());
    let hash = runtime.block_on(hash).unwrap().unwrap();
    criterion.bench_function("check a password", |bencher| {
        bencher.to_async(&runtime).iter(|| hasher.verify(PASSWORD, Some(hash.clone())));
    });
}

criterion_group!(benches, identify, password);
criterion_main!(benches);
