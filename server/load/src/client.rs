//! A small HTTP client for what `wrk` cannot do: to sign in, and to time requests that need a new credential each.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
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
        let (mut cookies, mut length) = (Vec::new(), 0);
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "set-cookie" => cookies.extend(value.split(';').next().map(str::to_owned)),
                "content-length" => length = value.parse()?,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok(Answer { status, cookies, body: String::from_utf8(body)?, bytes: head.len() + 2 + length })
    }

    pub fn register(&mut self) -> Result<()> {
        self.post("/api/register", &[], &account())?.expect(201)?;
        Ok(())
    }

    pub fn modes(&mut self) -> Result<Vec<String>> {
        let answer = self.get("/api/modes", &[])?.expect(200)?;
        let modes: Vec<Value> = serde_json::from_str(&answer.body)?;
        modes.iter().map(|mode| Ok(mode["id"].as_str().ok_or("a mode without an id")?.to_owned())).collect()
    }

    pub fn log_in(&mut self, mode: &str) -> Result<Credential> {
        let answer = self.post(&format!("/api/{mode}/login"), &[], &account())?.expect(200)?;
        Credential::of(&answer)
    }
}

/// The body of a login.
pub fn account() -> String {
    json!({ "username": USERNAME, "password": PASSWORD }).to_string()
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

    /// As `load.lua` reads it.
    pub fn line(&self) -> String {
        format!("{}\t{}\t{}\n", self.cookie, self.bearer, self.refresh)
    }
}
