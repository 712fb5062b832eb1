//! What every operation of a kind has in common.

use std::collections::BTreeMap;

use auth::{ModeInfo, Transport};
use http::{Method, StatusCode};
use utoipa::openapi::{
    AllOfBuilder, Components, ObjectBuilder, OpenApi, PathItem, RefOr, Required, Response, Schema,
    path::{Operation, ParameterBuilder, ParameterIn},
    request_body::RequestBody,
    schema::Type,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
};

use super::{CLIENT, CREDENTIAL, examples, shared};

/// Completes the operations that the router has collected.
pub fn complete(mut api: OpenApi, modes: impl Iterator<Item = &'static ModeInfo>) -> OpenApi {
    let modes: Vec<_> = modes.collect();
    let mut components = api.components.take().unwrap_or_default();
    for (path, item) in &mut api.paths.paths {
        for (method, operation) in operations(item) {
            Rules { path, method, modes: &modes, components: &components }.apply(operation);
        }
    }
    examples::add(&mut components, &modes);
    components.responses.extend(shared::all());
    components.security_schemes.extend(schemes(&modes));
    api.components = Some(components);
    api
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let PathItem { get, post, delete, .. } = item;
    [(Method::GET, get), (Method::POST, post), (Method::DELETE, delete)]
        .into_iter()
        .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// What the rules for one operation depend on.
struct Rules<'a> {
    path: &'a str,
    method: Method,
    modes: &'a [&'static ModeInfo],
    components: &'a Components,
}

impl Rules<'_> {
    fn apply(&self, operation: &mut Operation) {
        let mut statuses = vec!["500", "503"];
        let has_mode = self.path.contains("{mode}");
        if has_mode {
            self.add_mode_parameter(operation);
        }
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            self.accept_forms(body);
            statuses.extend(["400", "413", "415"]);
        }
        let needs_credential = self.add_credentials(operation);
        if needs_credential {
            statuses.push("401");
        }
        // The mode in the path or in the body may be unknown (404), and an unsafe request may come from another site
        // (403).
        if has_mode || needs_credential {
            statuses.push("404");
            if self.method != Method::GET {
                statuses.push("403");
            }
        }
        let answers = &mut operation.responses.responses;
        for status in statuses {
            answers.entry(status.to_owned()).or_insert_with(|| shared::reference(status));
        }
        describe(answers);
    }

    /// Adds the ids of the modes, which no handler knows.
    fn add_mode_parameter(&self, operation: &mut Operation) {
        let ids = self.modes.iter().map(|mode| mode.id.0);
        let mode = ParameterBuilder::new()
            .name("mode")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The mode. The call reads no credential of another mode."))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(ids))))
            .build();
        operation.parameters.get_or_insert_default().insert(0, mode.into());
    }

    /// A call that accepts JSON accepts both kinds of form, and an empty body as an object without fields.
    fn accept_forms(&self, body: &mut RequestBody) {
        let Some(json) = body.content.get("application/json").cloned() else { return };
        if let RefOr::T(content) = &json {
            body.required =
                Some(if self.has_required_fields(content.schema.as_ref()) { Required::True } else { Required::False });
        }
        body.content.insert("application/x-www-form-urlencoded".to_owned(), json.clone());
        let mut multipart = json;
        if let RefOr::T(content) = &mut multipart {
            content.schema = content.schema.take().map(with_names_for_headers);
        }
        body.content.insert("multipart/form-data".to_owned(), multipart);
    }

    fn has_required_fields(&self, schema: Option<&RefOr<Schema>>) -> bool {
        let schema = match schema {
            Some(RefOr::Ref(reference)) => {
                reference.ref_location.rsplit('/').next().and_then(|name| self.components.schemas.get(name))
            }
            found => found,
        };
        matches!(schema, Some(RefOr::T(Schema::Object(object))) if !object.required.is_empty())
    }

    /// Replaces the placeholder [`CREDENTIAL`] by one scheme for each mode. `false` if the operation does not have it.
    fn add_credentials(&self, operation: &mut Operation) -> bool {
        let any = requirement(CREDENTIAL);
        let Some(demanded) = operation.security.as_mut() else { return false };
        let Some(position) = demanded.iter().position(|each| *each == any) else { return false };
        demanded.splice(position..=position, self.modes.iter().map(|mode| requirement(mode.id.0)));
        true
    }
}

/// In multipart, the name of a field is in a header, and headers allow no control characters.
fn with_names_for_headers(fields: RefOr<Schema>) -> RefOr<Schema> {
    let name = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^[^\x00-\x1f\x7f]*$")).build();
    let names = ObjectBuilder::new().schema_type(Type::Object).property_names(Some(name)).build();
    RefOr::T(AllOfBuilder::new().item(fields).item(names).build().into())
}

/// OpenAPI requires a description of each answer. The default is the name of the status.
fn describe(answers: &mut BTreeMap<String, RefOr<Response>>) {
    for (status, answer) in answers {
        let RefOr::T(answer) = answer else { continue };
        if answer.description.is_empty() {
            let reason = status.parse().ok().and_then(|status: StatusCode| status.canonical_reason());
            reason.unwrap_or_default().clone_into(&mut answer.description);
        }
    }
}

/// One scheme for each mode, named by the id of the mode.
fn schemes(modes: &[&'static ModeInfo]) -> impl Iterator<Item = (String, RefOr<SecurityScheme>)> {
    let of_modes = modes.iter().map(|mode| {
        let scheme = match (mode.transport, mode.cookie) {
            (Transport::Cookie, Some(cookie)) => {
                SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(cookie, mode.name)))
            }
            _ => http(HttpAuthScheme::Bearer, mode.name),
        };
        (mode.id.0.to_owned(), scheme)
    });
    let client = (CLIENT.to_owned(), http(HttpAuthScheme::Basic, "A service in OAUTH_CLIENTS."));
    of_modes.chain([client]).map(|(name, scheme)| (name, RefOr::T(scheme)))
}

fn http(scheme: HttpAuthScheme, description: &str) -> SecurityScheme {
    SecurityScheme::Http(HttpBuilder::new().scheme(scheme).description(Some(description)).build())
}

fn requirement(scheme: &str) -> SecurityRequirement {
    SecurityRequirement::new(scheme, std::iter::empty::<&str>())
}
