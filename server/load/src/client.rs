//! A small HTTP client for what `wrk` cannot do: to sign in, and to time requests that need a new credential each.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::Result;

/// The account of all measurements.
const USERNAME: &str = "bench";
const PASSWORD: &str = "gravel otter lampshade";

/// One connection.
pub struct Client(BufReader<TcpStream>);

pub struct Answer {
    pub status: u16,
    /// The server closes the connection after this answer.
    pub is_last: bool,
    /// `X-Revocation` says that every copy of the ended credential is refused from now on.
    pub is_revoked: bool,
    /// `name=value` of each cookie that it sets.
    cookies: Vec<String>,
    pub body: String,
    /// Bytes, with the head.
    pub bytes: usize,
}

impl Client {
    pub fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Same as [`Client::connect`]. A request that is not answered in time fails.
    pub fn connect_with_limit(port: u16, limit: Duration) -> Result<Self> {
        let client = Self::connect(port)?;
        client.0.get_ref().set_read_timeout(Some(limit))?;
        Ok(client)
    }

    pub fn get(&mut self, path: &str, headers: &[(&str, String)]) -> Result<Answer> {
        self.send("GET", path, headers, "")
    }

    pub fn post(&mut self, path: &str, headers: &[(&str, String)], body: &str) -> Result<Answer> {
        self.send("POST", path, &[headers, &[("content-type", "application/json".to_owned())]].concat(), body)
    }

    fn send(&mut self, method: &str, path: &str, headers: &[(&str, String)], body: &str) -> Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        self.0.get_mut().write_all(format!("{head}\r\n{body}").as_bytes())?;
        self.answer()
    }

    /// Reads an answer that states its length, as every JSON answer of the server does.
    fn answer(&mut self) -> Result<Answer> {
        let (mut head, mut line) = (String::new(), String::new());
        while self.0.read_line(&mut line)? > 2 {
            head.push_str(&std::mem::take(&mut line));
        }
        let status = head.split(' ').nth(1).ok_or("an answer without a status")?.parse()?;
        let (mut cookies, mut length, mut is_revoked, mut is_last) = (Vec::new(), 0, false, false);
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "set-cookie" => cookies.extend(value.split(';').next().map(str::to_owned)),
                "content-length" => length = value.parse()?,
                "connection" => is_last = value == "close",
                "x-revocation" => is_revoked = value == "immediate",
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(Answer {
            status,
            is_last,
            is_revoked,
            cookies,
            body: String::from_utf8(body)?,
            bytes: head.len() + 2 + length,
        })
    }

    pub fn register(&mut self) -> Result<()> {
        self.register_as(USERNAME, PASSWORD)
    }

    pub fn register_as(&mut self, username: &str, password: &str) -> Result<()> {
        self.post("/api/register", &[], &account_of(username, password))?.expect(201)?;
        Ok(())
    }

    pub fn modes(&mut self) -> Result<Vec<String>> {
        let answer = self.get("/api/modes", &[])?.expect(200)?;
        let modes: Vec<Value> = serde_json::from_str(&answer.body)?;
        modes.iter().map(|mode| Ok(mode["id"].as_str().ok_or("a mode without an id")?.to_owned())).collect()
    }

    pub fn log_in(&mut self, mode: &str) -> Result<Credential> {
        Credential::of(&self.log_in_as(mode, USERNAME, PASSWORD)?.expect(200)?)
    }

    pub fn log_in_as(&mut self, mode: &str, username: &str, password: &str) -> Result<Answer> {
        self.post(&format!("/api/{mode}/login"), &[], &account_of(username, password))
    }
}

/// The status of a page, on a connection of its own: a page is sent in parts, without its length.
pub fn page(port: u16, path: &str, limit: Duration) -> Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(limit))?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text);
    let is_whole = text.contains("</html>");
    let status = text.split(' ').nth(1).ok_or("an answer without a status")?.parse()?;
    if status == 200 && !is_whole { Err("the page ends early".into()) } else { Ok(status) }
}

/// The body of a login.
pub fn account() -> String {
    account_of(USERNAME, PASSWORD)
}

fn account_of(username: &str, password: &str) -> String {
    json!({ "username": username, "password": password }).to_string()
}

impl Answer {
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status == status {
            Ok(self)
        } else {
            Err(format!("the answer is {} instead of {status}: {}", self.status, self.body).into())
        }
    }
}

/// Whatever a login of any mode returns. Empty: the mode does not have it.
#[derive(Clone)]
pub struct Credential {
    /// As in the header `Cookie`.
    cookie: String,
    bearer: String,
    refresh: String,
}

impl Credential {
    pub fn of(answer: &Answer) -> Result<Self> {
        let body: Value = serde_json::from_str(&answer.body)?;
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Ok(Self {
            cookie: answer.cookies.join("; "),
            bearer: text("token").or_else(|| text("access")).unwrap_or_default(),
            refresh: text("refresh").unwrap_or_default(),
        })
    }

    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if !self.cookie.is_empty() {
            // A request with a credential cookie has to prove that no other site caused it.
            headers.extend([("cookie", self.cookie.clone()), ("sec-fetch-site", "same-origin".to_owned())]);
        }
        if !self.bearer.is_empty() {
            headers.push(("authorization", format!("Bearer {}", self.bearer)));
        }
        headers
    }

    /// The body of a rotation or a logout.
    pub fn body(&self) -> String {
        if self.refresh.is_empty() { "{}".to_owned() } else { json!({ "refresh": self.refresh }).to_string() }
    }

    /// The same body with more fields.
    pub fn body_with(&self, fields: &[(&str, &str)]) -> String {
        let mut body = if self.refresh.is_empty() { json!({}) } else { json!({ "refresh": self.refresh }) };
        for (name, value) in fields {
            body[name] = json!(value);
        }
        body.to_string()
    }

    /// As `load.lua` reads it.
    pub fn line(&self) -> String {
        format!("{}\t{}\t{}\n", self.cookie, self.bearer, self.refresh)
    }
}
