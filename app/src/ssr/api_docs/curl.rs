//! A curl command for each call, in the form of `docs/api.md`.

use auth::{ModeInfo, Transport};
use serde_json::Value;

use super::reference::Operation;

/// What all commands depend on.
pub(super) struct Curl {
    pub(super) origin: String,
    /// In the order of the pages. A command names the first mode of its transport.
    pub(super) modes: Vec<&'static ModeInfo>,
}

/// One command, and the modes that it is an example for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// Empty if the call needs no mode.
    pub(super) label: String,
    pub(super) command: String,
}

impl Curl {
    /// One command for each transport that the call accepts.
    pub(super) fn samples(&self, operation: &Operation) -> Vec<Sample> {
        let accepted = |mode: &ModeInfo| match &operation.credentials[..] {
            [] => operation.path.contains("{mode}"),
            credentials => credentials.iter().any(|name| name == mode.id.0),
        };
        let modes: Vec<_> = self.modes.iter().copied().filter(|mode| accepted(mode)).collect();
        if modes.is_empty() {
            return vec![Sample { label: String::new(), command: self.command(operation, None) }];
        }
        let transports = [(Transport::Cookie, "With a cookie"), (Transport::Bearer, "With a bearer token")];
        let sample = |(transport, name)| {
            let modes: Vec<_> = modes.iter().copied().filter(|mode| mode.transport == transport).collect();
            let ids: Vec<_> = modes.iter().map(|mode| mode.id.0).collect();
            let command = self.command(operation, Some(modes.first()?));
            Some(Sample { label: format!("{name}: {}", ids.join(", ")), command })
        };
        transports.into_iter().filter_map(sample).collect()
    }

    fn command(&self, operation: &Operation, mode: Option<&ModeInfo>) -> String {
        let Operation { method, path, body, credentials, .. } = operation;
        let path = path.replace("{mode}", mode.map_or("", |mode| mode.id.0)).replace("{id}", "$ID");
        let fields = body.iter().flat_map(|body| &body.example);
        let data: Vec<_> = fields.filter_map(|(name, value)| field(name, value, mode)).collect();
        // With data, curl sends a POST by itself.
        let is_implied = method == if data.is_empty() { "GET" } else { "POST" };
        let method = if is_implied { String::new() } else { format!("-X {method} ") };
        let mut parts = vec![format!("curl -si {method}\"{}{path}\"", self.origin)];
        parts.extend(data);
        match mode.map(|mode| mode.transport) {
            Some(Transport::Cookie) => {
                parts.push("-b cookies.txt -c cookies.txt".to_owned());
                if operation.method != "GET" {
                    parts.push(format!("-H \"Origin: {}\"", self.origin));
                }
            }
            Some(Transport::Bearer) if !credentials.is_empty() => {
                parts.push("-H \"Authorization: Bearer $TOKEN\"".to_owned());
            }
            // The only credential that belongs to no mode is that of a service (HTTP Basic).
            None if !credentials.is_empty() => parts.push("-u \"shop:$CLIENT_SECRET\"".to_owned()),
            Some(Transport::Bearer) | None => {}
        }
        parts.join(" \\\n    ")
    }
}

/// The option for one field of the body. `None` if the mode has no use for the field.
fn field(name: &str, value: &Value, mode: Option<&ModeInfo>) -> Option<String> {
    let has_refresh_token = |mode: &ModeInfo| mode.transport == Transport::Bearer && mode.cookie.is_some();
    let pair = match (name, mode) {
        ("refresh", Some(mode)) if !has_refresh_token(mode) => return None,
        ("refresh", _) => "\"refresh=$REFRESH\"".to_owned(),
        ("token", _) => "\"token=$TOKEN\"".to_owned(),
        ("mode", Some(mode)) => quoted(&format!("mode={}", mode.id)),
        _ => quoted(&format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))),
    };
    Some(format!("--data-urlencode {pair}"))
}

/// One word of a shell, whatever the text contains.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests;
