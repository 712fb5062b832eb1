//! The answers that many calls share: one shape, [`AppError`](app::error::AppError), for every status that is no success.

use std::collections::BTreeMap;

use utoipa::openapi::{Content, Object, Ref, RefOr, Response, ResponseBuilder, header::HeaderBuilder, schema::Type};

/// An answer by its status.
struct Shared {
    status: &'static str,
    description: &'static str,
    header: Option<(&'static str, &'static str)>,
}

const SHARED: [Shared; 9] = [
    Shared {
        status: "400",
        description: "The body or a field was refused. Each refused field stands beside `code` under its own name, with a \
                      list of messages.",
        header: None,
    },
    Shared {
        status: "401",
        description: "No credential (`not_authenticated`), or one that was refused (`token_not_valid`, and why as \
                      `reason`).",
        header: Some(("WWW-Authenticate", "How the mode wants to be addressed.")),
    },
    Shared {
        status: "403",
        description: "Another site may have caused the request (`csrf_failed`); `reason` is the header that says so.",
        header: None,
    },
    Shared { status: "404", description: "There is no such mode, or nothing of that id.", header: None },
    Shared { status: "413", description: "The body is too large.", header: None },
    Shared { status: "415", description: "The body is neither JSON nor a form.", header: None },
    Shared {
        status: "429",
        description: "Too many attempts (`throttled`).",
        header: Some(("Retry-After", "Seconds until it is worth trying again.")),
    },
    Shared { status: "500", description: "Something went wrong on our side. It has been logged.", header: None },
    Shared {
        status: "503",
        description: "The database is away (`unavailable`), or too many passwords are being checked (`overloaded`).",
        header: Some(("Retry-After", "Seconds until it is worth trying again, where that is known.")),
    },
];

/// All of them, by name, for the components.
pub fn all() -> impl Iterator<Item = (String, RefOr<Response>)> {
    SHARED.into_iter().map(|Shared { status, description, header }| {
        let problem = Content::new(Some(Ref::from_schema_name("AppError")));
        let mut response = ResponseBuilder::new().description(description).content("application/json", problem);
        if let Some((name, description)) = header {
            let header =
                HeaderBuilder::new().schema(Some(Object::with_type(Type::String))).description(Some(description));
            response = response.header(name, header.build());
        }
        (name(status), response.build().into())
    })
}

/// One of them, where it applies.
pub fn of(status: &str) -> RefOr<Response> {
    Ref::from_response_name(name(status)).into()
}

/// The same, as the set that a handler lists.
pub fn set(status: &str) -> BTreeMap<String, RefOr<Response>> {
    BTreeMap::from([(status.to_owned(), of(status))])
}

fn name(status: &str) -> String {
    format!("Problem{status}")
}
