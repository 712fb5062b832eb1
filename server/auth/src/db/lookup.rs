//! Reads of one row by its key. The reads of concurrent requests share a statement: under load, the round trip to the
//! database costs more than the rows.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sqlx::{FromRow, postgres::PgRow, sqlite::SqliteRow};
use tokio::{
    select,
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::{ACQUIRE_TIMEOUT, Db, or_fail, read};
use crate::{error::AuthError, work::Started};

/// Maximum number of keys in one statement. [`by_key!`] has as many parameters.
const KEYS_MAX: usize = 16;
/// Statements of one lookup that run at a time, while all of them succeed. With more of them, each has fewer keys. With
/// one, a statement whose connection hangs would hold all requests.
const PLACES: usize = 2;

/// A statement that selects rows by a key, for one key and for up to [`KEYS_MAX`].
#[derive(Clone, Copy)]
pub(crate) struct ByKey {
    /// The name of the constant, with its module.
    pub name: &'static str,
    pub one: &'static str,
    pub many: &'static str,
}

/// Creates a [`ByKey`]: `by_key!(NAME, "select … where id")`.
macro_rules! by_key {
    ($name:ident, $($select:expr),+ $(,)?) => {
        $crate::db::lookup::ByKey {
            name: concat!(module_path!(), "::", stringify!($name)),
            one: concat!($($select,)+ " = $1"),
            many: concat!(
                $($select,)+
                " in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
            ),
        }
    };
}
pub(crate) use by_key;

/// A row that knows the key by which it was selected.
pub(crate) trait Keyed: Clone {
    fn key(&self) -> &str;
}

/// One statement, and the requests that wait for it.
pub(crate) struct Lookup<R> {
    db: Db,
    statement: ByKey,
    shared: Shared<R>,
}

impl<R> Lookup<R>
where
    R: Keyed + Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
{
    pub(crate) fn new(db: &Db, statement: ByKey) -> Self {
        Self { db: db.clone(), statement, shared: Shared::new() }
    }

    /// The row with this key, as it is after the call began.
    pub(crate) async fn find(&self, key: &str) -> Result<Option<R>, AuthError> {
        let started = Started::now();
        let found = self.shared.find(key, |keys| self.select(keys)).await;
        started.ended(self.statement.name, self.statement.one, &found);
        found
    }

    async fn select(&self, keys: Vec<String>) -> Result<Vec<R>, AuthError> {
        // An absent parameter is null, which no key equals.
        macro_rules! rows {
            ($pools:expr) => {
                match keys.as_slice() {
                    // `fetch_all` would wait for the end of the statement: on SQLite one more switch of threads.
                    [key] => {
                        let row: Result<Option<R>, _> =
                            read!($pools, fetch_optional, sqlx::query_as(self.statement.one).bind(key));
                        row.map(|row| row.into_iter().collect())
                    }
                    keys => {
                        let mut query = sqlx::query_as(self.statement.many);
                        for place in 0..KEYS_MAX {
                            query = query.bind(keys.get(place));
                        }
                        read!($pools, fetch_all, query)
                    }
                }
            };
        }
        Ok(match &self.db {
            Db::Sqlite(pools) => rows!(pools),
            Db::Postgres(server) => or_fail!(server.outage, async { rows!(server.pools) }),
        }?)
    }
}

/// A key, and where its row is sent.
type Waiting<R> = (String, oneshot::Sender<Option<R>>);

struct Shared<R> {
    waiting: Mutex<VecDeque<Waiting<R>>>,
    places: Semaphore,
}

impl<R: Keyed> Shared<R> {
    fn new() -> Self {
        Self { waiting: Mutex::default(), places: Semaphore::new(PLACES) }
    }

    /// `select` reads the rows of some keys. It starts after their requests have begun to wait, so no request gets a
    /// row from before its call: a revocation that was answered is seen.
    async fn find<S: Future<Output = Result<Vec<R>, AuthError>>>(
        &self,
        key: &str,
        select: impl Fn(Vec<String>) -> S,
    ) -> Result<Option<R>, AuthError> {
        if let Ok(_place) = self.places.try_acquire() {
            return self.read(key, select).await;
        }
        let (sender, mut row) = oneshot::channel();
        self.waiting().push_back((key.to_owned(), sender));
        let _place = select! {
            biased;
            found = &mut row => match found {
                Ok(found) => return Ok(found),
                // The request that read this key has failed or was dropped.
                Err(_) => None,
            },
            // Without a place in that time, this request reads by itself.
            place = timeout(ACQUIRE_TIMEOUT, self.places.acquire()) => place.ok().and_then(Result::ok),
        };
        // Another request may be reading this key. To read it once more costs less than to pass the place on.
        drop(row);
        self.read(key, select).await
    }

    /// Reads this key, and the keys of the requests that have waited longest.
    async fn read<S: Future<Output = Result<Vec<R>, AuthError>>>(
        &self,
        key: &str,
        select: impl Fn(Vec<String>) -> S,
    ) -> Result<Option<R>, AuthError> {
        let waiting = self.take();
        let keys = [key].into_iter().chain(waiting.iter().map(|(key, _)| key.as_str())).map(str::to_owned);
        let rows = select(keys.collect()).await?;
        let row = |key: &str| rows.iter().find(|row| row.key() == key).cloned();
        for (key, sender) in waiting {
            // Fails if that request has ended.
            _ = sender.send(row(&key));
        }
        Ok(row(key))
    }

    fn take(&self) -> Vec<Waiting<R>> {
        let mut waiting = self.waiting();
        waiting.retain(|(_, sender)| !sender.is_closed());
        let count = waiting.len().min(KEYS_MAX - 1);
        waiting.drain(..count).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting<R>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::Arc};

    use tokio::{
        sync::Notify,
        task::{JoinHandle, yield_now},
    };

    use super::*;
    use crate::{on_both_databases, testing::World};

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Row(String);

    impl Keyed for Row {
        fn key(&self) -> &str {
            &self.0
        }
    }

    fn row(key: &str) -> Row {
        Row(key.to_owned())
    }

    /// A table in which every key but `absent` has a row. A statement that begins with `hangs` never ends. The others
    /// end one by one, as they are released.
    #[derive(Default)]
    struct Table {
        statements: Mutex<Vec<Vec<String>>>,
        released: Notify,
    }

    impl Table {
        async fn select(self: Arc<Self>, keys: Vec<String>) -> Result<Vec<Row>, AuthError> {
            self.statements.lock().unwrap().push(keys.clone());
            if keys[0] == "hangs" {
                pending::<()>().await;
            }
            self.released.notified().await;
            Ok(keys.into_iter().filter(|key| key != "absent").map(Row).collect())
        }
    }

    /// Requests for which one place is left.
    struct Requests {
        shared: Arc<Shared<Row>>,
        table: Arc<Table>,
    }

    impl Requests {
        async fn with_one_place() -> Self {
            let requests = Self { shared: Arc::new(Shared::new()), table: Arc::default() };
            for _ in 1..PLACES {
                requests.start("hangs").await;
            }
            requests
        }

        /// Starts a request. It runs a statement, or waits for a place.
        async fn start(&self, key: &'static str) -> JoinHandle<Option<Row>> {
            let (shared, table) = (Arc::clone(&self.shared), Arc::clone(&self.table));
            let request = async move { shared.find(key, |keys| Arc::clone(&table).select(keys)).await.unwrap() };
            let request = tokio::spawn(request);
            yield_now().await;
            request
        }

        /// Ends the statement that runs, and the request that runs it.
        async fn end(&self, request: JoinHandle<Option<Row>>) -> Option<Row> {
            self.table.released.notify_one();
            request.await.unwrap()
        }

        /// The statements in the last place.
        fn statements(&self) -> Vec<Vec<String>> {
            self.table.statements.lock().unwrap()[PLACES - 1..].to_vec()
        }
    }

    #[tokio::test]
    async fn requests_that_wait_share_a_statement_and_each_gets_its_row() {
        let requests = Requests::with_one_place().await;
        let first = requests.start("first").await;
        let mut waiting = Vec::new();
        for key in ["a", "b", "absent", "a"] {
            waiting.push(requests.start(key).await);
        }
        assert_eq!(requests.end(first).await, Some(row("first")));
        let mut found = vec![requests.end(waiting.remove(0)).await];
        for request in waiting {
            found.push(request.await.unwrap());
        }
        assert_eq!(found, [Some(row("a")), Some(row("b")), None, Some(row("a"))]);
        assert_eq!(requests.statements(), [vec!["first"], vec!["a", "b", "absent", "a"]]);
    }

    #[tokio::test]
    async fn a_statement_has_a_limited_number_of_keys() {
        let requests = Requests::with_one_place().await;
        let first = requests.start("first").await;
        let mut waiting = Vec::new();
        for _ in 0..=KEYS_MAX {
            waiting.push(requests.start("a").await);
        }
        requests.end(first).await;
        let last = waiting.pop().unwrap();
        requests.end(waiting.remove(0)).await;
        requests.end(last).await;
        for request in waiting {
            assert_eq!(request.await.unwrap(), Some(row("a")));
        }
        assert_eq!(requests.statements().iter().map(Vec::len).collect::<Vec<_>>(), [1, KEYS_MAX, 1]);
    }

    #[tokio::test]
    async fn a_request_reads_by_itself_if_the_one_that_reads_its_key_is_dropped() {
        let requests = Requests::with_one_place().await;
        let first = requests.start("first").await;
        let (leader, follower) = (requests.start("a").await, requests.start("b").await);
        requests.end(first).await;
        yield_now().await;
        assert_eq!(requests.statements().len(), 2);
        leader.abort();
        assert_eq!(requests.end(follower).await, Some(row("b")));
        assert_eq!(requests.statements(), [vec!["first"], vec!["a", "b"], vec!["b"]]);
    }

    #[tokio::test]
    async fn a_dropped_request_is_not_read() {
        let requests = Requests::with_one_place().await;
        let first = requests.start("first").await;
        requests.start("dropped").await.abort();
        let last = requests.start("last").await;
        requests.end(first).await;
        assert_eq!(requests.end(last).await, Some(row("last")));
        assert_eq!(requests.statements(), [["first"], ["last"]]);
    }

    #[tokio::test]
    async fn a_request_does_not_get_the_row_of_a_statement_that_began_before_it() {
        let requests = Requests::with_one_place().await;
        let (first, second) = (requests.start("a").await, requests.start("a").await);
        requests.end(first).await;
        assert_eq!(requests.end(second).await, Some(row("a")));
        assert_eq!(requests.statements(), [["a"], ["a"]]);
    }

    #[tokio::test]
    async fn a_failure_takes_no_place() {
        let shared = Shared::<Row>::new();
        for _ in 0..PLACES {
            let failed = shared.find("a", |_| async { Err(AuthError::Missing) }).await;
            assert!(matches!(failed, Err(AuthError::Missing)));
        }
        let found = shared.find("a", |keys| async move { Ok(keys.into_iter().map(Row).collect()) }).await;
        assert_eq!(found.unwrap(), Some(row("a")));
    }

    #[derive(Clone, sqlx::FromRow)]
    struct Account {
        id: String,
        username: String,
    }

    impl Keyed for Account {
        fn key(&self) -> &str {
            &self.id
        }
    }

    on_both_databases! {
        async fn a_statement_finds_the_rows_of_all_its_keys(driver: Driver) {
            let world = World::new(driver).await.unwrap();
            let names = ["alice", "bob", "carol"];
            let mut keys = Vec::new();
            for name in names {
                keys.push(world.sign_up(name).await.unwrap().as_str().to_owned());
            }
            let last = keys.pop().unwrap();
            keys.resize(KEYS_MAX - 1, "absent".to_owned());
            keys.push(last.clone());
            let lookup = Lookup::<Account>::new(world.auth.db(), by_key!(ACCOUNT, "select id, username from users where id"));
            let mut found: Vec<_> = lookup.select(keys).await.unwrap().into_iter().map(|row| row.username).collect();
            found.sort();
            assert_eq!(found, names);
            assert_eq!(lookup.find(&last).await.unwrap().unwrap().username, "carol");
            assert!(lookup.find("absent").await.unwrap().is_none());
        }
    }
}
