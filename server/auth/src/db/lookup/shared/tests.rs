//! How requests share statements, with a table whose statements a test ends one by one.

use std::{future::pending, sync::Arc};

use tokio::{
    sync::Notify,
    task::{JoinHandle, yield_now},
};

use super::*;

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
